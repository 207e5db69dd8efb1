using Ingest.Service.Cli;
using Contract = Ingest.Contracts.V1;

namespace Ingest.Service.Deduplicate;

/// <summary>An outcome of a run on its way to its decision.</summary>
/// <param name="Candidate">Null for a rejected article.</param>
/// <param name="Item">Where the run keeps a ledger: what the lane takes; null for an input that is no article.</param>
sealed record Prepared(Outcome Outcome, Candidate? Candidate, LaneItem? Item = null);

/// <summary>Gives the articles of a run their places in stories, in the order of the inputs.</summary>
interface IRunStories : IDisposable
{
    /// <summary>What can be done before the article's turn; may be called on any thread.</summary>
    Prepared Prepare(Outcome outcome);

    /// <summary>The places of the next articles; null for the rejected.</summary>
    /// <param name="now">No article arrived later.</param>
    Contract.Story?[] Decide(Prepared[] batch, DateTimeOffset now);
}
