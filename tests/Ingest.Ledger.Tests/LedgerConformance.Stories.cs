using Ingest.Core.Articles;
using Ingest.Core.Deduplication;
using Ingest.Ledger.Decisions;

namespace Ingest.Ledger.Tests;

/// <summary>Stories, as they are told and found.</summary>
public abstract partial class LedgerConformance
{
    [Fact]
    public void A_story_has_its_articles_in_the_order_of_their_decisions()
    {
        var decided = Decide(
            Article("1"), Article("2"), new Plan(Article("3"), new PlannedJoin(Relation.Near, 1, 1, 1)),
            new Plan(Article("4"), new PlannedJoin(Relation.Revision, 2, 4, 2), Version: 2),
            new Plan(Article("5"), Rejection: Rejection.Empty()),
            new Plan(Article("6"), new PlannedJoin(Relation.Revision, 1, 5, 3), Version: 2));
        var first = Stories.First(Article("1").ArticleId)!;
        Assert.Equal(("1", null), (first.Id, first.Matched));
        var joined = Stories.Joined(new StoryNumber(1), new StoryNumber(1), new StoryNumber(5), 10);
        Assert.Equal(["3", "6"], joined.Select(m => m.Id));
        Assert.All([first, .. joined], m => Assert.Equal(Article("1").ArticleId, m.Story));
        Assert.Equal([Article("1").ArticleId, Article("3").ArticleId], joined.Select(m => m.Matched!.Value));
        Assert.Equal(Article("3").ArticleId, joined[0].ArticleId);
        Same(decided[5].Decision, joined[1].Decision);
        // In pages: behind a number, up to one, and so many.
        Assert.Equal(["6"], Stories.Joined(new StoryNumber(1), new StoryNumber(3), new StoryNumber(5), 10).Select(m => m.Id));
        Assert.Equal(["3"], Stories.Joined(new StoryNumber(1), new StoryNumber(1), new StoryNumber(4), 10).Select(m => m.Id));
        Assert.Equal(["3"], Stories.Joined(new StoryNumber(1), new StoryNumber(1), new StoryNumber(5), 1).Select(m => m.Id));
        Assert.Equal(["4"], Stories.Joined(new StoryNumber(2), new StoryNumber(2), new StoryNumber(5), 10).Select(m => m.Id));
        // An article of a story, a rejected one and one that is not there are no stories.
        Assert.Null(Stories.First(Article("3").ArticleId));
        Assert.Null(Stories.First(Article("5").ArticleId));
        Assert.Null(Stories.First(Guid.Empty));
        Assert.Equal((5, 2), (Stories.Current(new StoryNumber(1))!.Canonical.Value, Stories.Current(new StoryNumber(1))!.Version));
        Assert.Equal((4, 2), (Stories.Current(new StoryNumber(2))!.Canonical.Value, Stories.Current(new StoryNumber(2))!.Version));
        Assert.Null(Stories.Current(new StoryNumber(6)));
    }

    [Fact]
    public void Stories_are_found_by_every_filter()
    {
        Decide(
            new Plan(Record("1", "Ferry sails again", "dpa", "Kaldvik Post"), At: Now),
            new Plan(Record("2", "Bridge of Skarsund closed for 100% of lorries_today", "AFP", "Skarsund Times"), At: Now.AddHours(1)),
            new Plan(Article("3"), Rejection: Rejection.Empty(), At: Now.AddHours(2)),
            new Plan(Record("4", "Ferry still sails", "AFP", "Kaldvik Post"),
                new PlannedJoin(Relation.Revision, 1, 3, 1), Version: 2, At: Now.AddHours(3)),
            new Plan(Record("5", @"Harbour \ pilots"), At: Now.AddHours(4)));
        Assert.Equal(["5", "4", "2"], Found());
        Assert.Equal(["4"], Found(publisher: "Kaldvik Post"));
        Assert.Equal(["4"], Found(publisher: "KALDVIK post"));
        Assert.Empty(Found(publisher: "Kaldvik"));
        // The latest that matches stands for its story.
        Assert.Equal(["1"], Found(agency: "DPA"));
        Assert.Equal(["4", "2"], Found(agency: "AFP"));
        Assert.Equal(["2"], Found(agency: "afp", publisher: "skarsund times"));
        Assert.Equal(["5", "4"], Found(since: Now.AddHours(3)));
        Assert.Equal(["5"], Found(since: Now.AddHours(3).AddMilliseconds(1)));
        Assert.Equal(["4"], Found(text: "ferry"));
        Assert.Equal(["1"], Found(text: "AGAIN"));
        // The signs of a pattern are themselves.
        Assert.Equal(["2"], Found(text: "100% of"));
        Assert.Equal(["2"], Found(text: "s_t"));
        Assert.Empty(Found(text: "Ferry%sails"));
        Assert.Empty(Found(text: "F_rry"));
        Assert.Equal(["5"], Found(text: @"\"));
        Assert.Equal(["1"], Found(publisher: "Kaldvik Post", agency: "dpa", since: Now, text: "sails", before: 2));
        Assert.Empty(Found(publisher: "Kaldvik Post", agency: "dpa", since: Now, text: "sails", before: 1));
        // The first story has a match on the page before.
        Assert.Equal(["2"], Found(before: 4));
        Assert.Equal(Record("1", "Ferry sails again", "dpa", "Kaldvik Post").ArticleId, Stories.Find(new StoryQuery(null, "AFP", null, null, null, 1)).Stories[0].Story);

        IEnumerable<string> Found(string? publisher = null, string? agency = null,
            DateTimeOffset? since = null, string? text = null, long? before = null)
        {
            var (stories, next) = Stories.Find(
                new StoryQuery(publisher, agency, since, text, before is { } position ? new LogPosition(position) : null, 10));
            Assert.Null(next);
            return stories.Select(s => s.Id);
        }
    }

    [Fact]
    public void Stories_are_found_in_upper_and_lower_case_in_every_script()
    {
        Decide(Record("1", "Größere Fähre für Kaldvik", "Агентство", "Süd-Öst Zeitung"),
            Record("2", "Паром снова ходит", "ΑΘΗΝΑ", "Мельница"));
        Assert.Equal("1", Found(new StoryQuery(null, null, null, "GRÖßERE", null, 10)));
        Assert.Equal("1", Found(new StoryQuery("SÜD-ÖST zeitung", null, null, "FÄHRE FÜR", null, 10)));
        Assert.Equal("1", Found(new StoryQuery(null, "АГЕНТСТВО", null, null, null, 10)));
        Assert.Equal("2", Found(new StoryQuery("мельница", "αθηνα", null, "ПАРОМ СНОВА", null, 10)));

        string Found(StoryQuery query) => Assert.Single(Stories.Find(query).Stories).Id;
    }

    [Fact]
    public void Stories_are_found_page_by_page()
    {
        Decide([.. Enumerable.Range(1, 7).Select(i => new Plan(Record($"{i}", i % 2 == 0 ? "Bridge closed" : "Ferry sails")))]);
        List<string> found = [];
        LogPosition? before = null;
        do
        {
            var (stories, next) = Stories.Find(new StoryQuery(null, null, null, "ferry", before, 3));
            found.AddRange(stories.Select(s => s.Id));
            before = next;
        }
        while (before is not null);
        Assert.Equal(["7", "5", "3", "1"], found);
    }
}
