using System.Text;
using Dapper;
using Ingest.Core.Deduplication;
using Ingest.Core.Normalisation.Reading;
using Ingest.Ledger.Articles;
using Ingest.Ledger.Decisions;
using Ingest.Ledger.Sqlite;
using Microsoft.Data.Sqlite;

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
public sealed class StoryLog(LedgerFile ledger)
{
    /// <summary>Decisions that a query without an index looks through at most.</summary>
    public const int MostLookedAt = 200_000;

    static readonly string Entries = $"""
        SELECT {DecisionRow.Columns}, a.id, a.submitted, s.id AS storyId, {DecisionLog.IdOf("d.matched")} AS matchedId
        FROM decisions d JOIN articles a ON a.article = d.article JOIN decisions f ON f.number = d.story JOIN articles s ON s.article = f.article
        """;

    /// <summary>What of an article is compared.</summary>
    internal const string StoryArticles =
        "SELECT a.form, a.content, r.result, d.arrival FROM decisions d JOIN articles a ON a.article = d.article JOIN results r ON r.article = d.article";

    /// <summary>What of the article with a number is compared.</summary>
    /// <exception cref="LedgerException">The log has no such number, or the ledger cannot be read.</exception>
    /// <exception cref="StoredResultException">What is stored of it is damaged.</exception>
    public StoryArticle Article(StoryNumber number) => ledger.Read(connection =>
    {
        using var command = connection.CreateCommand();
        command.CommandText = $"{StoryArticles} WHERE d.number = $number";
        command.Parameters.AddWithValue("$number", number.Value);
        using var row = command.ExecuteReader();
        if (!row.Read())
            throw NoSuchNumber(ledger, number);
        return StoryArticleOf(row.GetString(0), row.GetFieldValue<byte[]>(1), row.GetFieldValue<byte[]>(2), row.GetInt64(3));
    });

    /// <summary>A row of <see cref="StoryArticles"/>.</summary>
    internal static StoryArticle StoryArticleOf(string form, byte[] content, ReadOnlySpan<byte> result, long arrival) =>
        StoredResult.ReadStoryArticle(result, RawReader.Text(ArticleRow.RawOf("", form, content, null, "")), Columns.Moment(arrival));

    internal static LedgerException NoSuchNumber(LedgerFile ledger, StoryNumber number) =>
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
        new { story = story.Value })?.Entry().Place);

    /// <summary>
    /// The latest matching article of each story that has one, the latest first, and where to go on; null where nothing is left. Who goes on from
    /// page to page sees no story twice; one that gets a matching article meanwhile moves to the first page.
    /// </summary>
    public (IReadOnlyList<StoryEntry> Stories, LogPosition? Next) Find(StoryQuery query)
    {
        ArgumentNullException.ThrowIfNull(query);
        return ledger.Read(connection => Find(connection, query));
    }

    static (IReadOnlyList<StoryEntry> Stories, LogPosition? Next) Find(SqliteConnection connection, StoryQuery query)
    {
        var before = query.Before?.Value ?? long.MaxValue;
        var floor = Math.Max(0, Math.Min(before, DecisionLog.End(connection).Position.Value + 1) - MostLookedAt);
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
            publisher = query.Publisher,
            agency = query.Agency,
            since = query.Since?.ToUnixTimeMilliseconds(),
            text = query.Text is { } text && Ascii.IsValid(text) ? "%" + Escaped(text) + "%" : query.Text,
            most = query.Most,
        });
        return (found, found.Count == query.Most ? found[^1].Decision.Position : floor > 0 ? new LogPosition(floor) : null);
    }

    /// <summary>What a query asks of a decision.</summary>
    static string Matches(SqliteConnection connection, string decision, StoryQuery query) => $"""
        (@since IS NULL OR {decision}.decided >= @since)
        AND (@publisher IS NULL OR {Same(connection, $"{decision}.publisher", "@publisher", query.Publisher)})
        AND (@agency IS NULL OR {Same(connection, $"{decision}.agency", "@agency", query.Agency)})
        AND (@text IS NULL OR {Holds(connection, $"{decision}.headline", "@text", query.Text)})
        """;

    /// <summary>SQLite's own comparisons know upper and lower case of English letters only. Others take several times as long, so they are made only where they are needed.</summary>
    static string Same(SqliteConnection connection, string column, string parameter, string? value)
    {
        if (value is null || Ascii.IsValid(value))
            return $"{column} = {parameter} COLLATE NOCASE";
        connection.CreateFunction("same", (string? text, string other) => string.Equals(text, other, StringComparison.OrdinalIgnoreCase), isDeterministic: true);
        return $"same({column}, {parameter})";
    }

    /// <inheritdoc cref="Same"/>
    static string Holds(SqliteConnection connection, string column, string parameter, string? value)
    {
        if (value is null || Ascii.IsValid(value))
            return $@"{column} LIKE {parameter} ESCAPE '\'";
        connection.CreateFunction("holds", (string? text, string part) => text?.Contains(part, StringComparison.OrdinalIgnoreCase) == true, isDeterministic: true);
        return $"holds({column}, {parameter})";
    }

    /// <summary>The signs that LIKE reads as wildcards, as themselves.</summary>
    static string Escaped(string text) => text.Replace(@"\", @"\\", StringComparison.Ordinal).Replace("%", @"\%", StringComparison.Ordinal).Replace("_", @"\_", StringComparison.Ordinal);

    static IReadOnlyList<StoryEntry> Query(SqliteConnection connection, string where, object parameters) =>
        [.. connection.Query<DecisionRow, Row, StoryEntry>(Entries + where,
            (decision, row) => new StoryEntry(
                decision.Entry(), Columns.Id(row.Id), row.Submitted, Columns.Id(row.StoryId), row.MatchedId is null ? null : Columns.Id(row.MatchedId)),
            parameters, splitOn: "id")];

    sealed class Row
    {
        public byte[] Id { get; init; } = [];
        public string Submitted { get; init; } = "";
        public byte[] StoryId { get; init; } = [];
        public byte[]? MatchedId { get; init; }
    }
}
