using Ingest.Core.Articles;
using Ingest.Core.Normalisation;

namespace Ingest.Core.Tests.Normalisation.Rules;

/// <summary>Posts in a text whose lines were joined: they go, and the sentences around and between them stay.</summary>
public class EmbeddedPostTests
{
    const string Lead = "The harbour of Orrin was closed on Monday after a storm broke part of the breakwater, the authority said.";
    const string Second = "Ships were sent to Skarsund for a week, which has two cranes and no room in its sheds.";
    const string Between = "The fire brigade had asked for that an hour before.";
    const string Chief = "Its chief, Tom Brandt, told the paper that two cars had been washed into the basin.";
    const string Last = "Divers are to look for a third one on Tuesday, when the wind is expected to drop.";
    const string End = "The breakwater was built in 1911 and repaired for the last time in 1978, and money for a new one was refused twice by the county.";

    [Theory]
    [InlineData("Please avoid Quay Road today, the waves come over the wall. #storm pic.twitter.com/a1b2c3 — Orrin Council (@orrincouncil) March 3, 2021")]
    [InlineData("Please avoid Quay Road today, the waves come over the wall.— Orrin Council (@orrincouncil) March 3, 2021")]
    [InlineData("Stay at home! The waves come over the wall of Quay Road. — Orrin Council (@orrincouncil) March 3, 2021")]
    [InlineData("Quay Road is no road any more. #storm The waves come over the wall. — Orrin Council (@orrincouncil) 3 March 2021")]
    [InlineData("Waves over the wall. No. — Orrin Council (@orrincouncil) March 3, 2021")]
    [InlineData("😱 The waves come over the wall of Quay Road. https://t.co/abc — Orrin Council (@orrincouncil) March 3, 2021")]
    public void A_post_in_a_flattened_text_goes_alone(string post)
    {
        foreach (var text in (string[])[$"{Lead} {Second} {post} {Last} {End}", $"Harbour closes after storm\n\n{Lead} {Second} {post} {Last}\n\n{End}", $"{Lead} {Second} The council wrote: {post} {Last} {End}"])
            Same($"{Lead} {Second} {(text.Contains("wrote:", StringComparison.Ordinal) ? "The council wrote: " : "")}{Last} {End}", text);
    }

    [Fact]
    public void What_stands_between_two_posts_stays()
    {
        Same($"{Lead} {Second} {Between} {Chief} {Last} {End}",
            $"{Lead} {Second} Please avoid Quay Road today, the waves come over the wall. — Orrin Council (@orrincouncil) March 3, 2021 {Between} {Chief} "
            + $"We have two cars in the water and nobody in them. — Orrin Fire (@orrinfire) March 3, 2021 {Last} {End}");
    }

    [Fact]
    public void A_post_with_a_line_of_its_own_goes_as_a_whole() =>
        Same($"{Lead}\n{Second}\n{Last}\n{End}",
            $"{Lead}\n\n{Second}\n\nThe waves come over the wall. Quay Road is no road any more. It is the sea. — Orrin Council (@orrincouncil) March 3, 2021\n\n{Last}\n\n{End}");

    static void Same(string body, string text) =>
        Assert.Equal(Words(body), Words(string.Join('\n', new Normaliser().Normalise(new ArticleText(text, ArticleMetadata.None, [])).Article!.Body)));

    /// <summary>Where paragraphs end does not count here.</summary>
    static string Words(string text) => string.Join(' ', text.Split((char[])[' ', '\n'], StringSplitOptions.RemoveEmptyEntries));
}
