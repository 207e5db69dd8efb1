using Ingest.Core.Normalisation.Sources;
using Ingest.Ledger;
using Ingest.Ledger.Articles;

namespace Ingest.Service.Normalise;

/// <summary>
/// What the sources of articles repeat, learnt from the ledger's log, and what is ruled of it: every process that cleans follows both by
/// itself and comes to the same. What a profile is depends on its <see cref="SourceKnowledge"/> alone, never on who asks when. Safe to share
/// among threads.
/// </summary>
sealed class SourceBook(LedgerStore ledger)
{
    /// <summary>Sources whose profiles are kept: a few kilobytes each.</summary>
    const int MostSources = 10_000;

    /// <summary>Passages in the histories that are kept to go on with, 60 bytes each; the others are read from the log again.</summary>
    const long MostPassages = 1_000_000;

    /// <summary>A source with many articles is not looked up for each.</summary>
    const int Many = 32;

    static readonly TimeSpan LookAgainAfter = TimeSpan.FromMilliseconds(100);

    readonly SourceLog log = new(ledger);
    readonly RulingLog rulings = new(ledger);
    readonly Lock gate = new();
    readonly Dictionary<string, Known> sources = new(StringComparer.Ordinal);
    long uses, passages, lookedForRulings;
    int ruled;

    sealed class Known
    {
        public Lock Following { get; } = new();
        public SourceProfile Profile { get; set; } = SourceProfile.Unknown;
        public SourceRulings Rulings { get; set; } = SourceRulings.None;

        /// <summary>The ruling about any source up to which its own were looked up.</summary>
        public int Ruled { get; set; }
        public SourceHistory? History { get; set; }
        public int Passages { get; set; }
        public long Used { get; set; }
        public long Looked { get; set; }
    }

    /// <summary>What is known now.</summary>
    /// <param name="source">Null where the article names none.</param>
    /// <exception cref="LedgerException">The ledger cannot be read.</exception>
    public SourceProfile ProfileOf(string? source)
    {
        if (source is null)
            return SourceProfile.Unknown;
        var known = Find(source);
        // Where another thread is following, what was known before is good enough.
        if (known.Following.TryEnter())
        {
            try
            {
                Follow(source, known);
            }
            finally
            {
                known.Following.Exit();
            }
        }

        return known.Profile;
    }

    /// <summary>What was known at another moment.</summary>
    /// <exception cref="LedgerException">The ledger cannot be read.</exception>
    public SourceProfile ProfileAt(string source, SourceKnowledge moment)
    {
        if (moment == default)
            return SourceProfile.Unknown;
        var known = Find(source);
        lock (known.Following)
        {
            if (known.Rulings.Number != moment.Ruled)
                known.Rulings = rulings.Of(source, known.Rulings.Number < moment.Ruled ? known.Rulings : SourceRulings.None, moment.Ruled);
            if (known.Profile.Position != moment.Learnt)
            {
                var articles = moment.Learnt;
                if (known.History is not { } history || history.Articles > articles || history.Articles < SourceHistory.Start(articles))
                    history = new SourceHistory(SourceHistory.Start(articles));
                Learn(source, history, articles);
                Keep(source, known, history);
                known.Profile = history.Profile;
            }

            return known.Profile = known.Profile.With(known.Rulings);
        }
    }

    /// <summary>Somebody in this process has ruled: the next article is cleaned with it. What others rule is known a moment later.</summary>
    public void LookAgain()
    {
        lock (gate)
            lookedForRulings = 0;
    }

    Known Find(string source)
    {
        lock (gate)
        {
            if (!sources.TryGetValue(source, out var known))
            {
                if (sources.Count >= MostSources && sources.Remove(sources.MinBy(s => s.Value.Used).Key, out var least))
                    Hold(least, null);
                sources[source] = known = new Known();
            }

            known.Used = ++uses;
            return known;
        }
    }

    void Follow(string source, Known known)
    {
        var now = Environment.TickCount64;
        if (Ruled(now) is var last && last > known.Ruled)
        {
            (known.Rulings, known.Ruled) = (rulings.Of(source, known.Rulings, last), last);
            known.Profile = known.Profile.With(known.Rulings);
        }

        if (known.Profile.Position >= Many && now - known.Looked < LookAgainAfter.TotalMilliseconds)
            return;
        known.Looked = now;
        var (position, count) = (known.Profile.Position, SourceHistory.Checkpoint(log.Count(source)));
        // To learn anew what the memory had no room for costs some hundred articles: seldom, then.
        if (count <= position || known.History is null && position > 0 && count < position + Math.Min(position, SourceHistory.Generation))
            return;
        var history = known.History is { } kept && kept.Articles >= SourceHistory.Start(count) ? kept : new SourceHistory(SourceHistory.Start(count));
        Learn(source, history, count);
        known.Profile = history.Profile.With(known.Rulings);
        Keep(source, known, history);
    }

    /// <summary>The number of the last ruling about any source.</summary>
    int Ruled(long now)
    {
        lock (gate)
        {
            if (now - lookedForRulings < LookAgainAfter.TotalMilliseconds)
                return ruled;
            lookedForRulings = now;
        }

        var last = rulings.End();
        lock (gate)
            return ruled = Math.Max(ruled, last);
    }

    void Learn(string source, SourceHistory history, int to)
    {
        Learn(log, source, history, to);
        if (history.Articles != to)
            throw new LedgerException($"The ledger has {history.Articles} articles of the source '{source}' where its log counts {to}. Run 'ingest check'.");
    }

    /// <summary>Has a history learn what it has not of a source. A damaged article teaches nothing, and is counted all the same.</summary>
    /// <exception cref="NoLongerKeptException">A text that it needs is gone; one that is needed now never is: see <see cref="Retention"/>.</exception>
    public static void Learn(SourceLog log, string source, SourceHistory history, int to)
    {
        foreach (var article in log.Articles(source, history.Articles, to))
            history.Learn(article.Text is { } text ? SourceText.Of(text) : SourceText.Empty, article.Id);
    }

    void Keep(string source, Known known, SourceHistory history)
    {
        lock (gate)
        {
            // Another source may have taken its place meanwhile.
            if (sources.GetValueOrDefault(source) != known)
                return;
            Hold(known, history);
            while (passages > MostPassages && sources.Values.Where(s => s.History is not null && s != known).MinBy(s => s.Used) is { } oldest)
                Hold(oldest, null);
        }
    }

    void Hold(Known known, SourceHistory? history)
    {
        passages += (history?.Passages ?? 0) - known.Passages;
        (known.History, known.Passages) = (history, history?.Passages ?? 0);
    }
}
