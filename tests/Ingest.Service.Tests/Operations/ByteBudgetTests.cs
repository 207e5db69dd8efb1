using Ingest.Service.Operations;

namespace Ingest.Service.Tests.Operations;

public sealed class ByteBudgetTests
{
    [Fact]
    public async Task Who_comes_first_is_served_first_and_nobody_overtakes()
    {
        var budget = new ByteBudget(100);
        var first = await budget.Take(80, default);
        var (large, small) = (budget.Take(90, default), budget.Take(10, default));
        Assert.False(large.IsCompleted);
        // There is room for it, but the large one would wait for ever if small ones went past.
        Assert.False(small.IsCompleted);
        Assert.Null(budget.TryTake(1));
        first.Dispose();
        (await large).Dispose();
        (await small).Dispose();
        Assert.NotNull(budget.TryTake(100));
    }

    [Fact]
    public async Task What_is_larger_than_the_budget_goes_alone()
    {
        var budget = new ByteBudget(100);
        var alone = await budget.Take(1_000_000, default);
        var next = budget.Take(1, default);
        Assert.False(next.IsCompleted);
        alone.Dispose();
        await next;
    }

    [Fact]
    public async Task A_share_is_given_back_in_parts_and_once()
    {
        var budget = new ByteBudget(100);
        var share = await budget.Take(100, default);
        share.ShrinkTo(40);
        share.ShrinkTo(70);
        Assert.Null(budget.TryTake(61));
        Assert.True(share.TryGrow(10));
        Assert.False(share.TryGrow(51));
        share.Dispose();
        share.Dispose();
        Assert.NotNull(budget.TryTake(100));
        Assert.Null(budget.TryTake(1));
    }

    [Fact]
    public async Task Who_gives_up_holds_up_nobody()
    {
        var budget = new ByteBudget(100);
        var first = await budget.Take(50, default);
        using var leaving = new CancellationTokenSource();
        var (large, small) = (budget.Take(100, leaving.Token), budget.Take(50, default));
        await leaving.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => large);
        (await small).Dispose();
        first.Dispose();
        Assert.NotNull(budget.TryTake(100));
    }

    [Theory, InlineData(1), InlineData(2), InlineData(3)]
    public async Task Never_is_more_out_than_there_is(int seed)
    {
        var budget = new ByteBudget(1000);
        var (taken, most) = (0L, 0L);
        await Parallel.ForAsync(0, 2000, new ParallelOptions { MaxDegreeOfParallelism = 16 }, async (i, _) =>
        {
            var random = new Random(seed * 10_000 + i);
            var bytes = random.Next(1, 600);
            using var leaving = new CancellationTokenSource(random.Next(4) == 0 ? TimeSpan.FromTicks(random.Next(1000)) : Timeout.InfiniteTimeSpan);
            try
            {
                using var share = await budget.Take(bytes, leaving.Token);
                var now = Interlocked.Add(ref taken, bytes);
                for (var seen = Volatile.Read(ref most); now > seen && Interlocked.CompareExchange(ref most, now, seen) != seen;)
                    seen = Volatile.Read(ref most);
                await Task.Yield();
                Interlocked.Add(ref taken, -bytes);
            }
            catch (OperationCanceledException)
            {
                // It waited too long.
            }
        });
        Assert.InRange(most, 1, 1000);
        Assert.NotNull(budget.TryTake(1000));
    }
}
