using System.Globalization;
using System.Text;

namespace Ingest.Core.Normalisation.Reading;

/// <summary>JSON strings whose escapes hold half of a surrogate pair: legal JSON, no text.</summary>
static class LoneSurrogates
{
    /// <param name="quoted">A valid JSON string with its quotes.</param>
    public static string Unescape(string quoted)
    {
        var text = new StringBuilder(quoted.Length);
        for (var i = 1; i < quoted.Length - 1; i++)
        {
            if (quoted[i] != '\\')
            {
                text.Append(quoted[i]);
                continue;
            }

            i++;
            if (quoted[i] == 'u')
            {
                text.Append((char)int.Parse(quoted.AsSpan(i + 1, 4), NumberStyles.HexNumber));
                i += 4;
            }
            else
            {
                text.Append(quoted[i] switch { 'n' => '\n', 'r' => '\r', 't' => '\t', 'b' => '\b', 'f' => '\f', var c => c });
            }
        }

        for (var i = 0; i < text.Length; i++)
        {
            if (char.IsHighSurrogate(text[i]) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]))
                i++;
            else if (char.IsSurrogate(text[i]))
                text[i] = '\ufffd';
        }

        return text.ToString();
    }
}
