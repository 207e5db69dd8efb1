using System.Collections.Frozen;
using Ingest.Core.Articles;
using Ingest.Core.Normalisation.Decoding;
using Ingest.Core.Normalisation.Lines;

namespace Ingest.Core.Normalisation.Sources;

/// <summary>A passage as somebody names it: a line, or a sentence of one.</summary>
/// <param name="Text">Without what no reader sees, and without white space at its ends.</param>
/// <param name="Key">The same for passages that differ in letter case, signs and white space only; never 0.</param>
/// <param name="Words">Of scripts without spaces, half the characters.</param>
public sealed record NamedPassage(string Text, ulong Key, int Words)
{
    /// <summary>Of a text; no source says so much beside its articles in one line.</summary>
    public const int MostCharacters = 4096;

    /// <summary>Of shorter ones too many are said by chance to be learnt.</summary>
    public const int LeastLearntWords = Repetition.LeastWords;

    /// <exception cref="FormatException">It names none; the message says why, as a sentence about the text without a subject.</exception>
    public static NamedPassage Of(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (text.Length > MostCharacters)
            throw new FormatException($"has {text.Length} characters, more than {MostCharacters}. Name a sentence of it");
        var prepared = PreparedText.Of(text).Text;
        var passages = Passages.Of(prepared);
        if (passages.Count(p => p.Kind is PassageKind.Line or PassageKind.Paragraph) > 1)
            throw new FormatException("has several lines. Name one line, or one sentence; rule on each by itself");
        return passages is [{ Key: not 0 } line, ..]
            ? new NamedPassage(prepared[line.Start..line.End], line.Key, line.Words)
            : throw new FormatException("has neither letter nor digit. Name a line or a sentence of an article");
    }
}

/// <summary>What is ruled of the passages of one source, as it was known at one moment: immutable, safe to share among threads.</summary>
public sealed class SourceRulings
{
    readonly FrozenDictionary<ulong, Verdict> verdicts;

    SourceRulings(FrozenDictionary<ulong, Verdict> verdicts, int number) => (this.verdicts, Number) = (verdicts, number);

    /// <summary>Nothing is ruled.</summary>
    public static SourceRulings None { get; } = new(FrozenDictionary<ulong, Verdict>.Empty, 0);

    /// <summary>The number of the last ruling that is known: 0 where there is none.</summary>
    public int Number { get; }

    internal bool IsEmpty => verdicts.Count == 0;

    /// <summary>With what was ruled since, in its order: of several about one passage the last counts.</summary>
    public SourceRulings With(IEnumerable<(int Number, NamedPassage Passage, Verdict Verdict)> later)
    {
        ArgumentNullException.ThrowIfNull(later);
        var (all, last) = (new Dictionary<ulong, Verdict>(verdicts), Number);
        foreach (var (number, passage, verdict) in later)
        {
            last = number;
            if (verdict == Verdict.Withdrawn)
                all.Remove(passage.Key);
            else
                all[passage.Key] = verdict;
        }

        return last == Number ? this : new SourceRulings(all.ToFrozenDictionary(), last);
    }

    internal Verdict? Of(ulong key) => verdicts.TryGetValue(key, out var verdict) ? verdict : null;
}
