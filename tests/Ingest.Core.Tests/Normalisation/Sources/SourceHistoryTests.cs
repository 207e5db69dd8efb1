using Ingest.Core.Articles;
using Ingest.Core.Normalisation.Sources;
using Ingest.Core.Tests.Deduplication;

namespace Ingest.Core.Tests.Normalisation.Sources;

public sealed class SourceHistoryTests
{
    const string Advert = "Get our app and never miss a story from your own street again.";

    static SourceText Text(params string[] lines) => SourceText.Of(new ArticleText(string.Join("\n\n", lines)));

    /// <summary>Articles of a source that says some lines for a while, and then others.</summary>
    static List<SourceText> Articles(int count)
    {
        var prose = new Prose(7);
        var random = new Random(7);
        var said = Enumerable.Range(0, 40).Select(_ => prose.Text(12)).ToList();
        return [.. Enumerable.Range(0, count).Select(i => Text(
            [prose.Text(8), prose.Text(60), .. said.Skip(i / 60).Take(12).Where(_ => random.Next(3) == 0), prose.Text(45), prose.Text(30)]))];
    }

    [Fact]
    public void What_is_known_depends_on_the_last_articles_alone()
    {
        var articles = Articles(1100);
        var whole = new SourceHistory();
        for (var i = 0; i < articles.Count; i++)
        {
            whole.Learn(articles[i], $"{i}");
            if (!SourceHistory.IsCheckpoint(i + 1) || i % 96 != 95 && i > 64)
                continue;
            // As a process that starts now learns it.
            var start = SourceHistory.Start(i + 1);
            Assert.InRange(i + 1 - start, 0, 2 * SourceHistory.Generation);
            var again = new SourceHistory(start);
            for (var k = start; k <= i; k++)
                again.Learn(articles[k], $"{k}");
            Assert.Equal(i + 1, again.Profile.Position);
            Assert.Equal(Known(whole.Profile), Known(again.Profile));
        }
    }

    /// <summary>Everything a profile says, in words.</summary>
    static List<string> Known(SourceProfile profile) => [.. profile.All.Select(r => $"{r.Key:x}: {r.Value.Different}, {r.Value.Share}, {string.Join(' ', r.Value.Ids)}").Order()];

    [Fact]
    public void What_a_source_stopped_saying_is_forgotten()
    {
        var prose = new Prose(3);
        var history = new SourceHistory();
        for (var i = 0; i < 100; i++)
            history.Learn(Text(prose.Text(60), Advert, prose.Text(40)), $"{i}");
        Assert.Equal(Repeated.MostCounted, history.Profile.Read(Advert).Lines[0].Others);
        for (var i = 0; i < 2 * SourceHistory.Generation; i++)
            history.Learn(Text(prose.Text(60), prose.Text(40)), $"{i}");
        Assert.DoesNotContain(history.Profile.Read(Advert).Lines, l => l.Others > 0);
    }

    [Fact]
    public void Letter_case_signs_and_white_space_do_not_part_lines()
    {
        var prose = new Prose(5);
        var history = new SourceHistory();
        foreach (var said in new[] { Advert, Advert.ToUpperInvariant(), $"» {Advert} «", Advert.Replace(" ", " \t", StringComparison.Ordinal) })
            history.Learn(Text(prose.Text(60), said, prose.Text(40)), said);
        Assert.Equal(4, history.Profile.Read(Advert).Lines[0].Others);
        // Another word is another line.
        Assert.Equal(0, history.Profile.Read(Advert.Replace("street", "town", StringComparison.Ordinal)).Lines[0].Others);
    }

    [Fact]
    public void Other_numbers_are_told_apart_and_counted_alike()
    {
        var prose = new Prose(6);
        var history = new SourceHistory();
        for (var i = 0; i < 4; i++)
            history.Learn(Text(prose.Text(60), $"Read by {i * 7 + 12} people since this morning at {i + 5}:30", prose.Text(40)), $"{i}");
        var line = history.Profile.Read("Read by 999 people since this morning at 11:45").Lines[0];
        Assert.Equal((0, 4), (line.Others, line.MaskedOthers));
    }

    [Fact]
    public void Memory_is_bounded()
    {
        var prose = new Prose(8);
        var history = new SourceHistory();
        for (var i = 0; i < 600; i++)
            history.Learn(Text([.. Enumerable.Range(0, 60).Select(_ => prose.Text(14)), Advert]), $"{i}");
        Assert.InRange(history.Passages, 1, 2 * (8192 + 130));
        Assert.Equal(Repeated.MostCounted, history.Profile.Read(Advert).Lines[0].Others);
    }

    [Theory]
    [InlineData("coast", "Coast Post", "https://www.coast.example/a", "coast")]
    [InlineData(" ", "Coast Post", "https://www.coast.example/a", "Coast Post")]
    [InlineData(null, null, "https://WWW.Coast.example:8080/a", "coast.example")]
    [InlineData(null, null, "no address", null)]
    [InlineData("\u0000", null, null, null)]
    public void A_source_is_the_feed_the_publisher_or_the_site(string? feed, string? publisher, string? url, string? expected) =>
        Assert.Equal(expected, SourceName.Of(ArticleMetadata.None with { Feed = feed, Publisher = publisher, Url = url }));
}
