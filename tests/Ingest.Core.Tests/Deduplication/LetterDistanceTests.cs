using Ingest.Core.Deduplication.Alignment;
using Ingest.Core.Deduplication.Text;

namespace Ingest.Core.Tests.Deduplication;

public class LetterDistanceTests
{
    [Theory, InlineData(1), InlineData(2), InlineData(3)]
    public void The_distance_is_that_of_the_plain_matrix(int seed)
    {
        var random = new Random(seed);
        for (var n = 0; n < 3_000; n++)
        {
            var letters = random.Next(1, 6);
            var (a, b) = (Letters(random, random.Next(1, 65), letters), Letters(random, random.Next(0, 65), letters));
            if (random.Next(2) == 0)
                b = Damaged(random, a);
            Assert.Equal(Naive(a, b), LetterDistance.Distance(a, b));
        }
    }

    [Fact]
    public void Sixty_four_letters_are_compared_to_the_last()
    {
        var whole = new string('a', 64);
        Assert.Equal(0, LetterDistance.Distance(whole, whole));
        Assert.Equal(1, LetterDistance.Distance(whole, whole[..63] + "b"));
        Assert.Equal(1, LetterDistance.Distance("b" + whole[..63], whole));
        Assert.Equal(64, LetterDistance.Distance(whole, new string('b', 64)));
    }

    [Theory]
    [InlineData("government", "govemment")]
    [InlineData("harbour", "harbor")]
    [InlineData("ice-breaker", "icebreaker")]
    [InlineData("ice breaker", "icebreaker")]
    [InlineData("Müller", "MULLER")]
    [InlineData("Straße", "strasse")]
    [InlineData("1,930", "1930")]
    [InlineData("٣٥٠", "350")]
    public void Damage_and_house_style_resemble(string a, string b) => AssertResemble(true, a, b);

    [Theory]
    [InlineData("Fire District", "Transit Authority")]
    [InlineData("Monday", "Thursday")]
    [InlineData("rose", "fell")]
    [InlineData("a", "abcdef")]
    public void Other_facts_do_not(string a, string b) => AssertResemble(false, a, b);

    [Theory]
    [InlineData("1,930", "1,931")]
    [InlineData("214 million", "241 million")]
    [InlineData("5.1", "5.2")]
    [InlineData("March 15", "March 16")]
    [InlineData("1234567890123456789", "1234567890123456788")]
    [InlineData("٣٥٠", "351")]
    [InlineData("１２３", "１２４")]
    public void Figures_never_resemble_other_figures(string a, string b) => AssertResemble(false, a, b);

    [Fact]
    public void Random_figures_resemble_only_themselves()
    {
        var random = new Random(4);
        for (var n = 0; n < 2_000; n++)
        {
            var (a, b) = ($"about {random.Next(1000, 1100)} euros", $"about {random.Next(1000, 1100)} euros");
            AssertResemble(a == b, a, b);
        }
    }

    [Fact]
    public void A_run_of_more_than_64_letters_resembles_nothing_and_one_of_64_itself()
    {
        AssertResemble(true, new string('a', 64), new string('a', 64));
        AssertResemble(false, new string('a', 65), new string('a', 65));
        AssertResemble(false, new string('a', 65), new string('a', 64));
    }

    [Fact]
    public void An_empty_run_resembles_nothing()
    {
        var (a, b) = (Words("harbour"), Words("harbour"));
        Assert.False(LetterDistance.Resemble(a, 0, 0, b, 0, 1, 0.6));
        Assert.False(LetterDistance.Resemble(a, 0, 1, b, 1, 1, 0.6));
        Assert.False(LetterDistance.Resemble(a, 0, 0, b, 0, 0, 0.6));
    }

    [Fact]
    public void Only_the_words_of_the_run_count()
    {
        var (a, b) = (Words("alpha government omega"), Words("one two govemment three"));
        Assert.True(LetterDistance.Resemble(a, 1, 2, b, 2, 3, 0.6));
        Assert.False(LetterDistance.Resemble(a, 0, 2, b, 1, 3, 0.9));
    }

    [Fact]
    public void The_share_is_of_the_longer_run()
    {
        // 7 of 10 letters stay.
        var (a, b) = (Words("abcdefghij"), Words("abcdefg"));
        Assert.True(LetterDistance.Resemble(a, 0, 1, b, 0, 1, 0.7));
        Assert.False(LetterDistance.Resemble(a, 0, 1, b, 0, 1, 0.71));
        Assert.True(LetterDistance.Resemble(b, 0, 1, a, 0, 1, 0.7));
        Assert.False(LetterDistance.Resemble(b, 0, 1, a, 0, 1, 0.71));
    }

    static void AssertResemble(bool expected, string a, string b)
    {
        var (one, other) = (Words(a), Words(b));
        Assert.Equal(expected, LetterDistance.Resemble(one, 0, one.Count, other, 0, other.Count, 0.6));
        Assert.Equal(expected, LetterDistance.Resemble(other, 0, other.Count, one, 0, one.Count, 0.6));
    }

    static WordSequence Words(string text)
    {
        var words = new WordSequence();
        words.Read(text);
        return words;
    }

    static string Letters(Random random, int length, int kinds) =>
        string.Concat(Enumerable.Range(0, length).Select(_ => (char)('a' + random.Next(kinds))));

    static string Damaged(Random random, string text)
    {
        var letters = text.ToList();
        for (var n = random.Next(5); n > 0; n--)
        {
            var at = random.Next(letters.Count + 1);
            if (random.Next(2) == 0 && letters.Count < 64)
                letters.Insert(at, 'z');
            else if (at < letters.Count)
                letters.RemoveAt(at);
        }

        return string.Concat(letters);
    }

    static int Naive(string a, string b)
    {
        var above = Enumerable.Range(0, b.Length + 1).ToArray();
        for (var i = 1; i <= a.Length; i++)
        {
            var row = new int[b.Length + 1];
            row[0] = i;
            for (var j = 1; j <= b.Length; j++)
                row[j] = Math.Min(Math.Min(row[j - 1], above[j]) + 1, above[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1));
            above = row;
        }

        return above[b.Length];
    }
}
