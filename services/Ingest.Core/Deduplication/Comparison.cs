using Ingest.Core.Deduplication.Alignment;
using Ingest.Core.Deduplication.Fingerprints;
using Ingest.Core.Deduplication.Text;

namespace Ingest.Core.Deduplication;

/// <summary>A passage that two texts share, as each of them has it.</summary>
/// <param name="Words">Words in it, counted in A.</param>
public readonly record struct SharedPassage(string A, string B, int Words);

/// <summary>Why two texts are or are not one story. A is the later text, B the earlier one.</summary>
/// <param name="Passages">What they share, in the order of A.</param>
/// <param name="Changes">What stands in the same place and reads otherwise: B's words before, A's after.</param>
/// <param name="OnlyA">Figures and names that only A has, each once, as written.</param>
/// <param name="OnlyB">Figures and names that only B has.</param>
/// <param name="Subject">What makes them reports about different subjects, in one form; null where nothing does.</param>
public sealed record Comparison(
    Similarity Similarity,
    IReadOnlyList<SharedPassage> Passages,
    IReadOnlyList<Change> Changes,
    IReadOnlyList<string> OnlyA,
    IReadOnlyList<string> OnlyB,
    SubjectChange? Subject)
{
    /// <summary>Compares two normalised bodies as <see cref="Deduplicator"/> does.</summary>
    public static Comparison Of(string a, string b, DeduplicationOptions options) =>
        Of(new StoryArticle(a, default), new StoryArticle(b, default), options);

    /// <summary>Compares two articles as <see cref="Deduplicator"/> does.</summary>
    public static Comparison Of(StoryArticle a, StoryArticle b, DeduplicationOptions options)
    {
        ArgumentNullException.ThrowIfNull(a);
        ArgumentNullException.ThrowIfNull(b);
        var shingles = new Shingles(options.Validated().ShingleWords, options.ShingleCharacters);
        var (textA, textB) = (new ComparedText(shingles), new ComparedText(shingles));
        textA.Read(a.Body);
        textB.Read(b.Body);
        var aligner = new Aligner();
        var similarity = aligner.Compare(textA, textB);
        var subject = new Subjects().Between(
            textA.Words, a.Headline, textB.Words, b.Headline, aligner.Places, Relations.DeclaresRevision(a, b));
        return new Comparison(similarity, PassagesOf(textA, textB, aligner.Anchors),
            [.. aligner.Changes(textA, textB)], FactsOf(textA, textB), FactsOf(textB, textA), subject);
    }

    /// <summary>Anchors run together: those that overlap, or leave only words between them that resemble each other.</summary>
    static List<SharedPassage> PassagesOf(ComparedText a, ComparedText b, ReadOnlySpan<(int A, int B)> anchors)
    {
        var passages = new List<SharedPassage>();
        for (var n = 0; n < anchors.Length;)
        {
            var first = n++;
            while (n < anchors.Length && Adjoin(a, anchors[n - 1].A, anchors[n].A) && Adjoin(b, anchors[n - 1].B, anchors[n].B))
                n++;
            var (fromA, toA) = (a.StartOf(anchors[first].A), anchors[n - 1].A + 1);
            var (fromB, toB) = (b.StartOf(anchors[first].B), anchors[n - 1].B + 1);
            passages.Add(new SharedPassage(a.Words.Passage(fromA, toA), b.Words.Passage(fromB, toB), toA - fromA));
        }

        return passages;
    }

    static bool Adjoin(ComparedText text, int last, int next)
    {
        if (next <= last || text.StartOf(next) - last > Aligner.LongestGap)
            return false;
        for (var word = last + 1; word < text.StartOf(next); word++)
            if (text.States[word] < WordState.Resembling)
                return false;
        return true;
    }

    /// <summary>
    /// Words with a digit, and words within a sentence that begin with a capital letter, of one text that the other has nowhere.
    /// </summary>
    static List<string> FactsOf(ComparedText text, ComparedText other)
    {
        var known = new HashSet<ulong>();
        foreach (var hash in other.Words.Hashes)
            known.Add(hash);
        var facts = new List<string>();
        var listed = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        for (var word = 0; word < text.Count; word++)
        {
            if (known.Contains(text.Words.Hashes[word]))
                continue;
            var spelling = text.Words.Passage(word, word + 1);
            if ((spelling.Any(char.IsDigit) || char.IsUpper(spelling[0]) && !BeginsSentence(text.Words, word)) && listed.Add(spelling))
                facts.Add(spelling);
        }

        return facts;
    }

    static bool BeginsSentence(WordSequence words, int word)
    {
        for (var at = words.Place(word).Start - 1; at >= 0; at--)
        {
            if (words.Text[at] is '.' or '!' or '?' or '\n' or ':' or '“' or '"')
                return true;
            if (char.IsLetterOrDigit(words.Text[at]) || words.Text[at] is ',' or ';')
                return false;
        }

        return true;
    }
}
