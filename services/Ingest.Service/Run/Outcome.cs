using Ingest.Core.Articles;
using Ingest.Core.Normalisation.Reading;
using Ingest.Service.Outcomes;
using ArticleOutcome = Ingest.Contracts.V1.ArticleOutcome;
using Story = Ingest.Contracts.V1.Story;

namespace Ingest.Service.Run;

/// <summary>An article of a run and what became of it.</summary>
/// <param name="Story">Its place in its story; null for a rejected one.</param>
sealed record Outcome(Submission Submission, NormalisationResult Result, Story? Story = null)
{
    /// <summary>The submitter's id.</summary>
    public string Id => Submission.Id;

    /// <summary>What a table calls it.</summary>
    public string Name => Submission.Raw.Name;

    /// <summary>In the words of the contract.</summary>
    public ArticleOutcome ToContract() =>
        OutcomeMapper.ToContract(Submission.ArticleId, Id, Submission.Read.Metadata.Feed, Result, Story, Audience.CommandLine);
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
