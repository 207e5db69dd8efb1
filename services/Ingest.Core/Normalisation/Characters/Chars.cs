using System.Buffers;
using System.Globalization;
using System.Text;

namespace Ingest.Core.Normalisation.Characters;

/// <summary>What the scanners ask of a character. One byte-wide table look-up answers the common questions.</summary>
[Flags]
internal enum CharClass : ushort
{
    None = 0,
    Letter = 1,
    Upper = 2,
    Lower = 4,
    Digit = 8,
    Space = 16,

    /// <summary>Ends a sentence: . ! ? … and their kin in other scripts.</summary>
    Terminal = 32,

    /// <summary>May follow a terminal inside its sentence: closing quotes and brackets.</summary>
    Closer = 64,
    Opener = 128,
    Quote = 256,

    /// <summary>A letter of a script that puts no spaces between words.</summary>
    Spaceless = 512,

    /// <summary>Invisible: soft hyphen, zero width, direction marks, control characters.</summary>
    Invisible = 1024,
    LineBreak = 2048,
    Bullet = 4096,
    Mark = 8192,
}

/// <summary>One character table, built once: an entry holds the class in its low half and the folded character in its high half.</summary>
internal static class Chars
{
    static readonly uint[] Entries = Build();

    /// <summary>The characters of a class, to look for in long texts.</summary>
    public static SearchValues<char> All(CharClass classes) =>
        SearchValues.Create([.. Enumerable.Range(0, char.MaxValue + 1).Select(i => (char)i).Where(c => Is(c, classes))]);

    public static CharClass Class(char c) => (CharClass)Entries[c];

    public static bool Is(char c, CharClass classes) => ((CharClass)Entries[c] & classes) != 0;

    /// <summary>Lower case, full width to half width, typographic apostrophes and dashes to ASCII, any space to ' '.</summary>
    public static char Fold(char c) => (char)(Entries[c] >> 16);

    /// <summary>True where a character of one of the classes stands in the text.</summary>
    public static bool Any(ReadOnlySpan<char> text, CharClass classes)
    {
        foreach (var c in text)
            if (Is(c, classes))
                return true;
        return false;
    }

    /// <summary>True where a text begins with folded words, whatever its letter case and width.</summary>
    public static bool StartsFolded(ReadOnlySpan<char> text, ReadOnlySpan<char> folded)
    {
        if (text.Length < folded.Length)
            return false;
        for (var i = 0; i < folded.Length; i++)
            if (Fold(text[i]) != folded[i])
                return false;
        return true;
    }

    /// <summary>The same characters in the same order, case and width aside.</summary>
    /// <param name="signs">Signs count too: only blanks do not.</param>
    public static bool SayTheSame(ReadOnlySpan<char> one, ReadOnlySpan<char> other, bool signs = false)
    {
        int i = 0, j = 0;
        while (true)
        {
            while (i < one.Length && !Counts(one[i], signs))
                i++;
            while (j < other.Length && !Counts(other[j], signs))
                j++;
            if (i == one.Length || j == other.Length)
                return i == one.Length && j == other.Length;
            if (Fold(one[i++]) != Fold(other[j++]))
                return false;
        }
    }

    static bool Counts(char c, bool signs) => signs ? !Is(c, CharClass.Space) : Is(c, CharClass.Letter | CharClass.Digit);

    /// <summary>A text on one line, its blanks single; null where it is blank.</summary>
    public static string? OneLine(string? text)
    {
        if (text is null)
            return null;
        var line = new StringBuilder(text.Length);
        foreach (var c in text)
            if (!char.IsWhiteSpace(c))
                line.Append(c);
            else if (line.Length > 0 && line[^1] != ' ')
                line.Append(' ');
        return line.ToString().TrimEnd() is { Length: > 0 } read ? read : null;
    }

    /// <summary>Words of a short text that has single spaces.</summary>
    public static int WordsIn(ReadOnlySpan<char> text) => text.Count(' ') + 1;

    /// <summary>Both at once, for the scan that needs both of every character.</summary>
    public static uint Entry(char c) => Entries[c];

    static uint[] Build()
    {
        var entries = new uint[char.MaxValue + 1];
        for (var i = 0; i < entries.Length; i++)
            entries[i] = (uint)Classify((char)i) | (uint)FoldSlowly((char)i) << 16;
        return entries;
    }

    static CharClass Classify(char c)
    {
        var found = CharClass.None;
        switch (char.GetUnicodeCategory(c))
        {
            case UnicodeCategory.UppercaseLetter or UnicodeCategory.TitlecaseLetter:
                found |= CharClass.Letter | CharClass.Upper;
                break;
            case UnicodeCategory.LowercaseLetter:
                found |= CharClass.Letter | CharClass.Lower;
                break;
            case UnicodeCategory.OtherLetter or UnicodeCategory.ModifierLetter or UnicodeCategory.Surrogate:
                found |= CharClass.Letter;
                break;
            case UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark or UnicodeCategory.EnclosingMark:
                found |= CharClass.Mark;
                break;
            case UnicodeCategory.DecimalDigitNumber:
                found |= CharClass.Digit;
                break;
            case UnicodeCategory.Control or UnicodeCategory.Format:
                found |= CharClass.Invisible;
                break;
        }

        if (char.IsWhiteSpace(c))
            found = CharClass.Space;
        if (c is '\n' or '\r' or '\v' or '\f' or '\u0085' or '\u2028' or '\u2029')
            found = CharClass.Space | CharClass.LineBreak;
        if (c is '.' or '!' or '?' or '…' or '。' or '！' or '？' or '؟' or '۔' or '।' or '॥' or '．' or '｡' or '‼' or '⁉')
            found |= CharClass.Terminal;
        if (c is '"' or '\'' or '”' or '’' or '»' or '›' or ')' or ']' or '」' or '』' or '）' or '】' or '“' or '〉' or '》')
            found |= CharClass.Closer;
        if (c is '"' or '\'' or '“' or '‘' or '„' or '«' or '‹' or '(' or '['
            or '「' or '『' or '（' or '【' or '¿' or '¡' or '»' or '‚' or '《' or '〈')
            found |= CharClass.Opener;
        if (c is '"' or '“' or '”' or '„' or '«' or '»' or '「' or '」' or '『' or '』')
            found |= CharClass.Quote;
        if (c is '•' or '・' or '‣' or '▪' or '●' or '◦' or '·' or '■' or '□' or '►' or '▶'
            or '➤' or '⁃' or '∙' or '○' or '◆' or '◼' or '\u27a2' or '➔' or '✔' or '✓' or '★')
            found |= CharClass.Bullet;
        if (c is (>= '\u3040' and <= '\u30ff') or (>= '\u3400' and <= '\u9fff')
            or (>= '\uf900' and <= '\ufaff') or (>= '\u0e00' and <= '\u0e7f')
            or (>= '\u0e80' and <= '\u0eff') or (>= '\u1780' and <= '\u17ff')
            or (>= '\u1000' and <= '\u109f') or (>= '\uff66' and <= '\uff9f')
            && (found & CharClass.Letter) != 0)
            found |= CharClass.Spaceless;
        return found;
    }

    static char FoldSlowly(char c)
    {
        if (c is >= '\uff01' and <= '\uff5e')
            c = (char)(c - 0xfee0);
        return c switch
        {
            '’' or '‘' or 'ʼ' or '`' or '´' or '′' => '\'',
            '“' or '”' or '„' or '«' or '»' => '"',
            '–' or '—' or '‒' or '―' or '‐' or '‑' or '−' => '-',
            // Turkish: the invariant culture leaves it as it is.
            'İ' => 'i',
            _ when char.IsWhiteSpace(c) => ' ',
            _ => char.ToLowerInvariant(c),
        };
    }
}
