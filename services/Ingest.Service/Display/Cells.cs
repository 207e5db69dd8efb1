using System.Text;
using Spectre.Console.Rendering;

namespace Ingest.Service.Display;

/// <summary>Text in the columns of a terminal, where a letter of East Asian scripts takes two.</summary>
static class Cells
{
    public static int Width(string text) => Segment.CellCount([new Segment(text)]);

    public static string Padded(string text, int width) => text + new string(' ', Math.Max(0, width - Width(text)));

    /// <summary>
    /// Items with commas in one line, broken between items only; an ellipsis stands for the rest. A first item that
    /// is too long is cut.
    /// </summary>
    public static string Items(IReadOnlyList<string> items, int width)
    {
        const string Rest = ", …";
        var line = "";
        for (var i = 0; i < items.Count; i++)
        {
            var next = i == 0 ? items[0] : $"{line}, {items[i]}";
            var last = i + 1 == items.Count;
            if (Width(next) + (last ? 0 : Rest.Length) > width)
                return i == 0 ? Words(last ? next : next + Rest, width, 1) : line + Rest;
            line = next;
        }

        return line;
    }

    /// <summary>
    /// Pieces set with spaces into lines of at most <paramref name="width"/> columns; a piece that is wider has a line of its own.
    /// </summary>
    public static string Lines(IEnumerable<string> pieces, int width)
    {
        var lines = new List<string>();
        foreach (var piece in pieces)
            if (lines.Count > 0 && Width(lines[^1]) + 1 + Width(piece) <= width)
                lines[^1] += " " + piece;
            else
                lines.Add(piece);
        return string.Join('\n', lines);
    }

    /// <summary>
    /// Words set into at most <paramref name="maxLines"/> lines, with an ellipsis for the rest. A word that is too long is cut.
    /// </summary>
    public static string Words(string text, int width, int maxLines)
    {
        var lines = new List<string>();
        var line = new StringBuilder();
        int used = 0, lastSpace = -1;
        foreach (var rune in text.EnumerateRunes())
        {
            var wide = Width(rune.ToString());
            if (used + wide > width)
            {
                if (lines.Count + 1 == maxLines)
                    return string.Join('\n', lines.Append(Cut(line.ToString(), width)));
                var keep = rune.Value == ' ' || lastSpace < 0 ? line.Length : lastSpace;
                lines.Add(line.ToString(0, keep).TrimEnd());
                line.Remove(0, Math.Min(line.Length, lastSpace >= 0 && keep == lastSpace ? keep + 1 : keep));
                used = Width(line.ToString());
                lastSpace = -1;
                if (rune.Value == ' ' && line.Length == 0)
                    continue;
            }

            if (rune.Value == ' ')
                lastSpace = line.Length;
            line.Append(rune.ToString());
            used += wide;
        }

        lines.Add(line.ToString());
        return string.Join('\n', lines);
    }

    static string Cut(string line, int width)
    {
        line = line.TrimEnd();
        while (line.Length > 0 && Width(line) > width - 1)
            line = line[..^(line.Length > 1 && char.IsLowSurrogate(line[^1]) ? 2 : 1)];
        return line.TrimEnd() + "…";
    }
}
