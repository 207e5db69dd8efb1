using Ingest.Core.Articles;
using Ingest.Core.Deduplication;
using Ingest.Ledger.Articles;
using Ingest.Ledger.Decisions;

namespace Ingest.Ledger.Tests;

/// <summary>The lane, the log that it writes, and the index that is rebuilt from it.</summary>
public abstract partial class LedgerConformance
{
    [Fact]
    public void The_lane_begins_at_the_end_of_the_log()
    {
        using var lane = new LaneWriter(Ledger);
        Assert.Equal(default, lane.Begin());
        lane.Rollback();
        Decide(lane, Article("1"), new Plan(Article("2"), Rejection: Rejection.Empty()),
            Article("3"), new Plan(Article("4"), Rejection: Rejection.Empty()));
        var end = new LogEnd(new LogPosition(4), new StoryNumber(2));
        Assert.Equal(end, lane.Begin());
        lane.Rollback();
        Assert.Equal(end, Log.End());
    }

    [Fact]
    public void A_claim_tells_what_is_to_be_decided()
    {
        var (waiting, decided, failed, again) = (Article("waiting"), Article("decided"), Article("failed"), Article("tried again"));
        var numbers = Accept(waiting, decided, failed, again, Article("by number")).Select(a => a.Article).ToList();
        Decide(decided);
        Fail(numbers[2]);
        Fail(numbers[3]);
        Assert.True(Errors.Retry(numbers[3]));
        using var lane = new LaneWriter(Ledger);
        lane.Begin();
        var turns = lane.Claim(
        [
            New(Article("new")), New(Article("new")), New(waiting), New(waiting), New(decided),
            New(failed), New(again), Stored(numbers[4]), Stored(numbers[4]), Stored(numbers[1]),
            Stored(new ArticleNumber(1_000_000)),
        ]);
        lane.Rollback();
        Assert.Equal([false, true, false, true, true, true, false, false, true, true, true], turns.Select(t => t.Known));
        Assert.Equal([numbers[0], numbers[0], numbers[1], numbers[2], numbers[3], numbers[4], numbers[4], numbers[1]],
            turns[2..^1].Select(t => t.Article));
        Assert.Equal(turns[0].Article, turns[1].Article);
    }

    [Fact]
    public void Only_a_failed_article_can_be_discarded()
    {
        var numbers = Accept(Article("waiting"), Article("decided"), Article("failed"), Article("tried again"))
            .Select(a => a.Article).ToList();
        Decide(Article("decided"));
        Fail(numbers[2]);
        Fail(numbers[3]);
        Errors.Retry(numbers[3]);
        using var lane = new LaneWriter(Ledger);
        var end = lane.Begin();
        var turns = lane.Claim([.. numbers.Append(new ArticleNumber(1_000_000)).Select(n => new LaneClaim(null, n, Discards: true))]);
        Assert.Equal([true, true, false, false, true], turns.Select(t => t.Known));
        var first = Decided(numbers[2], new Plan(Article("failed"), Rejection: Rejection.Discarded("normalise", "SomeFault")), end);
        var second = Decided(numbers[3], new Plan(Article("tried again"), Rejection: Rejection.Discarded("normalise", "SomeFault")),
            end with { Position = end.Position.Next });
        lane.Commit(new LaneGroup([first, second], []));
        Assert.Equal(0, Errors.Count());
        // The one that waited has no outcome, and waits still.
        Assert.Equal([numbers[0]], Articles.Open(default, 10));
        Assert.Equal(RejectionReason.Discarded, Log.Of(Article("failed").ArticleId)!.Decision.Rejection);
    }

    [Fact]
    public void A_rollback_leaves_no_trace()
    {
        var waiting = Accept(Article("waiting"))[0].Article;
        using (var lane = new LaneWriter(Ledger))
        {
            lane.Begin();
            lane.Claim([New(Article("new")), Stored(waiting)]);
            lane.Rollback();
            lane.Rollback();
            lane.Begin();
            lane.Claim([New(Article("new")), Stored(waiting)]);
            // Closing it does the same.
        }

        Assert.Null(Articles.Find(Article("new").ArticleId));
        Assert.Equal([waiting], Articles.Open(default, 10));
        Assert.Equal(default, Log.End());
        Assert.Equal(2, Decide(Article("new"), Article("waiting")).Count);
    }

    [Fact]
    public void A_group_that_cannot_be_written_leaves_no_trace()
    {
        Decide(Article("1"));
        var failed = Accept(Article("failed"))[0].Article;
        using var lane = new LaneWriter(Ledger);
        var end = lane.Begin();
        var turns = lane.Claim([New(Article("2")), New(Article("3")), Stored(failed)]);
        var two = Decided(turns[0].Article, Article("2"), end);
        var sameplace = Decided(turns[1].Article, Article("3"), end);
        Assert.False(Assert.Throws<LedgerException>(() =>
            lane.Commit(new LaneGroup([two, sameplace], [new FailedArticle(failed, FailedStage.Normalise, "SomeFault", "", Now)]))).IsPassing);
        lane.Rollback();
        Assert.Equal(new LogEnd(new LogPosition(1), new StoryNumber(1)), Log.End());
        Assert.Null(Articles.Find(Article("2").ArticleId));
        Assert.Equal(0, Errors.Count());
        Assert.Equal([failed], Articles.Open(default, 10));
        Assert.Equal([2, 3, 4], Decide(lane, Article("2"), Article("3"), Article("failed")).Select(d => d.Decision.Position.Value));
    }

    [Fact]
    public void Positions_and_numbers_have_no_gaps()
    {
        var random = new Random(20260301);
        using var lane = new LaneWriter(Ledger);
        var article = 0;
        for (var group = 0; group < 10; group++)
        {
            if (random.Next(3) == 0)
            {
                lane.Begin();
                lane.Claim([New(Article("given up"))]);
                lane.Rollback();
            }

            Decide(lane, [.. Enumerable.Range(0, random.Next(1, 6))
                .Select(_ => new Plan(Article($"{article++}"), Rejection: random.Next(3) == 0 ? Rejection.Empty() : null))]);
        }

        var entries = Log.After(LogPosition.Start, 1000, Texts.All);
        Assert.Equal(Enumerable.Range(1, article).Select(p => (long)p), entries.Select(e => e.Decision.Position.Value));
        var numbers = entries.Where(e => e.Decision.Place is not null).Select(e => e.Decision.Place!.Number.Value).ToList();
        Assert.Equal(Enumerable.Range(1, numbers.Count).Select(n => (long)n), numbers);
    }

    [Fact]
    public void An_earlier_article_is_read_for_the_comparison()
    {
        Decide(Record("1", "Ferry sails again", "dpa", "Kaldvik Post"),
            new Plan(Article("2"), Rejection: Rejection.Empty()), Form("Windows-1252"), Form("record with U+0000"));
        using var lane = new LaneWriter(Ledger);
        foreach (var inLane in new[] { false, true })
        {
            if (inLane)
                lane.Begin();
            var story = lane.ReadStoryArticle(new StoryNumber(1));
            Assert.Equal(("Ferry sails again", "dpa", "Kaldvik Post", Now.AddDays(-1)),
                (story.Headline, story.Agency, story.Publisher, story.Arrival));
            Assert.StartsWith("Ferry sails again is what report 1 tells of", story.Body, StringComparison.Ordinal);
            Assert.Contains("Das Café", lane.ReadStoryArticle(new StoryNumber(2)).Body, StringComparison.Ordinal);
            Assert.Contains("Kaldvik", lane.ReadStoryArticle(new StoryNumber(3)).Body, StringComparison.Ordinal);
            var fault = Assert.Throws<LedgerException>(() => lane.ReadStoryArticle(new StoryNumber(4)));
            Assert.False(fault.IsPassing);
            Assert.Contains("has no article number 4", fault.Message, StringComparison.Ordinal);
        }

        lane.Rollback();
        // A fault in between does no harm to what comes.
        Decide(lane, Article("3"));
        Assert.Contains("repair number 3", lane.ReadStoryArticle(new StoryNumber(4)).Body, StringComparison.Ordinal);
    }

    [Fact]
    public void Entries_come_back_as_they_were_written()
    {
        IReadOnlyList<(string, string)> changes = [("Monday", "Tuesday"), ("", "glad \"of\" it \u2028\0 \ud83d\ude00")];
        var decided = Decide(
            Record("1", "Ferry sails again", "dpa", "Kaldvik Post"),
            new Plan(Article("2"), Rejection: new Rejection(RejectionReason.NoBody, "Nothing was left.")),
            new Plan(Article("3"), new PlannedJoin(Relation.Exact, 1, 1, 1)),
            new Plan(Article("4"), new PlannedJoin(Relation.Revision, 1, 3, 2, changes), Version: 2, Normaliser: "a later one"),
            new Plan(Article("5"), new PlannedJoin(Relation.Excerpt, 1, 3, 3), Version: 2),
            new Plan(Article("6"), new PlannedJoin(Relation.Expanded, 1, 5, 2), Version: 3),
            new Plan(Article("7"), new PlannedJoin(Relation.Near, 1, 5, 1), Version: 3));
        var entries = Log.After(LogPosition.Start, 100, Texts.All);
        Assert.Equal(decided.Count, entries.Count);
        for (var i = 0; i < decided.Count; i++)
        {
            Same(decided[i].Decision, entries[i].Decision);
            Assert.Equal(decided[i].Remembered?.Clock, entries[i].Clock?.ToUnixTimeSeconds());
            Assert.Equal(decided[i].Result.ToArray(), StoredResult.Whole(entries[i].Text!.Stored.Span).ToArray());
            // However it is stored: an earlier program did not pack it.
            Assert.True(entries[i].Text!.HasResultOf(new LoggedText(() => throw new InvalidOperationException(), 0, decided[i].Result.ToArray(), isArticle: true)));
            Assert.False(entries[i].Text!.HasResultOf(new LoggedText(() => throw new InvalidOperationException(), 0, [.. decided[i].Result.Span, 0], isArticle: true)));
            Assert.Equal(decided[i].Decision.Normaliser,
                decided[i].Decision.Place is null ? entries[i].Decision.Normaliser : entries[i].Text!.Result().Normaliser);
        }

        Assert.Equal("a later one", entries[3].Text!.Result().Normaliser);
        Assert.Equal(
            [
                EventType.Published, EventType.Rejected, EventType.Duplicate, EventType.Revised, EventType.Duplicate, EventType.Revised,
                EventType.Duplicate
            ],
            entries.Select(e => e.Decision.Event));
        var ids = entries.Select(e => e.ArticleId).ToList();
        Assert.Equal([ids[0], null, ids[0], ids[0], ids[0], ids[0], ids[0]], entries.Select(e => e.Story));
        Assert.Equal([ids[0], null, ids[0], ids[3], ids[3], ids[5], ids[5]], entries.Select(e => e.Canonical));
        Assert.Equal([null, null, ids[0], ids[2], ids[3], ids[2], ids[0]], entries.Select(e => e.Matched));
        Assert.Equal([null, null, null, ids[0], null, ids[3], null], entries.Select(e => e.Previous));
    }

    [Fact]
    public void Texts_with_U_0000_come_back_whole_everywhere()
    {
        var submission = Record(Odd, "Ferry");
        using (var lane = new LaneWriter(Ledger))
        {
            var end = lane.Begin();
            var turn = lane.Claim([New(submission)])[0];
            var decided = Decided(turn.Article, submission, end);
            lane.Commit(new LaneGroup(
                [decided with { Decision = decided.Decision with { Headline = "Ferry" + Odd, Agency = "A" + Odd, Publisher = "P" + Odd } }],
                []));
        }

        var entry = Log.Of(submission.ArticleId)!;
        Assert.Equal((Odd, "Ferry" + Odd, "A" + Odd, "P" + Odd),
            (entry.Id, entry.Decision.Headline, entry.Decision.Agency, entry.Decision.Publisher));
        Assert.Equal(Odd, Log.Name(new StoryNumber(1)).Id);
        Assert.Equal((Odd, "Ferry" + Odd),
            (Stories.First(submission.ArticleId)!.Id, Stories.First(submission.ArticleId)!.Decision.Headline));
        Assert.Equal(Odd, Assert.Single(Stories.Find(new StoryQuery("P" + Odd, "A" + Odd, null, "Ferry", null, 10)).Stories).Id);
        var failed = Article(Odd, "Another text of the harbour.");
        Fail(Accept(failed)[0].Article, fault: "Fault" + Odd, detail: "Detail" + Odd);
        var error = Errors.Find(failed.ArticleId)!;
        Assert.Equal((Odd, "Fault" + Odd, "Detail" + Odd), (error.Id, error.Fault, error.Detail));
        Assert.Equal([submission.ArticleId, failed.ArticleId], Articles.Submitted(Odd, 10));
        Assert.Equal("value" + Odd, LedgerSettings.Keep(Ledger, "name", "value" + Odd));
        Assert.Equal("value" + Odd, LedgerSettings.Keep(Ledger, "name", "other"));
    }

    [Fact]
    public void Events_come_without_the_texts_of_duplicates()
    {
        Decide(
            Article("1"), new Plan(Article("2"), Rejection: Rejection.Empty()),
            new Plan(Article("3"), new PlannedJoin(Relation.Near, 1, 1, 1)),
            new Plan(Article("4"), new PlannedJoin(Relation.Revision, 1, 3, 1), Version: 2));
        Assert.All(Log.After(LogPosition.Start, 10, Texts.All), e => Assert.NotNull(e.Text));
        var told = Log.After(LogPosition.Start, 10, Texts.ForEvents);
        Assert.Equal([true, true, false, true], told.Select(e => e.Text is not null));
        Assert.Equal([.. Log.After(LogPosition.Start, 10, Texts.All).Select(e => e with { Text = null, Decision = null! })],
            told.Select(e => e with { Text = null, Decision = null! }));
        Same(Article("1"), told[0].Text!.Submission);
        Assert.Equal(RejectionReason.Empty, told[1].Text!.Result().Rejection!.Reason);
        Assert.NotNull(told[3].Text!.Result().Article);
    }

    [Fact]
    public void The_log_is_read_page_by_page()
    {
        Decide([.. Enumerable.Range(1, 7).Select(i => new Plan(Article($"{i}")))]);
        Assert.Equal([1, 2, 3], Positions(Log.After(LogPosition.Start, 3, Texts.All)));
        Assert.Equal([4, 5, 6], Positions(Log.After(new LogPosition(3), 3, Texts.ForEvents)));
        Assert.Equal([7], Positions(Log.After(new LogPosition(6), 3, Texts.All)));
        Assert.Empty(Log.After(new LogPosition(7), 3, Texts.All));
        Assert.Empty(Log.After(new LogPosition(700), 3, Texts.All));
    }

    [Fact]
    public void Long_texts_are_read_in_several_parts_and_one_at_least_comes()
    {
        // Three of them are more than is read at once; the last is so alone.
        const int Megabyte = 1 << 20;
        int[] megabytes = [1, 2, 2, 1, 9];
        Decide([.. megabytes.Select((size, i) =>
            new Plan(Article($"{i}", new string(' ', size * Megabyte) + i), Rejection: Rejection.Empty()))]);
        List<long> read = [];
        var parts = 0;
        for (var after = LogPosition.Start;
            Log.After(after, 100, Texts.All) is { Count: > 0 } part;
            after = part[^1].Decision.Position, parts++)
        {
            Assert.True(part.SkipLast(1).Sum(e => e.Text!.Bytes) <= 4 * Megabyte + 1000, "More was read than one part may have.");
            read.AddRange(Positions(part));
        }

        Assert.Equal([1, 2, 3, 4, 5], read);
        Assert.InRange(parts, 2, 5);
    }

    [Fact]
    public void An_entry_is_found_by_id_and_by_number()
    {
        Decide(new Plan(Article("1"), Rejection: Rejection.Empty()), Article("2"), Article("3"));
        Assert.Equal(new LogPosition(1), Log.Of(Article("1").ArticleId)!.Decision.Position);
        Assert.Equal(new LogPosition(3), Log.Of(Article("3").ArticleId)!.Decision.Position);
        Assert.Equal(new LogPosition(2), Log.At(new StoryNumber(1))!.Decision.Position);
        Assert.Null(Log.At(new StoryNumber(3)));
        Assert.Equal(new ArticleName(new StoryNumber(2), Article("3").ArticleId, "3"), Log.Name(new StoryNumber(2)));
        Assert.Contains("has no article number 3", Assert.Throws<LedgerException>(() => Log.Name(new StoryNumber(3))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_index_is_rebuilt_from_what_was_in_the_window_at_the_end()
    {
        var decided = Decide(
            new Plan(Article("1")), new Plan(Article("2")), new Plan(Article("3"), Rejection: Rejection.Empty()),
            new Plan(Article("4"), new PlannedJoin(Relation.Near, 1, 1, 1), Oldest: 2),
            new Plan(Article("5"), Oldest: 3), new Plan(Article("6"), Oldest: 3));
        var all = decided.Select(d => d.Remembered).OfType<Remembered>().ToList();
        Assert.Equal([3, 4, 5], Remembered(null, 5));
        Assert.Equal([3, 4], Remembered(null, 4));
        Assert.Equal([2, 3], Remembered(null, 3));
        Assert.Equal([1, 2], Remembered(null, 2));
        Assert.Equal([4, 5], Remembered(3, 5));
        Assert.Equal([4], Remembered(3, 4));
        Assert.Equal([1, 2, 3, 4, 5], Remembered(0, 5));
        Assert.Empty(Remembered(5, 5));
        foreach (var (expected, read) in all.Zip(Log.Remembered(new StoryNumber(0), new StoryNumber(5))))
        {
            Assert.Equal(expected.Posted, read.Posted);
            Assert.Equal(expected with { Posted = read.Posted }, read);
        }

        IEnumerable<long> Remembered(long? after, long end) =>
            Log.Remembered(after is { } number ? new StoryNumber(number) : null, new StoryNumber(end)).Select(r => r.Number);
    }

    [Fact]
    public void A_new_ledger_remembers_nothing()
    {
        Assert.Empty(Log.Remembered(null, default));
        Assert.Empty(Log.Remembered(default(StoryNumber), default));
        Decide(new Plan(Article("1"), Rejection: Rejection.Empty()));
        Assert.Empty(Log.Remembered(null, default));
    }
}
