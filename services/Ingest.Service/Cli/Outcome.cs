using Ingest.Core.Articles;
using Ingest.Service.Accept;
using Story = Ingest.Contracts.V1.Story;

namespace Ingest.Service.Cli;

/// <summary>An input and what became of it.</summary>
/// <param name="Story">Its place in its story; null for a rejected one.</param>
sealed record Outcome(Input Input, NormalisationResult Result, Story? Story = null)
{
    public static Outcome Rejected(Input input, Rejection rejection) => new(input, new NormalisationResult(null, rejection, [], []));
}

/// <summary>A form in which outcomes are written, in the order of the inputs.</summary>
interface IOutcomeWriter
{
    void Write(Outcome outcome);

    /// <summary>Several in a row; a form that takes long to make may make them on all cores.</summary>
    void Write(Outcome[] outcomes)
    {
        foreach (var outcome in outcomes)
            Write(outcome);
    }

    /// <summary>Totals, and whatever stands at the end.</summary>
    void Finish();
}
