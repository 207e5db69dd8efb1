using Ingest.Core.Deduplication;
using Ingest.Ledger;
using Ingest.Service.Cli;
using Ingest.Service.Deduplicate;

namespace Ingest.Service.Tests.Deduplicate;

/// <summary>The one protocol by which decisions are made.</summary>
public sealed class LaneTests : IDisposable
{
    /// <summary>Small, so that articles leave the window while a test runs.</summary>
    static readonly DeduplicationOptions Options = new() { MaximumCount = 60, CommonStories = 3 };

    readonly TemporaryLedger ledger = new();

    public void Dispose() => ledger.Dispose();

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void A_restart_between_any_two_groups_changes_nothing(int seed)
    {
        var expected = Uninterrupted(seed, 200);
        var random = new Random(seed);
        var items = Feed.Items(seed, 200);
        for (var at = 0; at < items.Count;)
        {
            using var lane = Opened(ledger);
            for (var groups = random.Next(1, 4); groups > 0 && at < items.Count; groups--)
            {
                var length = Math.Min(random.Next(1, 30), items.Count - at);
                lane.Commit(items.GetRange(at, length));
                at += length;
            }
        }

        Assert.Equal(expected, ledger.Log());
    }

    [Theory]
    [InlineData(4)]
    [InlineData(5)]
    public void Two_lanes_that_take_turns_decide_as_one(int seed)
    {
        var expected = Uninterrupted(seed, 200);
        var random = new Random(seed);
        var items = Feed.Items(seed, 200);
        using var one = Opened(ledger);
        using var other = Opened(ledger);
        for (var at = 0; at < items.Count;)
        {
            var length = Math.Min(random.Next(1, 12), items.Count - at);
            (random.Next(2) == 0 ? one : other).Commit(items.GetRange(at, length));
            at += length;
        }

        Assert.Equal(expected, ledger.Log());
    }

    [Fact]
    public void Two_lanes_at_once_join_the_copies_of_one_text_into_one_story()
    {
        var text = $"Harbour report\n\n{string.Join("\n\n", Feed.Paragraphs(99))}\n";
        Parallel.For(0, 4, worker =>
        {
            using var lane = Opened(ledger);
            for (var i = 0; i < 25; i++)
                lane.Commit([Feed.Item($"{worker}-{i}", text)]);
        });
        Assert.Equal(100, ledger.Value<long>("SELECT count(*) FROM decisions"));
        Assert.Equal(1, ledger.Value<long>("SELECT count(DISTINCT story) FROM decisions"));
        Assert.Equal(1, ledger.Value<long>("SELECT count(*) FROM decisions WHERE number = canonical"));
    }

    [Fact]
    public void Neither_an_archive_nor_a_wall_clock_that_jumps_parts_a_live_story_and_a_restart_changes_nothing()
    {
        var (time, paragraphs) = (new FakeTime(), Feed.Paragraphs(77));
        var number = 0;
        for (var process = 0; process < 2; process++)
        {
            using var lane = new Lane(ledger.File, Options, time);
            lane.Rebuild();
            foreach (var days in (int[])[0, 730, 0, -3650, 0, 18_000, 0])
            {
                time.Offset = TimeSpan.FromDays(days);
                lane.Commit([Copy(), Copy(archivedDays: 60), Copy(), Copy(archivedDays: 31), Copy(archivedDays: -900)]);
                time.Advance(TimeSpan.FromSeconds(5));
            }
        }

        Assert.Equal(70, ledger.Value<long>("SELECT count(*) FROM decisions"));
        Assert.Equal(1, ledger.Value<long>("SELECT count(DISTINCT story) FROM decisions"));
        Assert.InRange(ledger.Value<long>("SELECT max(clock) - min(clock) FROM fingerprints"), 30, 100);
        Assert.Equal(0, ledger.Value<long>("SELECT count(*) FROM fingerprints f JOIN fingerprints g ON g.number = f.number + 1 WHERE g.clock < f.clock OR g.arrival < f.arrival"));
        Assert.Equal(0, ledger.Value<long>("SELECT count(*) FROM decisions d JOIN fingerprints f ON f.number = d.number WHERE d.arrival > f.clock * 1000"));

        LaneItem Copy(int? archivedDays = null) =>
            Feed.Item($"{++number}", $"Harbour report\n\n{string.Join("\n\n", paragraphs)}\n\n{Feed.Paragraphs(1000 + number)[0]}\n") with
            {
                Stated = archivedDays is { } days ? time.GetUtcNow().AddDays(-days) : null,
            };
    }

    [Theory]
    [InlineData(31)]
    [InlineData(32)]
    public void A_replay_decides_as_the_log_did_whatever_clocks_and_archives_said(int seed)
    {
        var options = new DeduplicationOptions { Window = TimeSpan.FromDays(0.25) };
        var (time, random, items) = (new FakeTime(), new Random(seed), new Queue<LaneItem>(Feed.Items(seed, 200)));
        while (items.Count > 0)
        {
            using var lane = new Lane(ledger.File, options, time);
            lane.Rebuild();
            for (var groups = random.Next(1, 12); groups > 0 && items.Count > 0; groups--)
            {
                time.Offset = random.Next(4) == 0 ? TimeSpan.FromDays(random.Next(-3_000, 3_000)) : time.Offset;
                time.Advance(TimeSpan.FromHours(random.NextDouble() / 2));
                lane.Commit([.. Enumerable.Range(0, Math.Min(random.Next(1, 8), items.Count)).Select(_ => items.Dequeue() with
                {
                    Stated = random.Next(3) == 0 ? time.GetUtcNow().AddDays(random.NextDouble() * -2) : null,
                })]);
            }
        }

        Assert.InRange(ledger.Value<long>("SELECT max(oldest) FROM fingerprints"), 50, 190);
        Assert.Equal(0, ReplayCommand.Create().Parse(["--ledger", ledger.File.FilePath, "--to", ledger.File.FilePath + ".again", "--window", "0.25"]).Invoke());
        foreach (var both in (string[])["decisions:position, article, number, story, canonical, version, relation, matched, rejection", "fingerprints:*"])
        {
            var (table, columns) = (both.Split(':')[0], both.Split(':')[1]);
            Assert.Equal(0, ledger.Value<long>($"""
                ATTACH '{ledger.File.FilePath}.again' AS again;
                SELECT (SELECT count(*) FROM (SELECT {columns} FROM {table} EXCEPT SELECT {columns} FROM again.{table}))
                  + (SELECT count(*) FROM (SELECT {columns} FROM again.{table} EXCEPT SELECT {columns} FROM {table}))
                """));
        }
    }

    [Fact]
    public void An_article_arrived_when_its_submitter_says_but_no_later_than_it_is_decided()
    {
        var time = new FakeTime();
        var now = time.GetUtcNow();
        using var lane = new Lane(ledger.File, Options, time);
        lane.Rebuild();
        DateTimeOffset?[] stated = [null, now.AddDays(-60), now.AddDays(60), DateTimeOffset.MinValue, now.AddMilliseconds(-1)];
        lane.Commit([.. stated.Select((s, i) => Feed.Item($"{i}", string.Join("\n\n", Feed.Paragraphs(i))) with { Stated = s })]);
        DateTimeOffset[] arrived = [now, now.AddDays(-60), now, DateTimeOffset.MinValue, now.AddMilliseconds(-1)];
        Assert.Equal(arrived, new DecisionLog(ledger.File).After(LogPosition.Start, 10, Texts.All).Select(e => e.Decision.Arrival));
    }

    [Fact]
    public void An_article_that_comes_again_has_its_outcome()
    {
        using var lane = Opened(ledger);
        var items = Feed.Items(6, 20);
        var first = lane.Commit(items);
        var again = lane.Commit([.. items, Feed.Item(6, 20), Feed.Item(6, 20)]);
        Assert.All(first, outcome => Assert.False(outcome.Known));
        Assert.All(again.Take(20), outcome => Assert.True(outcome.Known));
        Assert.Equal([false, true], again.Skip(20).Select(o => o.Known));
        Assert.Equal(first.Select(o => o.Article), again.Take(20).Select(o => o.Article));
        Assert.Equal(21, ledger.Value<long>("SELECT count(*) FROM decisions"));
    }

    [Fact]
    public void A_locked_ledger_decides_nothing_and_the_same_group_is_decided_once_when_it_is_free()
    {
        var expected = Uninterrupted(7, 40);
        using var lane = Opened(ledger);
        var items = Feed.Items(7, 40);
        lane.Commit(items.GetRange(0, 20));
        var rest = items.GetRange(20, 20);
        using (var file = LedgerFile.Open(ledger.File.FilePath))
        using (var other = new LaneWriter(file))
        {
            other.Begin();
            Assert.True(Assert.Throws<LedgerException>(() => lane.Commit(rest)).IsPassing);
        }

        lane.Commit(rest);
        Assert.Equal(expected, ledger.Log());
    }

    [Fact]
    public void An_article_that_cannot_be_written_fails_alone()
    {
        using var lane = Opened(ledger);
        var items = Feed.Items(8, 30);
        ledger.Execute("CREATE TRIGGER refuse BEFORE INSERT ON decisions WHEN (SELECT submitted FROM articles WHERE article = NEW.article) = '8/11' BEGIN SELECT RAISE(ABORT, 'refused by the test'); END");
        lane.Commit(items);
        Assert.Equal(29, ledger.Value<long>("SELECT count(*) FROM decisions"));
        Assert.Equal("8/11 deduplicate", ledger.Value<string>("SELECT a.submitted || ' ' || e.stage FROM errors e JOIN articles a ON a.article = e.article"));
        Assert.Equal(29, ledger.Value<long>("SELECT max(position) FROM decisions"));

        // It may be tried again, and then has its outcome like any other.
        ledger.Execute("DROP TRIGGER refuse");
        Assert.True(new Errors(ledger.File).Retry(new ArticleNumber(ledger.Value<long>("SELECT article FROM errors"))));
        var outcome = lane.Commit([items[11] with { Claim = new LaneClaim(null, new ArticleNumber(ledger.Value<long>("SELECT article FROM unfinished")), Discards: false) }]);
        Assert.Equal(new LogPosition(30), outcome[0].Position);
        Assert.Equal(0, ledger.Value<long>("SELECT count(*) FROM errors"));
    }

    [Fact]
    public void A_copy_of_an_article_that_cannot_be_read_fails_alone()
    {
        var text = $"Harbour report\n\n{string.Join("\n\n", Feed.Paragraphs(42))}\n";
        using (var lane = Opened(ledger))
            lane.Commit([Feed.Item("original", text)]);
        ledger.Execute("UPDATE results SET result = x'07'");
        using var after = Opened(ledger);
        var cut = text[..(text.Length * 2 / 3)];
        var outcomes = after.Commit([Feed.Item("a", Feed.Paragraphs(43)[0]), Feed.Item("cut", cut), Feed.Item("b", Feed.Paragraphs(44)[0])]);
        Assert.Equal([2, 0, 3], outcomes.Select(o => o.Position.Value));
        Assert.Equal("cut StoredResultException", ledger.Value<string>("SELECT a.submitted || ' ' || e.fault FROM errors e JOIN articles a ON a.article = e.article"));
    }

    [Fact]
    public void Other_shingles_than_those_of_the_ledger_are_refused()
    {
        Opened(ledger).Dispose();
        using var lane = new Lane(ledger.File, Options with { ShingleWords = 4 }, TimeProvider.System);
        var fault = Assert.Throws<LedgerException>(lane.Rebuild);
        Assert.Contains("was made with 3 words", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_looks_between_groups_sees_what_will_be_decided_and_changes_nothing()
    {
        var expected = Uninterrupted(9, 200);
        using var lane = Opened(ledger);
        var stories = new StoryLog(ledger.File);
        var predictor = new Predictor(Options, number => stories.Article(new StoryNumber(number)));
        using var done = new CancellationTokenSource();
        // Another who looks all the time, while groups are decided and written.
        var looking = Task.Run(() =>
        {
            var looks = 0;
            for (; !done.IsCancellationRequested; looks++)
                Assert.NotNull(lane.Look(Feed.Item(9, looks % 200).Candidate ?? Feed.Item("x", "Some text.").Candidate!, null, TimeSpan.FromMinutes(1)));
            return looks;
        });
        var joined = 0;
        foreach (var item in Feed.Items(9, 200))
        {
            var predicted = item.Candidate is { } candidate ? predictor.Of(candidate.Article, lane.Look(candidate, item.Stated, TimeSpan.FromMinutes(1))!) : null;
            var decision = lane.Commit([item])[0].Decision;
            Assert.Equal(decision?.Match?.Article, predicted?.Joins?.Match?.Article);
            Assert.Equal(decision?.Match?.Relation, predicted?.Joins?.Match?.Relation);
            joined += decision?.Match is null ? 0 : 1;
        }

        await done.CancelAsync();
        Assert.NotEqual(0, await looking);
        Assert.InRange(joined, 20, 180);
        Assert.Equal(expected, ledger.Log());
    }

    static List<string> Uninterrupted(int seed, int count)
    {
        using var apart = new TemporaryLedger();
        using var lane = Opened(apart);
        lane.Commit(Feed.Items(seed, count));
        return apart.Log();
    }

    static Lane Opened(TemporaryLedger kept)
    {
        var lane = new Lane(kept.File, Options, TimeProvider.System);
        lane.Rebuild();
        return lane;
    }
}
