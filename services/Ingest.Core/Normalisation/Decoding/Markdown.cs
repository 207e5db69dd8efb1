namespace Ingest.Core.Normalisation.Decoding;

/// <summary>
/// Takes the signs of Markdown out of a text in which a crawler wrote links, pictures or headings with them. A <c>*</c> or <c>_</c> in prose
/// is no proof, and stays where there is none.
/// </summary>
internal static class Markdown
{
    public const string Note = "removed Markdown";

    /// <summary>
    /// Headings that are proof where there is neither link nor picture, if the text begins with one: dpa heads its notes to editors so, at
    /// the end.
    /// </summary>
    const int Headings = 2;

    const int LongestLink = 2048;

    /// <returns>Null where there is none.</returns>
    public static (string Text, SourceMap Map)? Remove(string text)
    {
        if (!HasProof(text))
            return null;
        var edits = new Edits(text);
        for (var start = 0; start < text.Length;)
        {
            var end = text.IndexOf('\n', start) is >= 0 and var next ? next : text.Length;
            Line(text, start, end, edits);
            start = end + 1;
        }

        return edits.Count > 0 ? edits.Finish() : null;
    }

    static bool HasProof(string text)
    {
        for (var i = text.IndexOf("](", StringComparison.Ordinal); i >= 0; i = text.IndexOf("](", i + 2, StringComparison.Ordinal))
            if (text.LastIndexOf('[', i, Math.Min(i + 1, LongestLink)) is >= 0 and var open && Link(text, open, text.Length) is not null)
                return true;
        var headings = 0;
        for (var i = text.StartsWith('#') ? 0 : -1; i >= 0 && headings < Headings; i = After(text, i))
            headings += HeadingSigns(text, i) > 0 ? 1 : 0;
        return headings >= Headings;

        static int After(string text, int i) => text.IndexOf("\n#", i, StringComparison.Ordinal) is >= 0 and var found ? found + 1 : -1;
    }

    /// <summary>The signs and blanks that make a line a heading.</summary>
    static int HeadingSigns(string text, int start)
    {
        var i = start;
        while (i < text.Length && text[i] == '#')
            i++;
        return i - start is > 0 and <= 6 && i < text.Length && text[i] == ' ' ? i + 1 - start : 0;
    }

    static void Line(string text, int start, int end, Edits edits)
    {
        var line = text.AsSpan(start, end - start);
        if (line.ContainsAny('*', '-') && line.IndexOfAnyExcept("*- \r") < 0 && line.Count(line.TrimStart()[0]) >= 3)
        {
            edits.Replace(start, end, "");
            return;
        }

        var i = start;
        if (HeadingSigns(text, start) is > 0 and var signs)
            edits.Replace(start, i = start + signs, "");
        else if (line.StartsWith("> "))
            edits.Replace(start, i = start + 2, "");
        while (i < end)
        {
            var picture = text[i] == '!' && i + 1 < end && text[i + 1] == '[';
            if ((picture || text[i] == '[') && Link(text, picture ? i + 1 : i, end) is { } link)
            {
                // What a picture shows is no text; a link's words are.
                if (picture)
                    edits.Replace(i, link.End, "");
                else
                {
                    edits.Replace(i, i + 1, "");
                    Words(text, i + 1, link.Close, edits);
                    edits.Replace(link.Close, link.End, "");
                }

                i = link.End;
                continue;
            }

            var next = text.AsSpan(i + 1, end - i - 1).IndexOfAny('[', '!');
            var to = next < 0 ? end : i + 1 + next;
            Words(text, i, to, edits);
            i = to;
        }
    }

    /// <summary>Takes pairs of stars and low lines away that hold words: <c>**so**</c>, not <c>2 * 3 * 4</c>.</summary>
    static void Words(string text, int start, int end, Edits edits)
    {
        for (var i = start; i < end; i++)
        {
            if (text[i] is not ('*' or '_') || i > start && char.IsLetterOrDigit(text[i - 1]))
                continue;
            var sign = text[i] == text[Math.Min(i + 1, end - 1)] && i + 1 < end ? text.AsSpan(i, 2) : text.AsSpan(i, 1);
            var from = i + sign.Length;
            if (from >= end || char.IsWhiteSpace(text[from]))
                continue;
            var close = text.AsSpan(from, end - from).IndexOf(sign);
            if (close <= 0 || char.IsWhiteSpace(text[from + close - 1]) || from + close + sign.Length < end && char.IsLetterOrDigit(text[from + close + sign.Length]))
                continue;
            edits.Replace(i, from, "");
            edits.Replace(from + close, from + close + sign.Length, "");
            i = from + close + sign.Length - 1;
        }
    }

    /// <summary>A link at its opening bracket: where its words end, and where it does.</summary>
    static (int Close, int End)? Link(string text, int open, int end)
    {
        var span = text.AsSpan(open, Math.Min(end - open, LongestLink));
        var close = span.IndexOf("](");
        if (close < 1 || span[1..close].Contains('['))
            return null;
        var target = span[(close + 2)..];
        if (!(target.StartsWith("http") || target.StartsWith("/") || target.StartsWith("#") || target.StartsWith("mailto:")))
            return null;
        var last = target.IndexOf(')');
        return last < 0 || target[..last].Contains('\n') ? null : (open + close, open + close + 2 + last + 1);
    }
}
