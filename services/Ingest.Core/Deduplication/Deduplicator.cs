using Ingest.Core.Deduplication.Alignment;
using Ingest.Core.Deduplication.Fingerprints;
using Ingest.Core.Deduplication.Window;

namespace Ingest.Core.Deduplication;

/// <summary>
/// Decides, article after article, whether it is a copy of one that came before. Serial: the same articles in the same order give the
/// same decisions, whether it made the earlier ones itself or remembers them. An article joins the best story or opens one; stories never
/// merge, so that their names are stable. If <c>read</c> throws, nothing was decided and nothing has changed: the same
/// article may be tried again, or another.
/// </summary>
/// <remarks>
/// Two times belong to a decision. The <i>arrival</i> is the article's own, and may be any: an article joins a story through one that
/// arrived no more than a window before it, however much later, and is from then on as alive as its story. So an old copy never makes a
/// story harder to find. The <i>clock</i> is the log's, and never goes back: an article is forgotten a window after its own decision,
/// whatever the arrivals of others say. Core has no clock: the caller gives both.
/// </remarks>
public sealed class Deduplicator
{
    readonly DeduplicationOptions options;
    readonly Fingerprinter fingerprinter;
    readonly StoryWindow window = new();
    readonly Nominations nominations;
    readonly Verifier verifier;
    readonly uint[] found;
    readonly List<ulong> own = [], common = [];

    /// <summary>Of the article that is decided, in seconds since 1970; and it matches none of an earlier arrival than the second.</summary>
    uint arrival, since;

    /// <param name="read">Gives an earlier article by its number; asked only for articles of stories that have one in the window.</param>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    public Deduplicator(DeduplicationOptions options, Func<long, StoryArticle> read)
    {
        this.options = options.Validated();
        fingerprinter = new Fingerprinter(options);
        nominations = new Nominations(window);
        verifier = new Verifier(options, read);
        found = new uint[options.CommonStories];
    }

    /// <summary>Articles in the window.</summary>
    public int Count => window.Count;

    /// <summary>
    /// Bytes in memory for the window: postings and records. The buffers of the comparison, which do not grow with it, are not counted.
    /// </summary>
    public long Bytes => window.Bytes;

    /// <summary>Of them, those of the index of shingles.</summary>
    internal long PostingBytes => window.Postings.Bytes;

    /// <summary>
    /// Takes articles in that another deduplicator with the same options has decided, in their order and without gaps, and leaves the
    /// window as deciding them would have. The first of an unused deduplicator may have any number: for an equal window the log is read
    /// from <see cref="Remembered.Oldest"/> of its last article on; from a later one, the window only lacks what came before. If the
    /// enumeration throws, the articles before that are remembered.
    /// </summary>
    /// <exception cref="ArgumentException">
    /// An article does not follow the one before, or its record is damaged. Those before it are remembered.
    /// </exception>
    public void Remember(IEnumerable<Remembered> articles) => Remember(articles, Recall.Most);

    /// <param name="most">Postings that are gathered at most, for tests.</param>
    internal void Remember(IEnumerable<Remembered> articles, int most)
    {
        var recall = new Recall(window, found, most);
        try
        {
            foreach (var article in articles)
                recall.Take(article);
        }
        finally
        {
            recall.Post();
        }
    }

    /// <summary>The number that the next article gets, decided or remembered.</summary>
    public long Next => window.Next;

    /// <summary>The log's clock at the last article's decision, to the second; null before the first.</summary>
    public DateTimeOffset? Clock => window.IsUnused ? null : DateTimeOffset.FromUnixTimeSeconds(window.Clock);

    /// <summary>Decides about the next article.</summary>
    /// <param name="clock">The log's clock. A moment before the last article's counts as that.</param>
    public Decision Decide(StoryArticle incoming, DateTimeOffset clock) => Decide(incoming, fingerprinter.Compute(incoming.Body), clock);

    /// <summary>
    /// The same with the fingerprint of its body, which may be computed on another thread: see <see cref="Fingerprinter"/>.
    /// </summary>
    public Decision Decide(StoryArticle incoming, Fingerprint fingerprint, DateTimeOffset clock)
    {
        arrival = Seconds(incoming.Arrival);
        var now = Math.Max(Seconds(clock), window.Clock);
        since = WindowBefore(arrival);
        var joining = Joins(incoming, fingerprint, WindowBefore(now));
        window.Forget();
        var slot = joining?.Story.Slot ?? window.AddStory();
        var latest = joining is null ? arrival : Math.Max(arrival, window.Story(slot).Arrival);
        var number = window.Add(slot, fingerprint, latest, now, joining?.Hops ?? 0);
        // Every 4 billionth article cannot stand in a posting, where 0 is none.
        if (number == 0)
            own.Clear();
        else
            Post(slot, number, fingerprint, opened: joining is null);
        ref var story = ref window.Story(slot);
        if (joining is { IsBetter: true })
            (story.Canonical, story.Version) = (window.Number(number), story.Version + 1);
        var remembered = new Remembered(
            window.Number(number), story.First, story.Canonical, story.Version, latest, now, joining?.Hops ?? 0,
            fingerprint.Hashes.Length, fingerprint.Thinning, fingerprint.TextHash, Posted(), window.Oldest);
        return new Decision(remembered.Number, story.First, story.Canonical, story.Version, joining?.Match, remembered);
    }

    /// <summary>
    /// Which stories the article would be compared with if it were the next; nothing is compared, decided or forgotten. What is nominated can
    /// be compared later and elsewhere: see <see cref="Predictor"/>.
    /// </summary>
    /// <param name="arrived">Of the article: see <see cref="StoryArticle.Arrival"/>.</param>
    /// <param name="clock">The log's clock.</param>
    public Nominated Nominate(Fingerprint fingerprint, DateTimeOffset arrived, DateTimeOffset clock)
    {
        ArgumentNullException.ThrowIfNull(fingerprint);
        arrival = Seconds(arrived);
        since = WindowBefore(arrival);
        window.Hide(WindowBefore(Math.Max(Seconds(clock), window.Clock)), options.MaximumCount);
        try
        {
            Nominate(fingerprint);
            return new Nominated(fingerprint.Words, Same(fingerprint), Ranked(fingerprint), AmongCommon(fingerprint));
        }
        finally
        {
            window.ShowHidden();
        }
    }

    static uint Seconds(DateTimeOffset moment) => (uint)Math.Clamp(moment.ToUnixTimeSeconds(), 0, uint.MaxValue);

    uint WindowBefore(uint moment) => (uint)Math.Max(0, moment - (long)options.Window.TotalSeconds);

    /// <summary>
    /// Which story the article joins; null for one of its own. Hides what has expired. All that may throw is here, and
    /// then nothing has changed.
    /// </summary>
    /// <param name="decided">What was decided before this has expired.</param>
    Joining? Joins(StoryArticle incoming, Fingerprint fingerprint, uint decided)
    {
        window.Hide(decided, options.MaximumCount);
        try
        {
            verifier.Begin(incoming);
            Nominate(fingerprint);
            return Exact(fingerprint) ?? verifier.Best(Ranked(fingerprint)) ?? verifier.Best(AmongCommon(fingerprint));
        }
        catch
        {
            // Had it expired here and the article were never decided, others who remember the decisions would have another window.
            window.ShowHidden();
            throw;
        }
    }

    /// <summary>Looks the sampled shingles up: common ones nominate nothing yet, the others vote for the stories that have them.</summary>
    void Nominate(Fingerprint fingerprint)
    {
        nominations.Clear();
        own.Clear();
        common.Clear();
        window.Postings.Touch(fingerprint.Hashes);
        foreach (var hash in fingerprint.Hashes)
        {
            var having = Having(hash);
            if (having.Length == found.Length)
            {
                common.Add(hash);
                continue;
            }

            own.Add(hash);
            Vote(having);
        }
    }

    void Vote(ReadOnlySpan<uint> articles)
    {
        foreach (var having in articles)
        {
            ref var record = ref window.Article(having);
            // One that arrived too long before this one may still be remembered, as it was decided not long ago.
            if (record.Arrival >= since)
                nominations.Vote(record.Story, having);
        }
    }

    /// <summary>The articles of the window that stand for a shingle, one of each story.</summary>
    ReadOnlySpan<uint> Having(ulong hash) => found.AsSpan(0, window.Postings.Find(hash, (uint)window.Oldest, found));

    /// <summary>
    /// The article that has the same words: it is found by a posting of its own, and need not be compared. Several stories may have one,
    /// as a copy may come that arrived too long before, or after: the nearest story's counts.
    /// </summary>
    Joining? Exact(Fingerprint fingerprint)
    {
        foreach (var nominee in Same(fingerprint))
            if (verifier.Exact(nominee, fingerprint.Words) is { } joining)
                return joining;
        return null;
    }

    /// <summary>The stories with an article of the same words, the nearest first; that article is the last member of each.</summary>
    List<Nominee> Same(Fingerprint fingerprint)
    {
        var same = new List<Nominee>();
        if (fingerprint.Words == 0)
            return same;
        foreach (var having in Having(Whole(fingerprint)))
        {
            ref var record = ref window.Article(having);
            if (record.TextHash == fingerprint.TextHash && record.Arrival >= since)
                same.Add(nominations.Nominee(record.Story, arrival, having) with { Members = [(window.Number(having), record.Hops)] });
        }

        same.Sort((a, b) => a.Nearness.CompareTo(b.Nearness));
        return same;
    }

    /// <summary>
    /// Most of a brief of a story that everybody tells is common, and so is most of a template. Then the common shingles nominate too:
    /// the few stories that stand for them in the index, of which the first has most.
    /// </summary>
    List<Nominee> AmongCommon(Fingerprint fingerprint)
    {
        if (common.Count <= own.Count)
            return [];
        nominations.Clear();
        foreach (var hash in common)
            Vote(Having(hash));
        return Ranked(fingerprint);
    }

    List<Nominee> Ranked(Fingerprint fingerprint) => nominations.Nominees(fingerprint, arrival, Verifier.Candidates);

    /// <summary>The posting by which an exact copy is found; the lowest bit is that of every shingle's hash.</summary>
    static ulong Whole(Fingerprint fingerprint) => fingerprint.TextHash | 1;

    /// <summary>
    /// Makes the story findable by the article's shingles, but for the common ones, and by the whole of its words. Of each story one
    /// article stands for a shingle, the latest: copies do not make the index grow, and a story stays findable as long as copies come.
    /// </summary>
    void Post(int story, uint number, Fingerprint fingerprint, bool opened)
    {
        var whole = Whole(fingerprint);
        // Texts without words are all alike, and no copies of each other. No shingle ever has more articles than a
        // look-up finds: Recall relies on it.
        if (fingerprint.Words > 0 && Having(whole) is var same && (same.Length < found.Length || AnyOf(story, same)))
            own.Add(whole);
        foreach (var hash in own)
        {
            var posted = false;
            foreach (var having in opened ? [] : Having(hash))
            {
                if (window.Article(having).Story != story)
                    continue;
                window.Postings.Replace(hash, having, number);
                posted = true;
                break;
            }

            if (!posted)
                window.Postings.Add(hash, number, (uint)window.Oldest);
        }
    }

    bool AnyOf(int story, ReadOnlySpan<uint> articles)
    {
        foreach (var article in articles)
            if (window.Article(article).Story == story)
                return true;
        return false;
    }

    /// <summary>The bits of what was posted last.</summary>
    uint[] Posted()
    {
        var posted = new uint[own.Count];
        for (var i = 0; i < posted.Length; i++)
            posted[i] = PostingTable.BitsOf(own[i]);
        return posted;
    }
}
