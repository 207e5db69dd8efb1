using System.Text.Json;
using Ingest.Core.Articles;
using Ingest.Core.Normalisation;
using Xunit.Sdk;

namespace Ingest.Core.Tests.Normalisation;

/// <summary>Forms that were written down before the rules that read them: exactly those of <c>known.txt</c> come out wrong.</summary>
public class FirstContactTests
{
    static readonly Normaliser Normaliser = new();

    [Fact]
    public void Exactly_the_known_ones_come_out_wrong()
    {
        var expected = SampleArticles.Lines("first-contact", "expected.jsonl").Select(line => JsonDocument.Parse(line).RootElement).ToList();
        Assert.Equal(SampleArticles.In("first-contact"), expected.Select(e => e.GetProperty("id").GetString()!).Order(StringComparer.Ordinal));
        var wrong = expected.AsParallel().Where(e => !IsRight(e)).Select(e => e.GetProperty("id").GetString()!).Order(StringComparer.Ordinal);
        Assert.Equal(SampleArticles.Lines("first-contact", "known.txt").Order(StringComparer.Ordinal), wrong);
    }

    static bool IsRight(JsonElement expected)
    {
        var text = SampleArticles.Text(SampleArticles.PathOf("first-contact", expected.GetProperty("id").GetString()!));
        var article = Normaliser.Normalise(new ArticleText(text)).Article;
        if (article is null || expected.GetProperty("body").GetArrayLength() == 0)
            return article is null == (expected.GetProperty("body").GetArrayLength() == 0);
        try
        {
            SampleExpectation.Holds(expected, article);
            return true;
        }
        catch (XunitException)
        {
            return false;
        }
    }
}
