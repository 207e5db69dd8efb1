using Ingest.Core.Articles;
using Ingest.Core.Deduplication;
using Ingest.Core.Deduplication.Fingerprints;
using Ingest.Ledger.Articles;

namespace Ingest.Service.Deduplicate;

/// <summary>A cleaned article that waits for its decision.</summary>
/// <param name="New">The article, where it is to be accepted and decided at once: a queue still holds it, or a run will read it again. Null where the ledger has it.</param>
/// <param name="Article">Its number, where the ledger has it; otherwise 0.</param>
/// <param name="Result">What the normaliser made of it, as it is stored.</param>
/// <param name="Candidate">What the deduplicator compares; null for a rejected article, and for a failed one.</param>
/// <param name="Rejection">Why it is rejected.</param>
/// <param name="Fault">Why it could not be cleaned: it gets no decision, and goes to the errors.</param>
sealed record LaneItem(NewArticle? New, long Article, byte[] Result, Candidate? Candidate, RejectionReason? Rejection, Exception? Fault = null);

/// <summary>What became of an item of the lane. It is durable.</summary>
/// <param name="Article">The article's number.</param>
/// <param name="Position">Of its decision; 0 where there is none because it failed.</param>
/// <param name="Known">It had its outcome before; nothing was decided now.</param>
/// <param name="Decision">The decision just made; null for a known, failed or rejected one.</param>
/// <param name="Fault">Why it failed.</param>
sealed record LaneOutcome(long Article, long Position, bool Known, Decision? Decision, Exception? Fault = null);
