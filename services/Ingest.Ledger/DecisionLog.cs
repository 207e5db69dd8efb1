using Dapper;
using Ingest.Core.Deduplication;
using Ingest.Ledger.Decisions;
using Microsoft.Data.Sqlite;

namespace Ingest.Ledger;

/// <summary>Reads the log of decisions, from anywhere on.</summary>
public sealed class DecisionLog(LedgerFile ledger)
{
    /// <summary>The id of the article that has a number, as a column.</summary>
    const string IdOf = "(SELECT i.id FROM decisions n JOIN articles i ON i.article = n.article WHERE n.number = {0})";

    /// <summary>Characters of texts after which a reader is served in several parts, so that a thousand of the largest articles do not fill the memory.</summary>
    const long MostCharacters = 4 << 20;

    static readonly string Entries = $"""
        SELECT {DecisionRow.Columns}, a.id, {Columns.Whole("submitted")}, a.accepted, a.metadata, {Columns.Whole("text")}, r.result,
          CASE WHEN d.matched IS NOT NULL THEN {Id("d.story")} END AS storyId,
          CASE WHEN d.matched IS NOT NULL AND d.canonical <> d.number THEN {Id("d.canonical")} END AS canonicalId,
          CASE WHEN d.matched IS NOT NULL THEN {Id("d.matched")} END AS matchedId,
          CASE WHEN d.matched IS NOT NULL AND d.canonical = d.number THEN
            {Id("coalesce((SELECT p.canonical FROM decisions p WHERE p.story = d.story AND p.number < d.number AND p.matched IS NOT NULL ORDER BY p.number DESC LIMIT 1), d.story)")} END AS previousId
        FROM decisions d JOIN articles a ON a.article = d.article JOIN results r ON r.article = d.article
        """;

    /// <summary>The last position and the last number; 0 for an empty log.</summary>
    public (long Position, long Number) End()
    {
        using var connection = ledger.Connect();
        return connection.QuerySingle<(long, long)>("SELECT (SELECT coalesce(max(position), 0) FROM decisions), (SELECT coalesce(max(number), 0) FROM fingerprints)");
    }

    /// <summary>The entries after a position, at most so many, in their order; fewer where their texts are very long, and at least one where there is one.</summary>
    public IReadOnlyList<LogEntry> After(long position, int most)
    {
        using var connection = ledger.Connect();
        var entries = new List<LogEntry>();
        var characters = 0L;
        foreach (var entry in Query(connection, " WHERE d.position > @position ORDER BY d.position LIMIT @most", new { position, most }))
        {
            entries.Add(entry);
            if ((characters += entry.Text.Length) > MostCharacters)
                break;
        }

        return entries;
    }

    /// <summary>The decision about an article; null before it.</summary>
    public LogEntry? Of(Guid id)
    {
        using var connection = ledger.Connect();
        return Query(connection, " WHERE a.id = @id", new { id = Columns.Bytes(id) }).SingleOrDefault();
    }

    /// <summary>The ids of the article with a number.</summary>
    /// <exception cref="LedgerException">The log has no such number.</exception>
    public ArticleName Name(long number)
    {
        using var connection = ledger.Connect();
        var row = connection.QuerySingleOrDefault<EntryRow>($"SELECT a.id, {Columns.Whole("submitted")} FROM decisions d JOIN articles a ON a.article = d.article WHERE d.number = @number", new { number });
        return row is null
            ? throw new LedgerException($"The ledger {ledger.FilePath} lacks article number {number}, which its log names.")
            : new ArticleName(number, Columns.Id(row.Id), Columns.Text(row.Submitted));
    }

    /// <summary>The entry of the article with a number; null where there is none.</summary>
    public LogEntry? At(long number)
    {
        using var connection = ledger.Connect();
        return Query(connection, " WHERE d.number = @number", new { number }).SingleOrDefault();
    }

    /// <summary>What a deduplicator's index is rebuilt from.</summary>
    /// <param name="after">Only what was decided after this number; null for all that was in the window at the end.</param>
    /// <param name="end">The last number. What comes behind it is not read, so that nothing has to stand still.</param>
    public IEnumerable<Remembered> Remembered(long? after, long end)
    {
        using var connection = ledger.Connect();
        using var command = connection.CreateCommand();
        command.CommandText = """
            SELECT number, story, canonical, version, arrival, hops, sampled, thinning, text_hash, oldest, posted FROM fingerprints
            WHERE number > coalesce($after, (SELECT oldest - 1 FROM fingerprints WHERE number = $end)) AND number <= $end ORDER BY number
            """;
        command.Parameters.AddWithValue("$end", end);
        command.Parameters.AddWithValue("$after", (object?)after ?? DBNull.Value);
        using var reader = command.ExecuteReader();
        while (reader.Read())
            yield return new Remembered(
                reader.GetInt64(0), reader.GetInt64(1), reader.GetInt64(2), reader.GetInt32(3), (uint)reader.GetInt64(4), reader.GetInt32(5), reader.GetInt32(6), reader.GetInt32(7),
                unchecked((ulong)reader.GetInt64(8)), Columns.Posted(reader.GetFieldValue<byte[]>(10)), reader.GetInt64(9));
    }

    static string Id(string number) => string.Format(System.Globalization.CultureInfo.InvariantCulture, IdOf, number);

    static IEnumerable<LogEntry> Query(SqliteConnection connection, string where, object parameters) =>
        connection.Query<DecisionRow, EntryRow, LogEntry>(Entries + where, (decision, row) => row.Entry(decision.Entry()), parameters, buffered: false, splitOn: "id");

    /// <summary>What stands beside the decision, as Dapper fills it.</summary>
    sealed class EntryRow
    {
        public byte[] Id { get; init; } = [];
        public byte[] Submitted { get; init; } = [];
        public long Accepted { get; init; }
        public string? Metadata { get; init; }
        public byte[] Text { get; init; } = [];
        public byte[] Result { get; init; } = [];
        public byte[]? StoryId { get; init; }
        public byte[]? CanonicalId { get; init; }
        public byte[]? MatchedId { get; init; }
        public byte[]? PreviousId { get; init; }

        public LogEntry Entry(DecisionEntry decision)
        {
            var id = Columns.Id(Id);
            var own = decision.Place is null ? (Guid?)null : id;
            return new LogEntry(decision, id, Columns.Text(Submitted), Columns.Moment(Accepted), Metadata, Columns.Text(Text), Result, Read(StoryId) ?? own, Read(CanonicalId) ?? own, Read(MatchedId), Read(PreviousId));
        }

        static Guid? Read(byte[]? id) => id is null ? null : Columns.Id(id);
    }
}
