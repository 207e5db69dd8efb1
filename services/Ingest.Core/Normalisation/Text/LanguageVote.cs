using System.Numerics;

namespace Ingest.Core.Normalisation.Text;

/// <summary>
/// Which language an article is in: function words vote, each for the languages that have it, with less weight the more have it.
/// Scripts that one language has almost to itself decide alone.
/// </summary>
internal sealed class LanguageVote(StopWords stopWords)
{
    readonly int[] votes = new int[stopWords.Languages.Length];

    public void Add(ulong languages)
    {
        var weight = 12 / BitOperations.PopCount(languages);
        if (weight == 0)
            weight = 1;
        for (var left = languages; left != 0; left &= left - 1)
            votes[BitOperations.TrailingZeroCount(left)] += weight;
    }

    public void Clear() => Array.Clear(votes);

    /// <summary>ISO 639-1, or null where fewer than a few words speak.</summary>
    public string? Winner(string text, IEnumerable<Segment> body)
    {
        int hangul = 0, kana = 0, han = 0, thai = 0, greek = 0, hebrew = 0, letters = 0;
        foreach (var segment in body)
        {
            // A sample is enough: scripts do not alternate inside an article.
            var slice = text.AsSpan(segment.Start, Math.Min(segment.Length, 400));
            foreach (var c in slice)
            {
                if (!Chars.Is(c, CharClass.Letter))
                    continue;
                letters++;
                switch (c)
                {
                    case >= '\uac00' and <= '\ud7a3': hangul++; break;
                    case >= '\u3040' and <= '\u30ff': kana++; break;
                    case >= '\u3400' and <= '\u9fff': han++; break;
                    case >= '\u0e00' and <= '\u0e7f': thai++; break;
                    case >= '\u0370' and <= '\u03ff': greek++; break;
                    case >= '\u0590' and <= '\u05ff': hebrew++; break;
                }
            }

            if (letters > 4000)
                break;
        }

        if (letters == 0)
            return null;
        if (hangul * 3 > letters) return "ko";
        if (kana * 10 > letters) return "ja";
        if (han * 3 > letters) return "zh";
        if (thai * 3 > letters) return "th";
        if (greek * 3 > letters) return "el";
        if (hebrew * 3 > letters) return "he";
        var best = 0;
        for (var i = 1; i < votes.Length; i++)
            if (votes[i] > votes[best])
                best = i;
        return votes[best] >= 24 ? stopWords.Languages[best] : null;
    }
}
