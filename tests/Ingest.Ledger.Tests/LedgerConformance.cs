using System.Text;
using Ingest.Core.Articles;
using Ingest.Core.Deduplication;
using Ingest.Core.Normalisation.Reading;
using Ingest.Ledger.Articles;
using Ingest.Ledger.Decisions;

namespace Ingest.Ledger.Tests;

/// <summary>
/// What every store does, whatever it is made of; with one that has it open. The other half is <see cref="SharedLedgerConformance"/>.
/// </summary>
public abstract class LedgerConformance : LedgerCase
{
    const string Odd = "a\0b 'q\" \\ %_ \u2028 \ud83d\ude00 é";

    public static readonly TheoryData<string> Forms = ["text", "Windows-1252", "UTF-16", "U+0000",
        "empty", "binary", "record", "record with everything", "record with U+0000", "malformed record"];

    [Theory, MemberData(nameof(Forms))]
    public void An_accepted_article_comes_back_whole(string form)
    {
        var submission = Form(form);
        var accepted = Assert.Single(Accept(submission));
        Assert.False(accepted.Known);
        var found = Articles.Find(submission.ArticleId)!;
        Assert.Equal(accepted.Article, found.Number);
        Assert.Equal(submission.ArticleId, found.ArticleId);
        Assert.Equal(submission.Read.Metadata.Feed, found.Feed);
        Same(submission, found.Submission);
        Same(submission, Assert.Single(Assert.Single(Articles.StillUnfinished([accepted.Article], 1))).Submission);
        Same(submission, Assert.Single(Articles.Undecided()).Submission);
        Assert.Equal([submission.ArticleId], Articles.Submitted(submission.Id, 10));
    }

    [Theory, MemberData(nameof(Forms))]
    public void A_decided_article_comes_back_whole(string form)
    {
        var submission = Form(form);
        var decided = Assert.Single(Decide(new Plan(submission,
            Rejection: submission.Read.Rejection ?? (submission.Read.Text.Length == 0 ? Rejection.Empty() : null))));
        var entry = Assert.Single(Log.After(LogPosition.Start, 10, Texts.All));
        Same(decided.Decision, entry.Decision);
        Same(submission, entry.Text!.Submission);
        Assert.Equal(submission.Id, entry.Id);
        Assert.Equal(submission.Read.Metadata.Feed, entry.Feed);
        Assert.Equal(submission.Accepted.ToUnixTimeMilliseconds(), entry.Accepted.ToUnixTimeMilliseconds());
        Assert.Equal(submission.Raw.Content.Length, entry.Text.Bytes);
        Assert.Equal(decided.Result.ToArray(), entry.Text.Stored.ToArray());
        Assert.Equal(decided.Decision.Rejection, entry.Text.Result().Rejection?.Reason);
    }

    [Fact]
    public void The_same_article_again_is_known_and_keeps_its_number()
    {
        var (one, other) = (Article("1"), Article("2"));
        var first = Accept(one, other, one);
        Assert.Equal([false, false, true], first.Select(a => a.Known));
        Assert.Equal(first[0].Article, first[2].Article);
        var again = Submission.Of(one.Raw with { Sender = "queue" }, null, Now.AddHours(1));
        Assert.Equal([new Acceptance(first[1].Article, Known: true), new Acceptance(first[0].Article, Known: true)], Accept(other, again));
        // What was kept first stays.
        Same(one, Articles.Find(one.ArticleId)!.Submission);
        Assert.Equal(2, Articles.CountUnfinished());
    }

    [Fact]
    public void The_same_id_with_another_content_is_another_article()
    {
        var (one, other) = (Article("1"), Article("1", "The harbour of Kaldvik is closed."));
        Assert.All(Accept(one, other), a => Assert.False(a.Known));
        Assert.Equal([one.ArticleId, other.ArticleId], Articles.Submitted("1", 10));
        Assert.Equal([one.ArticleId], Articles.Submitted("1", 1));
        Assert.Empty(Articles.Submitted("2", 10));
    }

    [Fact]
    public void Numbers_are_never_given_twice()
    {
        var accepted = new List<ArticleNumber>();
        for (var i = 0; i < 20; i++)
        {
            var submission = Article($"{i}");
            accepted.Add(i % 2 == 0 ? Accept(submission)[0].Article : Decide(submission)[0].Decision.Article);
            // What is given up in between leaves no hole that another article could be mistaken for.
            using var lane = new LaneWriter(Ledger);
            lane.Begin();
            lane.Claim([new LaneClaim(Article($"given up {i}"), default, Discards: false)]);
            lane.Rollback();
        }

        Assert.Equal(20, accepted.Distinct().Count());
        Assert.Equal(accepted.Order(Comparer<ArticleNumber>.Create((a, b) => a.Value.CompareTo(b.Value))), accepted);
    }

    [Fact]
    public void An_article_that_is_not_there_is_not_found()
    {
        Accept(Article("1"));
        Assert.Null(Articles.Find(Article("2").ArticleId));
        Assert.Null(Log.Of(Article("1").ArticleId));
        Assert.Null(Log.Of(Article("2").ArticleId));
        Assert.Null(Log.At(new StoryNumber(1)));
        Assert.Null(Errors.Find(Article("1").ArticleId));
        Assert.Null(Stories.First(Article("1").ArticleId));
        Assert.Null(Stories.Current(new StoryNumber(1)));
        Assert.Throws<LedgerException>(() => Log.Name(new StoryNumber(1)));
    }

    [Fact]
    public void A_key_accepts_the_same_content_again_and_no_other()
    {
        using var writer = new AcceptWriter(Ledger, Now);
        var (one, other) = (Article("1"), Article("2"));
        var first = writer.Accept([new AcceptRequest([one], new IdempotencyKey("key", [1, 2]))], Now, anybody: true)[0]!;
        Assert.Equal([first[0] with { Known = true }],
            writer.Accept([new AcceptRequest([one], new IdempotencyKey("key", [1, 2]))], Now, anybody: true)[0]!);
        Assert.Null(writer.Accept([new AcceptRequest([other], new IdempotencyKey("key", [1, 3]))], Now, anybody: true)[0]);
        Assert.Null(Articles.Find(other.ArticleId));
        Assert.False(writer.Accept([new AcceptRequest([other], new IdempotencyKey("KEY", [1, 3]))], Now, anybody: true)[0]![0].Known);
    }

    [Fact]
    public void A_key_that_was_used_otherwise_disturbs_no_other_request()
    {
        using var writer = new AcceptWriter(Ledger, Now);
        var answers = writer.Accept(
            [
                new AcceptRequest([Article("1")], new IdempotencyKey("key", [1])),
                new AcceptRequest([Article("2"), Article("3")], new IdempotencyKey("key", [2])),
                new AcceptRequest([]),
                new AcceptRequest([Article("4"), Article("1")]),
                new AcceptRequest([Article("1")], new IdempotencyKey("key", [1])),
            ],
            Now, anybody: true);
        Assert.Equal(["False", "refused", "", "False True", "True"],
            answers.Select(a => a is null ? "refused" : string.Join(' ', a.Select(one => one.Known))));
        Assert.Equal(2, Articles.CountUnfinished());
    }

    [Fact]
    public void Keys_with_U_0000_are_told_apart()
    {
        using var writer = new AcceptWriter(Ledger, Now);
        Assert.NotNull(writer.Accept([new AcceptRequest([Article("1")], new IdempotencyKey("key\0one", [1]))], Now, anybody: true)[0]);
        Assert.NotNull(writer.Accept([new AcceptRequest([Article("2")], new IdempotencyKey("key\0two", [2]))], Now, anybody: true)[0]);
    }

    [Fact]
    public void A_key_is_forgotten_after_thirty_days()
    {
        var request = new AcceptRequest([Article("1")], new IdempotencyKey("key", [1]));
        var other = new AcceptRequest([Article("2")], new IdempotencyKey("key", [2]));
        using (var writer = new AcceptWriter(Ledger, Now))
            Assert.NotNull(writer.Accept([request], Now, anybody: true)[0]);
        using (var writer = new AcceptWriter(Ledger, Now + AcceptWriter.KeysKept))
            Assert.Null(writer.Accept([other], Now, anybody: true)[0]);
        using (var writer = new AcceptWriter(Ledger, Now + AcceptWriter.KeysKept + TimeSpan.FromMilliseconds(1)))
            Assert.NotNull(writer.Accept([other], Now, anybody: true)[0]);
    }

    [Fact]
    public void Trying_to_write_changes_nothing()
    {
        Accept(Article("1"));
        using var writer = new AcceptWriter(Ledger, Now);
        writer.Try();
        Assert.Equal(1, Articles.CountUnfinished());
        Assert.Equal(default, Log.End());
    }

    [Fact]
    public void Open_articles_are_listed_page_by_page_and_others_are_not()
    {
        var open = Accept(anybody: true, [.. Enumerable.Range(0, 5).Select(i => Article($"open {i}"))]).Select(a => a.Article).ToList();
        Accept(anybody: false, Article("mine"));
        // Known already: whose it is does not change.
        Accept(anybody: true, Article("mine"));
        Accept(anybody: false, Article("open 1"));
        List<ArticleNumber> listed = [];
        for (var after = default(ArticleNumber); Articles.Open(after, 2) is { Count: > 0 } page; after = page[^1])
        {
            Assert.InRange(page.Count, 1, 2);
            listed.AddRange(page);
        }

        Assert.Equal(open, listed);
        Assert.Equal(6, Articles.CountUnfinished());
    }

    [Fact]
    public void Articles_that_were_left_behind_are_listed_with_the_open_ones()
    {
        var open = Accept(anybody: true, Article("open"))[0].Article;
        var mine = Accept(anybody: false, [.. Enumerable.Range(0, 3).Select(i => Article($"mine {i}"))]).Select(a => a.Article).ToList();
        Assert.Equal([open], Articles.Unfinished(default, Now, 10));
        Assert.Equal([open, .. mine], Articles.Unfinished(default, Now.AddMilliseconds(1), 10));
        Assert.Equal([open], Articles.Unfinished(default, DateTimeOffset.MinValue, 10));
        Assert.Equal([open, .. mine], Articles.Unfinished(default, DateTimeOffset.MaxValue, 10));
        Assert.Equal([open, mine[0]], Articles.Unfinished(default, DateTimeOffset.MaxValue, 2));
        Assert.Equal(mine[1..], Articles.Unfinished(mine[0], DateTimeOffset.MaxValue, 10));
    }

    [Fact]
    public void Only_what_still_waits_is_fetched()
    {
        var (waiting, decided, failed) = (Article("waiting"), Article("decided"), Article("failed"));
        var numbers = Accept(waiting, decided, failed).Select(a => a.Article).ToList();
        Decide(decided);
        Fail(numbers[2]);
        Assert.Equal([waiting.ArticleId], Assert.Single(Articles.StillUnfinished([.. numbers, new ArticleNumber(1_000_000)], long.MaxValue)).Select(a => a.ArticleId));
        Assert.Empty(Articles.StillUnfinished([], long.MaxValue));
        Assert.Equal([waiting.ArticleId, failed.ArticleId], Articles.Undecided().Select(a => a.ArticleId));
        Assert.Equal(1, Articles.CountUnfinished());
    }

    [Fact]
    public void Undecided_articles_of_another_ledger_wait_in_this_one()
    {
        using var other = LedgerFile.Temporary();
        using (var writer = new AcceptWriter(other, Now))
            writer.Accept([new AcceptRequest([Article("1"), Form("Windows-1252"), Article("known here")])],
                Now.AddDays(-1), anybody: false);
        Decide(Article("known here"));
        using (var writer = new AcceptWriter(Ledger, Now))
            writer.Take(new AcceptedArticles(other).Undecided().Select(a => a.Submission));
        var taken = Articles.Undecided().ToList();
        Assert.Equal(2, taken.Count);
        Same(Article("1"), taken[0].Submission);
        Same(Form("Windows-1252"), taken[1].Submission);
        Assert.Equal(taken.Select(a => a.Number), Articles.Open(default, 10));
    }

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
            Assert.Equal(decided[i].Result.ToArray(), entries[i].Text!.Stored.ToArray());
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

    [Fact]
    public void Errors_are_recorded_and_listed_with_the_latest_first()
    {
        var numbers = Accept(Article("1"), Article("2"), Article("3"), Article("4")).Select(a => a.Article).ToList();
        Fail(numbers[0], FailedStage.Normalise, "FirstFault", "What was wrong.", Now.AddSeconds(1));
        Fail(numbers[1], FailedStage.Deduplicate, "SecondFault", "", Now.AddSeconds(2));
        Fail(numbers[2], at: Now.AddSeconds(1));
        Assert.Equal(3, Errors.Count());
        Assert.Equal(["2", "3", "1"], Errors.List(10).Select(e => e.Id));
        Assert.Equal(["2", "3"], Errors.List(2).Select(e => e.Id));
        Assert.Equal(
            new ArticleError(numbers[0], Article("1").ArticleId, "1", FailedStage.Normalise, "FirstFault",
                "What was wrong.", Now.AddSeconds(1), Attempts: 1, Waits: false), Errors.Find(Article("1").ArticleId));
        Assert.Equal(FailedStage.Deduplicate, Errors.Find(Article("2").ArticleId)!.Stage);
        Assert.Null(Errors.Find(Article("4").ArticleId));
        Assert.Equal([numbers[3]], Articles.Open(default, 10));
        Assert.Equal(default, Log.End());
    }

    [Fact]
    public void A_failed_article_is_tried_again_once_for_each_time_that_somebody_asks()
    {
        var numbers = Accept(anybody: false, Article("1"), Article("2")).Select(a => a.Article).ToList();
        Assert.False(Errors.Retry(numbers[0]));
        Fail(numbers[0]);
        Assert.True(Errors.Retry(numbers[0]));
        Assert.False(Errors.Retry(numbers[0]));
        Assert.False(Errors.Retry(numbers[1]));
        Assert.False(Errors.Retry(new ArticleNumber(1_000_000)));
        Assert.True(Errors.Find(Article("1").ArticleId)!.Waits);
        Assert.Equal([numbers[0]], Articles.Open(default, 10));

        Fail(numbers[0], FailedStage.Deduplicate, "LaterFault", "Later.", Now.AddMinutes(1));
        Assert.Equal(
            new ArticleError(numbers[0], Article("1").ArticleId, "1", FailedStage.Deduplicate, "LaterFault",
                "Later.", Now.AddMinutes(1), Attempts: 2, Waits: false), Errors.Find(Article("1").ArticleId));
        Assert.Empty(Articles.Open(default, 10));
        Assert.True(Errors.Retry(numbers[0]));
    }

    [Fact]
    public void All_failed_articles_are_tried_again()
    {
        Assert.Equal(0, Errors.RetryAll());
        var numbers = Accept(Article("1"), Article("2"), Article("3"), Article("4")).Select(a => a.Article).ToList();
        foreach (var number in numbers[..3])
            Fail(number);
        Errors.Retry(numbers[1]);
        Assert.Equal(2, Errors.RetryAll());
        Assert.Equal(0, Errors.RetryAll());
        Assert.Equal(3, Errors.Count());
        Assert.All(Errors.List(10), e => Assert.True(e.Waits));
        Assert.Equal(numbers, Articles.Open(default, 10));
    }

    [Fact]
    public void A_decision_ends_the_error()
    {
        var numbers = Accept(Article("1"), Article("2")).Select(a => a.Article).ToList();
        Fail(numbers[0]);
        Fail(numbers[1]);
        Errors.Retry(numbers[0]);
        Decide(Article("1"));
        Assert.Equal(["2"], Errors.List(10).Select(e => e.Id));
        Assert.Null(Errors.Find(Article("1").ArticleId));
        Assert.False(Errors.Retry(numbers[0]));
        Assert.NotNull(Log.Of(Article("1").ArticleId));
        Assert.Equal([Article("2").ArticleId], Articles.Undecided().Select(a => a.ArticleId));
    }

    [Fact]
    public void A_new_article_may_fail_in_the_group_in_which_another_is_decided()
    {
        using (var lane = new LaneWriter(Ledger))
        {
            var end = lane.Begin();
            var turns = lane.Claim([New(Article("1")), New(Article("2"))]);
            lane.Commit(new LaneGroup([Decided(turns[1].Article, Article("2"), end)],
                [new FailedArticle(turns[0].Article, FailedStage.Deduplicate, "SomeFault", "", Now)]));
        }

        Assert.Equal(["1"], Errors.List(10).Select(e => e.Id));
        Assert.Equal(0, Articles.CountUnfinished());
        Assert.Equal(new LogPosition(1), Log.Of(Article("2").ArticleId)!.Decision.Position);
        Assert.Null(Log.Of(Article("1").ArticleId));
    }

    [Fact]
    public void How_far_events_were_sent_never_goes_back()
    {
        using var publications = new Publications(Ledger);
        Assert.Equal(LogPosition.Start, publications.Sent(Destination.Exchanges));
        publications.MarkSent(Destination.Exchanges, new LogPosition(5), [], Now);
        publications.MarkSent(Destination.Exchanges, new LogPosition(3), [], Now);
        Assert.Equal(new LogPosition(5), publications.Sent(Destination.Exchanges));
        publications.MarkSent(Destination.Exchanges, new LogPosition(6), [], Now);
        using var other = new Publications(Ledger);
        Assert.Equal(new LogPosition(6), other.Sent(Destination.Exchanges));
    }

    [Fact]
    public void Each_destination_has_a_position_of_its_own()
    {
        using var publications = new Publications(Ledger);
        publications.MarkSent(Destination.Exchanges, new LogPosition(5), [], Now);
        publications.MarkSent(Destination.Queue("search"), new LogPosition(2), [new(new(1), EventType.Published, UnsentCause.TooLarge)], Now);
        Assert.Equal(new LogPosition(5), publications.Sent(Destination.Exchanges));
        Assert.Equal(new LogPosition(2), publications.Sent(Destination.Queue("search")));
        Assert.Equal(LogPosition.Start, publications.Sent(Destination.Queue("archive")));
        Assert.Empty(publications.Unsent(Destination.Exchanges, UnsentCause.TooLarge, EventType.Published, 10));
    }

    [Fact]
    public void Events_that_were_passed_over_are_kept_with_their_cause_until_they_are_sent()
    {
        using var publications = new Publications(Ledger);
        UnsentEvent Of(long position, EventType type, UnsentCause cause, string detail = "") => new(new LogPosition(position), type, cause, detail);
        List<LogPosition> Unsent(UnsentCause cause, EventType type, int most = 10) => [.. publications.Unsent(Destination.Exchanges, cause, type, most)];

        publications.MarkSent(Destination.Exchanges, new LogPosition(4),
            [Of(4, EventType.Duplicate, UnsentCause.Unroutable), Of(2, EventType.Duplicate, UnsentCause.Unroutable), Of(1, EventType.Published, UnsentCause.Refused)], Now);
        // Passed over again, as after a crash: once is enough, and the later cause counts.
        publications.MarkSent(Destination.Exchanges, new LogPosition(4),
            [Of(4, EventType.Duplicate, UnsentCause.Unroutable), Of(3, EventType.Damaged, UnsentCause.Damaged), Of(1, EventType.Published, UnsentCause.TooLarge, "The message has 9 bytes.")], Now.AddHours(1));
        Assert.Equal([new(2), new(4)], Unsent(UnsentCause.Unroutable, EventType.Duplicate));
        Assert.Equal([new(2)], Unsent(UnsentCause.Unroutable, EventType.Duplicate, 1));
        Assert.Equal([new(3)], Unsent(UnsentCause.Damaged, EventType.Damaged));
        Assert.Empty(Unsent(UnsentCause.Refused, EventType.Published));
        Assert.Equal(
            [
                new(Destination.Exchanges, UnsentCause.Damaged, EventType.Damaged, 1, new(3), ""),
                new(Destination.Exchanges, UnsentCause.TooLarge, EventType.Published, 1, new(1), "The message has 9 bytes."),
                new(Destination.Exchanges, UnsentCause.Unroutable, EventType.Duplicate, 2, new(2), ""),
            ],
            publications.CountUnsent());
        publications.Settle(Destination.Exchanges, [new(2), new(7)]);
        Assert.Equal([new(4)], Unsent(UnsentCause.Unroutable, EventType.Duplicate));
        Assert.Equal(2, publications.Retry());
        Assert.Equal([new(1)], Unsent(UnsentCause.Unroutable, EventType.Published));
        Assert.Equal(new LogPosition(4), publications.Sent(Destination.Exchanges));
    }

    [Fact]
    public void What_waits_is_read_in_portions_of_so_many_bytes()
    {
        ArticleNumber[] numbers = [.. Accept([.. Enumerable.Range(1, 5).Select(i => Article($"{i}"))]).Select(a => a.Article).OrderDescending()];
        var bytes = Articles.StillUnfinished([numbers[0]], 1).First()[0].Submission.Raw.Content.Length;
        ArticleNumber[] asked = [.. numbers, new ArticleNumber(1_000_000)];
        Assert.Equal(numbers.Order().Chunk(2), Articles.StillUnfinished(asked, bytes + 1).Select(p => p.Select(a => a.Number)));
        Assert.Equal(numbers.Order().Chunk(1), Articles.StillUnfinished(asked, bytes).Select(p => p.Select(a => a.Number)));
        Assert.Equal([numbers.Order()], Articles.StillUnfinished(asked, long.MaxValue).Select(p => p.Select(a => a.Number)));
    }

    [Fact]
    public void A_setting_stays_as_it_was_first()
    {
        Assert.Equal("3 words", LedgerSettings.Keep(Ledger, "fingerprints", "3 words"));
        Assert.Equal("3 words", LedgerSettings.Keep(Ledger, "fingerprints", "4 words"));
        Assert.Equal("4 words", LedgerSettings.Keep(Ledger, "other", "4 words"));
        Assert.Equal("", LedgerSettings.Keep(Ledger, "empty", ""));
        Assert.Equal("", LedgerSettings.Keep(Ledger, "empty", "full"));
    }

    protected static LaneClaim New(Submission submission) => new(submission, default, Discards: false);

    protected static LaneClaim Stored(ArticleNumber article) => new(null, article, Discards: false);

    protected static IEnumerable<long> Positions(IEnumerable<LogEntry> entries) => entries.Select(e => e.Decision.Position.Value);

    /// <summary>One article of each kind that may be sent.</summary>
    static Submission Form(string form)
    {
        var everything = new ArticleMetadata(
            "https://kaldvik.example/a?b=1&c=2", "wi\0re", "Größe <b>\"окно\"</b>\u2028",
            ["Anna Weir", ""], "dpa", "Kaldvik Post", "OSLO", "2026-03-01", "2026-03-01T10:00:00Z", "en");
        return form switch
        {
            "text" => Of("kaldvik/1", ArticleForm.Text,
                Utf8("The ferry of Kaldvik sailed again on Monday, and everybody was glad of it."), ArticleMetadata.None),
            "Windows-1252" => Of("kaldvik/2", ArticleForm.Text,
                [.. Utf8("Das Caf"), 0xe9, .. Utf8(" am Hafen von Kaldvik ist seit Montag wieder offen, und alle freuen sich.")],
                ArticleMetadata.None with { Feed = "wire" }),
            "UTF-16" => Of("kaldvik/3", ArticleForm.Text,
                [0xff, 0xfe, .. Encoding.Unicode.GetBytes("Паром снова ходит с понедельника, сообщили в порту.")], ArticleMetadata.None),
            "U+0000" => Of("kald\0vik/4", ArticleForm.Text,
                Utf8("The ferry \0 sailed again on Monday, and everybody in Kaldvik was glad of it.\0"), everything),
            "empty" => Of("", ArticleForm.Text, [], ArticleMetadata.None),
            "binary" => Of("kaldvik/6", ArticleForm.Text, [0x89, 0x50, 0x4e, 0x47, 0, 1, 2, 0xff], ArticleMetadata.None),
            "record" => Of("", ArticleForm.Record,
                Utf8("""{ "text": "The ferry of Kaldvik sailed again on Monday, and everybody was glad of it." } """),
                ArticleMetadata.None),
            "record with everything" => Of(
                "beside", ArticleForm.Record,
                Utf8("""{"id":"kaldvik/8","text":"The ferry of Kaldvik sailed again on Monday, and everybody was glad of it.","feed":"its own","url":null,"bylines":[{"name":"Ole Dahl"}],"more":[1,{}]}"""),
                everything),
            "record with U+0000" => Of(
                "", ArticleForm.Record,
                Utf8("""{"id":"a\u0000b","feed":"\u0000","text":"The ferry of Kaldvik \u0000 \ud83d sailed \ud83d\ude00 again on Monday, and everybody was glad of it."}"""), ArticleMetadata.None),
            "malformed record" => Of("kaldvik/10", ArticleForm.Record, [.. Utf8("""{"text":5,"odd":"""), 0xe9, 0], ArticleMetadata.None),
            _ => throw new ArgumentOutOfRangeException(nameof(form), form, "No such case."),
        };

        static Submission Of(string id, ArticleForm form, byte[] content, ArticleMetadata metadata) =>
            Submission.Of(new RawArticle(id, form, content, metadata, "queue"),
                "a delivery", Now.AddTicks(4567).ToOffset(TimeSpan.FromHours(2)));
    }
}
