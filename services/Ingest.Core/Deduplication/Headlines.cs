using Ingest.Core.Deduplication.Text;

namespace Ingest.Core.Deduplication;

/// <summary>Tells whether two headlines speak of other news.</summary>
internal sealed class Headlines
{
    /// <summary>
    /// Letters of a word that says something in a headline; shorter ones link. A character of a script without blanks counts as a word.
    /// </summary>
    const int Telling = 4;

    /// <summary>Two headlines about one thing have this share of the shorter one's words in common.</summary>
    const double Common = 0.5;

    readonly WordSequence words = new();
    readonly HashSet<ulong> one = [], other = [];

    /// <summary>True where both have enough telling words and share fewer than half; a missing headline says nothing.</summary>
    /// <param name="least">
    /// Telling words that are enough: above a text that speaks for itself two, as one may be the name of a section; above one that says nothing
    /// one.
    /// </param>
    public bool Differ(string? first, string? second, int least = 2)
    {
        if (first is null || second is null)
            return false;
        Read(first, one);
        Read(second, other);
        var fewer = Math.Min(one.Count, other.Count);
        one.IntersectWith(other);
        return fewer >= least && one.Count < Common * fewer;
    }

    void Read(string headline, HashSet<ulong> telling)
    {
        words.Read(headline);
        telling.Clear();
        for (var i = 0; i < words.Count; i++)
        {
            var (start, end) = words.Place(i);
            if (end - start >= Telling || WordSequence.IsCharacter(words.Hashes[i]))
                telling.Add(words.Hashes[i]);
        }
    }
}
