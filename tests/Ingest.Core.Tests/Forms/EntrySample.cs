using System.Globalization;
using System.Text;
using System.Text.Json;
using AngleSharp.Html.Parser;
using Ingest.Core.Articles;
using Ingest.Core.Forms;

namespace Ingest.Core.Tests.Forms;

/// <summary>A file of articles in a folder of samples, with what is expected of it in the <c>.expected.json</c> beside it.</summary>
static class EntrySample
{
    public static readonly InputLimits Limits = new(1 << 20);

    /// <summary>The samples of a folder, without those that its <c>known.txt</c> names.</summary>
    public static IEnumerable<string> Names(string folder) => Files(folder).Select(f => Path.GetFileName(f)).Except(Known(folder)).Order(StringComparer.Ordinal);

    /// <summary>The names in <c>known.txt</c>: what comes out otherwise than expected, each with the reason behind a colon.</summary>
    public static IEnumerable<string> Known(string folder) =>
        File.ReadLines(PathOf(folder, "known.txt")).Where(l => l.Length > 0 && l[0] != '#').Select(l => l.Split(':')[0]);

    public static byte[] Bytes(string folder, string name) => File.ReadAllBytes(PathOf(folder, name));

    /// <summary>What is wrong with the articles of a sample; nothing where all is right.</summary>
    public static IReadOnlyList<string> Faults(string folder, string name, params IEnumerable<InputForm> forms)
    {
        var (faults, _, _) = Compare(folder, name, forms);
        return faults;
    }

    public static (IReadOnlyList<string> Faults, int Right, int Of) Compare(string folder, string name, IEnumerable<InputForm> forms)
    {
        var bytes = Bytes(folder, name);
        using var expected = JsonDocument.Parse(File.ReadAllText(PathOf(folder, Path.GetFileNameWithoutExtension(name) + ".expected.json")));
        var start = new InputStart(bytes.AsMemory(0, Math.Min(bytes.Length, InputForm.LookAhead)), name);
        var form = forms.FirstOrDefault(f => f.Recognises(start));
        var read = form is null ? [] : form.Read(new MemoryStream(bytes), new RawArticle("", ArticleForm.Text, default, ArticleMetadata.None, "file"), Limits).ToList();
        if (!expected.RootElement.TryGetProperty("articles", out var articles))
            return (read.TrueForAll(a => a.Refused is not null) ? [] : [$"{read.Count} articles where none is"], 0, 0);
        // Entries without a text are none, and damaged ones are no articles.
        read.RemoveAll(a => a.Refused is not null);
        var faults = new List<string>();
        if (form is null)
            return (["is not recognised"], 0, articles.GetArrayLength());
        var right = 0;
        var at = 0;
        foreach (var article in articles.EnumerateArray())
        {
            if (at >= read.Count)
            {
                if (!article.TryGetProperty("optional", out _))
                    faults.Add($"#{at + 1} is missing");
                continue;
            }

            var of = Faults(article, read[at++]).Select(f => $"#{at} {f}").ToList();
            if (article.TryGetProperty("truncated", out _))
                continue;
            right += of.Count == 0 ? 1 : 0;
            faults.AddRange(of);
        }

        if (read.Count > articles.GetArrayLength())
            faults.Add($"{read.Count} articles instead of {articles.GetArrayLength()}");
        return (faults, right, articles.GetArrayLength());
    }

    static IEnumerable<string> Faults(JsonElement expected, RawArticle read)
    {
        var metadata = read.Metadata;
        foreach (var (field, alternative, found) in new[]
        {
            ("id", "altId", read.Id), ("headline", "altHeadline", metadata.Headline), ("url", "altUrl", metadata.Url), ("publisher", "altPublisher", metadata.Publisher),
            ("section", "altSection", metadata.Section), ("copyright", "altCopyright", metadata.Copyright),
        })
            if (expected.TryGetProperty(field, out var value) && Plain(value.GetString()) != Plain(found)
                && !(expected.TryGetProperty(alternative, out var other) && Plain(other.GetString()) == Plain(found)))
                yield return $"{field}: \"{found}\" instead of \"{value}\"";
        if (expected.TryGetProperty("language", out var language) && language.GetString()![..2] != metadata.Language)
            yield return $"language: \"{metadata.Language}\" instead of \"{language}\"";
        if (expected.TryGetProperty("published", out var published) && Instant(published.GetString()) != Instant(metadata.Published))
            yield return $"published: \"{metadata.Published}\" instead of \"{published}\"";
        if (expected.TryGetProperty("bylines", out var bylines)
            && !bylines.EnumerateArray().Select(b => Plain(b.GetString())).SequenceEqual((metadata.Bylines ?? []).Select(Plain), StringComparer.OrdinalIgnoreCase))
            yield return $"bylines: {string.Join(" + ", metadata.Bylines ?? [])} instead of {bylines}";
        var text = Solid(Text(read));
        var paragraphs = expected.TryGetProperty("body", out var body) ? body.EnumerateArray().Select(p => p.GetString()!).ToList() : [];
        for (var i = 0; i < paragraphs.Count; i++)
            if (!text.Contains(Solid(paragraphs[i]), StringComparison.Ordinal)
                && !(i == 0 && expected.TryGetProperty("altFirst", out var first) && text.Contains(Solid(first.GetString()!), StringComparison.Ordinal))
                && !(i == paragraphs.Count - 1 && expected.TryGetProperty("altLast", out var last) && text.Contains(Solid(last.GetString()!), StringComparison.Ordinal)))
                yield return $"lacks the paragraph \"{paragraphs[i]}\" in: {text[..Math.Min(text.Length, 300)]}";
    }

    /// <summary>The text of an article, without tags.</summary>
    public static string Text(RawArticle article)
    {
        var content = Encoding.UTF8.GetString(article.Content.Span);
        if (article.Form == ArticleForm.Record)
            content = JsonDocument.Parse(content).RootElement.GetProperty("text").GetString()!;
        return article.Form == ArticleForm.Text ? content : new HtmlParser().ParseDocument(content).Body!.TextContent;
    }

    static string Plain(string? text) => string.Join(' ', (text ?? "").Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));

    static string Solid(string text) => string.Concat(text.Where(c => !char.IsWhiteSpace(c)));

    static string? Instant(string? iso)
    {
        if (iso is null)
            return null;
        if (iso.Length <= 10)
            return iso;
        var hasZone = iso[10..].AsSpan().ContainsAny('Z', '+', '-');
        return DateTimeOffset.TryParse(iso, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at)
            ? at.UtcDateTime.ToString("s", CultureInfo.InvariantCulture) + (hasZone ? "Z" : "") : iso;
    }

    static string PathOf(string folder, string name)
    {
        var root = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(root, "Ingest.sln")))
            root = Path.GetDirectoryName(root) ?? throw new InvalidOperationException($"No folder above {AppContext.BaseDirectory} holds Ingest.sln.");
        return Path.Combine(root, SampleArticles.PathOf("forms", folder), name);
    }

    static IEnumerable<string> Files(string folder) => Directory.EnumerateFiles(PathOf(folder, ""))
        .Where(f => !f.EndsWith(".expected.json", StringComparison.Ordinal) && Path.GetFileName(f) != "known.txt");
}
