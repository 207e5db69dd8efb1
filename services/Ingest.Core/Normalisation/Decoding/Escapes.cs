using System.Globalization;

namespace Ingest.Core.Normalisation.Decoding;

/// <summary>
/// Undoes the escapes of a JSON string that was written down as it stood: <c>\n</c>, <c>\"</c>, <c>\u2019</c>. Only where its line breaks are
/// escaped, or several letters; a path or a line of code among paragraphs stays.
/// </summary>
internal static class Escapes
{
    public const string Note = "decoded escapes such as \\n and \\u2019";

    /// <summary>Escaped line breaks, or letters, that are proof.</summary>
    const int Proof = 2;

    /// <returns>Null where there is nothing to undo.</returns>
    public static (string Text, SourceMap Map)? Undo(string text)
    {
        var first = text.IndexOf('\\', StringComparison.Ordinal);
        if (first < 0)
            return null;
        var (lines, letters) = (0, 0);
        for (var i = first; i >= 0; i = Next(text, i))
        {
            lines += IsLineBreak(text, i) ? 1 : 0;
            letters += Letter(text, i) is not null ? 1 : 0;
        }

        var inLines = lines >= Proof && lines > text.AsSpan().Count('\n');
        if (!inLines && letters < Proof)
            return null;
        var edits = new Edits(text);
        for (var i = first; i >= 0; i = Next(text, i))
            if (Letter(text, i) is { } letter)
                edits.Replace(i, i + 6, [letter]);
            else if (inLines && i + 1 < text.Length)
                One(text, i, edits);
        return edits.Count > 0 ? edits.Finish() : null;
    }

    /// <summary>Undoes the second of two escapings: <c>\\n</c> with two backslashes, several of them, is one inside a string inside a string.</summary>
    /// <returns>Null where there is nothing to undo.</returns>
    public static (string Text, SourceMap Map)? Halve(string text)
    {
        const string Double = @"\\";
        var first = text.IndexOf(Double, StringComparison.Ordinal);
        if (first < 0)
            return null;
        var (lines, letters) = (0, 0);
        for (var i = first; i >= 0; i = NextDouble(i))
        {
            lines += IsLineBreak(text, i + 1) ? 1 : 0;
            letters += Letter(text, i + 1) is not null ? 1 : 0;
        }

        if ((lines < Proof || lines <= text.AsSpan().Count('\n')) && letters < Proof)
            return null;
        var edits = new Edits(text);
        for (var i = first; i >= 0; i = NextDouble(i))
            edits.Replace(i, i + 2, @"\");
        return edits.Finish();

        int NextDouble(int i) => text.IndexOf(Double, i + 2, StringComparison.Ordinal);
    }

    static void One(string text, int i, Edits edits)
    {
        if (IsLineBreak(text, i))
            edits.Replace(i, i + 2, "\n");
        else if (text[i + 1] is '"' or '\'' or '/' or '\\')
            edits.Replace(i, i + 2, [text[i + 1]]);
        else if (text[i + 1] == 't' && !IsWord(text, i + 2))
            edits.Replace(i, i + 2, " ");
    }

    /// <summary>Where the next escape may begin: a backslash takes the character behind it along.</summary>
    static int Next(string text, int i) => i + 2 < text.Length ? text.IndexOf('\\', i + 2) : -1;

    /// <summary>An escaped line break, and not the beginning of a name in a path.</summary>
    static bool IsLineBreak(string text, int i) =>
        i + 1 < text.Length && text[i + 1] is 'n' or 'r' && (!IsWord(text, i + 2) || char.IsUpper(text[i + 2]));

    static bool IsWord(string text, int i) => i < text.Length && char.IsLetter(text[i]) && !char.IsUpper(text[i]);

    static char? Letter(string text, int i) =>
        i + 6 <= text.Length && text[i + 1] == 'u'
        && ushort.TryParse(text.AsSpan(i + 2, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var code) && code >= ' '
            ? (char)code
            : null;
}
