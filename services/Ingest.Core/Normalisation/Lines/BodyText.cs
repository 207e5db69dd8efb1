using System.Text;
using Ingest.Core.Normalisation.Characters;

namespace Ingest.Core.Normalisation.Lines;

/// <summary>The output form of a stretch of prepared text: as it stands, hard wraps mended.</summary>
internal static class BodyText
{
    /// <summary>
    /// A line break with the white space around it becomes one space; none between characters of a script without spaces.
    /// </summary>
    public static string Of(string text, int start, int end)
    {
        var slice = text.AsSpan(start, end - start);
        if (!slice.ContainsAnyInRange('\n', '\r') && !slice.ContainsAny('\u0085', '\u2028', '\u2029'))
            return slice.ToString();
        var built = new StringBuilder(slice.Length);
        for (var i = 0; i < slice.Length; i++)
        {
            if (!Chars.Is(slice[i], CharClass.LineBreak))
            {
                built.Append(slice[i]);
                continue;
            }

            while (built.Length > 0 && Chars.Is(built[^1], CharClass.Space))
                built.Length--;
            while (i + 1 < slice.Length && Chars.Is(slice[i + 1], CharClass.Space))
                i++;
            var spaceless = built.Length > 0 && Chars.Is(built[^1], CharClass.Spaceless)
                && i + 1 < slice.Length && Chars.Is(slice[i + 1], CharClass.Spaceless);
            if (built.Length > 0 && !spaceless)
                built.Append(' ');
        }

        return built.ToString();
    }
}
