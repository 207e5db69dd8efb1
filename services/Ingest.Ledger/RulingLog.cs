using System.Data.Common;
using Dapper;
using Ingest.Core.Articles;
using Ingest.Core.Normalisation.Sources;
using Ingest.Ledger.Articles;

namespace Ingest.Ledger;

/// <summary>What somebody rules of a passage of a source.</summary>
/// <param name="Source">As <see cref="SourceName.Written"/> gives it.</param>
public sealed record NewRuling(string Source, NamedPassage Passage, Verdict Verdict);

/// <summary>A ruling of the log.</summary>
/// <param name="Number">Counts the rulings about all sources, from 1 without gaps.</param>
public sealed record Ruling(int Number, NamedPassage Passage, Verdict Verdict, DateTimeOffset Made);

/// <summary>What became of rulings that somebody made.</summary>
/// <param name="Appended">They hold now, and did not before.</param>
/// <param name="Held">They held already, or withdrew what was not ruled.</param>
/// <param name="Outranked">What was learnt elsewhere, of passages that were ruled on by hand here: nothing changed.</param>
public sealed record RulingsMade(int Appended, int Held, int Outranked);

/// <summary>A source would have more passages that are ruled on than it may.</summary>
public sealed class TooManyRulingsException(string source) : Exception(
    $"The source '{source}' would have more than {RulingLog.MostOfSource} passages that are ruled on. Withdraw some, or import fewer.");

/// <summary>The rulings about the passages of sources, in their order. Only appended to.</summary>
public sealed class RulingLog(LedgerStore ledger)
{
    /// <summary>Passages of a source that are ruled on at one time: more than are ever learnt of one.</summary>
    public const int MostOfSource = 10_000;

    const string OfSource = """
        SELECT ruling, passage, verdict, made FROM rulings
        WHERE source = (SELECT source FROM sources WHERE name = @source) AND ruling > @after AND ruling <= @to ORDER BY ruling
        """;

    /// <summary>The number of the last; 0 where there is none.</summary>
    public int End() => (int)ledger.Read(c => c.ExecuteScalar<long>("SELECT coalesce(max(ruling), 0) FROM rulings"));

    /// <summary>What is ruled of a source.</summary>
    /// <param name="known">What is known already, which is not read again.</param>
    /// <param name="to">The number of the last that is to be known.</param>
    /// <exception cref="LedgerException">A row is damaged, or a newer program's.</exception>
    public SourceRulings Of(string source, SourceRulings known, int to)
    {
        ArgumentNullException.ThrowIfNull(known);
        return known.With(ledger.Read(c => Rulings(c, source, known.Number, to).ToList()).Select(r => (r.Number, r.Passage, r.Verdict)));
    }

    /// <summary>The rulings about a source that hold, in their order.</summary>
    /// <exception cref="LedgerException">A row is damaged, or a newer program's.</exception>
    public IReadOnlyList<Ruling> InForce(string source) =>
        [.. ledger.Read(c => InForce(c, source)).Values.OrderBy(r => r.Number)];

    /// <summary>Appends rulings in one transaction: all of them or, where it throws, none. What holds already is not repeated.</summary>
    /// <exception cref="TooManyRulingsException">One of the sources would have too many.</exception>
    /// <exception cref="LedgerException">The ledger cannot be written.</exception>
    public RulingsMade Append(IReadOnlyList<NewRuling> rulings, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(rulings);
        using var writer = ledger.OpenWriter();
        return writer.Transact(() =>
        {
            var (appended, held, outranked) = (0, 0, 0);
            var last = writer.Value<long>("SELECT coalesce(max(ruling), 0) FROM rulings");
            var sources = new Dictionary<string, Dictionary<ulong, Verdict>>(StringComparer.Ordinal);
            foreach (var ruling in rulings)
            {
                if (!sources.TryGetValue(ruling.Source, out var inForce))
                    sources[ruling.Source] = inForce = InForce(writer.Connection, ruling.Source).ToDictionary(r => r.Key, r => r.Value.Verdict);
                var before = inForce.TryGetValue(ruling.Passage.Key, out var verdict) ? verdict : Verdict.Withdrawn;
                if (before == ruling.Verdict)
                {
                    held++;
                }
                else if (ruling.Verdict == Verdict.Learnt && before != Verdict.Withdrawn)
                {
                    outranked++;
                }
                else
                {
                    if (ruling.Verdict == Verdict.Withdrawn)
                        inForce.Remove(ruling.Passage.Key);
                    else
                        inForce[ruling.Passage.Key] = ruling.Verdict;
                    if (inForce.Count > MostOfSource)
                        throw new TooManyRulingsException(ruling.Source);
                    Append(writer, ++last, ruling, now);
                    appended++;
                }
            }

            return new RulingsMade(appended, held, outranked);
        }, lane: true);
    }

    static void Append(Writer writer, long number, NewRuling ruling, DateTimeOffset now) => writer.Execute("""
        INSERT INTO sources (name) VALUES (@Source) ON CONFLICT DO NOTHING;
        INSERT INTO rulings (ruling, source, passage, verdict, made)
        VALUES (@number, (SELECT source FROM sources WHERE name = @Source), @Text, @verdict, @now)
        """, new { ruling.Source, number, Text = writer.Ledger.Kept(ruling.Passage.Text), verdict = StoredWords.Verdicts.Of(ruling.Verdict), now = now.ToUnixTimeMilliseconds() });

    Dictionary<ulong, Ruling> InForce(DbConnection connection, string source)
    {
        var inForce = new Dictionary<ulong, Ruling>();
        foreach (var ruling in Rulings(connection, source, 0, int.MaxValue))
            if (ruling.Verdict == Verdict.Withdrawn)
                inForce.Remove(ruling.Passage.Key);
            else
                inForce[ruling.Passage.Key] = ruling;
        return inForce;
    }

    IEnumerable<Ruling> Rulings(DbConnection connection, string source, int after, int to) =>
        connection.Query<(long Number, string Passage, string Verdict, long Made)>(OfSource, new { source, after, to }, buffered: false)
            .Select(r => Read((int)r.Number, ledger.Whole(r.Passage), r.Verdict, r.Made));

    static Ruling Read(int number, string passage, string verdict, long made)
    {
        try
        {
            return new Ruling(number, NamedPassage.Of(passage), StoredWords.Verdicts.Read(verdict), Columns.Moment(made));
        }
        catch (Exception e) when (e is FormatException or StoredResultException)
        {
            throw new LedgerException($"Ruling {number} cannot be read: its passage or its verdict is damaged, or a newer version of Ingest wrote it. ({e.Message})", e);
        }
    }
}
