using System.Numerics;
using Ingest.Core.Articles;
using Ingest.Core.Normalisation.Characters;

namespace Ingest.Core.Normalisation.Words;

/// <summary>
/// Which language an article is in: function words vote, each for the languages that have it, with less weight the more have it.
/// Scripts that one language has almost to itself decide alone.
/// </summary>
internal sealed class LanguageVote(StopWords stopWords)
{
    readonly int[] words = new int[stopWords.Groups.Length];

    /// <summary>Counts a function word of a group of languages; the groups are dealt out to their languages at the end.</summary>
    public void Add(int group) => words[group]++;

    int[] Count()
    {
        var votes = new int[stopWords.Languages.Length];
        for (var group = 1; group < words.Length; group++)
        {
            if (words[group] == 0)
                continue;
            var weight = Math.Max(1, 12 / BitOperations.PopCount(stopWords.Groups[group])) * words[group];
            for (var left = stopWords.Groups[group]; left != 0; left &= left - 1)
                votes[BitOperations.TrailingZeroCount(left)] += weight;
        }

        return votes;
    }

    /// <summary>
    /// True where this language has more votes than any other, and more than a few. Function words alone are asked, furniture's too.
    /// </summary>
    public bool Leads(string language)
    {
        var votes = Count();
        var own = Array.IndexOf(stopWords.Languages, language);
        for (var i = 0; i < votes.Length; i++)
            if (i != own && votes[i] >= votes[own])
                return false;
        return votes[own] >= 24;
    }

    /// <summary>ISO 639-1, or null where fewer than a few words speak.</summary>
    /// <param name="body">Where the article's body stands in the text: its script is asked first.</param>
    public string? Winner(string text, IEnumerable<Span> body)
    {
        int hangul = 0, kana = 0, han = 0, thai = 0, greek = 0, hebrew = 0, letters = 0;
        foreach (var stretch in body)
        {
            // A sample is enough: scripts do not alternate inside an article.
            var slice = text.AsSpan(stretch.Start, Math.Min(stretch.Length, 400));
            foreach (var c in slice)
            {
                if (!Chars.Is(c, CharClass.Letter))
                    continue;
                letters++;
                // Nearly all letters are Latin, and need not be asked six times what they are not.
                if (c < '\u0370')
                    continue;
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
        var votes = Count();
        var best = 0;
        for (var i = 1; i < votes.Length; i++)
            if (votes[i] > votes[best])
                best = i;
        return votes[best] >= 24 ? stopWords.Languages[best] : null;
    }
}
