using Ingest.Service.Display;
using Ingest.Service.Outcomes;

namespace Ingest.Service.Run;

/// <summary>IPTC ninjs 3.1, an article a line. Rejected inputs, which ninjs has no word for, are named on the error stream.</summary>
sealed class NinjsWriter(TextWriter output) : IOutcomeWriter
{
    public void Write(Outcome outcome)
    {
        if (outcome.Result.Article is not { } article)
        {
            Terminal.Complain($"{outcome.Id} rejected: {Advice.Detail(outcome.Result.Rejection!, Audience.CommandLine)}");
            return;
        }

        output.Write(Ninjs.Line(outcome.Id, article, outcome.Result.Blocks));
        output.Write('\n');
    }

    public void Finish() => output.Flush();
}
