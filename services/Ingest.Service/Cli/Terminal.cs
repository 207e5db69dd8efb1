using System.Text;

namespace Ingest.Service.Cli;

/// <summary>Untrusted text on a terminal: nothing in it may steer the screen.</summary>
static class Terminal
{
    /// <summary>The text with control, format and direction characters as visible signs, line breaks as spaces.</summary>
    public static string Plain(string text)
    {
        var plain = new StringBuilder(text.Length);
        foreach (var c in text)
        {
            if (c is '\n' or '\r' or '\t')
                plain.Append(' ');
            else if (char.IsControl(c) || c is >= '\u202a' and <= '\u202e' or >= '\u2066' and <= '\u2069' or '\ufeff')
                plain.Append('\u00b7');
            else
                plain.Append(c);
        }

        return plain.ToString();
    }

    /// <summary>At most <paramref name="length"/> characters, an ellipsis for the rest.</summary>
    public static string Shortened(string text, int length)
    {
        text = Plain(text);
        return text.Length <= length ? text : string.Concat(text.AsSpan(0, char.IsHighSurrogate(text[length - 2]) ? length - 2 : length - 1), "…");
    }
}
