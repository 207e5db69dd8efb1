using System.Collections.Frozen;
using Ingest.Core.Normalisation.Characters;

namespace Ingest.Core.Normalisation.Rules;

/// <summary>Words that may open a text, found by their first letter: most texts begin with none of them.</summary>
internal sealed class OpeningWords(IEnumerable<string> words)
{
    readonly FrozenDictionary<char, string[]> byInitial = words.Select(w => string.Concat(w.Select(Chars.Fold))).Distinct()
        .GroupBy(w => w[0]).ToFrozenDictionary(g => g.Key, g => g.OrderByDescending(w => w.Length).ToArray());

    /// <summary>The length of the longest of them that opens the text; 0 where none does.</summary>
    public int LengthAt(ReadOnlySpan<char> text)
    {
        foreach (var word in Starting(text))
            if (Chars.StartsFolded(text, word))
                return word.Length;
        return 0;
    }

    public bool Open(ReadOnlySpan<char> text) => LengthAt(text) > 0;

    /// <summary>Those with the text's first letter, the longest first.</summary>
    public ReadOnlySpan<string> Starting(ReadOnlySpan<char> text) =>
        !text.IsEmpty && byInitial.TryGetValue(Chars.Fold(text[0]), out var words) ? words : [];
}
