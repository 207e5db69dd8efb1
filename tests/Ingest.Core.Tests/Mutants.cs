using FsCheck;
using FsCheck.Fluent;

namespace Ingest.Core.Tests;

/// <summary>Texts made of the sample articles: cut, shuffled, spliced, with signs and furniture thrown in.</summary>
static class Mutants
{
    static readonly string[] Signs = ["—", "(", ")", "\n", "\n\n", " ", "\u00a0", "??", "©", "•", "- ", "@", "(@a) May 1, 2020",
        "\u202e", "\u200b", "\ud83d", "\t", "https://example.org/a", "\r\n", "…", "\u0301", "字", "По", "...", "\u2028"];

    static readonly string[][] Lines = [.. SampleArticles.Names().Select(n => SampleArticles.Text(n).Split('\n'))];

    public static Arbitrary<string> Arbitrary { get; } = Gen.Choose(0, int.MaxValue - 1)
        .Select(seed => Fuzz(new System.Random(seed))).ToArbitrary();

    public static string Fuzz(System.Random random)
    {
        var lines = new List<string>(Pick(random, Lines));
        for (var edits = random.Next(1, 12); edits > 0; edits--)
            Edit(random, lines);
        return string.Join(random.Next(8) == 0 ? "\n\n" : "\n", lines);
    }

    static void Edit(System.Random random, List<string> lines)
    {
        if (lines.Count == 0)
            lines.Add("x");
        var at = random.Next(lines.Count);
        var line = lines[at];
        switch (random.Next(9))
        {
            case 0:
                lines.RemoveAt(at);
                break;
            case 1:
                lines.Insert(at, Pick(random, Pick(random, Lines)));
                break;
            case 2:
                lines[at] = line[..random.Next(line.Length + 1)];
                break;
            case 3:
                lines[at] = line[random.Next(line.Length + 1)..];
                break;
            case 4:
                lines[at] = line.Insert(random.Next(line.Length + 1), Pick(random, Signs));
                break;
            case 5:
                lines[at] = line + " " + Pick(random, Pick(random, Lines));
                break;
            case 6:
                (lines[at], lines[^1]) = (lines[^1], line);
                break;
            case 7:
                lines[at] = random.Next(2) == 0 ? line.ToUpperInvariant() : line.ToLowerInvariant();
                break;
            default:
                lines.Insert(at, line);
                break;
        }
    }

    static T Pick<T>(System.Random random, T[] items) => items[random.Next(items.Length)];
}
