using System.Collections.Frozen;

namespace Ingest.Core.Normalisation.Words;

/// <summary>The lists of <c>hyphens.txt</c>: of a word that a line's end parts at a hyphen, whether it keeps the hyphen.</summary>
internal static class HyphenLists
{
    /// <summary>Letters of the shortest second half before which a first half keeps its hyphen: "self-/ish" is one word.</summary>
    const int ShortestSecond = 4;

    static readonly ILookup<string, string> Lists = Resource.Lines("hyphens.txt")
        .Select(l => l.Split(": ", 2))
        .SelectMany(l => l[1].Split(' ').Select(word => (Kind: l[0].Split(' ')[0], Word: word)))
        .ToLookup(w => w.Kind, w => w.Word);

    static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>>
        Firsts = SetOf("first"), Pairs = SetOf("pair"), With = SetOf("with"), HangingWords = SetOf("hanging");

    public static bool Keeps(ReadOnlySpan<char> first, ReadOnlySpan<char> second) =>
        second.Length >= ShortestSecond && Firsts.Contains(first) || Pairs.Contains(first) && With.Contains(second);

    /// <summary>Before such a word a hyphen stands for what follows later.</summary>
    public static bool HangsBefore(ReadOnlySpan<char> second) => HangingWords.Contains(second);

    static FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> SetOf(string kind) =>
        Lists[kind].ToFrozenSet(StringComparer.OrdinalIgnoreCase).GetAlternateLookup<ReadOnlySpan<char>>();
}
