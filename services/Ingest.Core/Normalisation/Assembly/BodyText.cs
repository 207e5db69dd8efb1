using Ingest.Core.Normalisation.Text;

namespace Ingest.Core.Normalisation.Assembly;

/// <summary>The output form of a stretch of raw text.</summary>
internal static class BodyText
{
    /// <summary>
    /// As in the raw text, but: a line break with the white space around it becomes one space (none between characters of a script
    /// without spaces), a no-break space a space; control characters, byte-order marks and lone surrogates go.
    /// </summary>
    public static string Of(string text, int start, int end)
    {
        var slice = text.AsSpan(start, end - start);
        if (!slice.ContainsAnyInRange('\0', '\u001f') && !slice.ContainsAnyInRange('\u007f', '\u00a0') && !slice.ContainsAnyInRange('\ud800', '\udfff')
            && !slice.ContainsAny("\ufeff\u2028\u2029\u200b\u00ad"))
            return slice.ToString();

        var built = new System.Text.StringBuilder(slice.Length);
        for (var i = 0; i < slice.Length; i++)
        {
            var c = slice[i];
            if (Chars.Is(c, CharClass.LineBreak))
            {
                while (built.Length > 0 && Chars.Is(built[^1], CharClass.Space))
                    built.Length--;
                while (i + 1 < slice.Length && Chars.Is(slice[i + 1], CharClass.Space))
                    i++;
                var spaceless = built.Length > 0 && Chars.Is(built[^1], CharClass.Spaceless) && i + 1 < slice.Length && Chars.Is(slice[i + 1], CharClass.Spaceless);
                if (built.Length > 0 && !spaceless)
                    built.Append(' ');
            }
            else if (c == '\t')
            {
                built.Append(c);
            }
            else if (c == '\u00a0')
            {
                built.Append(' ');
            }
            else if (char.IsControl(c) || c is '\ufeff' or '\u200b' or '\u00ad')
            {
                continue;
            }
            else if (char.IsHighSurrogate(c) && i + 1 < slice.Length && char.IsLowSurrogate(slice[i + 1]))
            {
                built.Append(c).Append(slice[++i]);
            }
            else if (!char.IsSurrogate(c))
            {
                built.Append(c);
            }
        }

        return built.ToString().Trim();
    }
}
