using System.Globalization;
using System.Text;
using Spectre.Console;

namespace Ingest.Service.Cli;

/// <summary>Untrusted text on a terminal: nothing in it may steer the screen.</summary>
static class Terminal
{
    /// <summary>A redirected table is as wide as a wide terminal.</summary>
    const int RedirectedWidth = 120, LeastWidth = 80, MostWidth = 160;

    /// <summary>Whether a terminal shows colours, by the two conventions for switching them off.</summary>
    public static bool Coloured => string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR")) && Environment.GetEnvironmentVariable("TERM") != "dumb";

    public static UTF8Encoding Utf8 { get; } = new(false);

    /// <summary>Standard output, in UTF-8 whatever the locale says.</summary>
    public static StreamWriter Output() => new(Console.OpenStandardOutput(), Utf8, 1 << 16);

    public static int Width => Console.IsOutputRedirected ? RedirectedWidth : Math.Clamp(Console.WindowWidth, LeastWidth, MostWidth);

    /// <summary>For tables; it asks nothing of the terminal by itself.</summary>
    public static IAnsiConsole Tables(TextWriter output, bool colour, int width)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = colour ? AnsiSupport.Yes : AnsiSupport.No,
            ColorSystem = colour ? ColorSystemSupport.Standard : ColorSystemSupport.NoColors,
            Interactive = InteractionSupport.No,
            Out = new AnsiConsoleOutput(output),
        });
        console.Profile.Width = width;
        console.Profile.Capabilities.Unicode = true;
        return console;
    }

    /// <summary>
    /// The text with control and direction characters as a middle dot, line breaks as spaces. The joiners of emoji and of Indic and Arabic
    /// scripts stay, as they steer nothing but their neighbours.
    /// </summary>
    public static string Plain(string text)
    {
        var plain = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            if (rune.Value is '\n' or '\r' or '\t' or 0x2028 or 0x2029)
                plain.Append(' ');
            else if (rune.Value is 0x200c or 0x200d || Rune.GetUnicodeCategory(rune) is not (UnicodeCategory.Control or UnicodeCategory.Format))
                plain.Append(rune.ToString());
            else
                plain.Append('·');
        }

        return plain.ToString();
    }

    /// <summary>At most <paramref name="length"/> characters of a path: its end tells more than its beginning.</summary>
    public static string ShortenedPath(string path, int length)
    {
        path = Plain(path);
        return path.Length <= length ? path : string.Concat("…", path.AsSpan(char.IsLowSurrogate(path[^(length - 1)]) ? path.Length - length + 2 : path.Length - length + 1));
    }

    /// <summary>A line on the error stream that is no complaint.</summary>
    public static void Say(string message) => Console.Error.WriteLine(Plain(message));

    /// <summary>A line on the error stream, which may name what others wrote.</summary>
    public static void Complain(string message) => Console.Error.WriteLine($"ingest: {Plain(message)}");
}
