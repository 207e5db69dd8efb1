using System.Data;
using System.Data.Common;
using System.Globalization;
using Dapper;
using Ingest.Core.Articles;
using Ingest.Core.Deduplication;
using Ingest.Core.Normalisation.Reading;
using Ingest.Ledger.Articles;
using Ingest.Ledger.Decisions;

namespace Ingest.Ledger;

/// <summary>What is read of an entry beside the decision itself.</summary>
public enum Texts
{
    /// <summary>What was submitted and its result.</summary>
    All,

    /// <summary>The same, but not for a duplicate, of which an event tells no text.</summary>
    ForEvents,
}

/// <summary>Reads the log of decisions, from anywhere on.</summary>
public sealed class DecisionLog(LedgerStore ledger)
{
    /// <summary>
    /// Bytes of texts after which a reader is served in several parts, so that a thousand of the largest articles do not fill the memory.
    /// </summary>
    const long MostBytes = 4 << 20;

    const string IsDuplicate = "d.number IS NOT NULL AND d.matched IS NOT NULL AND d.canonical <> d.number";

    readonly string whole = Entries(ledger, ledger.Content, "r.result"),
        told = Entries(ledger, Unless(IsDuplicate, ledger.Content), Unless(IsDuplicate, "r.result"));

    /// <summary>The last position and the last number.</summary>
    public LogEnd End() => ledger.Read(End);

    /// <summary>When a decision was made, by the machine's clock; null where there is none.</summary>
    public DateTimeOffset? Decided(LogPosition position) => ledger.Read(connection =>
        connection.QuerySingleOrDefault<long?>("SELECT decided FROM decisions WHERE position = @position", new { position = position.Value }) is { } decided
            ? Columns.Moment(decided)
            : (DateTimeOffset?)null);

    internal static LogEnd End(DbConnection connection)
    {
        var (position, number, gone) = connection.QuerySingle<(long, long, string?)>("""
            SELECT (SELECT coalesce(max(position), 0) FROM decisions), (SELECT coalesce(max(number), 0) FROM fingerprints),
              (SELECT value FROM settings WHERE name = @Decisions)
            """, new { Retention.Decisions });
        // What is copied of a log may begin where nothing is kept before.
        return new LogEnd(new LogPosition(Math.Max(position, gone is null ? 0 : long.Parse(gone, CultureInfo.InvariantCulture))), new StoryNumber(number));
    }

    /// <summary>
    /// The entries after a position, at most so many, in their order; fewer where their texts are very long, or up to one that cannot be
    /// read; at least one where there is one.
    /// </summary>
    /// <exception cref="StoredResultException">The first of them cannot be read.</exception>
    public IReadOnlyList<LogEntry> After(LogPosition position, int most, Texts texts) => ledger.Read<IReadOnlyList<LogEntry>>(connection =>
    {
        var entries = new List<LogEntry>();
        var bytes = 0L;
        try
        {
            foreach (var entry in Query(
                connection, texts, " WHERE d.position > @position ORDER BY d.position LIMIT @most", new { position = position.Value, most }))
            {
                entries.Add(entry);
                if ((bytes += entry.Bytes) > MostBytes)
                    break;
            }
        }
        catch (Exception e) when (e is StoredResultException || ledger.IsDamage(e))
        {
            // Those before it are told first.
            if (entries.Count == 0)
                throw e as StoredResultException ?? new StoredResultException($"What the ledger holds there is damaged ({e.Message.TrimEnd('.')}).", e);
        }

        return entries;
    });

    /// <summary>The decision about an article; null before it.</summary>
    public LogEntry? Of(Guid articleId) =>
        ledger.Read(c => Query(c, Texts.All, " WHERE a.id = @id", new { id = Columns.Bytes(articleId) }).SingleOrDefault());

    /// <summary>The ids of the article with a number.</summary>
    /// <exception cref="LedgerException">The log has no such number.</exception>
    public ArticleName Name(StoryNumber number) => ledger.Read(connection =>
    {
        var row = connection.QuerySingleOrDefault<EntryRow>(
            $"SELECT a.id, {Columns.Whole("submitted")} FROM decisions d JOIN articles a ON a.article = d.article WHERE d.number = @number",
            new { number = number.Value });
        return row is null
            ? throw new LedgerException($"{ledger.Name} has no article number {number}, which its log refers to.")
            : new ArticleName(number, Columns.Id(row.Id), Columns.Text(row.Submitted));
    });

    /// <summary>The entry of the article with a number; null where there is none.</summary>
    public LogEntry? At(StoryNumber number) =>
        ledger.Read(c => Query(c, Texts.All, " WHERE d.number = @number", new { number = number.Value }).SingleOrDefault());

    /// <summary>What a deduplicator's index is rebuilt from.</summary>
    /// <param name="after">Only what was decided after this number; null for all that was in the window at the end.</param>
    /// <param name="end">The last number. What comes behind it is not read, so that nothing has to stand still.</param>
    public IEnumerable<Remembered> Remembered(StoryNumber? after, StoryNumber end) =>
        ledger.Stream(connection => Remembered(connection, after, end));

    static IEnumerable<Remembered> Remembered(DbConnection connection, StoryNumber? after, StoryNumber end)
    {
        using var command = connection.CreateCommand();
        command.CommandText = $"""
            SELECT {LedgerTable.Fingerprints.Names()} FROM fingerprints
            WHERE number > coalesce(@after, (SELECT oldest - 1 FROM fingerprints WHERE number = @end)) AND number <= @end ORDER BY number
            """;
        Add("@end", end.Value);
        Add("@after", after?.Value);
        using var reader = command.ExecuteReader();
        while (reader.Read())
            yield return new Remembered(
                reader.GetInt64(0), reader.GetInt64(1), reader.GetInt64(2), reader.GetInt32(3),
                (uint)reader.GetInt64(4), (uint)reader.GetInt64(5), reader.GetInt32(6), reader.GetInt32(7), reader.GetInt32(8),
                unchecked((ulong)reader.GetInt64(9)), Columns.Posted(reader.GetFieldValue<byte[]>(11)), reader.GetInt64(10));

        void Add(string name, long? value)
        {
            var parameter = command.CreateParameter();
            (parameter.ParameterName, parameter.DbType, parameter.Value) = (name, DbType.Int64, (object?)value ?? DBNull.Value);
            command.Parameters.Add(parameter);
        }
    }

    static string Unless(string condition, string column) => $"CASE WHEN NOT ({condition}) THEN {column} END";

    static string Entries(LedgerStore ledger, string content, string result) => $"""
        SELECT {DecisionRow.Columns}, {ArticleRow.WithoutContent}, {ledger.Packed} AS packed, {content} AS content, {result} AS result, CAST(CASE WHEN r.article IS NULL AND NOT {ledger.IsKept} THEN 1 ELSE 0 END AS bigint) AS gone,
          (SELECT f.clock FROM fingerprints f WHERE f.number = d.number) AS clock,
          CASE WHEN d.matched IS NOT NULL THEN {IdOf("d.story")} END AS storyId,
          CASE WHEN d.matched IS NOT NULL AND d.canonical <> d.number THEN {IdOf("d.canonical")} END AS canonicalId,
          CASE WHEN d.matched IS NOT NULL THEN {IdOf("d.matched")} END AS matchedId,
          CASE WHEN d.matched IS NOT NULL AND d.canonical = d.number THEN
            {IdOf("coalesce((SELECT p.canonical FROM decisions p WHERE p.story = d.story AND p.number < d.number AND p.matched IS NOT NULL ORDER BY p.number DESC LIMIT 1), d.story)")} END AS previousId
        FROM decisions d JOIN articles a ON a.article = d.article{ledger.JoinContents} LEFT JOIN results r ON r.article = d.article
        """;

    /// <summary>The id of the article that has a number, as a column.</summary>
    internal static string IdOf(string number) => $"(SELECT i.id FROM decisions n JOIN articles i ON i.article = n.article WHERE n.number = {number})";

    IEnumerable<LogEntry> Query(DbConnection connection, Texts texts, string where, object parameters) =>
        connection.Query<DecisionRow, EntryRow, LogEntry>((texts == Texts.All ? whole : told) + where,
            (decision, row) => row.Entry(decision.Entry(ledger)), parameters, buffered: false, splitOn: "id");

    /// <summary>What stands beside the decision, as Dapper fills it.</summary>
    sealed class EntryRow : ArticleRow
    {
        public byte[]? Result { get; init; }
        public long Gone { get; init; }
        public long? Clock { get; init; }
        public byte[]? StoryId { get; init; }
        public byte[]? CanonicalId { get; init; }
        public byte[]? MatchedId { get; init; }
        public byte[]? PreviousId { get; init; }

        public LogEntry Entry(DecisionEntry decision)
        {
            var (articleId, accepted) = (Columns.Id(Id), Columns.Moment(Accepted));
            var own = decision.Place is null ? (Guid?)null : articleId;
            var text = Gone != 0 ? new LoggedText(() => throw new NoLongerKeptException(
                    $"The text of article {articleId} is no longer kept (Ingest:Retention:Articles)."), 0, [], isArticle: true)
                : Content is null && Result is null ? null
                : new LoggedText(() => new Submission(articleId, Whole(), accepted), Bytes, Result ?? [], isArticle: decision.Place is not null);
            var clock = Clock is { } seconds ? DateTimeOffset.FromUnixTimeSeconds(seconds) : (DateTimeOffset?)null;
            return new LogEntry(decision, articleId, Columns.Text(Submitted), FeedText, accepted,
                clock, text, Read(StoryId) ?? own, Read(CanonicalId) ?? own, Read(MatchedId), Read(PreviousId)) { IsGone = Gone != 0 };
        }

        RawArticle Whole() => Raw() ?? throw new StoredResultException("The content is missing. The ledger's row is damaged.");

        static Guid? Read(byte[]? id) => id is null ? null : Columns.Id(id);
    }
}
