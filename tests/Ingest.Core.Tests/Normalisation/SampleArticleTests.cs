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
        SampleExpectation.Holds(SampleArticles.Expected(name), article);
    }
}
