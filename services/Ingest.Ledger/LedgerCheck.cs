using System.Data.Common;
using Dapper;
using Ingest.Core.Deduplication;
using Ingest.Ledger.Articles;
using Ingest.Ledger.Decisions;
using Ingest.Ledger.Sqlite;

namespace Ingest.Ledger;

/// <summary>Something that must hold in every ledger and does not in this one.</summary>
/// <param name="What">What there is that should not be, as a phrase.</param>
/// <param name="First">The first of them.</param>
public sealed record LedgerFault(string What, long Count, IReadOnlyList<string> First);

/// <summary>What a ledger holds, and what of it should not be so.</summary>
/// <param name="IsEarlier">The schema is an earlier one: opening the ledger for writing migrates it, and its results were not read.</param>
/// <param name="LogId">Null where an earlier program made the ledger.</param>
/// <param name="Damage">What SQLite finds wrong with the file; empty where nothing is.</param>
/// <param name="IsWritable">The file and its folder.</param>
/// <param name="Decisions">How many there are; the same as <paramref name="End"/> in a log without gaps that is kept for ever.</param>
/// <param name="End">The last position.</param>
public sealed record LedgerReport(
    int Schema, bool IsEarlier, Guid? LogId, IReadOnlyList<string> Damage, bool IsWritable, long Articles, long Decisions, LogPosition End,
    IReadOnlyList<LedgerFault> Faults, long Unfinished, long Failed, long Unsent)
{
    /// <summary>What is no longer kept, and is not missing.</summary>
    public GonePositions Gone { get; init; }

    public bool IsSound => Damage.Count == 0 && Faults.Count == 0;
}

/// <summary>Verifies a ledger without changing it: its pages, the log, and each result. Reads all of it.</summary>
public sealed class LedgerCheck(LedgerStore ledger)
{
    /// <summary>Examples of a fault; entries that are read together.</summary>
    const int MostFirst = 3, AtOnce = 256;

    /// <summary>The schema that has the table <c>unsent</c>; the one before called it otherwise.</summary>
    const int UnsentSince = 4;

    /// <summary>The schema that has the sources of articles, and that which has rulings about them.</summary>
    const int SourcesSince = 5, RulingsSince = 6;

    static (string What, string Count, string Cases)[] RulesOfSources(GonePositions gone) =>
    [
        Rule("sources that lack one of their articles", "'source ' || s.source",
            $"(SELECT source FROM decisions WHERE source IS NOT NULL AND position > {gone.Decisions} GROUP BY source HAVING max(of_source) - min(of_source) + 1 <> count(*){(gone.Decisions > LogPosition.Start ? "" : " OR min(of_source) <> 1")}) s"),
        Decisions("decisions that name a source that is not there",
            "d.source IS NOT NULL AND NOT EXISTS (SELECT 1 FROM sources s WHERE s.source = d.source)"),
        Rule("fingerprints that differ from their decision", "'number ' || f.number",
            """
            fingerprints f JOIN decisions d ON d.number = f.number
            WHERE f.story <> d.story OR f.canonical <> d.canonical OR f.version <> d.version OR f.oldest NOT BETWEEN 1 AND f.number
              OR f.hops NOT BETWEEN 0 AND 255 OR f.sampled NOT BETWEEN 0 AND 65535 OR f.thinning NOT BETWEEN 0 AND 63
              OR f.arrival NOT BETWEEN 0 AND 4294967295 OR f.clock NOT BETWEEN 0 AND 4294967295 OR length(f.posted) % 4 <> 0
            """),
    ];

    static readonly (string What, string Count, string Cases)[] RulingRules =
    [
        ("rulings that are missing in their order", "SELECT coalesce(max(ruling), 0) - count(*) FROM rulings", Gaps("ruling", "rulings", "0", "true")),
        Rule("rulings about a source that is not there", "'ruling ' || r.ruling",
            "rulings r WHERE NOT EXISTS (SELECT 1 FROM sources s WHERE s.source = r.source)"),
        Decisions("decisions that know a ruling about their source that is not there",
            "d.ruled IS NOT NULL AND NOT EXISTS (SELECT 1 FROM rulings r WHERE r.ruling = d.ruled AND r.source = d.source)"),
    ];

    /// <summary>
    /// What must not be, as queries for the number of cases and for the words for each. A column of the second that is no text is an
    /// article's id.
    /// </summary>
    static (string What, string Count, string Cases)[] Rules(GonePositions gone) =>
    [
        Following("positions that are missing in the log", "position", $"{gone.Decisions}", gone),
        Following("numbers that are missing in the order of decisions", "number",
            gone.Decisions > LogPosition.Start ? $"(SELECT coalesce(min(number), 1) - 1 FROM decisions WHERE position > {gone.Decisions})" : "0", gone),
        Decisions("decisions about articles that are not stored", "NOT EXISTS (SELECT 1 FROM articles a WHERE a.article = d.article)"),
        Decisions("decided articles without a result", $"d.position > {gone.Texts} AND NOT EXISTS (SELECT 1 FROM results r WHERE r.article = d.article)"),
        Decisions("decided articles that still wait for an outcome", "EXISTS (SELECT 1 FROM unfinished u WHERE u.article = d.article)"),
        Decisions("decided articles that are among the errors", "EXISTS (SELECT 1 FROM errors e WHERE e.article = d.article)"),
        Decisions(
            "decisions that name an article without a decision",
            $"d.position > {gone.Decisions} AND d.number IS NOT NULL AND ({Missing("story")} OR {Missing("canonical")} OR d.matched IS NOT NULL AND {Missing("matched")})"),
        Decisions(
            "decisions without a fingerprint",
            "d.number IS NOT NULL AND NOT EXISTS (SELECT 1 FROM fingerprints f WHERE f.number = d.number)"),
        Rule("fingerprints without a decision", "'number ' || f.number",
            "fingerprints f WHERE NOT EXISTS (SELECT 1 FROM decisions d WHERE d.number = f.number)"),
        Rule("articles with a damaged id or time", "'article number ' || a.article",
            $"articles a WHERE length(a.id) <> {Columns.IdLength} OR a.accepted NOT BETWEEN {Columns.LeastMoment} AND {Columns.MostMoment}"),
        Rule("articles that are not decided, failed or waiting", "a.id",
            """
            articles a WHERE NOT EXISTS (SELECT 1 FROM decisions d WHERE d.article = a.article)
              AND NOT EXISTS (SELECT 1 FROM unfinished u WHERE u.article = a.article) AND NOT EXISTS (SELECT 1 FROM errors e WHERE e.article = a.article)
            """),
        Rule("results of articles without a decision", "'article number ' || r.article",
            "results r WHERE NOT EXISTS (SELECT 1 FROM decisions d WHERE d.article = r.article)"),
        Rule("articles that wait or failed but are not stored", "'article number ' || w.article",
            "(SELECT article FROM unfinished UNION SELECT article FROM errors) w WHERE NOT EXISTS (SELECT 1 FROM articles a WHERE a.article = w.article)"),
        Rule("events that were sent from beyond the end of the log", "p.destination || ' up to ' || p.position",
            "publications p WHERE p.position > (SELECT coalesce(max(position), 0) FROM decisions)"),
        Rule("events set aside from beyond the end of the log", "u.type || ' at ' || u.position",
            "unsent u WHERE u.position > (SELECT coalesce(max(position), 0) FROM decisions)"),
    ];

    /// <summary>Of what is no longer kept, and of what is kept all the same.</summary>
    (string What, string Count, string Cases)[] RulesOfRetention(GonePositions gone) =>
    [
        Rule("decided articles without their content", "'position ' || d.position",
            $"decisions d JOIN articles a ON a.article = d.article WHERE d.position > {gone.Texts} AND NOT {ledger.IsKept}"),
        Rule("articles whose text or result is kept without the other", "'position ' || d.position",
            $"decisions d JOIN articles a ON a.article = d.article LEFT JOIN results r ON r.article = d.article WHERE d.position <= {gone.Texts} AND ({ledger.IsKept}) <> (r.article IS NOT NULL)"),
        Rule("articles whose texts are to stay and are missing", "'article number ' || h.article",
            "held h WHERE NOT EXISTS (SELECT 1 FROM results r WHERE r.article = h.article)"),
        Rule("undecided articles without their content", "a.id",
            $"(SELECT article FROM unfinished UNION SELECT article FROM errors) w JOIN articles a ON a.article = w.article WHERE NOT {ledger.IsKept}"),
    ];

    /// <summary>Verifies the ledger in a file, and leaves file and folder as they are.</summary>
    /// <param name="progress">Told what is being verified.</param>
    /// <exception cref="LedgerException">There is none, it is none, or it cannot be read at all.</exception>
    public static LedgerReport Look(string path, Action<string>? progress = null)
    {
        // An empty name is named.
        _ = LedgerSource.Of(path);
        while (true)
        {
            var (alone, before) = (!LedgerSource.HasLog(path), Stamp());
            using var ledger = LedgerFile.OpenUnchanged(path);
            var report = new LedgerCheck(ledger).Look(progress);
            // A process that opened it meanwhile may have changed what was being read.
            if (!alone || !LedgerSource.HasLog(path) && Stamp() == before)
                return report;
        }

        (DateTime, long) Stamp() => new FileInfo(path) is { Exists: true } file ? (file.LastWriteTimeUtc, file.Length) : default;
    }

    /// <exception cref="LedgerException">It cannot be read at all.</exception>
    public LedgerReport Look(Action<string>? progress = null) => ledger.Read(connection =>
    {
        progress?.Invoke("its pages");
        List<string> damage = [.. ledger.Damage(connection)];
        var report = new LedgerReport(
            ledger.Schema, ledger.IsEarlier, null, damage, ledger.IsWritable(connection), 0, 0, default, [], 0, 0, 0);
        // In one transaction, so that the numbers are those of one moment, whatever a server writes meanwhile.
        if (ledger.Schema < UnsentSince)
            // Not in the file: the connection's own.
            connection.Execute("CREATE TEMP VIEW IF NOT EXISTS unsent AS SELECT type, position FROM unroutable");
        connection.Execute(ledger.BeginReading);
        try
        {
            progress?.Invoke("the log");
            report = report with
            {
                LogId = Guid.TryParse(connection.ExecuteScalar<string?>("SELECT value FROM settings WHERE name = @name", new { name = LedgerSettings.Log }), out var id) ? id : null,
                Articles = Count("articles"), Decisions = Count("decisions"), End = DecisionLog.End(connection).Position,
                Gone = Retention.Gone(connection), Unfinished = Count("unfinished"), Failed = Count("errors"), Unsent = Count("unsent"),
            };
            report = report with { Faults = [.. Broken(connection), .. Unreadable(report, progress)] };
        }
        catch (Exception e) when (e is LedgerException || ledger.Fault(e) is not null)
        {
            // Damaged pages end the looking somewhere.
            damage.Add(e.Message.TrimEnd('.'));
        }
        finally
        {
            connection.Execute("ROLLBACK");
        }

        return report;

        long Count(string table) => connection.ExecuteScalar<long>($"SELECT count(*) FROM {table}");
    });

    IEnumerable<LedgerFault> Broken(DbConnection connection)
    {
        foreach (var (what, count, cases) in RulesOf(ledger.Schema, Retention.Gone(connection)))
            if (connection.ExecuteScalar<long>(count) is not 0 and var number)
                yield return new LedgerFault(what, number, First(connection, cases));
    }

    IEnumerable<(string What, string Count, string Cases)> RulesOf(int schema, GonePositions gone) =>
    [
        .. Rules(gone), .. schema < SourcesSince ? [] : RulesOfSources(gone), .. schema < RulingsSince ? [] : RulingRules,
        .. schema < Retention.Since ? [] : RulesOfRetention(gone),
    ];

    static List<string> First(DbConnection connection, string cases)
    {
        using var reader = connection.ExecuteReader($"{cases} LIMIT {MostFirst}");
        var first = new List<string>();
        while (reader.Read())
            first.Add(reader.GetValue(0) is byte[] id ? $"article {Columns.Id(id)}" : reader.GetString(0));
        return first;
    }

    /// <summary>Results that cannot be read, or have other words than were decided. Those of an earlier schema lean on texts that are stored in another way.</summary>
    IEnumerable<LedgerFault> Unreadable(LedgerReport report, Action<string>? progress)
    {
        if (report.IsEarlier)
            yield break;
        var (log, fingerprinter, first, count) = (new DecisionLog(ledger), new Fingerprinter(new DeduplicationOptions()), new List<string>(), 0L);
        for (var position = report.Gone.Decisions; position < report.End;)
        {
            IReadOnlyList<LogEntry> entries;
            try
            {
                entries = log.After(position, AtOnce, Texts.All);
            }
            catch (StoredResultException e)
            {
                position = position.Next;
                if (++count <= MostFirst)
                    first.Add($"position {position} ({e.Message.TrimEnd('.')})");
                continue;
            }

            if (entries.Count == 0)
                break;
            progress?.Invoke($"results, {position} of {report.End}");
            var hashes = Hashes(entries);
            foreach (var entry in entries)
            {
                if (!entry.IsGone && Fault(entry, fingerprinter, hashes) is { } fault && ++count <= MostFirst)
                    first.Add($"position {entry.Decision.Position} ({fault.TrimEnd('.')})");
            }

            position = entries[^1].Decision.Position;
        }

        if (count > 0)
            yield return new LedgerFault("results that cannot be read, or have changed", count, first);
    }

    /// <summary>What the words of articles were when they were decided, by their numbers.</summary>
    Dictionary<long, ulong> Hashes(IReadOnlyList<LogEntry> entries)
    {
        long[] numbers = [.. entries.Select(e => e.Decision.Place?.Number.Value).OfType<long>()];
        return numbers.Length == 0 ? [] : ledger.Read(c => c.Query<(long Number, long Hash)>(
            "SELECT number, text_hash FROM fingerprints WHERE number BETWEEN @first AND @last", new { first = numbers[0], last = numbers[^1] })
            .ToDictionary(f => f.Number, f => unchecked((ulong)f.Hash)));
    }

    /// <returns>Why an entry's result is none, or not that which was decided; null where it is.</returns>
    static string? Fault(LogEntry entry, Fingerprinter fingerprinter, Dictionary<long, ulong> hashes)
    {
        try
        {
            var result = entry.Text!.Result();
            if (result.Article is null || entry.Decision.Place is not { } place)
                return null;
            if (result.Article.Headline != entry.Decision.Headline)
                return "its headline is not that which was decided";
            return hashes.TryGetValue(place.Number.Value, out var hash) && hash != fingerprinter.Compute(StoryArticle.Of(result.Article, default).Body).TextHash
                ? "the words of its text are not those that were decided"
                : null;
        }
        catch (StoredResultException e)
        {
            return e.Message;
        }
    }

    /// <param name="first">The one before the first.</param>
    static (string, string, string) Following(string what, string column, string first, GonePositions gone) => (
        what, $"SELECT coalesce(max({column}) - {first}, 0) - count({column}) FROM decisions WHERE position > {gone.Decisions}",
        Gaps(column, "decisions", first, $"position > {gone.Decisions}"));

    static string Gaps(string column, string table, string first, string where) =>
        $"SELECT '{column} ' || (before + 1) FROM (SELECT {column}, coalesce(lag({column}) OVER (ORDER BY {column}), {first}) AS before FROM {table} WHERE {column} IS NOT NULL AND {where}) g WHERE {column} > before + 1";

    static string Missing(string column) => $"NOT EXISTS (SELECT 1 FROM decisions n WHERE n.number = d.{column})";

    static (string, string, string) Decisions(string what, string condition) =>
        Rule(what, "'position ' || d.position", $"decisions d WHERE {condition}");

    static (string, string, string) Rule(string what, string words, string from) => (what, $"SELECT count(*) FROM {from}", $"SELECT {words} FROM {from}");
}
