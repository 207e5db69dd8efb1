using Ingest.Core.Forms;
using Ingest.Core.Forms.Feeds;

namespace Ingest.Core.Tests.Forms;

/// <summary>Every sample of a feed is read as expected.</summary>
public class FeedSampleTests
{
    static readonly InputForm[] Forms = [new("", XmlFeed.Recognises, XmlFeed.Read), new("", JsonFeed.Recognises, JsonFeed.Read)];

    public static TheoryData<string> Samples => [.. EntrySample.Names("feeds")];

    [Theory]
    [MemberData(nameof(Samples))]
    public void A_feed_gives_its_articles(string name) => Assert.Empty(EntrySample.Faults("feeds", name, Forms));

    [Fact]
    public void What_is_known_to_differ_still_differs() =>
        Assert.All(EntrySample.Known("feeds"), name => Assert.NotEmpty(EntrySample.Faults("feeds", name, Forms)));
}
