using System.Globalization;
using Ingest.Contracts.V1;
using Ingest.Core.Articles;
using Ingest.Core.Normalisation.Sources;
using Ingest.Ledger;
using Ingest.Service.Outcomes;

namespace Ingest.Service.Normalise;

/// <summary>
/// What is known of the sources of a ledger, and the rulings about them, for those who look after a service: the same over HTTP and at the
/// command line. Safe to share among threads.
/// </summary>
sealed class SourceDesk(LedgerStore ledger, TimeProvider time)
{
    /// <summary>The last articles of a source that are looked at for what is taken out of them.</summary>
    public const int LookedAt = 100;

    /// <summary>Passages of a source that are listed; an export has all.</summary>
    const int MostListed = 1000;

    /// <summary>Sources that are looked up together.</summary>
    const int Together = 100;

    readonly SourceLog log = new(ledger);
    readonly RulingLog rulings = new(ledger);

    /// <summary>All sources, those with the most articles first.</summary>
    public IEnumerable<SourceSummary> All() => log.All().Select(Summary);

    /// <summary>The next sources by name.</summary>
    public SourcePage Page(string after, int most)
    {
        var rows = log.After(after, most + 1);
        return new SourcePage([.. rows.Take(most).Select(Summary)], rows.Count > most ? rows[most - 1].Name : null);
    }

    /// <returns>Null where the ledger has neither articles of it nor rulings about it.</returns>
    public SourceState? State(string source)
    {
        if (log.Find(source) is not { } row)
            return null;
        var (passages, summary) = (Passages(source), Summary(row));
        // What no import takes is not listed either: it could not be ruled on.
        List<SourcePassage> listed = [.. passages.Where(IsNamed).Take(MostListed)];
        return new SourceState(source, row.Articles, row.Last, summary.Removed, listed, passages.Count - listed.Count);
    }

    public bool Has(string source) => log.Find(source) is not null;

    /// <summary>The names of all sources.</summary>
    public IEnumerable<string> Names()
    {
        for (var after = ""; log.After(after, Together) is { Count: > 0 } rows; after = rows[^1].Name)
            foreach (var row in rows)
                yield return row.Name;
    }

    /// <summary>All that is known of a source, and that an import takes.</summary>
    public IEnumerable<SourcePassage> Export(string source) => Passages(source).Where(IsNamed);

    /// <summary>Rules on a passage by hand.</summary>
    /// <exception cref="TooManyRulingsException">The source would have too many.</exception>
    public SourceRuled Rule(NewRuling ruling)
    {
        rulings.Append([ruling], time.GetUtcNow());
        return new SourceRuled(ruling.Source, ruling.Passage.Text, Name(ruling.Passage.Key), Word(ruling.Verdict), log.Count(ruling.Source));
    }

    /// <summary>Withdraws what is ruled of a passage.</summary>
    /// <param name="passage">The <see cref="SourcePassage.Passage"/> of it.</param>
    /// <returns>False where nothing is ruled of it.</returns>
    public bool Withdraw(string source, string passage) =>
        rulings.InForce(source).FirstOrDefault(r => Name(r.Passage.Key).Equals(passage, StringComparison.OrdinalIgnoreCase)) is { } ruling
        && rulings.Append([new NewRuling(source, ruling.Passage, Verdict.Withdrawn)], time.GetUtcNow()).Appended > 0;

    /// <summary>Takes over what another installation exported: all of it or, where it throws, nothing.</summary>
    /// <exception cref="TooManyRulingsException">A source would have too many.</exception>
    public SourcesImported Import(IReadOnlyList<NewRuling> lines)
    {
        var made = rulings.Append(lines, time.GetUtcNow());
        return new SourcesImported(made.Appended, made.Held, made.Outranked);
    }

    /// <summary>What the contract calls a passage.</summary>
    public static string Name(ulong key) => key.ToString("x16", CultureInfo.InvariantCulture);

    /// <summary>What the contract calls a verdict.</summary>
    public static string Word(Verdict verdict) => verdict.ToString().ToLowerInvariant();

    static bool IsNamed(SourcePassage passage) => passage.Text.Length <= NamedPassage.MostCharacters;

    SourceSummary Summary(SourceRow source)
    {
        var removed = new Dictionary<Core.Articles.BlockKind, long>();
        long all = 0;
        foreach (var article in log.Articles(source.Name, source.Articles - LookedAt, source.Articles, results: true))
        {
            foreach (var block in article.Result?.Blocks ?? [])
            {
                all += block.Span.Length;
                if (block.Kind.IsRemoved())
                    removed[block.Kind] = removed.GetValueOrDefault(block.Kind) + block.Span.Length;
            }
        }

        return new SourceSummary(source.Name, source.Articles, source.Last,
            [.. removed.OrderByDescending(r => r.Value).Select(r => new RemovedShare(r.Key.Name(), OutcomeMapper.Rounded(r.Value / (double)all)))]);
    }

    /// <summary>What is ruled on, in the order of the rulings, and what is learnt beside, the most frequent first.</summary>
    List<SourcePassage> Passages(string source)
    {
        var (learnt, ruled) = (Learnt(source), rulings.InForce(source));
        var passages = ruled.Select(r => Told(source, r.Passage.Text, r.Passage.Key, learnt.Remove(r.Passage.Key, out var known) ? known : null)
            with { Ruling = Word(r.Verdict) }).ToList();
        passages.AddRange(learnt.Values.OrderByDescending(p => p.Share).ThenByDescending(p => p.Text.Length).ThenBy(p => p.Key)
            .Select(p => Told(source, p.Text, p.Key, p)));
        return passages;
    }

    static SourcePassage Told(string source, string text, ulong key, LearntPassage? learnt) => new(source, text)
    {
        Passage = Name(key),
        Articles = learnt?.Repeated.Articles,
        Share = learnt is null ? null : OutcomeMapper.Rounded(learnt.Share),
        Ids = learnt is null ? null : [.. learnt.Repeated.Ids.Take(Core.Articles.Repeated.MostShown)],
    };

    /// <summary>What is learnt by now.</summary>
    Dictionary<ulong, LearntPassage> Learnt(string source)
    {
        var articles = log.Count(source);
        var start = SourceHistory.Start(articles);
        var history = new SourceHistory(start);
        SourceBook.Learn(log, source, history, articles);
        // What is known are hashes: the texts are found in the articles once more.
        var found = new Dictionary<ulong, LearntPassage>();
        foreach (var article in log.Articles(source, start, articles))
            if (article.Text is { } text)
                foreach (var passage in history.Profile.Boilerplate(text))
                    found.TryAdd(passage.Key, passage);
        return found;
    }
}
