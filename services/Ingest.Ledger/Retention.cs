using System.Data.Common;
using System.Diagnostics;
using System.Globalization;
using Dapper;
using Ingest.Core.Normalisation.Sources;

namespace Ingest.Ledger;

/// <summary>How far the log is no longer kept.</summary>
/// <param name="Texts">Up to this position the texts of articles are gone, and what was made of them, but for those that are held.</param>
/// <param name="Decisions">Up to this position the log itself is gone. Rows that something later needs stay, and are told no more.</param>
public readonly record struct GonePositions(LogPosition Texts, LogPosition Decisions);

/// <summary>How long things are kept, counted from the decision; null for ever.</summary>
/// <param name="Articles">Texts, and what the normaliser made of them.</param>
/// <param name="Decisions">The log, and with it what is left of the articles.</param>
public readonly record struct RetentionAges(TimeSpan? Articles, TimeSpan? Decisions)
{
    public bool AreForEver => Articles is null && Decisions is null;
}

/// <summary>What is to go.</summary>
/// <param name="Before">What is gone already.</param>
/// <param name="After">What is to be gone.</param>
/// <param name="Held">What keeps more from going that is old enough; a sentence each.</param>
public sealed record RetentionPlan(GonePositions Before, GonePositions After, IReadOnlyList<string> Held);

/// <summary>
/// Lets go what is old: first the texts, then the log. It goes from the log's beginning on, and stays gone. What is needed stays:
/// <list type="bullet">
/// <item>all that is in the deduplication window, and of its stories the first and the canonical article, which may be compared again;</item>
/// <item>the articles from which the profile of a source is learnt, so that it stays a function of the log;</item>
/// <item>what a destination was not sent yet; what has failed or waits, which has no decision;</item>
/// <item>of the log, whole stories while one of their decisions is kept.</item>
/// </list>
/// Any process may do it at any time, in steps of one small transaction each; several do not disturb one another.
/// </summary>
public sealed class Retention(LedgerStore ledger)
{
    /// <summary>Names among the settings. Texts are declared gone in one moment; how far their space was given back is another matter.</summary>
    internal const string Texts = "texts gone", Swept = "texts swept", Decisions = "decisions gone";

    /// <summary>The schema that has the table <c>held</c>.</summary>
    internal const int Since = 8;

    /// <summary>Decisions of a step; of those that are only looked at.</summary>
    const int AtOnce = 128, LookedAt = 1024;

    /// <summary>Articles of a source from which no profile is learnt any more: see <see cref="SourceHistory.Start"/>.</summary>
    static readonly string IsLearntFrom = string.Create(CultureInfo.InvariantCulture,
        $"d.source IS NOT NULL AND d.of_source > ((SELECT max(l.of_source) FROM decisions l WHERE l.source = d.source) / {SourceHistory.Generation} - 1) * {SourceHistory.Generation}");

    const string JoinedStory = "FROM decisions l WHERE l.story = d.story AND l.matched IS NOT NULL";

    /// <summary>Whether the text of a decision d stays though it is old.</summary>
    static readonly string TextStays = $"""
        CAST(CASE WHEN {IsLearntFrom}
          OR EXISTS (SELECT 1 FROM publications p JOIN unsent u ON u.destination = p.destination AND u.position = d.position)
          OR d.number IS NOT NULL AND (SELECT max(l.number) {JoinedStory}) >= @oldest
            AND (d.number = d.story OR d.number = (SELECT l.canonical {JoinedStory} ORDER BY l.number DESC LIMIT 1))
        THEN 1 ELSE 0 END AS bigint)
        """;

    /// <summary>Whether the decision d itself stays.</summary>
    static readonly string DecisionStays = $"""
        CAST(CASE WHEN {IsLearntFrom} OR d.number IS NOT NULL AND (SELECT l.position {JoinedStory} ORDER BY l.number DESC LIMIT 1) > @gone
        THEN 1 ELSE 0 END AS bigint)
        """;

    /// <summary>The oldest number in the window.</summary>
    const string Oldest = "SELECT coalesce((SELECT oldest FROM fingerprints ORDER BY number DESC LIMIT 1), 0)";

    /// <summary>The longest that one step held what others wait for.</summary>
    public TimeSpan Longest { get; private set; }

    /// <summary>How far the log is no longer kept.</summary>
    public GonePositions Gone() => ledger.Read(Gone);

    internal static GonePositions Gone(DbConnection connection)
    {
        var known = connection.Query<(string Name, string Value)>("SELECT name, value FROM settings WHERE name = @Texts OR name = @Decisions", new { Texts, Decisions })
            .ToDictionary(s => s.Name, s => new LogPosition(long.Parse(s.Value, CultureInfo.InvariantCulture)), StringComparer.Ordinal);
        return new GonePositions(known.GetValueOrDefault(Texts), known.GetValueOrDefault(Decisions));
    }

    /// <summary>What is to go now. Changes nothing.</summary>
    public RetentionPlan Plan(RetentionAges ages, DateTimeOffset now) => ledger.Read(connection =>
    {
        var before = Gone(connection);
        var held = new List<string>();
        // The end of the log is known by its last row.
        var most = Math.Max(0, DecisionLog.End(connection).Position.Value - 1);
        // The oldest of the window has a decision, and all behind it stay.
        most = Math.Min(most, (connection.ExecuteScalar<long?>($"SELECT position FROM decisions WHERE number = ({Oldest})") ?? most + 1) - 1);
        var (texts, decisions) = (Old(ages.Articles), Old(ages.Decisions));
        if (Math.Max(texts, decisions) > most)
            held.Add($"what follows position {most} may still be compared: it is in the deduplication window (Ingest:Deduplicate:Window).");
        foreach (var (destination, position) in connection.Query<(string, long)>("SELECT destination, position FROM publications"))
        {
            if (Math.Max(texts, decisions) > position)
                held.Add($"what follows position {position} was not sent to {destination} yet.");
            most = Math.Min(most, position);
        }

        texts = Math.Min(texts, most);
        // All that refers to one that was passed over stays with it.
        var unsent = connection.ExecuteScalar<long?>("SELECT min(u.position) FROM unsent u JOIN publications p ON p.destination = u.destination") ?? long.MaxValue;
        if (decisions >= unsent)
            held.Add($"the event at position {unsent} could not be sent yet ('ingest errors list'): the log is kept from there.");
        decisions = Math.Min(decisions, Math.Min(most, unsent - 1));
        var log = Math.Max(before.Decisions.Value, decisions);
        return new RetentionPlan(before, new GonePositions(new LogPosition(Math.Max(Math.Max(before.Texts.Value, texts), log)), new LogPosition(log)), held);

        long Old(TimeSpan? age) => age is { } kept ? DecidedBefore(connection, before.Decisions.Value, now - kept) : 0;
    });

    /// <summary>The last position of those before which all were decided before a moment. Moments follow the positions, but for clocks that were set.</summary>
    static long DecidedBefore(DbConnection connection, long gone, DateTimeOffset moment)
    {
        var (least, most) = (gone, DecisionLog.End(connection).Position.Value);
        while (least < most)
        {
            var middle = least + (most - least + 1) / 2;
            var decided = connection.ExecuteScalar<long>("SELECT decided FROM decisions WHERE position >= @middle ORDER BY position LIMIT 1", new { middle });
            (least, most) = decided < moment.ToUnixTimeMilliseconds() ? (middle, most) : (least, middle - 1);
        }

        return least;
    }

    /// <summary>
    /// Does it, a step each time that the next is asked for: whoever asks lets others write in between. What was left undone is done by the next
    /// who runs any plan.
    /// </summary>
    /// <returns>Articles that a step let go of; 0 for one that only gave space back.</returns>
    public IEnumerable<int> Run(RetentionPlan plan)
    {
        ArgumentNullException.ThrowIfNull(plan);
        using var writer = ledger.OpenWriter();
        if (plan.After != plan.Before)
            Transact(writer, () => Declare(writer, plan.After));
        var whole = ledger.Told(() => writer.WholeTexts());
        while (Transact(writer, () => Sweep(writer, whole)) is { } swept)
            yield return swept;
        for (var after = 0L; Held(ref after) is { } released;)
        {
            if (released.Length > 0)
                Transact(writer, () => Release(writer, released));
            yield return released.Length;
        }

        var gone = Gone().Decisions.Value;
        for (var after = 0L; OldDecisions(ref after, gone) is { } old;)
        {
            if (old.Length > 0)
                Transact(writer, () => Forget(writer, old));
            yield return 0;
        }

        while (Transact(writer, writer.GiveBack))
            yield return 0;
    }

    T Transact<T>(Writer writer, Func<T> step)
    {
        var began = 0L;
        var result = writer.Transact(() =>
        {
            began = Stopwatch.GetTimestamp();
            // One at a time, whoever does it.
            Position(writer, Swept);
            return step();
        });
        Longest = Longest > Stopwatch.GetElapsedTime(began) ? Longest : Stopwatch.GetElapsedTime(began);
        return result;
    }

    static int Declare(Writer writer, GonePositions gone)
    {
        foreach (var (name, position) in new[] { (Texts, gone.Texts), (Decisions, gone.Decisions) })
            if (Position(writer, name) < position.Value)
                Set(writer, name, position.Value);
        return 0;
    }

    /// <returns>Null where nothing is left.</returns>
    static int? Sweep(Writer writer, long whole)
    {
        var (swept, texts) = (Position(writer, Swept), Position(writer, Texts));
        if (swept >= texts)
            return null;
        var to = Math.Min(texts, swept + AtOnce);
        var passed = writer.Connection.Query<(long Article, long Stays)>(
            $"SELECT d.article, {TextStays} AS stays FROM decisions d WHERE d.position > @swept AND d.position <= @to",
            new { swept, to, oldest = writer.Value<long>(Oldest) }).ToLookup(d => d.Stays != 0, d => d.Article);
        foreach (var article in passed[true])
            writer.Execute("INSERT INTO held (article) VALUES (@article) ON CONFLICT DO NOTHING", new { article });
        // What goes in one piece is not taken out of it before.
        writer.DropTexts([.. passed[false].Where(a => a >= whole)]);
        Set(writer, Swept, to);
        return passed[false].Count();
    }

    /// <summary>The next of those whose texts were held and need not be any more; null where none is left to look at.</summary>
    long[]? Held(ref long after)
    {
        var from = after;
        var looked = ledger.Read(c => c.Query<(long Article, long Stays)>($"""
            SELECT h.article, {TextStays} AS stays FROM held h JOIN decisions d ON d.article = h.article WHERE h.article > @from ORDER BY h.article LIMIT @most
            """, new { from, most = LookedAt, oldest = c.ExecuteScalar<long>(Oldest) }).ToList());
        return Going(looked, ref after);
    }

    static int Release(Writer writer, long[] articles)
    {
        writer.DropTexts(articles);
        return writer.Execute($"DELETE FROM held WHERE {writer.Ledger.Among("article", "@articles")}", new { articles = writer.Ledger.Among(articles) });
    }

    /// <summary>The next articles whose decisions go; null where none is left to look at.</summary>
    long[]? OldDecisions(ref long after, long gone)
    {
        var from = after;
        var looked = ledger.Read(c => c.Query<(long Position, long Stays, long Article)>($"""
            SELECT d.position, {DecisionStays} AS stays, d.article FROM decisions d WHERE d.position > @from AND d.position <= @gone ORDER BY d.position LIMIT @most
            """, new { from, gone, most = LookedAt }).ToList());
        if (Going([.. looked.Select(l => (l.Position, l.Stays))], ref after) is not { } going)
            return null;
        var articles = looked.ToDictionary(l => l.Position, l => l.Article);
        return [.. going.Select(position => articles[position])];
    }

    /// <summary>As many as a step takes of those that go.</summary>
    static long[]? Going(List<(long Key, long Stays)> looked, ref long after)
    {
        if (looked.Count == 0)
            return null;
        long[] going = [.. looked.Where(l => l.Stays == 0).Select(l => l.Key).Take(AtOnce)];
        after = going.Length == AtOnce ? going[^1] : looked[^1].Key;
        return going;
    }

    static int Forget(Writer writer, long[] articles)
    {
        writer.DropTexts(articles);
        var among = new { articles = writer.Ledger.Among(articles) };
        var which = writer.Ledger.Among("article", "@articles");
        writer.Execute($"DELETE FROM fingerprints WHERE number IN (SELECT number FROM decisions WHERE {which})", among);
        foreach (var table in new[] { "decisions", "held", "articles" })
            writer.Execute($"DELETE FROM {table} WHERE {which}", among);
        return 0;
    }

    /// <summary>A position among the settings, which nobody else changes until the transaction ends.</summary>
    static long Position(Writer writer, string name) => long.Parse(
        writer.Value<string>("INSERT INTO settings (name, value) VALUES (@name, '0') ON CONFLICT (name) DO UPDATE SET value = settings.value RETURNING value", new { name })!,
        CultureInfo.InvariantCulture);

    static void Set(Writer writer, string name, long position) => writer.Execute(
        "UPDATE settings SET value = @value WHERE name = @name", new { name, value = position.ToString(CultureInfo.InvariantCulture) });
}
