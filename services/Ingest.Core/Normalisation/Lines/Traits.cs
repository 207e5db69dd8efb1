using Ingest.Core.Normalisation.Characters;

namespace Ingest.Core.Normalisation.Lines;

/// <summary>What one pass over a segment's characters finds out. Counts, no judgements; a few derived questions below.</summary>
internal struct Traits
{
    public int Letters;
    public int Upper;
    public int Digits;

    /// <summary>Runs of letters or digits; in scripts without spaces, half the letters.</summary>
    public int Words;

    /// <summary>Words that begin with an upper-case letter.</summary>
    public int Capitalised;

    /// <summary>Words of two letters or more in upper case throughout.</summary>
    public int Shouted;

    /// <summary>Frequent function words of any known language.</summary>
    public int StopWords;

    /// <summary>Terminals followed by a space or the end.</summary>
    public int Sentences;

    /// <summary>Sentences that begin without a blank behind the one before. Apart from the others: the line scorer was trained without them.</summary>
    public int Glued;
    public int Commas;
    public int Quotes;

    /// <summary>Separators of navigation and metadata lines: | / • · › » &gt; → #.</summary>
    public int Separators;
    public int Spaceless;
    public bool HasUrl;
    public bool HasHandle;

    /// <summary>The first visible character, openers skipped.</summary>
    public char First;

    /// <summary>The last visible character, closers skipped.</summary>
    public char Last;

    /// <summary>The last visible character as it stands.</summary>
    public char Final;

    public readonly bool EndsSentence => Chars.Is(Last, CharClass.Terminal);

    public readonly bool StartsLower => Chars.Is(First, CharClass.Lower);

    /// <summary>Reads as running text: it ends a sentence and has the length of one, or is long and has function words.</summary>
    public readonly bool IsProse => EndsSentence && Words >= 8 && Letters > Digits && !IsSingleCry
        || Last is ':' && Words >= 12 && StopWords * 6 >= Words || Words >= 25 && (StopWords * 8 >= Words || Spaceless > 0);

    /// <summary>One sentence that asks or exclaims: as often a headline as text.</summary>
    readonly bool IsSingleCry => Sentences <= 1 && Words <= 25 && (Last is '?' or '!' or '？' or '！');

    /// <summary>Could be a headline or a label: short and without a full stop.</summary>
    public readonly bool IsTitleLike => Words is >= 1 and <= 30 && Last is not '.' and not '。' && !HasUrl && Letters > Digits;
}
