using System.Globalization;
using System.Text;
using Spectre.Console;

namespace Ingest.Service.Display;

/// <summary>Untrusted text on a terminal: nothing in it may steer the screen.</summary>
static class Terminal
{
    /// <summary>A redirected table is as wide as a wide terminal.</summary>
    const int RedirectedWidth = 120, LeastWidth = 40, MostWidth = 160;

    /// <summary>
    /// The width of a terminal that does not tell its own, and the least for tables whose columns must not be cut:
    /// a narrower terminal breaks their lines.
    /// </summary>
    const int UsualWidth = 80;

    /// <summary>Whether a terminal shows colours, by the two conventions for switching them off.</summary>
    public static bool Coloured =>
        string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR")) && Environment.GetEnvironmentVariable("TERM") != "dumb";

    public static UTF8Encoding Utf8 { get; } = new(false);

    /// <summary>Standard output, in UTF-8 whatever the locale says.</summary>
    public static StreamWriter Output() => new(Console.OpenStandardOutput(), Utf8, 1 << 16);

    public static int Width => Console.IsOutputRedirected ? RedirectedWidth
        : Console.WindowWidth is > 0 and var columns ? Math.Clamp(columns, LeastWidth, MostWidth)
        : UsualWidth;

    /// <summary>For tables, at least <see cref="UsualWidth"/> wide; it asks nothing of the terminal by itself.</summary>
    public static IAnsiConsole Tables(TextWriter output, bool colour, int width)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = colour ? AnsiSupport.Yes : AnsiSupport.No,
            ColorSystem = colour ? ColorSystemSupport.Standard : ColorSystemSupport.NoColors,
            Interactive = InteractionSupport.No,
            Out = new AnsiConsoleOutput(output),
        });
        console.Profile.Width = Math.Max(width, UsualWidth);
        console.Profile.Capabilities.Unicode = true;
        return console;
    }

    /// <summary>
    /// The text with control and direction characters as a middle dot, line breaks as spaces, and U+FFFD for what is no character:
    /// halves of surrogate pairs, and code points that Unicode keeps free, of which U+FFFF ends Spectre's measuring with an
    /// exception. The joiners of emoji and of Indic and Arabic scripts stay, as they steer nothing but their neighbours.
    /// </summary>
    public static string Plain(string text)
    {
        var plain = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            if (rune.Value is '\n' or '\r' or '\t' or 0x2028 or 0x2029)
                plain.Append(' ');
            else if (IsNoncharacter(rune))
                plain.Append(Rune.ReplacementChar.ToString());
            else if (rune.Value is 0x200c or 0x200d
                || Rune.GetUnicodeCategory(rune) is not (UnicodeCategory.Control or UnicodeCategory.Format))
                plain.Append(rune.ToString());
            else
                plain.Append('·');
        }

        return plain.ToString();
    }

    static bool IsNoncharacter(Rune rune) => (rune.Value & 0xfffe) == 0xfffe || rune.Value is >= 0xfdd0 and <= 0xfdef;

    /// <summary>At most <paramref name="width"/> columns of a path: its end tells more than its beginning.</summary>
    public static string ShortenedPath(string path, int width)
    {
        path = Plain(path);
        if (Cells.Width(path) <= width)
            return path;
        var (from, used) = (path.Length, 1);
        while (from > 0)
        {
            var before = from - (from > 1 && char.IsLowSurrogate(path[from - 1]) ? 2 : 1);
            used += Cells.Width(path[before..from]);
            if (used > width)
                break;
            from = before;
        }

        return string.Concat("…", path.AsSpan(from));
    }

    /// <summary>A line on the error stream that is no complaint.</summary>
    public static void Say(string message) => Console.Error.WriteLine(Plain(message));

    /// <summary>A line on the error stream, which may name what others wrote.</summary>
    public static void Complain(string message) => Console.Error.WriteLine($"ingest: {Plain(Secrets.HiddenIn(message))}");
}
