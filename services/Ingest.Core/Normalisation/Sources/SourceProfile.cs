using System.Runtime.InteropServices;
using Ingest.Core.Articles;
using Ingest.Core.Normalisation.Decoding;
using Ingest.Core.Normalisation.Lines;

namespace Ingest.Core.Normalisation.Sources;

/// <summary>
/// What one source repeats over different articles, and what is ruled of it, as it was known at one moment: immutable, safe to share among
/// threads.
/// </summary>
public sealed class SourceProfile
{
    readonly Dictionary<ulong, Repeat> repeats;
    readonly SourceRulings rulings;
    readonly int own;

    /// <param name="own">The article that is read is among those that were learnt.</param>
    internal SourceProfile(int position, int articles, Dictionary<ulong, Repeat> repeats, bool own)
        : this(position, articles, repeats, SourceRulings.None, own ? 1 : 0)
    {
    }

    SourceProfile(int position, int articles, Dictionary<ulong, Repeat> repeats, SourceRulings rulings, int own) =>
        (Position, Articles, this.repeats, this.rulings, this.own) = (position, articles, repeats, rulings, own);

    /// <summary>Nothing is known.</summary>
    public static SourceProfile Unknown { get; } = new(0, 0, [], own: false);

    /// <summary>The same with other rulings.</summary>
    public SourceProfile With(SourceRulings rulings)
    {
        ArgumentNullException.ThrowIfNull(rulings);
        return rulings == this.rulings ? this : new SourceProfile(Position, Articles, repeats, rulings, own);
    }

    /// <summary>By what the same is known again.</summary>
    public SourceKnowledge Knowledge => new(Position, rulings.Number);

    /// <summary>How many articles the source had when this was known: 0 where nothing was.</summary>
    public int Position { get; }

    /// <summary>Articles of the source that it was learnt from.</summary>
    public int Articles { get; }

    /// <summary>What it says of each passage, by its key.</summary>
    internal IReadOnlyDictionary<ulong, Repeat> All => repeats;

    /// <summary>What is repeated of a text that the rules read.</summary>
    internal RepeatedText Read(string text)
    {
        if (IsEmpty)
            return RepeatedText.Nothing;
        var passages = Passages.Of(text);
        var lines = new List<Repetition>(passages.Count);
        var sentences = new List<RepeatedSentence>();
        for (int at = 0, next; at < passages.Count; at = next)
        {
            for (next = at + 1; next < passages.Count && passages[next].Kind is not (PassageKind.Line or PassageKind.Paragraph);)
                next++;
            lines.Add(Read(passages[at], CollectionsMarshal.AsSpan(passages)[(at + 1)..next], sentences));
        }

        return new RepeatedText([.. lines], [.. sentences]);
    }

    /// <summary>What is repeated of a line; of its sentences, those that are.</summary>
    Repetition Read(Passage line, ReadOnlySpan<Passage> sentences, List<RepeatedSentence> repeated)
    {
        var whole = Of(line);
        // Of a line that is to be kept nothing is taken.
        if (whole.Ruled == Verdict.Keep)
            return whole;
        var (kept, ruled, all) = (false, default(Verdict?), !sentences.IsEmpty);
        foreach (var passage in sentences)
        {
            var repetition = Of(passage);
            kept |= repetition.Ruled == Verdict.Keep;
            all &= repetition.IsBoilerplate;
            if (repetition.Ruled is Verdict.Remove or Verdict.Learnt)
                ruled = ruled == Verdict.Remove ? ruled : repetition.Ruled;
            // A ruling reaches what stands between others too.
            if (repetition.Ruled == Verdict.Remove || repetition.Others > 0 && passage.Kind != PassageKind.Inner)
                repeated.Add(new RepeatedSentence(
                    passage.Start, passage.End, passage.Kind == PassageKind.Aside || repetition.Ruled == Verdict.Remove, repetition));
        }

        // Nor is a line taken as a whole that has a sentence which is to be kept.
        if (kept)
            return Repetition.Kept(line.Words);
        // One whose sentences all go says nothing of its own.
        return !all || ruled is null || whole.IsBoilerplate ? whole
            : ruled == Verdict.Remove ? whole with { Ruled = ruled }
            : whole.LearntElsewhere();
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

    /// <summary>There is nothing to be found in any text.</summary>
    internal bool IsEmpty => repeats.Count == 0 && rulings.IsEmpty;

    Repetition Of(Passage passage)
    {
        var ruled = rulings.Of(passage.Key);
        if (ruled == Verdict.Keep)
            return Repetition.Kept(passage.Words);
        var exact = repeats.GetValueOrDefault(passage.Key);
        var masked = passage.Masked == passage.Key ? exact : repeats.GetValueOrDefault(passage.Masked);
        var learnt = new Repetition(
            Math.Max(0, exact.Different - own), Math.Max(0, masked.Different - own), exact.Share, passage.Words, exact.Ids ?? []);
        return ruled switch
        {
            Verdict.Remove => learnt with { Ruled = ruled },
            // What was learnt here as well has evidence of its own.
            Verdict.Learnt when !learnt.IsBoilerplate => learnt.LearntElsewhere(),
            _ => learnt,
        };
    }
}

/// <summary>How much of a source was known when an article was cleaned: with the same knowledge it is cleaned the same.</summary>
/// <param name="Learnt">Articles of the source; 0 where nothing was learnt.</param>
/// <param name="Ruled">The number of the last ruling about it; 0 where there was none.</param>
public readonly record struct SourceKnowledge(int Learnt, int Ruled);

/// <summary>A passage that a source is known to repeat.</summary>
/// <param name="Key">The same for passages that differ in letter case, signs and white space only.</param>
/// <param name="Repeated">All articles that have it.</param>
/// <param name="Share">Of the source's articles.</param>
public sealed record LearntPassage(ulong Key, string Text, Repeated Repeated, float Share);
