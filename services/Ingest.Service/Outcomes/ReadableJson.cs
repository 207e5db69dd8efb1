using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;

namespace Ingest.Service.Outcomes;

/// <summary>
/// JSON for files, pipes and screens: letters of all scripts as they are. (The default escaping is for JSON inside of HTML.)
/// </summary>
static class ReadableJson
{
    public static JavaScriptEncoder Encoder => JavaScriptEncoder.UnsafeRelaxedJsonEscaping;

    /// <summary>Characters that turn the direction of the text around them; the encoder escapes the control characters only.</summary>
    static readonly SearchValues<char> Turning = SearchValues.Create("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069");

    /// <summary>The same JSON with those characters as escapes: a line of it on a screen cannot pass for another.</summary>
    public static string Escaped(string json)
    {
        if (!json.AsSpan().ContainsAny(Turning))
            return json;
        var escaped = new StringBuilder(json.Length);
        foreach (var c in json)
        {
            if (Turning.Contains(c))
                escaped.Append("\\u").Append(((int)c).ToString("x4"));
            else
                escaped.Append(c);
        }

        return escaped.ToString();
    }
}
