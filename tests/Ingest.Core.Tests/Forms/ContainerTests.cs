using Ingest.Core.Inputs;
using System.Globalization;
using System.Text;
using System.Text.Json;
using AngleSharp.Html.Parser;
using Ingest.Core.Articles;
using Ingest.Core.Forms;
using Ingest.Core.Normalisation.Decoding;

namespace Ingest.Core.Tests.Forms;

/// <summary>Archives and mails with invented articles, written before their readers: what is expected of each stands beside it.</summary>
public class ContainerTests
{
    const string Folder = "forms/containers";
    const string Ending = ".expected.json";

    public static TheoryData<string> Samples() =>
        [.. Directory.EnumerateFiles(PathOf(""), "*" + Ending).Select(f => Path.GetFileName(f)[..^Ending.Length]).Order(StringComparer.Ordinal)];

    [Theory, MemberData(nameof(Samples))]
    public void A_container_gives_its_articles(string name)
    {
        var found = Files(name).SelectMany(Read).ToList();
        using var json = JsonDocument.Parse(File.ReadAllText(PathOf(name + Ending)));
        if (json.RootElement.TryGetProperty("rejected", out _))
        {
            Assert.All(found, a => Assert.True(a.Refused is not null || a.OverLimit is not null));
            Assert.NotEmpty(found);
            return;
        }

        var expected = json.RootElement.GetProperty("articles").EnumerateArray().ToList();
        var faults = new List<string>();
        foreach (var article in expected)
        {
            var told = found.Select(f => Differences(article, f)).MinBy(d => d.Count) ?? ["it is missing"];
            if (told.Count > 0 && !article.TryGetProperty("optional", out _))
                faults.Add($"{Text(article, "id") ?? Text(article, "headline")}: {string.Join("; ", told)}");
        }

        if (found.Count > expected.Count)
            faults.Add($"there are {found.Count} articles, not {expected.Count}: {string.Join(", ", found.Select(f => $"{f.Id} {f.Refused?.Detail}"))}");
        Assert.Empty(faults);
    }

    static IEnumerable<string> Files(string name)
    {
        var folder = PathOf(name);
        return Directory.Exists(folder)
            ? Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal)
            : Directory.EnumerateFiles(PathOf(""), name + ".*").Where(f => !f.EndsWith(Ending, StringComparison.Ordinal));
    }

    static List<RawArticle> Read(string path)
    {
        using var stream = File.OpenRead(path);
        var file = new RawArticle(Path.GetFileName(path), ArticleForm.Text, default, ArticleMetadata.None, "file");
        return [.. InputFiles.Read(stream, file, new InputLimits(1 << 22))];
    }

    static List<string> Differences(JsonElement expected, RawArticle found)
    {
        var differences = new List<string>();
        void Compare(string field, string? got, Func<string, string>? form = null)
        {
            if (Text(expected, field) is { } wanted && got is not null && (form?.Invoke(wanted) ?? wanted) != (form?.Invoke(got) ?? got))
                differences.Add($"{field} is {got}, not {wanted}");
        }

        if (Text(expected, "id") is { } id && !found.Id.EndsWith("#" + id, StringComparison.Ordinal))
            differences.Add($"id is {found.Id}, not {id}");
        Compare("url", found.Metadata.Url);
        Compare("headline", found.Metadata.Headline, Collapsed);
        Compare("published", found.Metadata.Published, d => DateTimeOffset.Parse(d, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal).UtcDateTime.ToString("O"));
        var text = Collapsed(TextOf(found));
        foreach (var line in expected.GetProperty("body").EnumerateArray())
            if (!text.Contains(Collapsed(line.GetString()!), StringComparison.Ordinal))
                differences.Add($"the text lacks: {line.GetString()}");
        return differences;
    }

    static string TextOf(RawArticle article)
    {
        if (article.Form == ArticleForm.Text)
            return TextDecoder.Decode(article.Content.Span).Text ?? "";
        if (article.Form == ArticleForm.Record)
            return Text(JsonDocument.Parse(article.Content).RootElement, "text") ?? "";
        // As a reader would: by what the bytes declare, else as text is read.
        var marked = article.Content.Span.StartsWith("\ufeff"u8);
        var text = (marked ? null : Charset.Declared(article.Content.Span))?.GetString(article.Content.Span) ?? TextDecoder.Decode(article.Content.Span).Text!;
        return new HtmlParser().ParseDocument(text).Body!.TextContent;
    }

    static string? Text(JsonElement of, string field) => of.TryGetProperty(field, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    static string Collapsed(string text) => string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));

    static string PathOf(string name) => Path.Combine(SampleArticles.FullPathOf(Folder), name);
}
