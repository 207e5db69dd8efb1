using Ingest.Core.Articles;
using Ingest.Ledger.Articles;

namespace Ingest.Ledger.Tests;

/// <summary>What a store does that several processes have open at once.</summary>
public abstract class SharedLedgerConformance : LedgerConformance
{
    /// <summary>The same ledger, as another process opens it.</summary>
    protected abstract LedgerStore OpenAgain();

    [Fact]
    public void A_commit_is_visible_to_others_and_nothing_is_before()
    {
        var waiting = Accept(Article("waiting"))[0].Article;
        using var other = OpenAgain();
        var (articles, log) = (new AcceptedArticles(other), new DecisionLog(other));
        Assert.Equal([waiting], articles.Open(default, 10));
        using var lane = new LaneWriter(Ledger);
        var end = lane.Begin();
        var turns = lane.Claim([New(Article("new")), Stored(waiting), New(Article("failed"))]);
        Assert.Null(articles.Find(Article("new").ArticleId));
        Assert.Equal([waiting], articles.Open(default, 10));
        var first = Decided(turns[0].Article, Article("new"), end);
        var second = Decided(turns[1].Article, Article("waiting"), new LogEnd(first.Decision.Position, first.Decision.Place!.Number));
        lane.Commit(new LaneGroup([first, second], [new FailedArticle(turns[2].Article, FailedStage.Normalise, "SomeFault", "", Now)]));
        Assert.Equal([1, 2], Positions(log.After(LogPosition.Start, 10, Texts.All)));
        Assert.Equal(["new", "waiting"], log.After(LogPosition.Start, 10, Texts.All).Select(e => e.Id));
        Assert.Equal([1, 2], log.Remembered(null, new StoryNumber(2)).Select(r => r.Number));
        Assert.Equal(1, new Errors(other).Count());
        Assert.Empty(articles.Open(default, 10));
    }

    [Fact]
    public void One_at_a_time_has_the_lane()
    {
        using var other = OpenAgain();
        using var lane = new LaneWriter(Ledger);
        using var second = new LaneWriter(other);
        Decide(lane, Article("1"));
        lane.Begin();
        // Reading never waits.
        Assert.Equal(new LogPosition(1), new DecisionLog(other).End().Position);
        Assert.True(Assert.Throws<LedgerException>(() => second.Begin()).IsPassing);
        lane.Rollback();
        Assert.Equal(new LogPosition(1), second.Begin().Position);
        second.Rollback();
        Assert.Equal([2], Decide(second, Article("2")).Select(d => d.Decision.Position.Value));
        Assert.Equal([3], Decide(lane, Article("3")).Select(d => d.Decision.Position.Value));
    }

    [Fact]
    public async Task Who_waits_for_the_lane_has_it_when_it_is_given_back()
    {
        using var other = OpenAgain();
        using var lane = new LaneWriter(Ledger);
        lane.Begin();
        var waits = Task.Run(() =>
        {
            using var second = new LaneWriter(other);
            return Decide(second, Article("2"))[0].Decision.Position;
        });
        await Task.Delay(200);
        Assert.False(waits.IsCompleted);
        var end = new LogEnd(LogPosition.Start, default);
        var turn = lane.Claim([New(Article("1"))])[0];
        lane.Commit(new LaneGroup([Decided(turn.Article, Article("1"), end)], []));
        Assert.Equal(new LogPosition(2), await waits.WaitAsync(TimeSpan.FromSeconds(30)));
        Assert.Equal(["1", "2"], Log.After(LogPosition.Start, 10, Texts.All).Select(e => e.Id));
    }

    [Fact]
    public void Lanes_of_two_processes_make_one_log()
    {
        using var other = OpenAgain();
        Parallel.For(0, 4, worker =>
        {
            using var lane = new LaneWriter(worker % 2 == 0 ? Ledger : other);
            for (var i = 0; i < 10; i++)
                Decide(lane, Article($"{worker}-{i}"), new Plan(Article($"{worker}-{i} rejected"), Rejection: Rejection.Empty()));
        });
        var entries = Log.After(LogPosition.Start, 1000, Texts.ForEvents);
        Assert.Equal(Enumerable.Range(1, 80).Select(p => (long)p), Positions(entries));
        Assert.Equal(Enumerable.Range(1, 40).Select(n => (long)n),
            entries.Where(e => e.Decision.Place is not null).Select(e => e.Decision.Place!.Number.Value));
        Assert.Equal(80, entries.Select(e => e.ArticleId).Distinct().Count());
    }

    /// <summary>Whoever looks for new articles need not see them in the order of their numbers: only that each is there, once.</summary>
    [Fact]
    public void Two_processes_accept_at_once()
    {
        using var other = OpenAgain();
        var accepted = new Acceptance[4][];
        Parallel.For(0, 4, worker =>
        {
            using var writer = new AcceptWriter(worker % 2 == 0 ? Ledger : other, Now);
            List<Acceptance> mine = [];
            for (var i = 0; i < 25; i++)
                // Every other one is sent to all of them.
                mine.AddRange(writer.Accept([new AcceptRequest([Article(i % 2 == 0 ? $"{i}" : $"{worker}-{i}")])], Now, anybody: true)[0]!);
            accepted[worker] = [.. mine];
        });
        var all = accepted.SelectMany(a => a).ToList();
        Assert.Equal(13 + 4 * 12, all.Count(a => !a.Known));
        Assert.Equal(13 + 4 * 12, all.Select(a => a.Article).Distinct().Count());
        for (var i = 0; i < 25; i += 2)
            Assert.Single(accepted.Select(a => a[i].Article).Distinct());
        Assert.Equal(all.Select(a => a.Article).ToHashSet(), Articles.Open(default, 1000).ToHashSet());
        Assert.Equal(13 + 4 * 12, Articles.Undecided().Select(a => a.ArticleId).Distinct().Count());
    }

    [Fact]
    public void A_key_holds_in_every_process()
    {
        using var other = OpenAgain();
        using (var writer = new AcceptWriter(Ledger, Now))
            Assert.NotNull(writer.Accept([new AcceptRequest([Article("1")], new IdempotencyKey("key", [1]))], Now, anybody: true)[0]);
        using var second = new AcceptWriter(other, Now);
        Assert.Null(second.Accept([new AcceptRequest([Article("2")], new IdempotencyKey("key", [2]))], Now, anybody: true)[0]);
    }

    [Fact]
    public void Of_two_that_set_a_value_at_once_both_have_the_same()
    {
        using var other = OpenAgain();
        var kept = new string[8];
        Parallel.For(0, kept.Length, i => kept[i] = LedgerSettings.Keep(i % 2 == 0 ? Ledger : other, "name", $"{i}"));
        Assert.Single(kept.Distinct());
    }

    [Fact]
    public void A_setting_is_read_while_another_has_the_lane()
    {
        LedgerSettings.Keep(Ledger, "name", "value");
        using var other = OpenAgain();
        using var lane = new LaneWriter(other);
        lane.Begin();
        Assert.Equal("value", LedgerSettings.Keep(Ledger, "name", "other"));
    }

    [Fact]
    public void Everything_is_there_when_it_is_opened_again()
    {
        var numbers = Accept(Article("waiting"), Article("failed")).Select(a => a.Article).ToList();
        Decide(Article("1"), new Plan(Article("2"), Rejection: Rejection.Empty()));
        Fail(numbers[1]);
        using (var publications = new Publications(Ledger))
            publications.MarkSent(Destination.Exchanges, new LogPosition(2), [new(new(2), EventType.Rejected, UnsentCause.Unroutable)], Now);
        Ledger.Dispose();
        using var again = OpenAgain();
        Assert.Equal([1, 2], Positions(new DecisionLog(again).After(LogPosition.Start, 10, Texts.All)));
        Assert.Equal([numbers[0]], new AcceptedArticles(again).Open(default, 10));
        Assert.Equal(["failed"], new Errors(again).List(10).Select(e => e.Id));
        using var read = new Publications(again);
        Assert.Equal((new LogPosition(2), 1), (read.Sent(Destination.Exchanges), read.CountUnsent().Count));
    }
}
