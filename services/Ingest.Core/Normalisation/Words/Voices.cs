using System.Collections.Frozen;

namespace Ingest.Core.Normalisation.Words;

/// <summary>The words with which a publisher speaks of itself or to its reader, from <c>voices.txt</c>.</summary>
internal static class Voices
{
    static readonly FrozenSet<uint> Words = Resource.Lines("voices.txt")
        .SelectMany(line => line[(line.IndexOf(':') + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries))
        .Select(word => StopWords.Hash(word) & WordList.HashMask).ToFrozenSet();

    /// <summary>True where one of <paramref name="words"/>, as <see cref="WordList"/> holds them, is such a word.</summary>
    public static bool Any(ReadOnlySpan<uint> words)
    {
        foreach (var word in words)
            if (Words.Contains(word & WordList.HashMask))
                return true;
        return false;
    }
}
