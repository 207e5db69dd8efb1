using System.IO.Compression;
using System.Text;
using System.Text.Json;

namespace Ingest.Benchmarks;

/// <summary>The texts that benchmarks run on: the real article dumps beside the repository, and generated ones of any length.</summary>
static class Texts
{
    /// <summary>The dumps of <c>shared/data/cleaning</c>, or generated articles where they are not at hand.</summary>
    public static string[] Dumps(string kind) => Shared($"cleaning/wcxb-{kind}", "text") ?? [.. Enumerable.Range(0, 500).Select(i => Friendly(12_000 + i))];

    /// <summary>Pages of HTML; generated ones where the data is not at hand.</summary>
    public static string[] Pages(int most) => [.. (Shared("html/wcxb-html", "html") ?? Dumps("page").Select(t => $"<body><p>{t.Replace("\n", "<p>", StringComparison.Ordinal)}</body>")).Take(most)];

    /// <summary>A field of each record of a file; null where the data is not beside the repository.</summary>
    static IEnumerable<string>? Field(string file, string field) => File.Exists(file) ? Lines(file).Select(l => JsonDocument.Parse(l).RootElement.GetProperty(field).GetString()!) : null;

    static string[]? Shared(string name, string field)
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (!File.Exists(Path.Combine(folder.FullName, "Ingest.sln")) || folder.Parent is null)
                continue;
            if (Field(Path.Combine(folder.Parent.FullName, "shared", "data", $"{name}.jsonl.gz"), field) is { } found)
                return [.. found];
        }

        return null;
    }

    static IEnumerable<string> Lines(string file)
    {
        using var reader = new StreamReader(new GZipStream(File.OpenRead(file), CompressionMode.Decompress));
        while (reader.ReadLine() is { } line)
            yield return line;
    }

    /// <summary>An article of about <paramref name="length"/> characters: headline, byline, paragraphs, furniture here and there.</summary>
    public static string Friendly(int length)
    {
        var text = new StringBuilder("Harbour opens again after repairs\n\nBy Anna Weir for AFP\n\nMarch 3, 2021\n\n", length + 200);
        for (var i = 0; text.Length < length; i++)
        {
            text.Append("The harbour opened again on day ").Append(i)
                .Append(" of the repairs, and pilots who had waited outside the breakwater said that they were glad of it.\n\n");
            if (i % 7 == 3)
                text.Append("Related article: Harbour strike enters its third week\n\n");
            if (i % 11 == 5)
                text.Append("New cranes\n\n");
        }

        return text.ToString();
    }

    /// <summary>Text made to be slow: one kind of bait repeated to about <paramref name="length"/> characters.</summary>
    public static string Hostile(string kind, int length)
    {
        var unit = kind switch
        {
            "no-space" => "a",
            "spaces" => " ",
            "newlines" => "a\n",
            "tags" => "<a href='x'>",
            "quotes" => "?? ",
            "brackets" => "(((((",
            "comments" => "3 comments\n",
            "posts" => "We are open. Name (@a) May 1, 2020 ",
            "handles" => "pic.twitter.com/x Name (@a) ",
            "phrases" => "read more read mor ",
            "signatures" => "— A B (@c) May 1, 2020\n",
            "credits" => "He said so. (Reporting by A B; Editing by C D)\n\n",
            "bullets" => "- a\n",
            "digits" => "1.1.",
            "marks" => "a\u202e\u200d\u0301",
            "lower" => "and this line of lower case words has no end to it at all\n\n",
            "labels" => "Author: Anna Weir | 1 May 2021 - The Post\n",
            "dates" => "5 May 2021, 14:02 +07:00 · ",
            "places" => "HULL: Hull is Hull\n",
            "contacts" => "Contact: Anna Weir, +49 40 555 0100, a@b.example\n",
            "buttons" => "Share Tweet Post Email Print\n",
            "exports" => "BYLINE: A B\n1 of 2 DOCUMENTS\nLENGTH: 3 words\n",
            "wraps" => "the men who had be-\nen there ",
            "code" => "(function(){var a={b:1};})();\n",
            _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "no such bait"),
        };
        var text = new StringBuilder(length + unit.Length);
        while (text.Length < length)
            text.Append(unit);
        return text.ToString();
    }

    public static readonly string[] Baits = ["no-space", "spaces", "newlines", "tags", "quotes", "brackets",
        "comments", "posts", "handles", "phrases", "signatures", "credits", "bullets", "digits", "marks", "lower",
        "labels", "dates", "places", "contacts", "buttons", "exports", "wraps", "code"];
}
