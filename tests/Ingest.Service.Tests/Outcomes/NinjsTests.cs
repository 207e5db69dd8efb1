using Ingest.Core.Articles;
using Ingest.Service.Outcomes;

namespace Ingest.Service.Tests.Outcomes;

public sealed class NinjsTests
{
    [Fact]
    public void What_a_sender_states_stands_where_ninjs_has_a_place_for_it()
    {
        var item = Ninjs.Of("a", new Article
        {
            Section = "Coast", Urgency = 3, Embargo = "2024-03-05", UsageTerms = "Not for Kaldvik", Status = ArticleStatus.Withheld, Tags = ["ferries"], Version = "2",
        }, []);
        Assert.Equal(("withheld", 3, "2"), ((string)item["pubStatus"]!, (int)item["urgency"]!, (string)item["version"]!));
        Assert.Equal(("2024-03-05T00:00:00Z", "Not for Kaldvik"), ((string)item["embargoedUntil"]!, (string)item["usageTerms"]!));
        Assert.Equal(["Coast/section", "ferries/"], item["subjects"]!.AsArray().Select(s => $"{s!["name"]}/{s["rel"]}"));
        var bare = Ninjs.Of("a", new Article(), []);
        Assert.All((string[])["urgency", "embargoedUntil", "usageTerms", "subjects"], name => Assert.False(bare.ContainsKey(name)));
    }

    [Theory]
    [InlineData(ArticleProfile.Article, null, "usable")]
    [InlineData(ArticleProfile.Article, "usable", "usable")]
    [InlineData(ArticleProfile.Advisory, "withheld", "withheld")]
    [InlineData(ArticleProfile.Kill, "usable", "canceled")]
    [InlineData(ArticleProfile.Kill, "withheld", "canceled")]
    public void What_may_be_done_with_an_article_is_what_its_sender_says_unless_it_withdraws(ArticleProfile profile, string? status, string told) =>
        Assert.Equal(told, OutcomeMapper.PubStatus(new Article { Profile = profile, Status = status }));
}
