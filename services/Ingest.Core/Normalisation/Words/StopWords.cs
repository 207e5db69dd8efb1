using Ingest.Core.Normalisation.Characters;

namespace Ingest.Core.Normalisation.Words;

/// <summary>
/// Frequent function words of the known languages, from <c>stopwords.txt</c>: one look-up by hash says in which languages a word is one.
/// They tell prose from furniture and the language of an article.
/// </summary>
internal sealed class StopWords
{
    public const uint HashSeed = 2166136261;

    readonly uint[] keys;
    readonly byte[] groupOf;
    readonly int mask;
    readonly HashFilter filter = new();

    StopWords(string[] languages, Dictionary<uint, ulong> words)
    {
        Languages = languages;
        var size = 4096;
        while (size < words.Count * 4)
            size *= 2;
        mask = size - 1;
        keys = new uint[size];
        groupOf = new byte[size];
        var groups = words.Values.Distinct().Order().ToArray();
        Groups = [0, .. groups];
        foreach (var (hash, bits) in words)
        {
            filter.Add(hash);
            var slot = (int)(hash & (uint)mask);
            while (keys[slot] != 0)
                slot = (slot + 1) & mask;
            keys[slot] = hash;
            groupOf[slot] = checked((byte)(Array.IndexOf(groups, bits) + 1));
        }
    }

    /// <summary>ISO 639-1 codes; bit n of a group stands for the n-th.</summary>
    public string[] Languages { get; }

    /// <summary>The sets of languages that share a word, each a bit per language; group 0 is empty.</summary>
    public ulong[] Groups { get; }

    public static StopWords Default { get; } = Load();

    /// <summary>One step of FNV-1a over folded characters, with the low bits stirred once more by the caller's table mask.</summary>
    public static uint Mix(uint hash, char folded) => (hash ^ folded) * 16777619;

    /// <summary>The hash of a whole word, as the scan makes it.</summary>
    public static uint Hash(string word)
    {
        var hash = HashSeed;
        foreach (var c in word)
            hash = Mix(hash, Chars.Fold(c));
        return hash;
    }

    /// <summary>The group of languages in which the word of this hash is a function word; 0 for none.</summary>
    public int Find(uint hash)
    {
        if (!filter.MayHave(hash))
            return 0;
        var slot = (int)(hash & (uint)mask);
        while (keys[slot] != 0)
        {
            if (keys[slot] == hash)
                return groupOf[slot];
            slot = (slot + 1) & mask;
        }

        return 0;
    }

    static StopWords Load()
    {
        var languages = new List<string>();
        var words = new Dictionary<uint, ulong>();
        foreach (var line in Resource.Lines("stopwords.txt"))
        {
            var colon = line.IndexOf(':');
            languages.Add(line[..colon]);
            var bit = 1UL << (languages.Count - 1);
            foreach (var word in line[(colon + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries))
            {
                var hash = Hash(word);
                words[hash] = words.GetValueOrDefault(hash) | bit;
            }
        }

        return new StopWords([.. languages], words);
    }
}
