using System.Buffers;

namespace Ingest.Ledger.Articles;

/// <summary>
/// How a block's text comes from its stretch of the raw text, where it is not the same. This is a part of the stored format: it does what
/// the normaliser did when version 1 of the format was written, and must stay so when the normaliser changes. Writing compares, so a text
/// that came about in another way is stored in full.
/// </summary>
/// <remarks>
/// No-break spaces become spaces, halves of surrogate pairs U+FFFD; control and zero-width characters and soft hyphens go. A line break
/// with the white space around it becomes one space, or nothing between two characters of scripts without spaces.
/// </remarks>
static class Mending
{
    const string Spaces =
        "\t\n\v\f\r \u0085\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000";

    static readonly SearchValues<char> Space = SearchValues.Create(Spaces);

    static readonly char[] Unseen =
    [
        .. Enumerable.Range(0, 0xa0).Select(i => (char)i).Where(c => (c < ' ' || c >= '\u007f') && !Space.Contains(c)),
        '\ufeff', '\u200b', '\u00ad', '\u2060',
    ];

    static readonly SearchValues<char> Skipped = SearchValues.Create([.. Unseen, .. Spaces]);

    /// <summary>Everything that is not simply copied, but for surrogates, which few texts have.</summary>
    static readonly SearchValues<char> Special = SearchValues.Create(
        [.. Unseen, '\n', '\v', '\f', '\r', '\u0085', '\u2028', '\u2029', '\u00a0', '\u202f']);

    /// <summary>Writes the mended text. It is never longer than the raw text; returns its length.</summary>
    /// <param name="built">At least as long as <paramref name="raw"/>.</param>
    public static int Mend(ReadOnlySpan<char> raw, Span<char> built)
    {
        var length = 0;
        var at = 0;
        while (true)
        {
            var plain = raw[at..].IndexOfAny(Special);
            if (plain < 0)
                plain = raw.Length - at;
            raw.Slice(at, plain).CopyTo(built[length..]);
            length += plain;
            at += plain;
            if (at == raw.Length)
                break;
            var c = raw[at++];
            if (c is '\u00a0' or '\u202f')
                built[length++] = ' ';
            else if (IsBreak(c))
                length = Joined(raw, ref at, built, length);
        }

        WithoutHalves(built[..length]);
        return length;
    }

    static int Joined(ReadOnlySpan<char> raw, ref int at, Span<char> built, int length)
    {
        while (length > 0 && Space.Contains(built[length - 1]))
            length--;
        while (at < raw.Length && Skipped.Contains(raw[at]))
            at++;
        if (length > 0 && !(IsSpaceless(built[length - 1]) && at < raw.Length && IsSpaceless(raw[at])))
            built[length++] = ' ';
        return length;
    }

    static void WithoutHalves(Span<char> text)
    {
        var at = text.IndexOfAnyInRange('\ud800', '\udfff');
        if (at < 0)
            return;
        for (; at < text.Length; at++)
        {
            if (char.IsHighSurrogate(text[at]) && at + 1 < text.Length && char.IsLowSurrogate(text[at + 1]))
                at++;
            else if (char.IsSurrogate(text[at]))
                text[at] = '\ufffd';
        }
    }

    static bool IsBreak(char c) => c is '\n' or '\v' or '\f' or '\r' or '\u0085' or '\u2028' or '\u2029';

    static bool IsSpaceless(char c) => c is (>= '\u3040' and <= '\u30ff') or (>= '\u3400' and <= '\u9fff') or (>= '\uf900' and <= '\ufaff')
        or (>= '\u0e00' and <= '\u0e7f') or (>= '\u0e80' and <= '\u0eff') or (>= '\u1780' and <= '\u17ff') or (>= '\u1000' and <= '\u109f')
        or (>= '\uff66' and <= '\uff9f');
}
