using System.Text;

namespace Ingest.Core.Deduplication.Text;

/// <summary>
/// Composes Korean letters (jamo) into the syllables that most texts have, by the arithmetic of the Unicode standard, section 3.12.
/// </summary>
internal static class Hangul
{
    const int Initials = 19, Vowels = 21, Finals = 28;
    const char Initial = '\u1100', Vowel = '\u1161', BeforeFinal = '\u11A7', Syllable = '\uAC00';

    /// <summary>The text itself if it has no jamo, as almost all have none.</summary>
    public static string Compose(string text)
    {
        if (!text.AsSpan().ContainsAnyInRange(Initial, '\u11FF'))
            return text;
        var composed = new StringBuilder(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            var initial = text[i] - Initial;
            var vowel = i + 1 < text.Length ? text[i + 1] - Vowel : -1;
            if (initial is < 0 or >= Initials || vowel is < 0 or >= Vowels)
            {
                composed.Append(text[i]);
                continue;
            }

            var final = i + 2 < text.Length && text[i + 2] - BeforeFinal is > 0 and < Finals ? text[i + 2] - BeforeFinal : 0;
            composed.Append((char)(Syllable + (initial * Vowels + vowel) * Finals + final));
            i += final > 0 ? 2 : 1;
        }

        return composed.ToString();
    }
}
