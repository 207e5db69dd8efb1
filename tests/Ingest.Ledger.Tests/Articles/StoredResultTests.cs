using Ingest.Core.Articles;
using Ingest.Core.Tests;
using Ingest.Ledger.Articles;

namespace Ingest.Ledger.Tests.Articles;

public class StoredResultTests
{
    public static TheoryData<string> Samples() => [.. SampleArticles.Names()];

    [Theory, MemberData(nameof(Samples))]
    public void Sample_articles_round_trip(string name)
    {
        var text = SampleArticles.Text(name);
        ResultAssert.RoundTrips(ResultAssert.Normalised(text), text);
    }

    [Theory, InlineData(1), InlineData(2)]
    public void Mutants_round_trip(int seed)
    {
        var random = new Random(seed);
        for (var i = 0; i < 300; i++)
        {
            var text = Mutants.Fuzz(random);
            ResultAssert.RoundTrips(ResultAssert.Normalised(text), text);
        }
    }

    /// <summary>Not as attributes: these are UTF-8 in the assembly, and lose halves of surrogate pairs.</summary>
    [Fact]
    public void Odd_texts_round_trip()
    {
        string[] texts =
        [
            "",
            " \n ",
            "\0\u0001\u0002\0\0\0\0\0\0\0",
            "\ud83d",
            "The harbour \ud83d opened \udc00 again after the repairs, and pilots were glad of it \ud83d\ude00.",
            "The harb\u00adour\u200b\u00a0opened\u0007 again,\r\n\t and pilots\u2028were glad of it.\n字港\n口また\nopened.",
            "\ufeffItâ€™s â€œoverâ€\u009d, she said â€“ at lastâ€¦ and the cafÃ© was closed again.\n\nItâ€™s not â€œoverâ€\u009d, he said.",
            "Read more:\n\nShare this article\n\nSubscribe to our newsletter",
        ];
        Assert.All(texts, text => ResultAssert.RoundTrips(ResultAssert.Normalised(text), text));
    }

    [Fact]
    public void Every_field_round_trips()
    {
        const string Text = "One sentence here.\r\nAnd another.  字\n字 \ud83d Ends.";
        var blocks = new[]
        {
            new Block(BlockKind.Headline, "head.line", new Span(0, 18), "One sentence here."),
            new Block(BlockKind.Paragraph, "body", new Span(20, 12), "And another.", 0),
            new Block(BlockKind.Furniture, "scorer", new Span(34, 3), "字字", null, Evidence: "links 0.5, words 0.25"),
            new Block(BlockKind.Paragraph, "body", new Span(38, 1), "\ufffd", 0, Uncertain: true),
            new Block(BlockKind.Quote, null!, new Span(40, 5), "other \ud83d words", 7),
            new Block(BlockKind.Table, "body", new Span(3, 0), "", -1,
                Evidence: "score 0.07: short lines around it, lines near it stand twice"),
            new Block(BlockKind.Table, "body", new Span(3, 0), "", 3, Evidence: "score 1.00: lines near it stand twice, \ud83d"),
            new Block(BlockKind.Table, "body", new Span(3, 0), "", 3, Evidence: "score 0.57: lines near it stand twice, body"),
            new Block(BlockKind.Table, "body", new Span(3, 0), "", 3, Evidence: "score 0.5: lines near it, twice"),
            new Block(BlockKind.Table, "score 0.57: a, b", new Span(3, 0), "", 3, Evidence: "score 0.57: , "),
            new Block(BlockKind.Furniture, "source.repeated", new Span(3, 0), "", Repeated: new Repeated(4, ["scorer", "a 1", "字字", ""])),
            new Block(BlockKind.Furniture, "source.repeated", new Span(3, 0), "", Evidence: "both", Repeated: new Repeated(3, ["a 1"])),
            new Block(BlockKind.Furniture, "source.repeated", new Span(3, 0), "", Repeated: new Repeated(1, [])),
        };
        var article = new Article
        {
            Headline = "One sentence here.",
            Bylines = [new("A \udc00 half"), new("", "Org")],
            Agency = "dpa",
            Publisher = "Skarsund Times",
            Dateline = "another.  字",
            Published = "2021-03-03",
            Language = "en",
            Url = "https://skarsundtimes.example/harbour",
            Slugline = "HARBOUR-OPEN/",
            Version = "UPDATE 2",
            Correction = "Corrects the name in the second paragraph",
            EditorNotes = ["One sentence here.\nAnd another.", ""],
            CopyrightNotice = "© Nobody, all rights given away",
            Profile = ArticleProfile.Kill,
            Truncated = true,
            Body = ["And another.", "One sentence here. And"],
            Media = [new("A caption of the harbour", ""), new("", "Credit/dpa")],
            Embeds = [new("x", null, "@a", null, "sentence here"), new("other", "A", null, "2021-03-03", "")],
            RelatedLinks = ["Harbour strike enters its third week"],
            Tags = ["harbour", "strike"],
            Section = "sentence here.",
            Urgency = 3,
            Embargo = "2021-03-04T06:00:00Z",
            UsageTerms = "Not for use in Skarsund \ud83d",
            Status = "withheld",
            Evidence =
                [new("headline", "head.line", new Span(0, 18)), new("language", "record", null), new("agency", "x", new Span(45, 0))],
        };
        // A field without a value here is one that this test forgot.
        Assert.DoesNotContain(typeof(Article).GetProperties(),
            p => p.GetValue(article) is null or System.Collections.ICollection { Count: 0 });
        ResultAssert.RoundTrips(new(article, Rejection.Empty(), blocks, ["a note", "\ud83d"]), Text);
        ResultAssert.RoundTrips(new(article with { Body = ["And another. \ufffd"] }, null, blocks[..4], []), Text);
        ResultAssert.RoundTrips(new(new Article(), null, [], []), Text);
        Assert.All(
            new Article[] { new() { Section = "Harbour" }, new() { Urgency = 9 }, new() { Embargo = "2021" }, new() { UsageTerms = "One sentence here." }, new() { Status = "usable" } },
            stated => ResultAssert.RoundTrips(new(stated, null, [], ["a note"]), Text));
        ResultAssert.RoundTrips(new(null, null, [], []), "");
    }

    [Fact]
    public void A_stored_article_is_small()
    {
        var text = string.Join("\n\n", Enumerable.Range(0, 20).Select(i =>
            $"The harbour opened again on day {i} of the repairs, and pilots who had waited outside\nthe breakwater said that they were glad of it."));
        var stored = ResultAssert.RoundTrips(ResultAssert.Normalised(text), text);
        Assert.InRange(stored.Length, 1, text.Length * 15 / 100);
    }

    [Fact]
    public void A_text_that_repeats_without_end_is_stored_in_full()
    {
        var line = new string('a', 5000);
        var article = new Article { Body = [.. Enumerable.Repeat(line, 20)] };
        Assert.InRange(ResultAssert.RoundTrips(new(article, null, [], []), line).Length, 5000, 100_000);
    }

    [Fact]
    public void The_result_of_another_text_is_refused()
    {
        const string Text = "The harbour opened again after the repairs, and pilots were glad of it.";
        var result = ResultAssert.Normalised(Text);
        Assert.Throws<ArgumentException>(() => StoredResult.Write(result, "Short."));
        var stored = ResultAssert.RoundTrips(result, Text);
        var fault = Assert.Throws<StoredResultException>(() => StoredResult.Read(stored, Text + " "));
        Assert.Contains("belongs to a text of 71 characters; this one has 72", fault.Message);
    }

    /// <summary>What a ledger holds must be readable by every later program: these bytes are of the first three formats.</summary>
    [Fact]
    public void Earlier_formats_stay_readable()
    {
        const string Text = "The harbour\nopened again.\n\nShare this";
        const string Stored = "250502000A0123626F647900191341023373636F726572040A033D0104CB016C696E6573206E656172206974207374616E6420747769636500000000000000000013656E000C3DD800000000000169180105436C616E677561676501010807013361206E6F7465";
        var result = new NormalisationResult(
            new Article
            {
                Body = ["The harbour opened again."], Language = "en", Tags = ["opened again."], Slugline = "\ud83d",
                Evidence = [new("language", "body", new Span(4, 7))]
            },
            null,
            [
                new(BlockKind.Paragraph, "body", new Span(0, 25), "The harbour opened again.", 0),
                new(BlockKind.ShareBar, "scorer", new Span(27, 10), "Share this", Evidence: "score 0.07: body, lines near it stand twice"),
            ],
            ["a note"]);
        // The first did not say by which rules it was made.
        var first = StoredResult.Read(Convert.FromHexString("01" + Stored), Text);
        ResultAssert.Same(result with { Normaliser = "1" }, first);
        var ofRules = result with { Normaliser = "12 é" };
        Assert.Equal("042B313220C3A9" + Stored, Convert.ToHexString(StoredResult.Write(ofRules, Text)));
        Assert.Equal("The harbour opened again.", StoredResult.ReadStoryArticle(Convert.FromHexString("01" + Stored), Text, default).Body);
        // As the first program that packed them did.
        ResultAssert.Same(ofRules, StoredResult.Read(Convert.FromHexString("80026E0000A50200A3040FEAB14844539F97A6BBD708FD02365E16286C724483C4F468448F42744D55226A7407BCDBC0E7AFEA5A041A7DF767B3B13E7EDA9B615CE182F678431F06FCD6F518A2DAFF5391664EFFA3A1F09FF8832036"), Text));
        foreach (var later in (string[])["02", "03"])
        {
            var stored = Convert.FromHexString(later + "2B313220C3A9" + Stored);
            ResultAssert.Same(ofRules, StoredResult.Read(stored, Text));
            Assert.Equal("The harbour opened again.", StoredResult.ReadStoryArticle(stored, Text, default).Body);
        }
    }

    [Fact]
    public void Every_kind_profile_and_reason_has_a_number()
    {
        Assert.Equal(Enum.GetValues<BlockKind>().Order(), StoredNumbers.Kinds.ToArray().Order());
        Assert.Equal(Enum.GetValues<ArticleProfile>().Order(), StoredNumbers.Profiles.ToArray().Order());
        Assert.Equal(Enum.GetValues<RejectionReason>().Order(), StoredNumbers.Reasons.ToArray().Order());
        // Members are only appended. This is the first list; it stays.
        Assert.Equal("Paragraph Subhead ListItem Quote Table Headline Byline Dateline Published Publisher Agency Slugline Version SourceUrl ListMarker Caption Credit MediaControl Embed ShareBar RelatedLink "
            + "TopicTags Navigation Newsletter Paywall Donation Advertisement AffiliateDisclosure Interaction ReadingTime Timestamp CrawlArtefact AutomationNotice ReporterCredit AuthorBio DeskInitials "
            + "EndMark SyndicationCredit Copyright StandardsNote PrintReference WireHeader WireTrailer EditorNote Correction PressRelease DatabaseHeader LegalNotice Repetition Trailer Furniture",
            string.Join(' ', StoredNumbers.Kinds[..51].ToArray()));
        Assert.Equal("Article Advisory Kill", string.Join(' ', StoredNumbers.Profiles[..3].ToArray()));
        Assert.Equal("Empty TooLarge Binary NoBody TimeBudgetExceeded MalformedRecord Discarded", string.Join(' ', StoredNumbers.Reasons[..7].ToArray()));
    }
}
