using Ingest.Ledger.Articles;

namespace Ingest.Ledger.Tests;

/// <summary>What failed, and what could not be sent.</summary>
public abstract partial class LedgerConformance
{
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
}
