using Ingest.Core.Articles;
using Ingest.Core.Normalisation;

namespace Ingest.Core.Tests.Normalisation;

/// <summary>What wires, feeds and pages state beside a text stands in the article, and wins over what the text says.</summary>
public sealed class StatedFieldTests
{
    const string Text = """
        UPDATE 1-Ferry of Kaldvik sails again

        KALDVIK, March 4 (Reuters) - The ferry of Kaldvik sailed again on Monday, and everybody on the quay was glad of it.

        About 300 people came to see it leave in the rain, the town said.

        © 2024 Kaldvik Post
        """;

    static readonly ArticleMetadata Stated = ArticleMetadata.None with
    {
        Section = "Coast", Slugline = "FERRY-KALDVIK/", Version = "2", Status = "withheld", Urgency = 3, Embargo = "2024-03-05T06:00:00Z",
        UsageTerms = "Not for use in Kaldvik", Copyright = "© 2024 Reuters",
    };

    [Fact]
    public void What_is_stated_wins_and_says_where_it_is_from()
    {
        var article = Clean(Stated);
        Assert.Equal(("FERRY-KALDVIK/", "2", "© 2024 Reuters"), (article.Slugline, article.Version, article.CopyrightNotice));
        Assert.Equal(("Coast", 3, "2024-03-05T06:00:00Z"), (article.Section, article.Urgency, article.Embargo));
        Assert.Equal(("Not for use in Kaldvik", "withheld", ArticleProfile.Article), (article.UsageTerms, article.Status, article.Profile));
        Assert.All(
            (string[])["slugline", "version", "copyrightNotice", "section", "urgency", "embargoedUntil", "usageTerms", "pubStatus"],
            field => Assert.Equal(new FieldEvidence(field, "record", null), Assert.Single(article.Evidence, e => e.Field == field)));
    }

    [Fact]
    public void What_is_not_stated_is_what_the_text_says()
    {
        var article = Clean(ArticleMetadata.None);
        Assert.Equal((null, "UPDATE 1"), (article.Slugline, article.Version));
        Assert.Contains("Kaldvik Post", article.CopyrightNotice, StringComparison.Ordinal);
        Assert.Equal((null, null, null, null, null), (article.Section, article.Urgency, article.Embargo, article.UsageTerms, article.Status));
        Assert.DoesNotContain(article.Evidence, e => e.Rule == "record");
    }

    [Fact]
    public void A_canceled_article_is_a_kill_also_without_a_body()
    {
        var article = Clean(Stated with { Status = "canceled" });
        Assert.Equal((ArticleProfile.Kill, "canceled"), (article.Profile, article.Status));
        Assert.Equal("record", Assert.Single(article.Evidence, e => e.Field == "profile").Rule);
        Assert.Equal(ArticleProfile.Kill, Clean(Stated with { Status = "canceled" }, "Photo: Piet Doorn / AFP").Profile);
    }

    /// <summary>An agency's alert is one sentence, which nobody has written a headline for yet.</summary>
    [Theory]
    [InlineData("Ferry of Kaldvik runs aground outside the harbour\n\npd/aw")]
    [InlineData("Ferry of Kaldvik runs aground outside the harbour")]
    public void The_only_line_of_a_wire_is_its_text(string text)
    {
        var article = Clean(ArticleMetadata.None with { Urgency = 1, Slugline = "FERRY-KALDVIK" }, text);
        Assert.Equal((null, "Ferry of Kaldvik runs aground outside the harbour"), (article.Headline, article.Body[0]));
    }

    [Fact]
    public void An_urgency_outside_of_the_scale_is_none() => Assert.Null(Clean(Stated with { Urgency = 10 }).Urgency);

    static Article Clean(ArticleMetadata metadata, string text = Text) => new Normaliser().Normalise(new ArticleText(text, metadata, [])).Article!;
}
