using Ingest.Core.Articles;
using Ingest.Core.Tests;
using Ingest.Ledger.Articles;

namespace Ingest.Ledger.Tests.Articles;

/// <summary>A damaged row ends in the named exception or in some result: never in another exception, nor in all the memory.</summary>
public class CorruptResultTests
{
    /// <summary>Small ones of each shape, as every byte is changed to many values.</summary>
    static readonly string[] Texts = [.. SampleArticles.Names().Where((_, i) => i % 12 == 0)
        .Select(SampleArticles.Text).Append("").Append("x \ud83d y\nz")];

    static readonly byte[] Values = [0x00, 0x01, 0x02, 0x07, 0x0c, 0x1a, 0x40, 0x7f, 0x80, 0xfe, 0xff];

    [Fact]
    public void A_blob_that_is_cut_off_is_named()
    {
        foreach (var text in Texts)
        {
            foreach (var stored in Forms(text))
            {
                for (var length = 0; length < stored.Length; length++)
                {
                    Assert.Throws<StoredResultException>(() => StoredResult.Read(stored.AsSpan(0, length), text));
                    Try(stored.AsSpan(0, length), text);
                }

                Assert.Throws<StoredResultException>(() => StoredResult.Read([.. stored, 0], text));
            }
        }
    }

    [Fact]
    public void A_changed_byte_gives_a_result_or_is_named()
    {
        foreach (var text in Texts)
        {
            foreach (var stored in Forms(text))
            {
                for (var at = 0; at < stored.Length; at++)
                {
                    var right = stored[at];
                    foreach (var wrong in Values.Append((byte)(right ^ 1)).Append((byte)(right + 1)))
                    {
                        stored[at] = wrong;
                        Try(stored, text);
                    }

                    stored[at] = right;
                }
            }
        }
    }

    [Fact]
    public void Random_bytes_give_a_result_or_are_named()
    {
        var random = new Random(20261122);
        var text = Texts[0];
        for (var i = 0; i < 20_000; i++)
        {
            var stored = StoredResult.Write(ResultAssert.Normalised("x"), "x");
            stored = [.. stored, .. new byte[random.Next(200)]];
            random.NextBytes(stored.AsSpan(2));
            stored[2] &= 0x0f;
            Try(stored, "x");
            Try(stored, text);
        }
    }

    [Theory]
    [InlineData("00", "format 0")]
    [InlineData("05", "format 5")]
    [InlineData("01", "cut off")]
    [InlineData("02", "cut off")]
    [InlineData("0200", "lacks a text")]
    [InlineData("020B", "cut off: a text of 1 bytes is expected")]
    [InlineData("020BFF", "not UTF-8")]
    [InlineData("020931", "outside the text")]
    [InlineData("020B310120", "unknown flags")]
    [InlineData("010100FFFFFFFFFFFFFFFF7F", "promises 9223372036854775807 items")]
    [InlineData("010100FFFFFFFFFFFFFFFFFFFF", "number without end")]
    [InlineData("010120", "unknown flags")]
    [InlineData("0101000171", "promises 1 items")]
    [InlineData("01010001FF01000000", "BlockKind 255")]
    [InlineData("01010001000101FBFFFFFFFFFFFFFF7F", "cut off: a text")]
    public void The_message_says_what_is_wrong(string stored, string message) =>
        Assert.Contains(message, Assert.Throws<StoredResultException>(() => StoredResult.Read(Convert.FromHexString(stored), "x")).Message);

    /// <summary>A whole text for every five bytes would be gigabytes.</summary>
    [Fact]
    public void A_blob_cannot_ask_for_the_text_a_thousand_times()
    {
        var text = new string('a', 1_000_000);
        List<byte> stored = [1, 0xc0, 0x84, 0x3d, 5, 0x88, 0x27];
        for (var i = 0; i < 5000; i++)
            stored.AddRange([0, 1 | 1 << 3, 0, .. i == 0 ? new byte[] { 0 } : [0xff, 0x88, 0x7a], 0xc0, 0x84, 0x3d]);
        Assert.Contains("repeats the text", Assert.Throws<StoredResultException>(() => StoredResult.Read([.. stored], text)).Message);
        Assert.Contains("repeats the text",
            Assert.Throws<StoredResultException>(() => StoredResult.ReadStoryArticle([.. stored], text, default)).Message);
    }

    /// <summary>In full, and packed.</summary>
    static byte[][] Forms(string text)
    {
        var whole = StoredResult.Write(ResultAssert.Normalised(text), text);
        return [whole, StoredResult.Pack(whole)];
    }

    static void Try(ReadOnlySpan<byte> stored, string text)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        try
        {
            StoredResult.Read(stored, text);
        }
        catch (StoredResultException)
        {
        }

        try
        {
            StoredResult.ReadStoryArticle(stored, text, default);
        }
        catch (Exception fault) when (fault is StoredResultException
            or InvalidOperationException { Message: "The stored result is a rejection: it has no article to compare." })
        {
        }

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 100_000_000);
    }
}
