using Ingest.Ledger;
using Ingest.Ledger.Decisions;

namespace Ingest.Service.Http;

/// <summary>What is asked of the stories, in the parameters of a query: the same ones for each form of the answer.</summary>
static class StoryQueries
{
    const int MostStories = 200;

    /// <param name="fault">Why there is none.</param>
    public static StoryQuery? Read(
        string? publisher, string? agency, string? since, string? q, string? before, string? limit, out Fault? fault)
    {
        fault = null;
        var from = since is null ? null : Parameters.Moment(since);
        if (since is not null && from is null)
            fault = Faults.Invalid($"since is '{since}': use an ISO 8601 date, or date and time, such as 2026-03-01T00:00:00Z. Write + as %2B.");
        // SQLite would take it for the end of the pattern.
        else if (q?.Contains('\0') == true)
            fault = Faults.Invalid("q contains the character U+0000. Remove it: no headline has one.");
        else if (Parameters.Number(before, 1, long.MaxValue, long.MaxValue) is not { } end)
            fault = Faults.Invalid($"before is '{before}': use the next of the previous page.");
        else if (Parameters.Number(limit, 1, MostStories, 50) is not { } most)
            fault = Faults.Invalid($"limit is '{limit}': it must be between 1 and {MostStories}.");
        else
            return new StoryQuery(publisher, agency, from, q, end == long.MaxValue ? null : new LogPosition(end), (int)most);
        return null;
    }
}
