using System.Text;
using Ingest.Core.Deduplication.Text;

namespace Ingest.Core.Tests.Deduplication;

/// <summary>
/// Every kernel that this machine has gives the words of the reference: the same hashes at the same places, for any text.
/// </summary>
public class KernelTests
{
    const string Letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";

    /// <summary>Their neighbours in ASCII: what is off by one is among them.</summary>
    const string Separators = " \n\0/:@[`{~\u007f_-.,'";

    static readonly string[] Foreign =
    [
        "’", "“", "”", "—", "…", "\u00a0", "€", "é", "É", "ß", "ﬁ", "½", "ﷺ",
        "ŧ", "\u0301", "\u00ad", "\u200b", "\u0080", "\u00ff", "\u0100", "\u017f",
        "и", "Ё", "й", "ς", "أ", "\u064b", "ـ", "ש\u05c1", "क़", "\u093c", "ี", "ก", "東", "京", "ガ", "ｶﾞ", "서", "Ａ", "٣", "。", "，", "\u3000",
        "🎉", "𠮷", "\ud842", "\udfb7", "\ud800", "\udc00", "\uffff", "\ufeff",
        "\ufffd", "\u0dff", "\u0e00", "\u7fff", "\u8000", "\u8041", "Ł",
    ];

    /// <summary>The reference among them: a machine without vectors has no other, and a theory without data fails.</summary>
    public static TheoryData<string> Kernels() => [.. WordKernel.Supported.Select(k => k.Name)];

    [Theory, MemberData(nameof(Kernels))]
    public void Sample_articles_have_the_words_of_the_reference(string kernel)
    {
        foreach (var name in SampleArticles.Names())
            AssertSame(kernel, SampleArticles.Text(name));
    }

    [Theory, MemberData(nameof(Kernels))]
    public void ASCII_of_every_length_has_the_words_of_the_reference(string kernel)
    {
        var random = new Random(1);
        for (var length = 0; length <= 200; length++)
            for (var round = 0; round < 10; round++)
                AssertSame(kernel, Ascii(random, length));
        foreach (var length in new[] { 1023, 1024, 1025, 1087, 1088, 1089, 2047, 2048, 2049, 50_000 })
            AssertSame(kernel, Ascii(random, length));
    }

    [Theory, MemberData(nameof(Kernels))]
    public void Words_of_every_length_at_every_place_are_those_of_the_reference(string kernel)
    {
        var random = new Random(2);
        for (var length = 1; length <= 40; length++)
            for (var before = 0; before <= 64; before++)
            {
                var word = string.Concat(Enumerable.Range(0, length).Select(_ => Pick(random, Letters)));
                AssertSame(kernel, new string(' ', before) + word + " " + word);
                AssertSame(kernel, new string('x', before) + " " + word + "é " + word + ".");
                AssertSame(kernel, new string(' ', before) + "é" + word);
            }
    }

    [Theory, MemberData(nameof(Kernels))]
    public void A_foreign_character_at_any_place_of_a_word_is_seen(string kernel)
    {
        foreach (var foreign in Foreign)
            for (var place = 0; place <= 20; place++)
                for (var before = 44; before <= 64; before += place < 10 ? 1 : 4)
                    AssertSame(kernel, new string('.', before) + "wordsandnumbers20261"[..place]
                        + foreign + "abc".PadRight(20 - place, 'z') + " plain words behind it all");
    }

    [Theory, MemberData(nameof(Kernels))]
    public void Words_and_separators_that_fill_whole_blocks_are_those_of_the_reference(string kernel)
    {
        foreach (var unit in new[] { "a", " ", "é", "東", "a ", " a", "é ", "a.", "\u00ad", "ß", "“", "\ud800" })
            foreach (var length in new[] { 63, 64, 65, 127, 128, 1023, 1024, 1025, 5000 })
            {
                var text = string.Concat(Enumerable.Repeat(unit, length / unit.Length + 1))[..length];
                AssertSame(kernel, text);
                AssertSame(kernel, "x" + text + " end");
                AssertSame(kernel, text + "é end");
                AssertSame(kernel, " " + text + "x");
            }
    }

    /// <summary>A seeded fuzz run: from plain ASCII to hardly any, with long words, long gaps and every kind of character.</summary>
    [Theory, MemberData(nameof(Kernels))]
    public void Fuzzed_texts_have_the_words_of_the_reference(string kernel)
    {
        for (var seed = 0; seed < 3000; seed++)
            AssertSame(kernel, Fuzz(new Random(seed)));
    }

    [Theory, MemberData(nameof(Kernels))]
    public void Any_code_units_have_the_words_of_the_reference(string kernel)
    {
        var random = new Random(3);
        for (var round = 0; round < 1000; round++)
            AssertSame(kernel, string.Concat(Enumerable.Range(0, random.Next(300))
                .Select(_ => random.Next(3) == 0 ? (char)random.Next(0x80) : (char)random.Next(0x10000))));
    }

    [Fact]
    public void The_widest_kernel_is_taken_unless_a_name_is_given()
    {
        WordKernel[] kernels =
            [new("scalar", true, WordReader.Read), new("wide", true, WordReader.Read), new("wider", false, WordReader.Read)];
        Assert.Same(kernels[1], WordKernel.Choose(null, kernels));
        Assert.Same(kernels[1], WordKernel.Choose("", kernels));
        Assert.Same(kernels[0], WordKernel.Choose("scalar", kernels));
    }

    [Fact]
    public void A_kernel_that_is_unknown_or_not_supported_is_refused_with_those_that_are()
    {
        WordKernel[] kernels =
            [new("scalar", true, WordReader.Read), new("wide", true, WordReader.Read), new("wider", false, WordReader.Read)];
        Assert.Equal(
            "INGEST_KERNEL is 'Wide'. There is no such kernel: use scalar, wide, or leave it unset for the fastest.",
            Assert.Throws<InvalidOperationException>(() => WordKernel.Choose("Wide", kernels)).Message);
        Assert.Equal(
            "INGEST_KERNEL is 'wider'. This machine cannot run it: use scalar, wide, or leave it unset for the fastest.",
            Assert.Throws<InvalidOperationException>(() => WordKernel.Choose("wider", kernels)).Message);
    }

    [Fact]
    public void The_reference_is_the_first_and_every_machine_has_it()
    {
        Assert.Equal(["scalar", "vector128", "vector256", "vector512"], WordKernel.All.Select(k => k.Name));
        Assert.True(WordKernel.All[0].IsSupported);
    }

    static void AssertSame(string kernel, string text)
    {
        var expected = Read(WordKernel.All[0], text);
        var actual = Read(WordKernel.Choose(kernel, WordKernel.All), text);
        if (expected.SequenceEqual(actual))
            return;
        var place = expected.Zip(actual).TakeWhile(p => p.First == p.Second).Count();
        Assert.Fail(
            $"{kernel}: word {place} of {expected.Count} is {At(actual, place)}, should be {At(expected, place)}, in {Escaped(text)}");
    }

    static string At(List<(ulong Hash, int Start, int End)> words, int place) => place < words.Count ? words[place].ToString() : "missing";

    static List<(ulong Hash, int Start, int End)> Read(WordKernel kernel, string text)
    {
        var words = new WordSequence(kernel);
        words.Read(text);
        return [.. Enumerable.Range(0, words.Count).Select(i => (words.Hashes[i], words.Place(i).Start, words.Place(i).End))];
    }

    static string Ascii(Random random, int length) =>
        string.Concat(Enumerable.Range(0, length).Select(_ => random.Next(6) == 0 ? Pick(random, Separators) : Pick(random, Letters)));

    static string Fuzz(Random random)
    {
        var text = new StringBuilder();
        var foreign = random.Next(4) switch { 0 => 0, 1 => 2, 2 => 20, _ => 80 };
        var length = random.Next(random.Next(20) == 0 ? 4000 : 400);
        while (text.Length < length)
        {
            var run = random.Next(10) == 0 ? random.Next(140) : random.Next(1, 12);
            var kind = random.Next(100);
            for (var i = 0; i < run; i++)
                if (kind < foreign || random.Next(200) < foreign)
                    text.Append(Foreign[random.Next(Foreign.Length)]);
                else if (kind > 60)
                    text.Append(Pick(random, i == run - 1 || run > 30 ? Separators : Letters));
                else
                    text.Append(Pick(random, Letters));
        }

        return text.ToString();
    }

    static char Pick(Random random, string from) => from[random.Next(from.Length)];

    static string Escaped(string text) => string.Concat(text.Select(c => c is >= ' ' and < '\u007f' ? c.ToString() : $"\\u{(int)c:x4}"));
}
