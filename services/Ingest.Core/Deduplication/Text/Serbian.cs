using System.Buffers;

namespace Ingest.Core.Deduplication.Text;

/// <summary>
/// Writes Serbian in Cyrillic with Latin letters (<c>serbian.txt</c>), as most papers print it in one alphabet and show it in the other. Only
/// for comparing, and only a text that is Serbian: the same letters are others in Russian.
/// </summary>
internal static class Serbian
{
    /// <summary>Letters of other languages, a quoted name, that a Serbian text may have: one in this many of its own.</summary>
    const int Foreign = 10;

    /// <summary>Nothing before it is Cyrillic, nothing from the second on is a letter of the table.</summary>
    const char First = '\u0400', End = '\u0500';

    static readonly (char[] Latin, SearchValues<char> Own, SearchValues<char> Others) Data = Load();

    /// <summary>The text with Latin letters, every character in its place; the text itself if it is not Serbian in Cyrillic.</summary>
    public static string ToLatin(string text) => IsSerbian(text) ? string.Create(text.Length, text, Write) : text;

    static bool IsSerbian(ReadOnlySpan<char> text)
    {
        // Most texts have none of these letters at all, and a search for six letters is a matter of nanoseconds.
        if (!text.ContainsAny(Data.Own))
            return false;
        int own = 0, others = 0;
        foreach (var c in text)
        {
            own += Data.Own.Contains(c) ? 1 : 0;
            others += Data.Others.Contains(c) ? 1 : 0;
        }

        return others * Foreign <= own;
    }

    static void Write(Span<char> latin, string text)
    {
        for (var i = 0; i < latin.Length; i++)
            latin[i] = text[i] is >= First and < End ? Data.Latin[text[i] - First] : text[i];
    }

    static (char[] Latin, SearchValues<char> Own, SearchValues<char> Others) Load()
    {
        var latin = new char[End - First];
        for (var i = 0; i < latin.Length; i++)
            latin[i] = (char)(First + i);
        string own = "", others = "";
        foreach (var line in Resource.Lines("serbian.txt"))
        {
            var letters = line.Replace(" ", "", StringComparison.Ordinal);
            if (letters[0] == '+')
                own = letters[1..];
            else if (letters[0] == '-')
                others = letters[1..];
            else
                for (var i = 0; i < letters.Length; i += 2)
                    latin[letters[i] - First] = letters[i + 1];
        }

        return (latin, SearchValues.Create(own), SearchValues.Create(others));
    }
}
