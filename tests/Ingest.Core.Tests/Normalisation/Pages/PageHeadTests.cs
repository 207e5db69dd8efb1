using Ingest.Core.Articles;
using Ingest.Core.Normalisation;
using Xunit;

namespace Ingest.Core.Tests.Normalisation.Pages;

/// <summary>Who wrote a page's article and when, in the markup of common publishing systems.</summary>
public class PageHeadTests
{
    const string Body = """
        <p>The harbour opened again on Monday after three weeks of repairs, the authority said, and the first ships left before noon.</p>
        <p>Ships had been waiting in a long line outside the breakwater, and the pilots worked through the night to bring them in.</p>
        <p>The gate was closed in April when a barge struck it. The owners of the barge have not said what they will pay.</p>
        """;

    static Article Clean(string head, string above, string below = "") =>
        new Normaliser().Normalise(new RawArticle("page.html", ArticleForm.Html,
            System.Text.Encoding.UTF8.GetBytes($"<html><head><title>Harbour opens again after repairs</title>{head}</head><body><nav><a href=/>Home</a> <a href=/world>World News</a></nav><main>{above}{Body}</main>{below}</body></html>"),
            ArticleMetadata.None, "test")).Article!;

    const string Headline = "<h1>Harbour opens again after repairs</h1>";

    [Theory]
    // The classic themes of blogs.
    [InlineData(Headline + "<div class=entry-meta><span class=posted-on>Posted on <time class='entry-date published' datetime='2026-03-04T09:10:00+00:00'>March 4, 2026</time></span> <span class=byline>by <span class='author vcard'><a class='url fn n' href='https://blog.example/author/anna/'>Anna Weir</a></span></span></div>", "Anna Weir", "2026-03-04")]
    [InlineData("<div class=wp-block-post-date><time datetime='2026-03-04T09:10:00-08:00'>March 4, 2026</time></div>" + Headline + "<div class='wp-block-post-author'><div class='wp-block-post-author__content'><p class='wp-block-post-author__name'>Anna Weir</p></div></div>", "Anna Weir", "2026-03-04")]
    [InlineData(Headline + "<div class='elementor-post-info'><span class='elementor-post-info__item elementor-post-info__item--type-author'>Anna Weir</span><span class='elementor-post-info__item--type-date'><time>4 March 2026</time></span></div>", "Anna Weir", "2026-03-04")]
    [InlineData(Headline + "<div class='node__meta'><span>Submitted by <span>Anna Weir</span> on 4 March 2026</span></div>", "Anna Weir", "2026-03-04")]
    [InlineData("<header><section class='article-header-meta'><h4 class='author-name'><a href='/author/anna/'>Anna Weir</a></h4><time class='byline-meta-date' datetime='2026-03-04'>04 Mar 2026</time></section>" + Headline + "</header>", "Anna Weir", "2026-03-04")]
    [InlineData("<h2 class='date-header'><span>Wednesday, March 4, 2026</span></h2><h3 class='post-title'>Harbour opens again after repairs</h3><span class='post-author vcard'>Posted by <span class=fn itemprop=author>Anna Weir</span> at 9:10 AM</span>", "Anna Weir", "2026-03-04")]
    [InlineData(Headline + "<p class=meta>By <a href=/staff/anna-weir>Anna Weir</a> and <a href=/staff/carl-otis>Carl Otis</a></p><p class=date>Mar. 4, 2026, 9:10 a.m. ET</p>", "Anna Weir, Carl Otis", "2026-03-04")]
    [InlineData(Headline + "<div><span>By </span><span>Anna Weir</span></div><div>March 4, 2026 • 4 min read</div>", "Anna Weir", "2026-03-04")]
    [InlineData(Headline + "<div class=x1><div class=x2>Written by</div><div class=x3>Anna Weir</div></div><div class=x2>Published</div><div class=x4>Mar 4, 2026</div>", "Anna Weir", "2026-03-04")]
    [InlineData(Headline + "<div class='post-date'>March 4th, 2026</div>", "", "2026-03-04")]
    [InlineData(Headline + "<p>By Anna Weir - Mar 4, 2026</p>", "Anna Weir", "2026-03-04")]
    [InlineData(Headline + "<p class='article-byline__pub-dates'>Updated March 4, 2026</p>", "", "2026-03-04")]
    // Other languages.
    [InlineData(Headline + "<div class='artikel-autor'>Von <a href='/autor/anna-weir'>Anna Weir</a></div><div class='artikel-datum'>Stand: 04.03.2026, 09:10 Uhr</div>", "Anna Weir", "2026-03-04")]
    [InlineData(Headline + "<div class='article__signature'>Par <span class='auteur'>Anna Weir</span></div><p class=publication>Publié le 4 mars 2026 à 09h10</p>", "Anna Weir", "2026-03-04")]
    [InlineData(Headline + "<div class=autor><span class=nombre-autor>Anna Weir</span></div><div class=fecha>4 de marzo de 2026</div>", "Anna Weir", "2026-03-04")]
    [InlineData(Headline + "<div class=article__author>Автор: <a href=/authors/12>Анна Вейр</a></div><div class=article__date>4 марта 2026, 09:10</div>", "Анна Вейр", "2026-03-04")]
    [InlineData(Headline + "<div class=article-info><span class=time>2026年03月04日 09:10</span><span class=author>记者 王小明</span></div>", "王小明", "2026-03-04")]
    [InlineData(Headline + "<p class=autor>Autor: Anna Weir</p><span class='data-publikacji'>04.03.2026</span>", "Anna Weir", "2026-03-04")]
    public void What_readers_see_around_the_headline_is_read(string above, string authors, string day)
    {
        var article = Clean("", above);
        Assert.Equal(authors, string.Join(", ", article.Bylines.Select(b => b.Name)));
        Assert.Equal(day, article.Published?[..10]);
        Assert.StartsWith("The harbour opened again on Monday", article.Body[0], StringComparison.Ordinal);
        Assert.Equal(3, article.Body.Count);
    }

    [Theory]
    // Of comments, teasers, editors, buttons, and of nobody.
    [InlineData(Headline, "<section class=comments><div class=comment><span class=comment-author>Tom Hill</span><time datetime='2026-03-09'>March 9, 2026</time><p>Good news.</p></div></section>")]
    [InlineData(Headline, "<aside class=related><article><h3>Ferry fares rise</h3><span class=author>Tom Hill</span><time datetime='2026-02-01'>Feb 1, 2026</time></article><article><h3>Pilots on strike</h3><span class=author>Ida Berg</span><time datetime='2026-02-03'>Feb 3, 2026</time></article></aside>")]
    [InlineData(Headline + "<p class=byline>Reviewed by <span class=author-name>Tom Hill</span></p>", "")]
    [InlineData(Headline + "<p class=author>admin</p>", "")]
    [InlineData(Headline + "<p class=author><a href=/authors/>All authors</a></p>", "")]
    public void Others_are_not_taken_for_it(string above, string below)
    {
        var article = Clean("", above, below);
        Assert.Empty(article.Bylines);
        Assert.Null(article.Published);
    }

    [Theory]
    [InlineData("<script type='application/ld+json'>{\"@graph\":[{\"@type\":\"Article\",\"author\":{\"@id\":\"#p1\"},\"datePublished\":\"2026-03-04\"},{\"@type\":\"Person\",\"@id\":\"#p1\",\"name\":\"Anna Weir\"}]}</script>", "Anna Weir")]
    [InlineData("<meta name=twitter:label1 content='Written by'><meta name=twitter:data1 content='Anna Weir'><meta name=publish-date content='March 4, 2026'>", "Anna Weir")]
    [InlineData("<meta name=citation_author content='Weir, Anna'><meta name=citation_author content='Otis, Carl'><meta name=citation_publication_date content='2026/03/04'>", "Anna Weir, Carl Otis")]
    [InlineData("<meta name=author content='By Anna Weir, PhD'><meta name=date content='2026-03-04 09:10:00'>", "Anna Weir")]
    [InlineData("<meta property=og:site_name content='The Sentinel'><meta name=author content='The Sentinel'><meta property=article:published_time content='2026-03-04T09:10:00Z'>", "The Sentinel")]
    public void What_the_page_tells_machines_is_read_first(string head, string authors)
    {
        var article = Clean(head, Headline);
        Assert.Equal(authors, string.Join(", ", article.Bylines.Select(b => b.Name)));
        Assert.Equal("2026-03-04", article.Published?[..10]);
    }

    [Theory]
    [InlineData("The site itself is named where it is the only author", "<meta property=og:site_name content='The Sentinel'><meta name=author content='The Sentinel'>", "<p class=author-name>Anna Weir</p>", "Anna Weir")]
    [InlineData("An account is no name where there is one", "<meta name=author content='anna.weir'>", "<p class=author-name>Anna Weir</p>", "Anna Weir")]
    [InlineData("What machines are told wins", "<meta name=author content='Anna Weir'>", "<p class=author-name>Tom Hill</p>", "Anna Weir")]
    public void A_person_is_named_before_a_house(string why, string head, string below, string author) =>
        Assert.True(Clean(head, Headline + below).Bylines is [{ } only] && only.Name == author, why);

    [Theory]
    [InlineData("<title>Harbour opens again | The Sentinel</title>", "<h1><a href='/'>The Sentinel</a></h1><h2>Harbour opens again</h2>", "Harbour opens again")]
    [InlineData("<title>Harbour opens again after repairs - The Sentinel</title>", "<h1>The Sentinel</h1>", "Harbour opens again after repairs")]
    [InlineData("<title>Harbour opens again: pilots work all night</title>", "<h1>Harbour opens again:<br>pilots work all night</h1>", "Harbour opens again: pilots work all night")]
    public void A_headline_is_not_the_site(string head, string above, string headline)
    {
        var html = $"<html><head>{head}</head><body>{above}{Body}</body></html>";
        var article = new Normaliser().Normalise(new RawArticle("page.html", ArticleForm.Html, System.Text.Encoding.UTF8.GetBytes(html), ArticleMetadata.None, "test")).Article!;
        Assert.Equal(headline, article.Headline);
    }
}
