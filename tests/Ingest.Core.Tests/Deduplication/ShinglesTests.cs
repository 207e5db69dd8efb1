using Ingest.Core.Deduplication.Fingerprints;
using Ingest.Core.Deduplication.Text;

namespace Ingest.Core.Tests.Deduplication;

public class ShinglesTests
{
    static readonly Shingles ThreeAndSix = new(3, 6);

    [Fact]
    public void A_shingle_ends_at_every_word_from_the_third_on()
    {
        var hashes = Hash(ThreeAndSix, "one two three four five");
        Assert.Equal([false, false, true, true, true], hashes.Select(h => h != 0));
        Assert.Equal(3, hashes.Where(h => h != 0).Distinct().Count());
    }

    [Fact]
    public void In_scripts_without_blanks_a_shingle_ends_at_every_character_from_the_sixth_on() =>
        Assert.Equal([false, false, false, false, false, true, true], Hash(ThreeAndSix, "首相到着東京市").Select(h => h != 0));

    [Theory]
    [InlineData("one")]
    [InlineData("one two")]
    [InlineData("東")]
    [InlineData("東京")]
    [InlineData("Tokyo 東京")]
    public void A_shorter_text_is_one_shingle_that_ends_at_its_last_word(string text)
    {
        var hashes = Hash(ThreeAndSix, text);
        Assert.All(hashes[..^1], h => Assert.Equal(0UL, h));
        Assert.NotEqual(0UL, hashes[^1]);
        Assert.NotEqual(hashes[^1], Hash(ThreeAndSix, text + text)[^1]);
    }

    [Fact]
    public void A_text_without_words_has_none() => Assert.Empty(Hash(ThreeAndSix, "…"));

    [Theory]
    [InlineData(1, 1), InlineData(3, 6), InlineData(5, 9), InlineData(16, 32), InlineData(64, 64)]
    public void A_shingle_is_the_same_wherever_it_stands(int words, int characters)
    {
        var settings = new Shingles(words, characters);
        var random = new Random(5);
        var middle = string.Join(' ', Enumerable.Range(0, 150).Select(i => random.Next(3) == 0 ? "東京の市" : $"word{i}")) + " last";
        var plain = Hash(settings, middle);
        var moved = Hash(settings, $"An opening of {string.Join(' ', Enumerable.Range(0, 100))} other words 首相到着 {middle} and an end");
        var from = moved.AsSpan().IndexOf(plain[^1]) + 1 - plain.Length;
        Assert.True(from >= 0);
        Assert.Equal(plain[64..], moved[(from + 64)..(from + plain.Length)]);
    }

    [Theory]
    [InlineData(1), InlineData(2), InlineData(3), InlineData(4), InlineData(16), InlineData(64)]
    public void Each_word_and_its_place_count_and_what_stands_before_does_not(int length)
    {
        var settings = new Shingles(length, length);
        var words = Enumerable.Range(0, length).Select(i => $"word{i}").ToArray();
        var hash = Hash(settings, "before it " + string.Join(' ', words))[^1];
        Assert.Equal(hash, Hash(settings, "elsewhere " + string.Join(' ', words))[^1]);
        for (var i = 0; i < length; i++)
        {
            Assert.NotEqual(hash, Hash(settings, "before it " + string.Join(' ', words.Select((w, n) => n == i ? "other" : w)))[^1]);
            for (var n = 0; n < i; n++)
                Assert.NotEqual(hash,
                    Hash(settings, "before it " + string.Join(' ', words.Select((w, m) => m == i ? words[n] : m == n ? words[i] : w)))[^1]);
        }
    }

    [Fact]
    public void Repeated_words_have_shingles_of_their_own()
    {
        // Turned words must not cancel each other.
        string[] texts = ["a a a", "b b b", "c c c", "a b a", "b a b", "a a b", "b a a", "東東東東東東", "京京京京京京", "東京東京東京", "京東京東京東", "東東京京東東"];
        Assert.Distinct(texts.Select(t => Hash(ThreeAndSix, t)[^1]));
    }

    [Fact]
    public void Hashes_are_even_in_their_high_bits_and_in_their_low_ones()
    {
        // From few and short words, whose hashes have little to give.
        var random = new Random(6);
        foreach (var text in new[]
        {
            string.Join(' ', Enumerable.Range(0, 400_000).Select(_ => (char)('a' + random.Next(26)) + (random.Next(2) == 0 ? "" : "s"))),
            string.Concat(Enumerable.Range(0, 200_000).Select(_ => (char)('一' + random.Next(64)))),
        })
        {
            var hashes = Hash(ThreeAndSix, text).Where(h => h != 0).Distinct().ToArray();
            Assert.All(hashes, h => Assert.Equal(1UL, h & 1));
            for (var shift = 1; shift <= 56; shift++)
                Evenness.Check(hashes, shift, $"bits from {shift}");
        }
    }

    static ulong[] Hash(Shingles settings, string text)
    {
        var words = new WordSequence();
        words.Read(text);
        var hashes = new ulong[words.Count];
        Array.Fill(hashes, 7UL);
        settings.Hash(words.Hashes, hashes);
        return hashes;
    }
}
