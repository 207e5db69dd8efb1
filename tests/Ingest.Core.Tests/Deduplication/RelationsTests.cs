using Ingest.Core.Deduplication;
using Ingest.Core.Deduplication.Alignment;

namespace Ingest.Core.Tests.Deduplication;

/// <summary>The names of the relations and the canonical policy, as <c>Relations</c> and <c>Decision</c> say them.</summary>
public class RelationsTests
{
    readonly Prose prose = new(40);
    readonly ArticleStream stream = new();
    readonly string text;

    public RelationsTests() => text = prose.Text(200);

    [Fact]
    public void The_same_words_in_the_same_order_are_exact()
    {
        stream.Decide(text);
        AssertMatch(stream.Decide(text.ToUpperInvariant().Replace(" ", ",  ", StringComparison.Ordinal)), Relation.Exact, 1);
    }

    [Fact]
    public void A_lightly_edited_copy_is_near()
    {
        stream.Decide(text);
        AssertMatch(stream.Decide(prose.Replace(text, 5)), Relation.Near, 1);
    }

    [Fact]
    public void A_copy_that_a_scanner_damaged_is_near()
    {
        stream.Decide(text);
        AssertMatch(stream.Decide(prose.Scan(text, 50)), Relation.Near, 1);
    }

    [Fact]
    public void A_copy_with_a_short_passage_put_in_is_near()
    {
        stream.Decide(text);
        AssertMatch(stream.Decide(Prose.Part(text, 0, 120) + " " + prose.Text(25) + " " + Prose.Part(text, 120, 200)), Relation.Near, 1);
    }

    [Fact]
    public void A_part_of_it_is_an_excerpt()
    {
        stream.Decide(text);
        AssertMatch(stream.Decide(Prose.Part(text, 0, 70)), Relation.Excerpt, 1);
    }

    [Fact]
    public void All_of_it_and_more_is_expanded()
    {
        stream.Decide(text);
        AssertMatch(stream.Decide(text + " " + prose.Text(100)), Relation.Expanded, 1);
    }

    [Fact]
    public void A_later_version_by_the_same_agency_is_a_revision_and_says_what_changed()
    {
        stream.Decide(Fact("187 people"), "AFP", "AFP");
        var decision = stream.Decide(Fact("214 people"), "AFP", "AFP", version: "UPDATE 1");
        AssertMatch(decision, Relation.Revision, 1);
        Assert.Equal([new Change("187", "214")],
            decision.Match!.Changes.Select(c => new Change(c.Before.Split(' ')[0], c.After.Split(' ')[0])));
    }

    [Fact]
    public void No_more_than_twenty_changes_are_listed()
    {
        stream.Decide(prose.Text(20) + string.Concat(Enumerable.Range(0, 40).Select(n => $" {prose.Text(20)} {n}")), "AFP", "AFP");
        var parts = new Prose(40);
        parts.Text(200);
        var changed = parts.Text(20) + string.Concat(Enumerable.Range(0, 40).Select(n => $" {parts.Text(20)} {n + 1000}"));
        var decision = stream.Decide(changed, "AFP", "AFP", version: "UPDATE 1");
        AssertMatch(decision, Relation.Revision, 1);
        Assert.Equal(Change.Most, decision.Match!.Changes.Count);
    }

    [Fact]
    public void Another_source_makes_no_revision_even_with_a_mark()
    {
        stream.Decide(Fact("187"), "AFP", "AFP");
        AssertMatch(stream.Decide(Fact("214"), "dpa", "dpa", version: "UPDATE 1"), Relation.Near, 1);
    }

    [Fact]
    public void Without_a_mark_the_agencys_own_later_copy_with_other_facts_is_a_revision()
    {
        stream.Decide(Fact("187"), "AFP", null);
        AssertMatch(stream.Decide(Fact("214"), "AFP", "AFP"), Relation.Revision, 1, canonical: 2);
    }

    [Fact]
    public void Without_a_mark_a_papers_edit_is_no_revision()
    {
        stream.Decide(Fact("187"), "AFP", "AFP");
        AssertMatch(stream.Decide(Fact("214"), "AFP", "Harbour Post"), Relation.Near, 1, canonical: 1);
    }

    [Fact]
    public void A_revision_may_share_less_if_its_agency_declares_it()
    {
        var half = Prose.Part(text, 0, 100) + " " + prose.Text(100);
        stream.Decide(text, "AFP", "AFP");
        AssertMatch(stream.Decide(half, "AFP", "AFP", version: "UPDATE 1"), Relation.Revision, 1);
        Assert.Null(stream.Decide(Prose.Part(text, 100, 100) + " " + prose.Text(100), "AFP", "AFP").Match);
    }

    [Fact]
    public void A_correction_takes_the_canonicals_place()
    {
        stream.Decide(Fact("187"), "AFP", "AFP");
        AssertMatch(stream.Decide(Fact("214"), "AFP", "AFP", correction: "corrects the number of passengers"),
            Relation.Revision, 1, canonical: 2, version: 2);
    }

    [Fact]
    public void A_later_version_takes_the_canonicals_place_each_time()
    {
        stream.Decide(Fact("187"), "AFP", "AFP");
        Assert.Equal((2L, 2), Canonical(stream.Decide(Fact("214"), "AFP", "AFP", version: "UPDATE 1")));
        Assert.Equal((3L, 3), Canonical(stream.Decide(Fact("230"), "AFP", "AFP", version: "UPDATE 2")));
        Assert.Equal((4L, 4), Canonical(stream.Decide(Fact("231"), "AFP", "AFP", version: "UPDATE 3")));
    }

    [Fact]
    public void A_version_that_is_less_than_half_as_long_does_not()
    {
        stream.Decide(text, "AFP", "AFP");
        Assert.Equal((1L, 1), Canonical(stream.Decide(Prose.Part(text, 0, 90), "AFP", "AFP", version: "UPDATE 1")));
    }

    [Fact]
    public void A_corrected_text_is_not_displaced_by_a_fuller_one_that_is_not()
    {
        stream.Decide(text, "AFP", "AFP", correction: "corrects the name");
        Assert.Equal((1L, 1), Canonical(stream.Decide(text + " " + prose.Text(60), "dpa", "dpa")));
    }

    [Fact]
    public void A_fuller_text_that_begins_alike_takes_the_canonicals_place()
    {
        stream.Decide(Prose.Part(text, 0, 100), "AFP", "Harbour Post");
        Assert.Equal((2L, 2), Canonical(stream.Decide(text, "AFP", "Skarsund Times")));
    }

    [Fact]
    public void A_text_that_is_hardly_fuller_does_not()
    {
        stream.Decide(text);
        Assert.Equal((1L, 1), Canonical(stream.Decide(text + " " + prose.Text(15))));
    }

    [Fact]
    public void A_fuller_text_that_leaves_a_third_out_does_not()
    {
        stream.Decide(text);
        Assert.Equal((1L, 1), Canonical(stream.Decide(Prose.Part(text, 0, 135) + " " + prose.Text(150))));
    }

    [Fact]
    public void A_digest_that_only_contains_it_does_not()
    {
        stream.Decide(text);
        AssertMatch(stream.Decide(prose.Text(120) + "\n" + text + "\n" + prose.Text(120)), Relation.Expanded, 1, canonical: 1, version: 1);
    }

    [Fact]
    public void The_agencys_own_copy_takes_the_place_of_a_reprint()
    {
        stream.Decide(prose.Replace(text, 4), "AFP", "Harbour Post");
        AssertMatch(stream.Decide(text, "AFP", "AFP"), Relation.Near, 1, canonical: 2, version: 2);
    }

    [Fact]
    public void Another_agencys_copy_does_not_take_the_place_of_a_reprint()
    {
        stream.Decide(prose.Replace(text, 4), "AFP", "Harbour Post");
        Assert.Equal((1L, 1), Canonical(stream.Decide(text, "dpa", "dpa")));
    }

    [Fact]
    public void A_reprint_does_not_take_the_place_of_the_agencys_own_copy()
    {
        stream.Decide(text, "AFP", "AFP");
        Assert.Equal((1L, 1), Canonical(stream.Decide(prose.Replace(text, 4), "AFP", "Harbour Post")));
    }

    [Fact]
    public void The_agencys_own_shorter_copy_does_not_take_the_place_of_its_first()
    {
        stream.Decide(text, "AFP", "AFP");
        Assert.Equal((1L, 1), Canonical(stream.Decide(Prose.Part(text, 0, 190), "AFP", "AFP")));
    }

    [Fact]
    public void Otherwise_the_earliest_stays()
    {
        stream.Decide(text, null, "Harbour Post");
        Assert.Equal((1L, 1), Canonical(stream.Decide(text, null, "Skarsund Times")));
        Assert.Equal((1L, 1), Canonical(stream.Decide(prose.Replace(text, 3), null, "Tarn News")));
        Assert.Equal((1L, 1), Canonical(stream.Decide(Prose.Part(text, 0, 80), null, "Brief")));
    }

    [Fact]
    public void The_name_of_a_source_is_the_same_in_any_case()
    {
        stream.Decide(Fact("187"), "AFP", null);
        AssertMatch(stream.Decide(Fact("214"), "afp", null, version: "UPDATE 1"), Relation.Revision, 1);
    }

    [Fact]
    public void Without_an_agency_the_publisher_is_the_source()
    {
        stream.Decide(Fact("187"), null, "Harbour Post");
        AssertMatch(stream.Decide(Fact("214"), null, "Harbour Post", version: "UPDATE 1"), Relation.Revision, 1);
    }

    [Fact]
    public void The_storys_name_never_changes_and_its_version_only_counts_up()
    {
        var (random, version) = (new Random(41), 1);
        stream.Decide(text, "AFP", "AFP");
        for (var n = 1; n <= 60; n++)
        {
            var body = random.Next(4) switch
            {
                0 => text,
                1 => prose.Replace(text, random.Next(1, 6)),
                2 => Prose.Part(text, 0, random.Next(60, 150)),
                _ => text + " " + prose.Text(random.Next(1, 90)),
            };
            var decision = stream.Decide(body, "AFP", random.Next(2) == 0 ? "AFP" : "Post " + n,
                random.Next(3) == 0 ? "UPDATE " + n : null, random.Next(6) == 0 ? "corrects " + n : null);
            Assert.Equal(1, decision.Story);
            Assert.Equal(decision.Canonical == decision.Number ? version + 1 : version, decision.Version);
            version = decision.Version;
        }

        Assert.True(version > 3);
    }

    string Fact(string fact) => Prose.Part(text, 0, 100) + " " + fact + " " + Prose.Part(text, 100, 100);

    static (long, int) Canonical(Decision decision)
    {
        Assert.NotNull(decision.Match);
        return (decision.Canonical, decision.Version);
    }

    static void AssertMatch(Decision decision, Relation relation, long article, long? canonical = null, int? version = null)
    {
        Assert.NotNull(decision.Match);
        Assert.Equal((relation, article, 1L), (decision.Match.Relation, decision.Match.Article, decision.Story));
        Assert.Equal(canonical ?? decision.Canonical, decision.Canonical);
        Assert.Equal(version ?? decision.Version, decision.Version);
    }
}
