using System.Security.Cryptography;
using System.Text;
using Ingest.Core.Tests;
using Ingest.Ledger.Articles;

namespace Ingest.Ledger.Tests.Articles;

public class PackingTests
{
    const string Sentence = "The harbour board said on Tuesday that the ferry would sail again after the repairs to the northern quay. ";

    static readonly byte[] Text = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Range(0, 20).Select(i => $"{i} {Sentence}")));

    [Fact]
    public void Whatever_is_packed_comes_back()
    {
        var random = new Random(20261201);
        foreach (var length in Enumerable.Range(0, 300).Concat([1023, 1024, 1025, 4096, 65_535, 65_536, 131_072, 131_073, 3_000_000]))
        {
            var noise = new byte[length];
            random.NextBytes(noise);
            Comes(noise);
            Comes(new byte[length]);
            Comes([.. Enumerable.Range(0, length).Select(i => Text[i % 2000])]);
        }

        foreach (var name in SampleArticles.Names())
            {
            Comes(Encoding.UTF8.GetBytes(SampleArticles.Text(name)));
            var result = StoredResult.Write(ResultAssert.Normalised(SampleArticles.Text(name)), SampleArticles.Text(name));
            var packed = StoredResult.Pack(result);
            Assert.InRange(packed.Length, 1, result.Length);
            Assert.Equal(result, StoredResult.Whole(packed));
            Assert.Equal(packed, StoredResult.Pack(packed));
        }
    }

    [Fact]
    public void A_text_takes_less_than_half_and_noise_one_byte_more()
    {
        Assert.InRange(Packing.Pack(Text).Length, 1, Text.Length / 2);
        Assert.Equal(101, Packing.Pack(RandomNumberGenerator.GetBytes(100)).Length);
    }

    /// <summary>Rows of ledgers need the dictionary as it is: a later one has a later number.</summary>
    [Fact]
    public void A_row_of_an_earlier_program_is_read()
    {
        Assert.Equal(Sentence, Encoding.UTF8.GetString(Packing.Unpack(Convert.FromBase64String(Stored))));
        Assert.Equal("ed3868c48c2c9c06476a1fd54c66314854c0753a9aa9015058cac767756e5410", HashOf("1.zdict"));
        Assert.Equal("273d606b23b085a5da387f796d6cfb179643f6ecf5e0bbb5a644cbcbc02bac0b", HashOf("2.zdict"));

        static string HashOf(string name)
        {
            using var dictionary = typeof(Packing).Assembly.GetManifestResourceStream(name)!;
            return Convert.ToHexStringLower(SHA256.HashData(dictionary));
        }
    }

    /// <summary>Its frame was made by Zstandard's own program.</summary>
    const string Stored = "AWootS/9BACtAQAjQQNsofpiwZO6jI2i1EcBDPyuoq5DMMzMruDkGQXZgdt4Jfi9QDpoAZ8ESTaS+3qOuxE6A/7VVqg=";

    [Fact]
    public void Texts_of_other_letters_are_packed_without_the_dictionary_of_Latin_ones()
    {
        Assert.Equal(1, Packing.Pack(Text)[0]);
        Assert.Equal(1, Packing.Pack(Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("Die Bahn fährt nach dem Umbau wieder über die alte Brücke in die Stadt. ", 20))))[0]);
        Assert.Equal(0, Packing.Pack(Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("Паром снова идёт в порт. ", 20))))[0]);
    }

    [Fact]
    public void What_is_cut_off_is_named()
    {
        var packed = Packing.Pack(Text);
        for (var length = 0; length < packed.Length; length++)
            Assert.Throws<StoredResultException>(() => Packing.Unpack(packed.AsSpan(0, length)));
        Assert.Throws<StoredResultException>(() => Packing.Unpack([.. packed, 0]));
    }

    /// <summary>Beside the mark, which may say that the bytes are as they came.</summary>
    [Fact]
    public void A_changed_byte_is_named()
    {
        var packed = Packing.Pack(Text);
        for (var at = 1; at < packed.Length; at++)
        {
            foreach (var change in (ReadOnlySpan<byte>)[1, 0x10, 0x80, 0xff])
            {
                packed[at] ^= change;
                try
                {
                    // A bit that the format does not use changes nothing.
                    Assert.Equal(Text, Packing.Unpack(packed));
                }
                catch (StoredResultException)
                {
                }

                _ = Packing.LengthOf(packed);
                packed[at] ^= change;
            }
        }
    }

    [Fact]
    public void A_dictionary_of_a_later_program_is_named()
    {
        var packed = Packing.Pack(Text);
        packed[0] = 3;
        var fault = Assert.Throws<StoredResultException>(() => Packing.Unpack(packed));
        Assert.StartsWith("The stored content was packed with dictionary 3; this program has dictionaries up to 2.", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_length_that_no_such_frame_has_takes_no_memory()
    {
        // 1 GB in a frame of some hundred bytes, then a length that is not a number of 32 bits.
        foreach (var length in (byte[][])[[0xff, 0xff, 0xff, 0xff, 0x03], [0xff, 0xff, 0xff, 0xff, 0x7f], [0xff, 0xff, 0xff, 0xff, 0xff, 0xff]])
        {
            byte[] bomb = [1, .. length, .. Packing.Pack(Text)[3..]];
            var before = GC.GetAllocatedBytesForCurrentThread();
            Assert.Throws<StoredResultException>(() => Packing.Unpack(bomb));
            Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 20);
            Assert.Equal(bomb.Length, Packing.LengthOf(bomb));
        }
    }

    [Fact]
    public void Threads_do_not_disturb_each_other() => Parallel.For(0, 2000, i =>
    {
        var own = Encoding.UTF8.GetBytes($"{i}: {Sentence}{i % 7} {Sentence}");
        Assert.Equal(own, Packing.Unpack(Packing.Pack(own)));
    });

    static void Comes(byte[] bytes)
    {
        var packed = Packing.Pack(bytes);
        Assert.InRange(packed.Length, 1, bytes.Length + 1);
        Assert.Equal(bytes, Packing.Unpack(packed));
        Assert.Equal(bytes.Length, Packing.LengthOf(packed));
    }
}
