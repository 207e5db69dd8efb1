using System.Collections.Frozen;
using Ingest.Core.Normalisation.Characters;
using Ingest.Core.Normalisation.Lines;
using Ingest.Core.Normalisation.Phrases;

namespace Ingest.Core.Normalisation.Rules;

/// <summary>
/// Lines that are several buttons in a row, as a flattened page has them: "SHARE THIS STORY Tweet Print Email". Each phrase would be a line
/// of furniture by itself.
/// </summary>
internal static class FurniturePhrases
{
    /// <summary>Words of the longest phrase that is tried.</summary>
    const int MostWords = 5;

    const int MaxLength = 120;

    static readonly FrozenDictionary<string, PhraseRule> Whole = PhraseRule.Default
        .Where(r => r is { Match: PhraseMatch.Whole, MaxWords: > 0, Section: false })
        .SelectMany(r => r.Phrases.Where(p => !p.Contains('#')).Select(p => (Phrase: Folded(p), Rule: r)))
        .DistinctBy(p => p.Phrase).ToFrozenDictionary(p => p.Phrase, p => p.Rule);

    static readonly FrozenDictionary<string, PhraseRule>.AlternateLookup<ReadOnlySpan<char>> Lookup = Whole.GetAlternateLookup<ReadOnlySpan<char>>();

    static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> FirstWords =
        Whole.Keys.Select(p => p.Split(' ')[0]).ToFrozenSet().GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>The rule of the first phrase, where three or more cover the line; null otherwise.</summary>
    public static PhraseRule? Covering(ReadOnlySpan<char> line, in Traits traits)
    {
        if (traits.Words is < 3 or > 15 || line.Length > MaxLength || traits.EndsSentence)
            return null;
        Span<char> folded = stackalloc char[line.Length];
        // Most lines begin with a word that opens none.
        var end = line.IndexOf(' ');
        Fold(line[..(end < 0 ? line.Length : end)], folded);
        if (end < 0 || !FirstWords.Contains(folded[..end]))
            return null;
        Fold(line, folded);
        PhraseRule? first = null;
        var count = 0;
        for (var at = Skip(folded, 0); at < folded.Length; count++)
        {
            var behind = LongestFrom(folded, at, out var rule);
            if (rule is null)
                return null;
            first ??= rule;
            at = Skip(folded, behind);
        }

        return count >= 3 ? first : null;
    }

    static void Fold(ReadOnlySpan<char> line, Span<char> folded)
    {
        for (var i = 0; i < line.Length; i++)
            folded[i] = line[i] is '|' or '·' or '•' or '/' or ',' ? ' ' : Chars.Fold(line[i]);
    }

    static int LongestFrom(ReadOnlySpan<char> line, int at, out PhraseRule? rule)
    {
        rule = null;
        var longest = 0;
        var end = at;
        for (var words = 0; words < MostWords && end < line.Length; words++)
        {
            var space = line[end..].IndexOf(' ');
            end = space < 0 ? line.Length : end + space;
            if (Lookup.TryGetValue(line[at..end], out var found))
                (rule, longest) = (found, end);
            end = Skip(line, end);
        }

        return longest;
    }

    static int Skip(ReadOnlySpan<char> line, int at)
    {
        while (at < line.Length && line[at] == ' ')
            at++;
        return at;
    }

    static string Folded(string phrase) => string.Concat(phrase.Select(Chars.Fold));
}
