using Ingest.Core.Articles;
using Ingest.Core.Normalisation.Decoding;
using Ingest.Core.Normalisation.Lines;

namespace Ingest.Core.Normalisation.Sources;

/// <summary>
/// What one source repeats over different articles, as it was known at one moment: immutable, safe to share among threads.
/// </summary>
public sealed class SourceProfile
{
    readonly Dictionary<ulong, Repeat> repeats;
    readonly int own;

    /// <param name="own">The article that is read is among those that were learnt.</param>
    internal SourceProfile(int position, int articles, Dictionary<ulong, Repeat> repeats, bool own)
    {
        Position = position;
        Articles = articles;
        this.repeats = repeats;
        this.own = own ? 1 : 0;
    }

    /// <summary>Nothing is known.</summary>
    public static SourceProfile Unknown { get; } = new(0, 0, [], own: false);

    /// <summary>How many articles the source had when this was known: 0 where nothing was.</summary>
    public int Position { get; }

    /// <summary>Articles of the source that it was learnt from.</summary>
    public int Articles { get; }

    /// <summary>What it says of each passage, by its key.</summary>
    internal IReadOnlyDictionary<ulong, Repeat> All => repeats;

    /// <summary>What is repeated of a text that the rules read.</summary>
    internal RepeatedText Read(string text)
    {
        if (repeats.Count == 0)
            return RepeatedText.Nothing;
        var passages = Passages.Of(text);
        var lines = new List<Repetition>(passages.Count);
        var sentences = new List<RepeatedSentence>();
        foreach (var passage in passages)
        {
            var repetition = Of(passage);
            if (passage.Kind is PassageKind.Line or PassageKind.Paragraph)
                lines.Add(repetition);
            else if (repetition.Others > 0 && passage.Kind != PassageKind.Inner)
                sentences.Add(new RepeatedSentence(passage.Start, passage.End, passage.Kind == PassageKind.Aside, repetition));
        }

        return new RepeatedText([.. lines], [.. sentences]);
    }

    /// <summary>What is taken for boilerplate of an article, each passage once.</summary>
    public IEnumerable<LearntPassage> Boilerplate(ArticleText article)
    {
        ArgumentNullException.ThrowIfNull(article);
        var text = PreparedText.Of(article.Text).Text;
        return Passages.Of(text).Where(p => p.Kind != PassageKind.Inner).DistinctBy(p => p.Key)
            .Select(p => (Passage: p, Repetition: Of(p))).Where(p => p.Repetition.IsBoilerplate)
            .Select(p => new LearntPassage(
                p.Passage.Key, text[p.Passage.Start..p.Passage.End], new Repeated(p.Repetition.Others + own, p.Repetition.Ids), p.Repetition.Share));
    }

    Repetition Of(Passage passage)
    {
        var exact = repeats.GetValueOrDefault(passage.Key);
        var masked = passage.Masked == passage.Key ? exact : repeats.GetValueOrDefault(passage.Masked);
        return new Repetition(
            Math.Max(0, exact.Different - own), Math.Max(0, masked.Different - own), exact.Share, passage.Words, exact.Ids ?? []);
    }
}

/// <summary>A passage that a source is known to repeat.</summary>
/// <param name="Key">The same for passages that differ in letter case, signs and white space only.</param>
/// <param name="Repeated">All articles that have it.</param>
/// <param name="Share">Of the source's articles.</param>
public sealed record LearntPassage(ulong Key, string Text, Repeated Repeated, float Share);
