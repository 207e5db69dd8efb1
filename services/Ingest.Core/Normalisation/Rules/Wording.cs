using System.Collections.Frozen;

namespace Ingest.Core.Normalisation.Rules;

/// <summary>The lists of <c>wording.txt</c>, where the format is described.</summary>
internal static class Wording
{
    /// <summary>Asks for a blank before or behind words.</summary>
    const char More = '…';

    static readonly FrozenDictionary<string, string[]> Lists = Read(Resource.Lines("wording.txt"));

    public static IEnumerable<string> Kinds => Lists.Keys;

    /// <summary>The words of a kind in all languages, in the order of the file.</summary>
    /// <exception cref="InvalidOperationException">There are none: the kind was renamed, in the file or in the code alone.</exception>
    public static string[] Of(string kind) => Lists.TryGetValue(kind, out var words)
        ? words
        : throw new InvalidOperationException(
            $"wording.txt has no '{kind}', which the code reads by that name. Give it the same name in both.");

    /// <summary>The same as a set that is asked for whole words.</summary>
    public static FrozenSet<string> SetOf(string kind, StringComparer comparer) => Of(kind).ToFrozenSet(comparer);

    /// <exception cref="FormatException">A line is not of the format; the message names it.</exception>
    internal static FrozenDictionary<string, string[]> Read(IEnumerable<string> lines)
    {
        var lists = new Dictionary<string, List<string>>();
        foreach (var line in lines)
        {
            var colon = line.IndexOf(':');
            if (colon < 0 || line[..colon].Split(' ') is not [var kind, { Length: 2 }])
                throw new FormatException($"'{line}' does not begin with a kind, a language of two letters and a colon.");
            var words = line[(colon + 1)..].Split('|', StringSplitOptions.TrimEntries);
            if (Array.Exists(words, string.IsNullOrEmpty))
                throw new FormatException($"'{line}' has an empty entry.");
            if (!lists.TryGetValue(kind, out var list))
                lists[kind] = list = [];
            list.AddRange(words.Select(w => w.Trim(More)));
        }

        return lists.ToFrozenDictionary(l => l.Key, l => l.Value.ToArray());
    }
}
