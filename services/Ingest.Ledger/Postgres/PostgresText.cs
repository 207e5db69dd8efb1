using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace Ingest.Ledger.Postgres;

/// <summary>
/// Texts as PostgreSQL keeps them. It has no U+0000: that is written as an escape and a zero, and an escape as two. Half of a pair of surrogates is
/// no character and becomes U+FFFD, as it does in a file.
/// </summary>
static class PostgresText
{
    const char Escape = '\u001b';

    [return: NotNullIfNotNull(nameof(text))]
    public static string? Kept(string? text)
    {
        if (text is null || IsPlain(text))
            return text;
        var kept = new StringBuilder(text.Length + 8);
        foreach (var rune in text.EnumerateRunes())
            _ = rune.Value switch
            {
                0 => kept.Append(Escape).Append('0'),
                Escape => kept.Append(Escape, 2),
                _ => kept.Append(rune),
            };
        return kept.ToString();
    }

    [return: NotNullIfNotNull(nameof(kept))]
    public static string? Whole(string? kept)
    {
        if (kept is null || !kept.Contains(Escape, StringComparison.Ordinal))
            return kept;
        var text = new StringBuilder(kept.Length);
        for (var i = 0; i < kept.Length; i++)
            text.Append(kept[i] != Escape || ++i == kept.Length ? kept[Math.Min(i, kept.Length - 1)] : kept[i] == '0' ? '\0' : kept[i]);
        return text.ToString();
    }

    static bool IsPlain(string text)
    {
        for (var i = 0; i < text.Length; i++)
            if (text[i] is '\0' or Escape || char.IsSurrogate(text[i]) && !(char.IsSurrogatePair(text, i) && ++i > 0))
                return false;
        return true;
    }
}
