using System.Data.Common;
using Dapper;
using Ingest.Core.Deduplication;
using Ingest.Core.Normalisation.Reading;
using Ingest.Ledger.Articles;
using Ingest.Ledger.Decisions;

namespace Ingest.Ledger;

/// <summary>What is asked of the stories.</summary>
/// <param name="Publisher">All of the name, as the next two in upper or lower case of any script.</param>
/// <param name="Text">A part of a headline.</param>
/// <param name="Before">Only decisions before this position.</param>
public sealed record StoryQuery(string? Publisher, string? Agency, DateTimeOffset? Since, string? Text, LogPosition? Before, int Most);

/// <summary>A decision about an article of a story, with the ids that it is told by.</summary>
/// <param name="ArticleId">Ours.</param>
/// <param name="Id">The submitter's.</param>
/// <param name="Story">Our id of the story.</param>
/// <param name="Matched">Our id of the article that it matched; null for the first of a story.</param>
public sealed record StoryEntry(DecisionEntry Decision, Guid ArticleId, string Id, Guid Story, Guid? Matched);

/// <summary>Reads stories.</summary>
public sealed class StoryLog(LedgerStore ledger)
{
    /// <summary>Decisions that a query without an index looks through at most.</summary>
    public const int MostLookedAt = 200_000;

    static readonly string Entries = $"""
        SELECT {DecisionRow.Columns}, a.id, {Columns.Whole("submitted")}, s.id AS storyId, {DecisionLog.IdOf("d.matched")} AS matchedId
        FROM decisions d JOIN articles a ON a.article = d.article JOIN decisions f ON f.number = d.story JOIN articles s ON s.article = f.article
        """;

    /// <summary>What of an article is compared.</summary>
    internal static string StoryArticles(LedgerStore ledger) =>
        $"SELECT a.form, {ledger.Content} AS content, r.result, d.arrival, {ledger.Packed} AS packed FROM decisions d JOIN articles a ON a.article = d.article{ledger.JoinContents} JOIN results r ON r.article = d.article";

    /// <summary>What of the article with a number is compared.</summary>
    /// <exception cref="LedgerException">The log has no such number, or the ledger cannot be read.</exception>
    /// <exception cref="StoredResultException">What is stored of it is damaged.</exception>
    public StoryArticle Article(StoryNumber number) => StoryArticleOf(ledger.Read(c =>
        c.Query<StoryRow>($"{StoryArticles(ledger)} WHERE d.number = @number", new { number = number.Value }).Cast<StoryRow?>().SingleOrDefault())
        ?? throw NoSuchNumber(ledger, number));

    internal static StoryArticle StoryArticleOf(StoryRow row) =>
        StoredResult.ReadStoryArticle(row.Result, RawReader.Text(ArticleRow.RawOf("", row.Form, ArticleRow.ContentOf(row.Content, row.Packed), null, "")), Columns.Moment(row.Arrival));

    internal static LedgerException NoSuchNumber(LedgerStore ledger, StoryNumber number) =>
        new($"{ledger.Name} has no article number {number}, which its log refers to.");

    /// <summary>A story's first article; null where there is no such story.</summary>
    public StoryEntry? First(Guid story) => ledger.Read(connection =>
        Query(connection, " WHERE a.id = @id AND d.number = d.story", new { id = Columns.Bytes(story) }).SingleOrDefault());

    /// <summary>The articles that joined a story after a number, up to another, at most so many, in the order of their decisions.</summary>
    public IReadOnlyList<StoryEntry> Joined(StoryNumber story, StoryNumber after, StoryNumber last, int most) => ledger.Read(connection => Query(connection,
        " WHERE d.story = @story AND d.matched IS NOT NULL AND d.number > @after AND d.number <= @last ORDER BY d.number LIMIT @most",
        new { story = story.Value, after = after.Value, last = last.Value, most }));

    /// <summary>The last decision about a story.</summary>
    public DecidedPlace? Current(StoryNumber story) => ledger.Read(connection => connection.QueryFirstOrDefault<DecisionRow>($"SELECT {DecisionRow.Columns} FROM decisions d WHERE d.number = coalesce((SELECT max(j.number) FROM decisions j WHERE j.story = @story AND j.matched IS NOT NULL), @story)",
        new { story = story.Value })?.Entry(ledger).Place);

    /// <summary>
    /// The latest matching article of each story that has one, the latest first, and where to go on; null where nothing is left. Who goes on from
    /// page to page sees no story twice; one that gets a matching article meanwhile moves to the first page.
    /// </summary>
    public (IReadOnlyList<StoryEntry> Stories, LogPosition? Next) Find(StoryQuery query)
    {
        ArgumentNullException.ThrowIfNull(query);
        return ledger.Read(connection => Find(connection, query));
    }

    (IReadOnlyList<StoryEntry> Stories, LogPosition? Next) Find(DbConnection connection, StoryQuery query)
    {
        var before = query.Before?.Value ?? long.MaxValue;
        var first = Retention.Gone(connection).Decisions.Value + 1;
        var floor = Math.Max(first, Math.Min(before, DecisionLog.End(connection).Position.Value + 1) - MostLookedAt);
        // A story with a match at or after the place where this page begins was on an earlier page, or has moved to the first since.
        var later = query.Before is null ? "" : $"""
            AND NOT EXISTS (
              SELECT 1 FROM decisions l WHERE l.story = m.story AND l.matched IS NOT NULL AND l.position >= @before AND {Matches(connection, "l", query)})
            """;
        var found = Query(connection, $"""
             WHERE d.position IN (
              SELECT max(m.position) FROM decisions m
              WHERE m.number IS NOT NULL AND m.position < @before AND m.position >= @floor AND {Matches(connection, "m", query)} {later}
              GROUP BY m.story ORDER BY max(m.position) DESC LIMIT @most)
            ORDER BY d.position DESC
            """, new
        {
            before,
            floor,
            publisher = ledger.Kept(query.Publisher),
            agency = ledger.Kept(query.Agency),
            since = query.Since?.ToUnixTimeMilliseconds(),
            text = ledger.Part(ledger.Kept(query.Text)),
            most = query.Most,
        });
        return (found, found.Count == query.Most ? found[^1].Decision.Position : floor > first ? new LogPosition(floor) : null);
    }

    /// <summary>What a query asks of a decision.</summary>
    string Matches(DbConnection connection, string decision, StoryQuery query) => $"""
        (@since IS NULL OR {decision}.decided >= @since)
        AND (@publisher IS NULL OR {ledger.Same(connection, $"{decision}.publisher", "@publisher", query.Publisher)})
        AND (@agency IS NULL OR {ledger.Same(connection, $"{decision}.agency", "@agency", query.Agency)})
        AND (@text IS NULL OR {ledger.Holds(connection, $"{decision}.headline", "@text", query.Text)})
        """;

    IReadOnlyList<StoryEntry> Query(DbConnection connection, string where, object parameters) =>
        [.. connection.Query<DecisionRow, Row, StoryEntry>(Entries + where,
            (decision, row) => new StoryEntry(
                decision.Entry(ledger), Columns.Id(row.Id), Columns.Text(row.Submitted), Columns.Id(row.StoryId), row.MatchedId is null ? null : Columns.Id(row.MatchedId)),
            parameters, splitOn: "id")];

    sealed class Row
    {
        public byte[] Id { get; init; } = [];
        public byte[] Submitted { get; init; } = [];
        public byte[] StoryId { get; init; } = [];
        public byte[]? MatchedId { get; init; }
    }
}
