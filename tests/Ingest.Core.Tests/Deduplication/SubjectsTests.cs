using Ingest.Core.Deduplication;
using Ingest.Core.Deduplication.Alignment;

namespace Ingest.Core.Tests.Deduplication;

/// <summary>What parts two fillings of one form, and what does not part two versions of one text.</summary>
public class SubjectsTests
{
    const string Lead = "{0} has opened a ferry line between {1} and the islands on {2}. {0} runs {3} boats and carries {4} people a day, the harbour office said.";

    readonly string rest = new Prose(7).Text(80);

    [Fact]
    public void Another_name_in_the_lead_with_other_facts_is_another_subject()
    {
        var change = Between(Form(), Form("Brightwater Lines", boats: "9", people: "2,300"));
        Assert.Equal(("Harbour Transit", "Brightwater Lines", false, 2), (change!.Before, change.After, change.IsDay, change.Facts));
    }

    [Fact]
    public void It_is_another_story() => Assert.NotEqual(1, Story(Form(), Form("Brightwater Lines", boats: "9", people: "2,300")));

    [Fact]
    public void Another_name_alone_is_a_correction() => Assert.Null(Between(Form(), Form("Brightwater Lines")));

    [Fact]
    public void Other_figures_alone_are_an_update() => Assert.Null(Between(Form(), Form(boats: "9", people: "2,300")));

    [Fact]
    public void Another_day_with_other_figures_is_another_story()
    {
        var change = Between(Form(), Form(day: "Tuesday", boats: "9", people: "2,300"));
        Assert.Equal(("Monday", "Tuesday", true), (change!.Before, change.After, change.IsDay));
    }

    [Fact]
    public void Another_day_alone_is_none() => Assert.Null(Between(Form(), Form(day: "Tuesday")));

    [Fact]
    public void The_same_weekday_of_another_date_is_another_day() =>
        Assert.True(Between(Form(day: "Monday, March 2"), Form(day: "Monday, March 9", boats: "9", people: "2,300"))!.IsDay);

    [Theory]
    [InlineData("Jan. 12", "Jan. 19")]
    [InlineData("12 de enero", "19 de enero")]
    [InlineData("12. Januar", "19. Januar")]
    [InlineData("12/1/2026", "19/1/2026")]
    public void A_date_is_a_number_beside_a_month(string day, string other) =>
        Assert.True(Between(Form(day: day), Form(day: other, boats: "9", people: "2,300"))!.IsDay);

    [Fact]
    public void A_day_that_both_leads_name_is_that_of_the_event() => Assert.Null(Between(
        Form(day: "Monday, the owner said on Wednesday"), Form(day: "Monday, the owner said on Thursday", boats: "9", people: "2,300")));

    [Fact]
    public void A_new_spelling_of_the_name_is_none() =>
        Assert.Null(Between(Form("Melnichenko"), Form("Melnychenko", boats: "9", people: "2,300")));

    [Theory]
    [InlineData("Senator Rusk", "Sen. Rusk")]
    [InlineData("United Nations", "UN")]
    [InlineData("U.S. Ferries", "US Ferries")]
    public void A_short_form_of_the_name_is_none(string name, string other) =>
        Assert.Null(Between(Form(name), Form(other, boats: "9", people: "2,300")));

    [Fact]
    public void A_name_that_the_other_text_has_elsewhere_is_none() =>
        Assert.Null(Between(Form(), Form("Brightwater Lines", boats: "9", people: "2,300") + " Harbour Transit had run it until May."));

    [Fact]
    public void A_speaker_behind_the_place_is_no_subject() => Assert.Null(Between(
        "The fire at the Dorvin mill hurt 14 people, Dana Cole said. It broke out at 6:10 and Cole called 80 men. " + rest,
        "The fire at the Dorvin mill hurt 23 people, Rui Alvarado said. It broke out at 6:25 and Alvarado called 95 men. " + rest,
        "Fire at Dorvin mill", "Fire at Dorvin mill"));

    [Fact]
    public void Nor_is_one_with_whom_the_text_begins_if_both_headlines_name_the_place() => Assert.Null(Between(
        "Dana Cole said 14 people were hurt in the fire at the mill of Dorvin. It broke out at 6:10 and Cole called 80 men. " + rest,
        "Rui Alvarado said 23 people were hurt in the fire at the mill of Dorvin. It broke out at 6:25 and Alvarado called 95 men. " + rest,
        "Fourteen hurt in Dorvin", "Dozens hurt in Dorvin"));

    [Fact]
    public void Nor_is_the_place_before_a_paper_s_own_copy() => Assert.Null(Between(
        "ASHBY - Drivers in Ohio wait 9 hours a year, a study says. \"We cannot wait 4 months,\" said Dale Rooney of Ashby. " + rest,
        "TOLL CREEK - Drivers in Ohio wait 9 hours a year, a study says. \"I read 11 books,\" said Lise Morand of Toll Creek. " + rest,
        "Ohio drivers wait 9 hours", "Stuck at bridges"));

    [Fact]
    public void A_correction_by_the_source_may_change_the_name_and_a_figure()
    {
        Assert.Null(Between(Form(), Form("Brightwater Lines", boats: "9", people: "2,300"), isDeclared: true));
        Assert.NotNull(Between(Form(), Form("Brightwater Lines", "Lower Quay", "Tuesday", "9", "2,300"), isDeclared: true));
    }

    [Fact]
    public void A_version_that_its_source_marks_may_come_the_day_after() =>
        Assert.Null(Between(Form(), Form(day: "Tuesday", boats: "9", people: "2,300"), isDeclared: true));

    [Fact]
    public void Figures_in_another_style_are_the_same() =>
        Assert.Null(Between(Form(people: "1,200"), Form("Brightwater Lines", people: "1 200", boats: "4")));

    [Fact]
    public void Where_no_capitals_are_a_name_is_what_is_repeated() => Assert.NotNull(Between(
        "石湾市从今天起调整油价，汽油每升7.42元，柴油每升7.08元。石湾市的司机说，" + Chinese,
        "云桥市从今天起调整油价，汽油每升7.55元，柴油每升7.20元。云桥市的司机说，" + Chinese));

    [Fact]
    public void In_German_a_noun_that_stands_once_is_no_name() => Assert.Null(Between(
        "Das Amt hat am Montag die Brücke über den Fluss gesperrt, weil Wasser in 3 Kammern steht und 14 Anker rosten. Die Stadt sucht Ersatz für Busse und Bahnen.",
        "Der Landkreis hat am Montag die Brücke über den Fluss gesperrt, weil Schlamm in 4 Kammern steht und 16 Anker rosten. Die Stadt sucht Ersatz für Busse und Bahnen."));

    [Fact]
    public void A_new_first_paragraph_is_no_other_filling()
    {
        var prose = new Prose(8);
        Assert.Null(Between(
            "Harbour Transit " + prose.Text(40) + " 4 1,200 " + rest, "Brightwater Lines " + prose.Text(60) + " 9 2,300 " + rest));
    }

    [Fact]
    public void What_is_about_another_subject_never_takes_the_canonicals_place()
    {
        var stream = new ArticleStream();
        stream.Decide(Form(), "Post", "Post");
        var other = stream.Decide(Form("Brightwater Lines", boats: "9", people: "2,300"), "Post", "Post");
        Assert.Equal((2L, 2L), (other.Story, other.Canonical));
    }

    [Fact]
    public void Texts_made_to_be_slow_are_not()
    {
        var names = string.Join(' ', Enumerable.Range(0, 20_000).Select(n => $"the Aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa{n} of 1/{n} and"));
        var others = names.Replace("Aaaa", "Bbbb", StringComparison.Ordinal);
        var clock = System.Diagnostics.Stopwatch.StartNew();
        Between(names, others);
        Assert.InRange(clock.Elapsed.TotalSeconds, 0, 5);
    }

    const string Chinese = "他们每天要在河边排队两个小时，有人带来热茶分给后面的人。老人们说，这样的冬天三十年里只有过一次，那时连渡船也停在冰上。";

    string Form(
        string name = "Harbour Transit", string place = "Old Pier", string day = "Monday", string boats = "4", string people = "1,200") =>
        string.Format(System.Globalization.CultureInfo.InvariantCulture, Lead, name, place, day, boats, people) + " " + rest;

    static SubjectChange? Between(string earlier, string later, string? headline = null, string? laterHeadline = null, bool isDeclared = false)
    {
        var (first, second) = (Article(earlier, headline, null), Article(later, laterHeadline, isDeclared ? "UPDATE 1" : null));
        return Comparison.Of(second, first, new DeduplicationOptions()).Subject;
    }

    static StoryArticle Article(string body, string? headline, string? version) =>
        new(body, ArticleStream.Start) { Headline = headline, Agency = "AFP", Publisher = "AFP", Version = version };

    static long Story(string earlier, string later)
    {
        var stream = new ArticleStream();
        stream.Decide(earlier);
        return stream.Decide(later).Story;
    }
}
