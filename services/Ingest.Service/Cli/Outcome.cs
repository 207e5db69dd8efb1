using Ingest.Core.Articles;
using Ingest.Service.Accept;

namespace Ingest.Service.Cli;

/// <summary>An input and what became of it.</summary>
sealed record Outcome(Input Input, NormalisationResult Result)
{
    public static Outcome Rejected(Input input, Rejection rejection) => new(input, new NormalisationResult(null, rejection, [], []));
}

/// <summary>A form in which outcomes are written, in the order of the inputs.</summary>
interface IOutcomeWriter
{
    void Write(Outcome outcome);

    /// <summary>Totals, and whatever stands at the end.</summary>
    void Finish();
}
