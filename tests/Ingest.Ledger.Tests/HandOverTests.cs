using System.Diagnostics;
using Dapper;
using Ingest.Core.Normalisation.Reading;

namespace Ingest.Ledger.Tests;

/// <summary>Articles that go from process to process through a server.</summary>
[Collection(nameof(OneServer))]
public sealed class HandOverTests(OneServer server) : LedgerCase
{
    readonly string schema = $"t{Guid.NewGuid():N}";

    protected override LedgerStore Open() => LedgerDatabase.Open(server.Address, schema);

    [Fact]
    public void Each_article_is_taken_up_by_one_process_in_the_order_of_acceptance()
    {
        var numbers = Accepted(7);
        using var other = LedgerDatabase.Open(server.Address, schema);
        using var first = new LedgerHandOver((LedgerDatabase)Ledger, "normalise");
        using var second = new LedgerHandOver(other, "normalise");
        Assert.Equal(numbers[..3], first.Take(cleaned: false, 3));
        Assert.Equal(numbers[3..5], second.Take(cleaned: false, 2));
        Assert.Empty(second.Take(cleaned: true, 9));
        Assert.Equal(numbers[5..], first.Take(cleaned: false, 9));
        Assert.Empty(second.Take(cleaned: false, 9));
        Assert.Equal([.. numbers[..3], .. numbers[5..]], first.Held(default, 9).Select(h => h.Number));
        Assert.Equal(numbers[5..], first.Held(numbers[2], 9).Select(h => h.Number));
    }

    [Fact]
    public void What_was_cleaned_is_taken_up_as_cleaned()
    {
        var numbers = Accepted(3);
        using var handOver = new LedgerHandOver((LedgerDatabase)Ledger, "normalise,deduplicate");
        Assert.Equal(numbers, handOver.Take(cleaned: false, 9));
        handOver.GiveOn([new CleanedArticle(numbers[1], new byte[] { 4 }, 0, 0, null)]);
        Assert.Empty(handOver.Take(cleaned: false, 9));
        Assert.Equal([numbers[1]], handOver.Take(cleaned: true, 9));
        Assert.Equal([(numbers[0], false), (numbers[1], true), (numbers[2], false)], handOver.Held(default, 9));
    }

    [Fact]
    public void What_a_process_held_that_is_gone_is_free_for_the_others_and_nothing_else_is()
    {
        var numbers = Accepted(6);
        using var there = LedgerDatabase.Open(server.Address, schema);
        using var gone = LedgerDatabase.Open(server.Address, schema);
        using var me = new LedgerHandOver((LedgerDatabase)Ledger, "normalise");
        using var living = new LedgerHandOver(there, "normalise");
        using (var dying = new LedgerHandOver(gone, "normalise"))
        {
            Assert.Equal(numbers[..2], dying.Take(cleaned: false, 2));
            Assert.Equal(numbers[2..4], living.Take(cleaned: false, 2));
            Assert.Equal(numbers[4..], me.Take(cleaned: false, 9));
        }

        var taken = new List<ArticleNumber>();
        for (var clock = Stopwatch.StartNew(); taken.Count < 2 && clock.Elapsed < TimeSpan.FromSeconds(60); Thread.Sleep(20))
            taken.AddRange(me.Take(cleaned: false, 9));
        Assert.Equal(numbers[..2], taken);
        // Long enough for all that is taken for gone.
        Thread.Sleep(500);
        Assert.Empty(me.Take(cleaned: false, 9));
        Assert.Equal(numbers[2..4], living.Held(default, 9).Select(h => h.Number));
    }

    /// <summary>It is asked twenty times a second, however much waits.</summary>
    [Fact]
    public void What_waits_is_found_by_an_index()
    {
        var numbers = Accepted(1);
        using var handOver = new LedgerHandOver((LedgerDatabase)Ledger, "normalise");
        handOver.Take(cleaned: false, 1);
        using var lease = Ledger.Connect();
        lease.Connection.Execute("INSERT INTO unfinished (article, open, holder) SELECT @last + g, 1, CASE WHEN g <= 5000 THEN 1 END FROM generate_series(1, 10000) g; ANALYZE unfinished", new { last = numbers[0].Value });
        Reads("unfinished_to_clean", "SELECT article FROM unfinished WHERE holder IS NULL AND cleaned = 0 ORDER BY article LIMIT 256");
        Reads("unfinished_to_decide", "SELECT article FROM unfinished WHERE holder IS NULL AND cleaned = 1 ORDER BY article LIMIT 256");

        void Reads(string index, string sql) =>
            Assert.Contains(index, string.Join('\n', lease.Connection.Query<string>($"EXPLAIN {sql}")), StringComparison.Ordinal);
    }

    ArticleNumber[] Accepted(int articles) =>
        [.. Accept([.. Enumerable.Range(1, articles).Select(i => Article($"{i}"))]).Select(a => a.Article)];
}
