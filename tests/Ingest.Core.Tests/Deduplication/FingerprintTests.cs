using Ingest.Core.Deduplication;
using Ingest.Core.Deduplication.Fingerprints;
using Ingest.Core.Deduplication.Text;

namespace Ingest.Core.Tests.Deduplication;

public class FingerprintTests
{
    static readonly Sampler OneInTen = new(10, 4, 64);

    [Fact]
    public void One_shingle_in_ten_is_sampled_and_one_in_four_of_the_lead()
    {
        var random = new Random(1);
        double lead = 0, rest = 0;
        for (var round = 0; round < 200; round++)
        {
            var hashes = Prose(random, 1064).Shingles;
            var sample = OneInTen.Sample(hashes, 0).Hashes;
            var inLead = sample.Count(h => hashes.AsSpan(0, 64).Contains(h));
            (lead, rest) = (lead + inLead, rest + sample.Length - inLead);
        }

        // 12,400 shingles of leads, the first two words have none, and 200,000 others: four standard deviations.
        Assert.InRange(lead / 12_400, 0.25 - 0.016, 0.25 + 0.016);
        Assert.InRange(rest / 200_000, 0.1 - 0.0027, 0.1 + 0.0027);
    }

    [Fact]
    public void A_sample_is_distinct_and_in_the_order_of_the_text()
    {
        ulong[] text = [0, 0, 9, 5, 9, ulong.MaxValue, 7, 5, 0, 3, 9];
        Assert.Equal([9, 5, 7, 3], new Sampler(2, 2, 64).Sample(text, 0).Hashes);
        // The lead and the rest are one sample.
        Assert.Equal([9, 5, 7, 3], new Sampler(2, 2, 3).Sample(text, 0).Hashes);
    }

    [Fact]
    public void Nothing_below_the_limit_is_left_out_and_nothing_above_it_taken()
    {
        ulong leadLimit = ulong.MaxValue / 4, limit = ulong.MaxValue / 10;
        ulong[] text = [leadLimit - 1, leadLimit, leadLimit + 1, 1, limit - 1, limit, leadLimit - 3, 0, ulong.MaxValue, 3];
        Assert.Equal([leadLimit - 1, 1, limit - 1, 3], new Sampler(10, 4, 4).Sample(text, 0).Hashes);
    }

    [Fact]
    public void Shingles_whose_low_bits_are_equal_stay_apart()
    {
        var text = Enumerable.Range(1, 500).Select(i => ((ulong)i << 40) | 1).ToArray();
        Assert.Equal(text.Where(h => h < ulong.MaxValue / 10), OneInTen.Sample(text, 0).Hashes);
    }

    [Fact]
    public void A_shingle_that_is_sampled_in_one_text_is_sampled_in_every_text_that_has_it()
    {
        var random = new Random(2);
        var shared = Words(random, 300);
        var (one, other) = (Hashes(Words(random, 80), shared, Words(random, 50)), Hashes(Words(random, 400), shared, []));
        var (sampleOne, sampleOther) = (OneInTen.Sample(one, 0).Hashes, OneInTen.Sample(other, 0).Hashes);
        var common = sampleOne.Where(h => other.Contains(h)).ToArray();
        // In neither text does the shared part stand in the lead.
        Assert.InRange(common.Length, 15, 50);
        Assert.Subset(sampleOther.ToHashSet(), common.ToHashSet());
    }

    [Fact]
    public void A_shingle_of_the_rest_is_sampled_in_a_text_that_leads_with_it_too()
    {
        var random = new Random(3);
        var shared = Words(random, 60);
        var behind = Hashes(Words(random, 200), shared, []);
        var leading = Hashes([], shared, Words(random, 200));
        var sample = OneInTen.Sample(behind, 0).Hashes.Where(h => leading.Contains(h)).ToArray();
        Assert.NotEmpty(sample);
        Assert.Subset(OneInTen.Sample(leading, 0).Hashes.ToHashSet(), sample.ToHashSet());
    }

    [Theory]
    [InlineData(4096, 0), InlineData(4097, 1), InlineData(8193, 1), InlineData(8194, 2), InlineData(100_000, 5)]
    public void A_long_text_is_thinned(int words, int thinning)
    {
        var (fingerprint, hashes) = Prose(new Random(4), words);
        Assert.Equal((words, thinning), (fingerprint.Words, fingerprint.Thinning));
        Assert.InRange(fingerprint.Hashes.Length, 120, 560);
        // What is sampled of a long text is sampled of a short one too.
        Assert.Subset(hashes.Where(h => h < ulong.MaxValue / 10).ToHashSet(),
            fingerprint.Hashes.Where(h => !hashes.AsSpan(0, 64).Contains(h)).ToHashSet());
    }

    [Theory]
    [InlineData("one two three four five", "ONE, two – three «four» five!", true)]
    [InlineData("one two three four five", "one two three five four", false)]
    [InlineData("one two three four five", "two one three four five", false)]
    [InlineData("one two three four five", "three two one four five", false)]
    [InlineData("one two three four five", "one two three four", false)]
    [InlineData("one two three four", "one two three four five", false)]
    [InlineData("one two three four", "one two three three", false)]
    [InlineData("one", "two", false)]
    [InlineData("", "one", false)]
    [InlineData("", "—", true)]
    public void The_text_hash_is_equal_for_the_same_words_in_the_same_order(string one, string other, bool equal)
    {
        var fingerprinter = new Fingerprinter(new DeduplicationOptions());
        Assert.Equal(equal, fingerprinter.Compute(one).TextHash == fingerprinter.Compute(other).TextHash);
    }

    [Fact]
    public void Words_that_change_places_change_the_text_hash()
    {
        var words = Enumerable.Range(0, 200).Select(i => $"word{i}").ToArray();
        var hashes = new HashSet<ulong>();
        var fingerprinter = new Fingerprinter(new DeduplicationOptions());
        for (var i = 0; i < words.Length; i++)
            for (var n = 0; n < i; n += 7)
            {
                (words[i], words[n]) = (words[n], words[i]);
                Assert.True(hashes.Add(fingerprinter.Compute(string.Join(' ', words)).TextHash));
                (words[i], words[n]) = (words[n], words[i]);
            }
    }

    [Fact]
    public void A_fingerprint_has_the_sample_of_the_texts_shingles()
    {
        const string Text = "The harbour opened again, and pilots who had waited outside the breakwater said that they were glad of it. 港口重新开放，领航员很高兴。";
        var fingerprint = new Fingerprinter(new DeduplicationOptions { ShingleWords = 2, ShingleCharacters = 4, SampleOneIn = 1 })
            .Compute(Text);
        var words = new WordSequence();
        words.Read(Text);
        var hashes = new ulong[words.Count];
        new Shingles(2, 4).Hash(words.Hashes, hashes);
        Assert.Equal(hashes.Where(h => h != 0), fingerprint.Hashes);
        Assert.Equal(words.Count, fingerprint.Words);
    }

    [Fact]
    public void By_default_one_in_ten_shingles_of_three_words_is_sampled_and_one_in_four_of_the_first_64_words()
    {
        var fingerprinter = new Fingerprinter(new DeduplicationOptions());
        for (var seed = 0; seed < 20; seed++)
        {
            var words = Words(new Random(seed), 300);
            Assert.Equal(OneInTen.Sample(Hashes(words, [], []), 0).Hashes, fingerprinter.Compute(string.Join(' ', words)).Hashes);
        }
    }

    [Fact]
    public void Every_kernel_gives_the_same_fingerprint_and_none_remembers_the_text_before()
    {
        var fingerprinters = WordKernel.Supported.Select(k => new Fingerprinter(new DeduplicationOptions(), k)).ToArray();
        foreach (var name in SampleArticles.Names())
        {
            var text = SampleArticles.Text(name);
            var expected = new Fingerprinter(new DeduplicationOptions(), WordKernel.All[0]).Compute(text);
            foreach (var fingerprinter in fingerprinters)
            {
                var actual = fingerprinter.Compute(text);
                Assert.Equal(expected.Hashes, actual.Hashes);
                Assert.Equal((expected.Words, expected.TextHash, expected.Thinning), (actual.Words, actual.TextHash, actual.Thinning));
            }
        }
    }

    [Fact]
    public void Options_out_of_their_range_are_refused() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new Fingerprinter(new DeduplicationOptions { SampleOneIn = 0 }));

    static (Fingerprint Fingerprint, ulong[] Shingles) Prose(Random random, int count)
    {
        var hashes = Hashes(Words(random, count), [], []);
        return (OneInTen.Sample(hashes, 0), hashes);
    }

    static string[] Words(Random random, int count) => [.. Enumerable.Range(0, count).Select(_ => $"w{random.Next(5000)}")];

    static ulong[] Hashes(string[] opening, string[] middle, string[] end)
    {
        var words = new WordSequence();
        words.Read(string.Join(' ', [.. opening, .. middle, .. end]));
        var hashes = new ulong[words.Count];
        new Shingles(3, 6).Hash(words.Hashes, hashes);
        return hashes;
    }
}
