using System.Text;

namespace Ingest.Core.Tests.Deduplication;

/// <summary>Invented text of invented words: two passages share a phrase only if one was made from the other.</summary>
sealed class Prose(int seed)
{
    const string Consonants = "bdfgklmnprstvz";
    const string Vowels = "aeiou";

    readonly Random random = new(seed);

    public Random Random => random;

    /// <summary>A word of three or four syllables; one in 10 million comes twice.</summary>
    public string Word()
    {
        var word = new StringBuilder();
        for (var n = random.Next(3, 5); n > 0; n--)
            word.Append(Consonants[random.Next(Consonants.Length)]).Append(Vowels[random.Next(Vowels.Length)]);
        return word.Append(Consonants[random.Next(Consonants.Length)]).ToString();
    }

    public string[] Words(int count) => [.. Enumerable.Range(0, count).Select(_ => Word())];

    public string Text(int words) => string.Join(' ', Words(words));

    /// <summary>The text with so many of its words replaced by others, evenly spread.</summary>
    public string Replace(string text, int count)
    {
        var words = text.Split(' ');
        for (var n = 0; n < count; n++)
            words[(2 * n + 1) * words.Length / (2 * count)] = Word();
        return string.Join(' ', words);
    }

    /// <summary>The text as a poor scanner reads it: one letter in so many is another one.</summary>
    public string Scan(string text, int oneIn)
    {
        var letters = text.ToCharArray();
        for (var i = 0; i < letters.Length; i++)
            if (letters[i] != ' ' && random.Next(oneIn) == 0)
                letters[i] = "xqwyjh"[random.Next(6)];
        return new string(letters);
    }

    /// <summary>A part of the text, in words.</summary>
    public static string Part(string text, int from, int count) => string.Join(' ', text.Split(' ').Skip(from).Take(count));
}
