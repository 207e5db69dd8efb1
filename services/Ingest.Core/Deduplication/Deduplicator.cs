using Ingest.Core.Deduplication.Alignment;
using Ingest.Core.Deduplication.Fingerprints;
using Ingest.Core.Deduplication.Window;

namespace Ingest.Core.Deduplication;

/// <summary>
/// Decides, article after article, whether it is a copy of one that came before. Serial: the same articles in the same order give the
/// same decisions. An article joins the best story or opens one; stories never merge, so that their names are stable.
/// </summary>
public sealed class Deduplicator
{
    /// <summary>Stories that are compared with an article, the best nominated first.</summary>
    const int Candidates = 4;

    /// <summary>Comparisons for one article, so that no stream of articles can make them many.</summary>
    const int Comparisons = 8;

    /// <summary>With this score the others, which share fewer shingles, are not looked at.</summary>
    const double Sure = 0.9;

    /// <summary>A story is a candidate if it has this share of the sampled shingles that it could have.</summary>
    const double Nominated = 0.12;

    /// <summary>
    /// Articles between an article and its story's canonical, each a copy of the next: a copy of a copy of a copy may have nothing of the
    /// story any more. Measured instead: to ask a least share with the canonical, however small, loses excerpts from other ends of a text.
    /// </summary>
    const int Hops = 2;

    readonly DeduplicationOptions options;
    readonly Func<long, StoryArticle> read;
    readonly Fingerprinter fingerprinter;
    readonly Aligner aligner = new();
    readonly StoryWindow window = new();
    readonly Nominations nominations = new();
    readonly ComparedText article, other;
    readonly uint[] found;
    readonly List<ulong> own = [], common = [];

    /// <summary>The article whose words <see cref="other"/> holds.</summary>
    (long Number, StoryArticle Article) earlier;
    int comparisons;

    /// <param name="read">Gives an earlier article by its number; asked only for articles of stories that have one in the window.</param>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    public Deduplicator(DeduplicationOptions options, Func<long, StoryArticle> read)
    {
        this.options = options.Validated();
        this.read = read;
        var shingles = new Shingles(options.ShingleWords, options.ShingleCharacters);
        fingerprinter = new Fingerprinter(options);
        (article, other) = (new ComparedText(shingles), new ComparedText(shingles));
        found = new uint[options.CommonStories];
    }

    /// <summary>Articles in the window.</summary>
    public int Count => window.Count;

    /// <summary>Bytes in memory for the window, everything included.</summary>
    public long Bytes => window.Bytes;

    /// <summary>Of them, those of the index of shingles.</summary>
    public long PostingBytes => window.Postings.Bytes;

    /// <summary>Decides about the next article.</summary>
    public Decision Decide(StoryArticle incoming) => Decide(incoming, fingerprinter.Compute(incoming.Body));

    /// <summary>The same with the fingerprint of its body, which may be computed on another thread: see <see cref="Fingerprinter"/>.</summary>
    public Decision Decide(StoryArticle incoming, Fingerprint fingerprint)
    {
        var arrival = Math.Clamp(incoming.Arrival.ToUnixTimeSeconds(), 0, uint.MaxValue);
        window.Expire((uint)Math.Max(0, arrival - (long)options.Window.TotalSeconds), options.MaximumCount);
        Nominate(fingerprint);
        var match = Exact(incoming, fingerprint) ?? Best(incoming, fingerprint) ?? AmongCommon(incoming, fingerprint);
        var story = match?.Story ?? window.AddStory();
        var number = window.Add(story, fingerprint, fingerprint.Hashes.Length, (uint)arrival);
        window.Article(number).Hops = (byte)(match?.Hops ?? 0);
        own.Add(Whole(fingerprint));
        Post(story, number, opened: match is null);
        ref var record = ref window.Story(story);
        if (match is { IsBetter: true })
            (record.Canonical, record.Version) = (window.Number(number), record.Version + 1);
        return new Decision(window.Number(number), record.First, record.Canonical, record.Version, match?.Match, fingerprint, [.. own]);
    }

    /// <summary>Looks the sampled shingles up: common ones nominate nothing, the others vote for the stories that have them.</summary>
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
            nominations.Vote(window.Article(having).Story, having);
    }

    /// <summary>The articles of the window that stand for a shingle, one of each story.</summary>
    ReadOnlySpan<uint> Having(ulong hash) => found.AsSpan(0, window.Postings.Find(hash, (uint)window.Oldest, found));

    /// <summary>The article that has the same words: it is found by a posting of its own, and need not be compared.</summary>
    Joining? Exact(StoryArticle incoming, Fingerprint fingerprint)
    {
        var words = fingerprint.Words;
        foreach (var same in Having(Whole(fingerprint)))
        {
            if (words == 0 || window.Article(same).TextHash != fingerprint.TextHash)
                continue;
            var slot = window.Article(same).Story;
            var match = new Match(Relation.Exact, window.Number(same), new Similarity(words, words, 0, words, words, 0, 1, 0), []);
            return new Joining(slot, match, Relations.MayReplace(incoming) && IsBetter(incoming, window.Story(slot).Canonical), window.Article(same).Hops);
        }

        return null;
    }

    bool IsBetter(StoryArticle incoming, long canonical)
    {
        article.Read(incoming.Body);
        var similarity = Compare(canonical);
        return Relations.IsBetter(incoming, earlier.Article, similarity);
    }

    /// <summary>The posting by which an exact copy is found; the lowest bit is that of every shingle's hash.</summary>
    static ulong Whole(Fingerprint fingerprint) => fingerprint.TextHash | 1;

    /// <summary>The best of the nominated stories that the article is a copy of.</summary>
    Joining? Best(StoryArticle incoming, Fingerprint fingerprint)
    {
        Joining? best = null;
        comparisons = 0;
        var candidates = 0;
        foreach (var nomination in nominations.Ranked())
        {
            if (nomination.Votes < Nominated * Possible(fingerprint, window.Article(nomination.Article)))
                continue;
            if (++candidates > Candidates || best is not null && best.Match.Similarity.Score >= Sure)
                break;
            if (candidates == 1)
                article.Read(incoming.Body);
            var joining = Compare(incoming, nomination);
            if (joining is not null && (best is null || joining.Match.Similarity.Score > best.Match.Similarity.Score))
                best = joining;
        }

        return best;
    }

    /// <summary>
    /// Most of a brief of a story that everybody tells is common, and so is most of a template. Then the common shingles nominate too:
    /// the few stories that stand for them in the index, of which the first has most.
    /// </summary>
    Joining? AmongCommon(StoryArticle incoming, Fingerprint fingerprint)
    {
        if (common.Count <= own.Count)
            return null;
        nominations.Clear();
        foreach (var hash in common)
            Vote(Having(hash));
        return Best(incoming, fingerprint);
    }

    /// <summary>How many sampled shingles the two could share at most, by the coarser of their samples.</summary>
    static double Possible(Fingerprint fingerprint, in ArticleRecord earlier) => Math.Max(1, Math.Min(
        fingerprint.Hashes.Length >> Math.Max(0, earlier.Thinning - fingerprint.Thinning),
        earlier.Sampled >> Math.Max(0, fingerprint.Thinning - earlier.Thinning)));

    /// <summary>Compares with the canonical of a story, and if that is not it with the articles through which the story was found.</summary>
    Joining? Compare(StoryArticle incoming, in Nomination nomination)
    {
        var canonical = window.Story(nomination.Story).Canonical;
        foreach (var number in Members(nomination))
        {
            if (comparisons++ >= Comparisons)
                return null;
            var similarity = Compare(number);
            var needed = Relations.DeclaresRevision(incoming, earlier.Article) ? options.RevisionContainment : options.Containment;
            if (similarity.Score < needed)
                continue;
            var relation = SameWords() ? Relation.Exact : Relations.Of(incoming, earlier.Article, similarity);
            var match = new Match(relation, number, similarity, relation == Relation.Revision ? Changes() : []);
            if (number == canonical)
                return new Joining(nomination.Story, match, Relations.IsBetter(incoming, earlier.Article, similarity));
            var hops = number < window.Oldest ? 1 : window.Article((uint)number).Hops + 1;
            if (hops > Hops)
                continue;
            similarity = Compare(canonical);
            return new Joining(nomination.Story, match, Relations.IsBetter(incoming, earlier.Article, similarity), hops);
        }

        return null;
    }

    bool SameWords() => article.Words.Hashes.SequenceEqual(other.Words.Hashes);

    /// <summary>Compares with an earlier article. The last one is kept: copies of one article come in bursts.</summary>
    Similarity Compare(long number)
    {
        if (earlier.Number != number)
        {
            earlier = default;
            var stored = read(number);
            other.Read(stored.Body);
            earlier = (number, stored);
        }

        return aligner.Compare(article, other);
    }

    /// <summary>The articles of a story that are compared: the canonical, those through which it was found, and its first.</summary>
    IEnumerable<long> Members(Nomination nomination)
    {
        var story = window.Story(nomination.Story);
        var voted = window.Number(nomination.Article);
        yield return story.Canonical;
        if (voted != story.Canonical)
            yield return voted;
        var second = nomination.Second is { } article ? window.Number(article) : voted;
        if (second != voted && second != story.Canonical)
            yield return second;
        if (story.First != story.Canonical && story.First != voted && story.First != second)
            yield return story.First;
    }

    List<Change> Changes()
    {
        var changes = new List<Change>();
        foreach (var replacement in aligner.Replacements.Take(Change.Most))
            changes.Add(new Change(other.Words.Passage(replacement.FromB, replacement.ToB), article.Words.Passage(replacement.FromA, replacement.ToA)));
        return changes;
    }

    /// <summary>
    /// Makes the story findable by the article's shingles. Of each story one article stands for a shingle, the latest: copies do not
    /// make the index grow, and a story stays findable as long as copies come.
    /// </summary>
    void Post(int story, uint number, bool opened)
    {
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

    sealed record Joining(int Story, Match Match, bool IsBetter, int Hops = 0);
}
