using System.Collections.Frozen;
using Ingest.Core.Normalisation.Characters;
using Ingest.Core.Normalisation.Documents;
using Ingest.Core.Normalisation.Lines;
using Ingest.Core.Normalisation.Phrases;
using Ingest.Core.Normalisation.Words;

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

    static readonly HashFilter Openings = HashFilter.Of(FirstWords());

    /// <summary>The rule of the first phrase, where three or more cover the line; null otherwise.</summary>
    public static PhraseRule? Covering(Document document, Segment segment)
    {
        // Most lines begin with a word that opens none.
        if (segment.Traits.Words is < 3 or > 15 || segment.Length > MaxLength || segment.Traits.EndsSentence || !Openings.MayHave(document.Words.Of(segment.Words)[0] & WordList.HashMask))
            return null;
        var line = document.Slice(segment);
        Span<char> folded = stackalloc char[line.Length];
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

    /// <summary>They are hashed as those of a document are, by scanning.</summary>
    static IEnumerable<uint> FirstWords()
    {
        var words = new WordList(Whole.Count * 2);
        var scanner = new Scanner(PhraseBook.Default, StopWords.Default, new LanguageVote(StopWords.Default), words);
        foreach (var phrase in Whole.Keys)
        {
            var segment = new Segment(0, phrase.Length);
            scanner.Scan(phrase, segment);
            if (segment.Words.Count > 0)
                yield return words.Of(segment.Words)[0] & WordList.HashMask;
        }
    }

    static void Fold(ReadOnlySpan<char> line, Span<char> folded)
    {
        for (var i = 0; i < line.Length; i++)
            folded[i] = line[i] is '|' or '·' or '•' or '/' ? ' ' : Chars.Fold(line[i]);
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
