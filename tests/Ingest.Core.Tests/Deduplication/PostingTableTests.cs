using Ingest.Core.Deduplication.Window;

namespace Ingest.Core.Tests.Deduplication;

public class PostingTableTests
{
    static readonly long Empty = new PostingTable().Bytes;

    [Theory, InlineData(1), InlineData(2), InlineData(3), InlineData(4)]
    public void It_answers_like_a_plain_dictionary(int seed)
    {
        var random = new Random(seed);
        var (table, model) = (new PostingTable(), new Model());
        uint next = 1, oldest = 1;
        var buffer = new uint[4096];
        for (var step = 0; step < 15_000; step++)
        {
            var hash = Crowded(random);
            switch (random.Next(10))
            {
                case < 5:
                    table.Add(hash, next, oldest);
                    model.Add(hash, next++);
                    break;
                case 5 when model.Of(hash, oldest) is [_, ..] having:
                    var replaced = having[random.Next(having.Length)];
                    table.Replace(hash, replaced, next);
                    model.Replace(hash, replaced, next++);
                    break;
                case 6 when random.Next(20) == 0:
                    oldest += (uint)random.Next((int)(next - oldest) / 2 + 1);
                    break;
                case 7:
                    table.Sweep(random.Next(4), oldest);
                    break;
            }

            // The latest 1,500 live: then a posting that should be gone would still be in a crowded shard.
            if (next - oldest > 1500)
                oldest = next - 1500;
            var asked = Crowded(random);
            Assert.Equal(model.Of(asked, oldest).Order(), buffer[..table.Find(asked, oldest, buffer)].Order());
            Assert.True(table.Count >= model.Live(oldest),
                $"{table.Count} postings at step {step}, of which {model.Live(oldest)} should live.");
        }

        for (var shard = 0; shard < table.Shards; shard++)
            table.Sweep(shard, oldest);
        Assert.Equal(model.Live(oldest), table.Count);
    }

    [Fact]
    public void Articles_of_one_shingle_are_found_in_the_order_in_which_they_came()
    {
        var table = new PostingTable();
        for (var article = 1u; article <= 50; article++)
            table.Add(Hash(7, 9), article, 1);
        table.Replace(Hash(7, 9), 3, 51);
        var found = new uint[100];
        Assert.Equal([1u, 2, 51, .. Enumerable.Range(4, 47).Select(a => (uint)a)], found[..table.Find(Hash(7, 9), 1, found)]);
    }

    [Theory, InlineData(0), InlineData(1), InlineData(32768), InlineData(65534), InlineData(65535)]
    public void A_shard_takes_any_number_of_articles_with_one_tag(int tag)
    {
        var table = new PostingTable();
        for (var article = 1u; article <= 3000; article++)
            table.Add(Hash(12, tag), article, 1);
        table.Add(Hash(12, tag ^ 1), 5000, 1);
        var found = new uint[4000];
        Assert.Equal(3000, table.Find(Hash(12, tag), 1, found));
        Assert.Equal(Enumerable.Range(1, 3000), found.Take(3000).Select(a => (int)a));
        Assert.Equal(1, table.Find(Hash(12, tag ^ 1), 1, found));
    }

    [Fact]
    public void Articles_that_have_left_take_no_room_among_the_found()
    {
        var table = new PostingTable();
        for (var article = 1u; article <= 40; article++)
            table.Add(Hash(1, 1), article, 1);
        var found = new uint[12];
        Assert.Equal(12, table.Find(Hash(1, 1), 25, found));
        Assert.Equal(Enumerable.Range(25, 12), found.Select(a => (int)a));
        Assert.Equal(3, table.Find(Hash(1, 1), 38, found));
        Assert.Equal([38u, 39, 40], found[..3]);
        Assert.Equal(0, table.Find(Hash(1, 1), 41, found));
    }

    [Fact]
    public void Find_writes_no_more_than_it_is_given_room_for()
    {
        var table = new PostingTable();
        for (var article = 1u; article <= 20; article++)
            table.Add(Hash(1, 1), article, 1);
        Assert.Equal(12, table.Find(Hash(1, 1), 1, new uint[12]));
    }

    [Fact]
    public void Replacing_what_is_not_there_changes_nothing()
    {
        var table = new PostingTable();
        table.Add(Hash(1, 1), 5, 1);
        table.Replace(Hash(1, 1), 6, 7);
        var found = new uint[4];
        Assert.Equal(1, table.Find(Hash(1, 1), 1, found));
        Assert.Equal(5u, found[0]);
        Assert.Equal(1, table.Count);
    }

    [Fact]
    public void A_table_whose_articles_have_all_left_takes_no_memory()
    {
        var (table, random) = (new PostingTable(), new Random(5));
        for (var article = 1u; article <= 50_000; article++)
            table.Add(Any(random), article, 1);
        Assert.Equal(50_000, table.Count);
        Assert.True(table.Bytes > Empty + 50_000 * 6);
        for (var shard = 0; shard < table.Shards; shard++)
            table.Sweep(shard, 50_001);
        Assert.Equal(0, table.Count);
        Assert.Equal(Empty, table.Bytes);
        Assert.Equal(0, table.Find(Hash(3, 3), 1, new uint[4]));
    }

    [Fact]
    public void After_a_sweep_it_takes_the_memory_of_what_is_left()
    {
        var (used, fresh, random) = (new PostingTable(), new PostingTable(), new Random(6));
        for (var article = 1u; article <= 40_000; article++)
        {
            var hash = Any(random);
            used.Add(hash, article, 1);
            if (article > 30_000)
                fresh.Add(hash, article, 1);
        }

        for (var shard = 0; shard < used.Shards; shard++)
        {
            used.Sweep(shard, 30_001);
            fresh.Sweep(shard, 30_001);
        }

        Assert.Equal(fresh.Count, used.Count);
        Assert.InRange(used.Bytes, fresh.Bytes * 0.98, fresh.Bytes * 1.02);
    }

    [Fact]
    public void Without_sweeps_a_shard_still_drops_what_has_left_before_it_grows()
    {
        var table = new PostingTable();
        for (var article = 1u; article <= 100_000; article++)
            table.Add(Hash(2, (int)(article * 7919 % 65536)), article, article > 100 ? article - 100 : 1);
        Assert.InRange(table.Count, 100, 200);
        Assert.InRange(table.Bytes - Empty, 600, 3000);
    }

    [Fact]
    public void Article_numbers_may_wrap()
    {
        var table = new PostingTable();
        var oldest = uint.MaxValue - 10;
        for (var article = oldest; article != 11; article++)
            if (article != 0)
                table.Add(Hash(4, 4), article, oldest);
        var found = new uint[50];
        Assert.Equal([uint.MaxValue, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10], found[..table.Find(Hash(4, 4), uint.MaxValue, found)]);
        table.Sweep(4, uint.MaxValue);
        Assert.Equal(11, table.Count);
        Assert.Equal(11, table.Find(Hash(4, 4), uint.MaxValue, found));
    }

    /// <summary>Touch only warms the caches; it must not fail on shards without memory or on any tag.</summary>
    [Fact]
    public void Touching_changes_nothing()
    {
        var table = new PostingTable();
        table.Add(Hash(9, 65535), 1, 1);
        table.Touch([Hash(9, 65535), Hash(9, 0), Hash(10, 5)]);
        Assert.Equal(1, table.Count);
        Assert.Equal(1, table.Find(Hash(9, 65535), 1, new uint[2]));
    }

    /// <summary>A shingle by the two parts of its hash that the table uses. The lowest bit of a shingle is always set.</summary>
    static ulong Hash(int shard, int tag) => (ulong)tag << 17 | (ulong)shard << 1 | 1;

    static ulong Any(Random random) => (ulong)random.NextInt64() | 1;

    /// <summary>
    /// Four shards, in each a few tags close together at both ends and many between: long runs, and a tail that overflows.
    /// </summary>
    static ulong Crowded(Random random) => Hash(random.Next(4), random.Next(3) switch
    {
        0 => random.Next(3),
        1 => 65535 - random.Next(3),
        _ => random.Next(300) * 200,
    });

    sealed class Model
    {
        readonly Dictionary<ulong, List<uint>> postings = [];
        readonly List<uint> articles = [];

        public void Add(ulong hash, uint article)
        {
            if (!postings.TryGetValue(hash, out var list))
                postings[hash] = list = [];
            list.Add(article);
            articles.Add(article);
        }

        public void Replace(ulong hash, uint article, uint by)
        {
            postings[hash][postings[hash].IndexOf(article)] = by;
            articles.Remove(article);
            articles.Add(by);
        }

        public uint[] Of(ulong hash, uint oldest) => postings.TryGetValue(hash, out var list) ? [.. list.Where(a => a >= oldest)] : [];

        public int Live(uint oldest)
        {
            articles.RemoveAll(a => a < oldest);
            return articles.Count;
        }
    }
}
