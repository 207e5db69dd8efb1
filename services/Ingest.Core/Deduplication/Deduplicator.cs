using Ingest.Core.Deduplication.Alignment;
using Ingest.Core.Deduplication.Fingerprints;
using Ingest.Core.Deduplication.Window;

namespace Ingest.Core.Deduplication;

/// <summary>
/// Decides, article after article, whether it is a copy of one that came before. Serial: the same articles in the same order give the
/// same decisions. An article joins the best story or opens one; stories never merge, so that their names are stable.
/// If <c>read</c> throws, nothing was decided: the same article may be tried again.
/// </summary>
public sealed class Deduplicator
{
    readonly DeduplicationOptions options;
    readonly Fingerprinter fingerprinter;
    readonly StoryWindow window = new();
    readonly Nominations nominations = new();
    readonly Verifier verifier;
    readonly uint[] found;
    readonly List<ulong> own = [], common = [];

    /// <summary>Articles that arrived before this are forgotten, in seconds since 1970.</summary>
    uint since;

    /// <param name="read">Gives an earlier article by its number; asked only for articles of stories that have one in the window.</param>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    public Deduplicator(DeduplicationOptions options, Func<long, StoryArticle> read)
    {
        this.options = options.Validated();
        fingerprinter = new Fingerprinter(options);
        verifier = new Verifier(options, read, window);
        found = new uint[options.CommonStories];
    }

    /// <summary>Articles in the window.</summary>
    public int Count => window.Count;

    /// <summary>Bytes in memory for the window: postings and records. The buffers of the comparison, which do not grow with it, are not counted.</summary>
    public long Bytes => window.Bytes;

    /// <summary>Of them, those of the index of shingles.</summary>
    internal long PostingBytes => window.Postings.Bytes;

    /// <summary>Decides about the next article.</summary>
    public Decision Decide(StoryArticle incoming) => Decide(incoming, fingerprinter.Compute(incoming.Body));

    /// <summary>The same with the fingerprint of its body, which may be computed on another thread: see <see cref="Fingerprinter"/>.</summary>
    public Decision Decide(StoryArticle incoming, Fingerprint fingerprint)
    {
        var arrival = Math.Clamp(incoming.Arrival.ToUnixTimeSeconds(), 0, uint.MaxValue);
        since = (uint)Math.Max(0, arrival - (long)options.Window.TotalSeconds);
        window.Expire(since, options.MaximumCount);
        verifier.Begin(incoming);
        Nominate(fingerprint);
        var joining = Exact(fingerprint) ?? verifier.Best(nominations.Ranked(), fingerprint) ?? AmongCommon(fingerprint);
        var slot = joining?.Story ?? window.AddStory();
        var number = window.Add(slot, fingerprint, (uint)arrival, joining?.Hops ?? 0);
        Post(slot, number, fingerprint, opened: joining is null);
        ref var story = ref window.Story(slot);
        if (joining is { IsBetter: true })
            (story.Canonical, story.Version) = (window.Number(number), story.Version + 1);
        return new Decision(window.Number(number), story.First, story.Canonical, story.Version, joining?.Match, fingerprint);
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
            // One that is older than the window may still stand behind a younger one that arrived out of order.
            if (record.Arrival >= since)
                nominations.Vote(record.Story, having);
        }
    }

    /// <summary>The articles of the window that stand for a shingle, one of each story.</summary>
    ReadOnlySpan<uint> Having(ulong hash) => found.AsSpan(0, window.Postings.Find(hash, (uint)window.Oldest, found));

    /// <summary>The article that has the same words: it is found by a posting of its own, and need not be compared.</summary>
    Joining? Exact(Fingerprint fingerprint)
    {
        var words = fingerprint.Words;
        if (words == 0)
            return null;
        foreach (var same in Having(Whole(fingerprint)))
        {
            var record = window.Article(same);
            if (record.TextHash != fingerprint.TextHash || record.Arrival < since)
                continue;
            var match = new Match(Relation.Exact, window.Number(same), new Similarity(words, words, 0, words, words, 0, 1, 0), []);
            return new Joining(record.Story, match, verifier.IsBetter(record.Story), record.Hops);
        }

        return null;
    }

    /// <summary>
    /// Most of a brief of a story that everybody tells is common, and so is most of a template. Then the common shingles nominate too:
    /// the few stories that stand for them in the index, of which the first has most.
    /// </summary>
    Joining? AmongCommon(Fingerprint fingerprint)
    {
        if (common.Count <= own.Count)
            return null;
        nominations.Clear();
        foreach (var hash in common)
            Vote(Having(hash));
        return verifier.Best(nominations.Ranked(), fingerprint);
    }

    /// <summary>The posting by which an exact copy is found; the lowest bit is that of every shingle's hash.</summary>
    static ulong Whole(Fingerprint fingerprint) => fingerprint.TextHash | 1;

    /// <summary>
    /// Makes the story findable by the article's shingles, but for the common ones, and by the whole of its words. Of each story one article
    /// stands for a shingle, the latest: copies do not make the index grow, and a story stays findable as long as copies come.
    /// </summary>
    void Post(int story, uint number, Fingerprint fingerprint, bool opened)
    {
        // Texts without words are all alike, and no copies of each other.
        if (fingerprint.Words > 0)
            own.Add(Whole(fingerprint));
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
}
