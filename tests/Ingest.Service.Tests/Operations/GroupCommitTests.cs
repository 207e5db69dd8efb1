using Ingest.Ledger;
using Ingest.Service.Operations;

namespace Ingest.Service.Tests.Operations;

/// <summary>What waits together is written together, and nobody is told a result before it is durable.</summary>
public sealed class GroupCommitTests : IDisposable
{
    const string Part = "part";
    static readonly TimeSpan patience = TimeSpan.FromSeconds(30);

    readonly FakeTime time = new();
    readonly FakeLifetime lifetime = new();
    readonly Health health = new();
    readonly Paper paper = new();
    readonly List<string> told = [];
    readonly List<GroupCommit<int, string>> opened = [];

    public void Dispose()
    {
        lifetime.StopApplication();
        paper.Free();
        foreach (var commit in opened)
        {
            commit.Stop(new CancellationToken(canceled: true)).Wait(patience);
            commit.Dispose();
        }

        lifetime.Dispose();
        paper.Dispose();
    }

    [Fact]
    public async Task What_came_during_a_write_is_one_group_and_each_bringer_gets_its_own_results_in_order()
    {
        var commit = Started();
        paper.Hold();
        var first = Write(commit, 1);
        paper.AwaitWriting();
        Task<string[]>[] later = [Write(commit, 2, 3), Write(commit, 4), Write(commit), Write(commit, 5, 6)];
        Assert.All(later, l => Assert.False(l.IsCompleted));
        paper.Free();

        Assert.Equal(["1"], await first);
        Assert.Equal([["2", "3"], ["4"], [], ["5", "6"]], await Task.WhenAll(later));
        Assert.Equal([[1], [2, 3, 4, 5, 6]], paper.Groups);
        Assert.Empty(health.Reasons);
    }

    [Fact]
    public async Task A_group_ends_when_it_has_as_much_as_it_may()
    {
        // An item counts as much as its number says.
        var commit = Started(mostInGroup: 10, size: item => item);
        paper.Hold();
        var writes = new List<Task<string[]>> { Write(commit, 1) };
        paper.AwaitWriting();
        writes.AddRange([Write(commit, 4), Write(commit, 5, 1), Write(commit, 9), Write(commit, 2)]);
        paper.Free();

        await Task.WhenAll(writes);
        Assert.Equal([[1], [4, 5, 1], [9, 2]], paper.Groups);
    }

    [Fact]
    public async Task More_bringers_than_may_wait_wait_for_room_and_may_give_up()
    {
        var commit = Started(mostWaiting: 1);
        paper.Hold();
        var writing = Write(commit, 1);
        paper.AwaitWriting();
        var waiting = Write(commit, 2);
        using var givingUp = new CancellationTokenSource();
        var givenUp = commit.Write([3], givingUp.Token, CancellationToken.None);
        var last = Write(commit, 4);
        await givingUp.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => givenUp.WaitAsync(patience));
        paper.Free();

        Assert.Equal([["1"], ["2"], ["4"]], await Task.WhenAll(writing, waiting, last));
        Assert.DoesNotContain(paper.Groups, g => g.Contains(3));
    }

    [Fact]
    public async Task Where_it_refuses_those_who_brought_the_group_are_told_why_and_it_finds_out_by_itself_that_it_can_write_again()
    {
        var commit = Started(refuses: true);
        await Write(commit, 1);
        paper.Fault = new LedgerException("The disk is full.");
        paper.Hold();
        Task<string[]>[] refused = [Write(commit, 2), Write(commit, 3)];
        paper.Free();
        foreach (var write in refused)
            Assert.Equal("The disk is full.", (await Assert.ThrowsAsync<LedgerException>(() => write)).Message);
        Assert.Equal("The disk is full.", health.Reasons[Part]);
        Assert.Equal(["The disk is full."], told);

        // To a program that is not ready nobody sends what would show that it is again.
        paper.Fault = null;
        await Until(() => health.Reasons.Count == 0);
        Assert.Equal(["4"], await Write(commit, 4));
        Assert.Equal([[1], [4]], paper.Groups);
    }

    [Fact]
    public async Task A_fault_that_nobody_foresaw_refuses_too_and_is_told_with_its_cause()
    {
        var commit = Started(refuses: true);
        paper.Fault = new InvalidCastException("what is that?");
        var refusal = await Assert.ThrowsAsync<LedgerException>(() => Write(commit, 1));
        Assert.Same(paper.Fault, refusal.InnerException);
        Assert.Equal("the stage writes failed: what is that?", health.Reasons[Part]);
        paper.Fault = null;
        Assert.Equal(["2"], await Write(commit, 2));
        Assert.Empty(health.Reasons);
    }

    [Fact]
    public async Task Where_it_does_not_refuse_the_same_group_is_written_once_it_can_be_and_in_its_order()
    {
        var commit = Started(refuses: false);
        paper.Fault = new LedgerException("The ledger is locked.");
        var first = Write(commit, 1, 2);
        await Until(() => health.Reasons.ContainsKey(Part));
        var second = Write(commit, 3);
        Assert.False(first.IsCompleted);
        paper.Fault = null;

        Assert.Equal([["1", "2"], ["3"]], await Task.WhenAll(first, second));
        Assert.Equal([[1, 2], [3]], paper.Groups);
        Assert.Empty(health.Reasons);
        Assert.Equal(["The ledger is locked."], told);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_cannot_be_opened_is_tried_again_until_it_can(bool refuses)
    {
        paper.OpenFault = new LedgerException("There is no such folder.");
        var commit = Started(refuses);
        var early = Write(commit, 1);
        await Until(() => health.Reasons.ContainsKey(Part));
        if (refuses)
            Assert.Equal("There is no such folder.", (await Assert.ThrowsAsync<LedgerException>(() => early.WaitAsync(patience))).Message);
        else
            Assert.False(early.IsCompleted);
        paper.OpenFault = null;
        await Until(() => health.Reasons.Count == 0);
        Assert.Equal(["2"], await Write(commit, 2));
        if (!refuses)
            Assert.Equal(["1"], await early);
        Assert.Empty(health.Reasons);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_waits_when_it_is_stopped_is_written_still_and_nothing_after_it(bool refuses)
    {
        var commit = Started(refuses);
        paper.Hold();
        var first = Write(commit, 1);
        paper.AwaitWriting();
        var second = Write(commit, 2);
        lifetime.StopApplication();
        var stopped = commit.Stop(CancellationToken.None);
        await AssertStops(() => Write(commit, 3));
        Assert.False(stopped.IsCompleted);
        paper.Free();
        await stopped.WaitAsync(patience);
        Assert.Equal([["1"], ["2"]], await Task.WhenAll(first, second));
        Assert.True(paper.Closed);
    }

    [Fact]
    public async Task What_cannot_be_written_while_the_program_stops_is_given_back()
    {
        var commit = Started(refuses: false);
        paper.Fault = new LedgerException("The ledger is locked.");
        var first = Write(commit, 1);
        await Until(() => health.Reasons.ContainsKey(Part));
        var second = Write(commit, 2);
        lifetime.StopApplication();
        await commit.Stop(CancellationToken.None).WaitAsync(patience);
        await AssertStops(() => first);
        await AssertStops(() => second);
        Assert.Empty(paper.Groups);
    }

    [Fact]
    public async Task What_still_waits_when_patience_ends_is_given_back()
    {
        var commit = Started(refuses: true);
        paper.Hold();
        var first = Write(commit, 1);
        paper.AwaitWriting();
        var second = Write(commit, 2);
        var stopped = commit.Stop(new CancellationToken(canceled: true));
        paper.Free();
        await stopped.WaitAsync(patience);
        Assert.Equal(["1"], await first);
        await AssertStops(() => second);
    }

    [Fact]
    public async Task One_that_never_could_open_ends_too()
    {
        paper.OpenFault = new LedgerException("There is no such folder.");
        var commit = Started(refuses: false);
        var waiting = Write(commit, 1);
        await Until(() => health.Reasons.ContainsKey(Part));
        lifetime.StopApplication();
        await commit.Stop(CancellationToken.None).WaitAsync(patience);
        await AssertStops(() => waiting);
    }

    [Fact]
    public async Task A_write_that_hangs_is_deadly_after_two_minutes_and_no_longer_when_it_comes_back()
    {
        var commit = Started();
        paper.Hold();
        var hung = Write(commit, 1);
        paper.AwaitWriting();
        time.Advance(GroupCommit<int, string>.Hung);
        Assert.Empty(health.Deadly);
        time.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal("the stage writes has been writing to the ledger for 130 s: the disk or the system hangs. Restart the service.", health.Deadly["writes"]);

        paper.Free();
        Assert.Equal(["1"], await hung);
        await Until(() =>
        {
            time.Advance(TimeSpan.FromSeconds(10));
            return health.Deadly.Count == 0;
        });
        // One that has nothing to do does not hang.
        time.Advance(TimeSpan.FromHours(1));
        Assert.Empty(health.Deadly);
    }

    [Fact]
    public async Task Many_attempts_that_fail_are_no_hang()
    {
        var commit = Started(refuses: false);
        paper.Fault = new LedgerException("The ledger is locked.");
        var write = Write(commit, 1);
        await Until(() => health.Reasons.ContainsKey(Part));
        time.Advance(TimeSpan.FromMinutes(5));
        await Until(() =>
        {
            time.Advance(TimeSpan.FromSeconds(10));
            return health.Deadly.Count == 0;
        });
        Assert.NotEmpty(health.Reasons);
        paper.Fault = null;
        await write;
    }

    GroupCommit<int, string> Started(bool refuses = false, int mostInGroup = 100, int mostWaiting = 100, Func<int, int>? size = null)
    {
        var commit = new GroupCommit<int, string>(
            new GroupCommitOptions("writes", Part, mostInGroup, mostWaiting, refuses), paper.Open, size ?? (_ => 1), health, time, lifetime, (reason, _) => told.Add(reason));
        opened.Add(commit);
        commit.Start();
        return commit;
    }

    static Task<string[]> Write(GroupCommit<int, string> commit, params int[] items) => commit.Write(items, CancellationToken.None, CancellationToken.None).WaitAsync(patience);

    /// <summary>Who waits is told that the program stops. That is not what somebody sees who gave up waiting, whom nobody needs to answer.</summary>
    static async Task AssertStops(Func<Task> write) => Assert.Equal("The program stops.", (await Assert.ThrowsAsync<OperationCanceledException>(write)).Message);

    static async Task Until(Func<bool> holds)
    {
        for (var end = DateTime.UtcNow + patience; !holds(); await Task.Delay(5))
            Assert.True(DateTime.UtcNow < end, "It does not come about.");
    }

    /// <summary>What is written to; a test makes it slow or faulty.</summary>
    sealed class Paper : IGroupWriter<int, string>
    {
        readonly ManualResetEventSlim free = new(initialState: true);
        readonly SemaphoreSlim writing = new(0);
        volatile Exception? fault, openFault;

        public Exception? Fault
        {
            get => fault;
            set => fault = value;
        }

        public Exception? OpenFault
        {
            get => openFault;
            set => openFault = value;
        }

        public List<int[]> Groups { get; } = [];

        public bool Closed { get; private set; }

        public Paper Open() => openFault is { } refused ? throw refused : this;

        /// <summary>No write comes back until <see cref="Free"/>.</summary>
        public void Hold() => free.Reset();

        public void Free() => free.Set();

        public void AwaitWriting() => Assert.True(writing.Wait(patience), "Nothing is written.");

        public string[] Commit(IReadOnlyList<int> group)
        {
            writing.Release();
            free.Wait();
            Try();
            Groups.Add([.. group]);
            return [.. group.Select(i => $"{i}")];
        }

        public void Try()
        {
            if (fault is { } refused)
                throw refused;
        }

        /// <summary>By its user, when it ends; by the test at last.</summary>
        public void Dispose() => Closed = true;
    }
}
