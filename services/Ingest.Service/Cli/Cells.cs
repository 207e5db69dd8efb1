using System.Text;
using Spectre.Console.Rendering;

namespace Ingest.Service.Cli;

/// <summary>Text in the columns of a terminal, where a letter of East Asian scripts takes two.</summary>
static class Cells
{
    public static int Width(string text) => Segment.CellCount([new Segment(text)]);

    /// <summary>
    /// Items set with commas into lines of at most <paramref name="width"/> columns, broken between items only; what does not fit into
    /// <paramref name="maxLines"/> is counted at the end.
    /// </summary>
    public static string Items(IReadOnlyList<string> items, int width, int maxLines)
    {
        var lines = new List<string>();
        var line = "";
        for (var i = 0; i < items.Count; i++)
        {
            var item = items[i] + (i + 1 < items.Count ? "," : "");
            var rest = $"+{items.Count - i} more";
            var room = width - (lines.Count + 1 == maxLines && i + 1 < items.Count ? rest.Length + 1 : 0);
            if (line.Length == 0)
            {
                line = item;
            }
            else if (Width(line) + 1 + Width(item) <= room)
            {
                line += " " + item;
            }
            else if (lines.Count + 1 == maxLines)
            {
                if (Width(line) + 1 + rest.Length <= width)
                    line += " " + rest;
                else
                    line = line.LastIndexOf(' ', line.LastIndexOf(' ') - 1) is > 0 and var cut ? $"{line[..cut]} +{items.Count - i + 1} more" : $"+{items.Count - i + 1} more";
                break;
            }
            else
            {
                lines.Add(line);
                line = item;
            }
        }

        lines.Add(line);
        return string.Join('\n', lines);
    }

    /// <summary>Words set into at most <paramref name="maxLines"/> lines, with an ellipsis for the rest. A word that is too long is cut.</summary>
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
