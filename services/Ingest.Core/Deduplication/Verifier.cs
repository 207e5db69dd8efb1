using Ingest.Core.Deduplication.Alignment;
using Ingest.Core.Deduplication.Fingerprints;
using Ingest.Core.Deduplication.Window;

namespace Ingest.Core.Deduplication;

/// <summary>An article joins a story.</summary>
/// <param name="IsBetter">It takes the canonical's place.</param>
/// <param name="Hops">Articles through which it was found to be of the story, beside the canonical.</param>
internal sealed record Joining(Nominee Story, Match Match, bool IsBetter, int Hops);

/// <summary>Compares an article with those of the nominated stories, word by word, and chooses the story that it matches best.</summary>
internal sealed class Verifier(DeduplicationOptions options, Func<long, StoryArticle> read)
{
    /// <summary>Stories that are compared with an article, the best nominated first.</summary>
    public const int Candidates = 4;

    /// <summary>Comparisons for one article, so that no stream of articles can make them many.</summary>
    const int Comparisons = 8;

    /// <summary>With this score the others, which share fewer shingles, are not looked at.</summary>
    const double Sure = 0.9;

    /// <summary>
    /// Articles between an article and its story's canonical, each a copy of the next: a copy of a copy of a copy may have nothing of the
    /// story any more. Measured instead: to ask a least share with the canonical, however small, loses excerpts from other ends of a text.
    /// </summary>
    const int MostHops = 2;

    /// <summary>
    /// Words of a body that says too little to tell two events apart, as do "Text to follow." and the notice of a dividend: under another
    /// headline it is other news. Where words have no blanks, twice as many characters.
    /// </summary>
    const int ShortBody = 25;

    /// <summary>No text with more words or characters is as short as that.</summary>
    const int LongestShortBody = 2 * ShortBody;

    readonly Aligner aligner = new();
    readonly Headlines headlines = new();
    readonly Subjects subjects = new();
    readonly ComparedText article = new(new Shingles(options.ShingleWords, options.ShingleCharacters));
    readonly ComparedText other = new(new Shingles(options.ShingleWords, options.ShingleCharacters));

    /// <summary>The article whose words <see cref="other"/> holds: copies of one article come in bursts.</summary>
    (long Number, StoryArticle Article) earlier;
    StoryArticle? incoming;
    bool isRead;
    int comparisons;

    /// <summary>Begins with the next article.</summary>
    public void Begin(StoryArticle next) => (incoming, isRead, comparisons) = (next, false, 0);

    /// <summary>The best of the nominated stories that the article is a copy of, of equally good ones the nearest; null for none.</summary>
    /// <param name="near">Takes all of them with what the comparison shows. Null where only the best is asked for: the others need not be compared.</param>
    public Joining? Best(IReadOnlyList<Nominee> nominees, List<NearStory>? near = null)
    {
        Joining? best = null;
        foreach (var nominee in nominees)
        {
            var isSure = best is not null && best.Match.Similarity.Score >= Sure;
            if (isSure && near is null)
                break;
            var joining = Compare(nominee, out var nearest);
            if (nearest is { } compared)
                near?.Add(new NearStory(
                    nominee.First, nominee.Canonical, nominee.Version, joining?.Match.Article ?? compared.Number,
                    joining?.Match.Similarity ?? compared.Similarity, joining?.Match));
            if (joining is not null && !isSure && (best is null || IsBetter(joining, best)))
                best = joining;
        }

        return best;
    }

    static bool IsBetter(Joining one, Joining other)
    {
        var (score, best) = (one.Match.Similarity.Score, other.Match.Similarity.Score);
        return score != best ? score > best : one.Story.Nearness.CompareTo(other.Story.Nearness) < 0;
    }

    /// <summary>Joins the story of an article that has the same words; null where that is other news all the same.</summary>
    /// <param name="nominee">Its last member is that article.</param>
    /// <param name="words">In either.</param>
    public Joining? Exact(in Nominee nominee, int words)
    {
        var (number, hops) = nominee.Members[^1];
        if (words < LongestShortBody && IsOtherNews(Compare(number)))
            return null;
        var match = new Match(Relation.Exact, number, new Similarity(words, words, 0, words, words, 0, 1, 0), []);
        return new Joining(nominee, match, Relations.MayReplace(incoming!) && TakesThePlace(Compare(nominee.Canonical)), hops);
    }

    /// <summary>
    /// Whether it should be the canonical instead of the one that it was just compared with. What is about another subject never is: a story
    /// may hold such a one from before there was anything to tell them apart by.
    /// </summary>
    bool TakesThePlace(in Similarity similarity) =>
        Relations.IsBetter(incoming!, earlier.Article, similarity) && OtherSubject() is null;

    /// <summary>What parts the article from the one that it was just compared with, although they share their words.</summary>
    SubjectChange? OtherSubject() => subjects.Between(
        article.Words, incoming!.Headline, other.Words, earlier.Article.Headline, aligner.Places,
        Relations.DeclaresRevision(incoming, earlier.Article));

    /// <summary>Whether the article is no copy of the one that it was just compared with, although that has the same few words.</summary>
    bool IsOtherNews(in Similarity similarity) => Math.Min(similarity.WordsA, similarity.WordsB) is var shorter
        && shorter < LongestShortBody && shorter < (article.Words.IsOfCharacters ? LongestShortBody : ShortBody)
        && headlines.Differ(incoming!.Headline, earlier.Article.Headline, least: 1);

    /// <summary>
    /// Compares with the canonical of a story, and if that is not it with the articles through which the story was found,
    /// and with its first.
    /// </summary>
    /// <param name="nearest">The most similar of those that were compared; null where there may be no more comparisons.</param>
    Joining? Compare(in Nominee nominee, out (long Number, Similarity Similarity)? nearest)
    {
        nearest = null;
        var isBetter = false;
        for (var i = 0; i < nominee.Members.Count && comparisons < Comparisons; i++)
        {
            var (number, hops) = nominee.Members[i];
            var similarity = Compare(number);
            if (nearest is not { } other || similarity.Score > other.Similarity.Score)
                nearest = (number, similarity);
            if (i == 0)
                isBetter = TakesThePlace(similarity);
            if (IsOtherNews(similarity))
                continue;
            if (similarity.Score < Needed(similarity) || hops > MostHops || OtherSubject() is not null)
                continue;
            return new Joining(nominee, MatchWith(number, similarity), isBetter, hops);
        }

        return null;
    }

    /// <summary>The score from which the article is of one story with the one it was just compared with.</summary>
    double Needed(in Similarity similarity)
    {
        if (Relations.DeclaresRevision(incoming!, earlier.Article))
            return Math.Min(options.RevisionContainment, options.Containment);
        // Other news over the same background: another headline, a passage of its own, and the paragraphs that go with
        // every report on the matter.
        return similarity.HavePassagesOfTheirOwn && headlines.Differ(incoming!.Headline, earlier.Article.Headline)
            ? Math.Max(DeduplicationOptions.OtherNewsContainment, options.Containment)
            : options.Containment;
    }

    Match MatchWith(long number, Similarity similarity)
    {
        var relation = article.Words.Hashes.SequenceEqual(other.Words.Hashes)
            ? Relation.Exact
            : Relations.Of(incoming!, earlier.Article, similarity);
        return new Match(relation, number, similarity,
            relation == Relation.Revision ? [.. aligner.Changes(article, other).Take(Change.Most)] : []);
    }

    Similarity Compare(long number)
    {
        comparisons++;
        if (!isRead)
            article.Read(incoming!.Body);
        isRead = true;
        if (earlier.Number != number)
        {
            earlier = default;
            var stored = read(number);
            other.Read(stored.Body);
            earlier = (number, stored);
        }

        return aligner.Compare(article, other);
    }
}
