using System.Text.Json;
using Ingest.Core.Articles;
using Ingest.Core.Normalisation;

namespace Ingest.Core.Tests.Normalisation;

/// <summary>
/// Every sample article comes out as its expectation says: body paragraphs exactly, the fields given, nothing of what must be absent.
/// </summary>
public class SampleArticleTests
{
    static readonly Normaliser Normaliser = new();

    public static TheoryData<string> Samples() => [.. SampleArticles.Names()];

    [Theory, MemberData(nameof(Samples))]
    public void A_sample_comes_out_as_expected(string name)
    {
        var article = Normaliser.Normalise(new ArticleText(SampleArticles.Text(name))).Article;
        Assert.NotNull(article);
        var expected = SampleArticles.Expected(name);
        Assert.Equal(Strings(expected.GetProperty("body")).Select(Fold), article.Body.Select(Fold));
        foreach (var field in expected.GetProperty("fields").EnumerateObject())
            Assert.Equal(Value(field.Value), FieldOf(article, field.Name, field.Value));
        foreach (var snippet in Strings(expected.GetProperty("absent")))
            Assert.DoesNotContain(article.Body, p => Fold(p).Contains(Fold(snippet), StringComparison.Ordinal));
    }

    static string Value(JsonElement value) =>
        value.ValueKind == JsonValueKind.String ? Fold(value.GetString()!) : JsonSerializer.Serialize(value);

    static string FieldOf(Article article, string name, JsonElement expected)
    {
        object? found = name switch
        {
            "headline" => article.Headline,
            "bylines" => article.Bylines.Select(b => Fold(b.Name)),
            "agency" => article.Agency,
            "publisher" => article.Publisher,
            "dateline" => article.Dateline,
            // A time may follow the date.
            "published" => article.Published is { } published && expected.GetString() is { } date
                ? published[..Math.Min(date.Length, published.Length)]
                : article.Published,
            "url" => article.Url,
            "language" => article.Language,
            "version" => article.Version,
            "correction" => article.Correction,
            "captions" => article.Media.Select(m => new[] { Fold(m.Caption), Fold(m.Credit) }),
            _ => throw new InvalidOperationException($"'{name}' is no field that a sample may expect."),
        };
        return found is string text ? Fold(text) : JsonSerializer.Serialize(found);
    }

    static IEnumerable<string> Strings(JsonElement list) => list.EnumerateArray().Select(e => e.GetString()!);

    static string Fold(string text) => string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
}
