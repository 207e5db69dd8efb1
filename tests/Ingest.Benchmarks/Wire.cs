using System.Text;

namespace Ingest.Benchmarks;

/// <summary>
/// A stream of generated articles of about 3 KB, by number: 70 in 100 are new, 30 are edited copies of an earlier one. Words are drawn
/// as in real text, a few very often and most seldom (Zipf). The same number gives the same article. Hostile kinds: "paragraph", all
/// share one; "copies", all have the words of the first; "edits", all are edited copies of the first; "noise", no word is likelier.
/// </summary>
sealed class Wire(string kind = "wire")
{
    const int Words = 480;

    static readonly string[] Vocabulary = MakeVocabulary(60_000);

    /// <summary>
    /// Which earlier article number <paramref name="number"/> copies; null for a new one. Copies follow within a few thousand articles.
    /// </summary>
    public long? Original(long number)
    {
        if (kind is "copies" or "edits")
            return number > 0 ? 0 : null;
        if (kind != "wire" || number < 10)
            return null;
        var random = new Random((int)number);
        if (random.Next(100) >= 30)
            return null;
        var original = number - 1 - random.Next((int)Math.Min(number - 1, 8000));
        while (Original(original) is { } before)
            original = before;
        return original;
    }

    public string Article(long number)
    {
        var words = Original(number) is { } original
            ? kind == "copies" ? New(original) : Edited(New(original), new Random((int)number ^ 0x5bd1e995))
            : New(number);
        if (kind == "paragraph")
            words.InsertRange(words.Count / 2, New(int.MaxValue).Take(80));
        var text = new StringBuilder(3600);
        for (var i = 0; i < words.Count; i++)
            text.Append(i == 0 ? "" : i % 61 == 60 ? ".\n" : i % 17 == 16 ? ", " : " ").Append(words[i]);
        return text.Append('.').ToString();
    }

    List<string> New(long number)
    {
        var random = new Random((int)number);
        var words = new List<string>(Words + 80);
        for (var i = 0; i < Words; i++)
            words.Add(kind == "noise" ? Vocabulary[random.Next(Vocabulary.Length)] : Zipf(random));
        return words;
    }

    /// <summary>What papers do: small edits always, and often a cut, a passage put in, or a brief of the first sentences.</summary>
    static List<string> Edited(List<string> words, Random random)
    {
        for (var i = 0; i < words.Count; i++)
            if (random.Next(50) == 0)
                words[i] = Zipf(random);
        switch (random.Next(10))
        {
            case < 2:
                words.RemoveRange(words.Count / 2, words.Count - words.Count / 2);
                break;
            case 2:
                words.RemoveRange(60, words.Count - 60);
                break;
            case 3:
                words.InsertRange(words.Count / 3, Enumerable.Range(0, 60).Select(_ => Zipf(random)).ToList());
                break;
            default:
                break;
        }

        return words;
    }

    static string Zipf(Random random) => Vocabulary[(int)Math.Pow(Vocabulary.Length, random.NextDouble()) - 1];

    static string[] MakeVocabulary(int count)
    {
        var random = new Random(1);
        var words = new HashSet<string>();
        while (words.Count < count)
            words.Add(string.Concat(Enumerable.Range(0, 2 + (int)(Math.Sqrt(words.Count + 1) / 35) + random.Next(5))
                .Select(_ => (char)('a' + random.Next(26)))));
        return [.. words];
    }
}
