using System.Text.Json;
using Ingest.Core.Articles;

namespace Ingest.Core.Tests;

/// <summary>What an <c>expected.jsonl</c> says of an article.</summary>
static class SampleExpectation
{
    /// <summary>Body paragraphs exactly, the fields given, nothing of what must be absent.</summary>
    public static void Holds(JsonElement expected, Article article)
    {
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
