using System.Buffers;
using Ingest.Core.Normalisation.Characters;

namespace Ingest.Core.Normalisation.Decoding;

/// <summary>
/// Takes away the word <c>None</c> that an extractor wrote for the bullets of a list that had none: "None Two cranes were bought", line
/// after line.
/// </summary>
internal static class LostBullets
{
    public const string Note = "removed the word None from a list, where an extractor put it for the bullets";

    const string Word = "None ";

    /// <summary>Lines one behind the other that are proof.</summary>
    const int Proof = 2;

    static readonly SearchValues<char> Breaks = SearchValues.Create("\r\n");

    /// <returns>Null where there is none.</returns>
    public static (string Text, SourceMap Map)? Remove(string text)
    {
        if (!text.Contains(Word, StringComparison.Ordinal))
            return null;
        Edits? edits = null;
        var row = new List<int>();
        for (var start = 0; start < text.Length;)
        {
            var end = text.AsSpan(start).IndexOfAny(Breaks) is >= 0 and var length ? start + length : text.Length;
            if (WordAt(text, start, end) is { } at)
                row.Add(at);
            else if (!text.AsSpan(start, end - start).IsWhiteSpace())
                Take();
            start = end + 1;
        }

        Take();
        return edits?.Finish();

        void Take()
        {
            if (row.Count >= Proof)
            {
                edits ??= new Edits(text);
                foreach (var at in row)
                    edits.Replace(at, at + Word.Length, "");
            }

            row.Clear();
        }
    }

    /// <summary>Where the word stands at the beginning of an item: behind a bullet, or before what begins a line of its own.</summary>
    static int? WordAt(string text, int start, int end)
    {
        while (start < end && char.IsWhiteSpace(text[start]))
            start++;
        var bullet = start < end && (Chars.Is(text[start], CharClass.Bullet) || text[start] is '*' or '-' or '–' or '—');
        if (bullet)
            for (start++; start < end && char.IsWhiteSpace(text[start]);)
                start++;
        var line = text.AsSpan(start, end - start);
        if (!line.StartsWith(Word, StringComparison.Ordinal))
            return null;
        var rest = line[Word.Length..].TrimStart();
        // "None of the three came." is a sentence, with a bullet too.
        if (rest.IsEmpty || rest.StartsWith("of ", StringComparison.OrdinalIgnoreCase))
            return null;
        return bullet || Chars.Is(rest[0], CharClass.Upper | CharClass.Digit | CharClass.Opener | CharClass.Spaceless) ? start : null;
    }
}
