using System.Collections.Frozen;
using System.Globalization;
using System.Runtime.CompilerServices;

namespace Ingest.Core.Deduplication.Text;

/// <summary>
/// How two spellings of one word are made equal: case, width, diacritics, ligatures, letter forms and the digits of any script
/// (<c>foldings.txt</c>), traditional and simplified Chinese characters (<c>chinese.txt</c>). What is neither letter, digit nor mark separates
/// words, so quotation marks and dashes never count.
/// </summary>
internal static class Folding
{
    /// <summary>Stands between words.</summary>
    public const char Separator = '\0';

    /// <summary>Is passed over inside a word: a soft hyphen, a vowel sign that many writers leave out.</summary>
    public const char Dropped = '\u0001';

    /// <summary>Folds to several characters: see <see cref="Expansion"/>.</summary>
    public const char Expanded = '\u0002';

    /// <summary>No letter below it belongs to a script without blanks.</summary>
    public const char FirstSpaceless = '\u0E00';

    static readonly (char[] Table, FrozenDictionary<char, string> Expansions) Data = Load();

    /// <summary>One entry for each UTF-16 code unit: the folded character or one of the three constants above.</summary>
    public static ReadOnlySpan<char> Table => Data.Table;

    /// <summary>What a character folds to whose entry is <see cref="Expanded"/>; at least two characters.</summary>
    public static string Expansion(char c) => Data.Expansions[c];

    /// <summary>
    /// True for letters (after folding) of scripts that put no blanks between words: Chinese, Japanese, Thai, Lao, Khmer, Burmese,
    /// and the surrogates, of which <see cref="WordReader"/> keeps those of rare Chinese characters.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool IsSpaceless(char folded) => folded >= FirstSpaceless && folded
        is (>= '\u3041' and <= '\u9FFF') or (>= '\u0E00' and <= '\u0EFF') or (>= '\u1000' and <= '\u109F')
        or (>= '\u1780' and <= '\u17FF') or (>= '\uF900' and <= '\uFAFF') or (>= '\uD840' and <= '\uDFFF');

    static (char[] Table, FrozenDictionary<char, string> Expansions) Load()
    {
        var table = new char[1 << 16];
        for (var c = 0; c < table.Length; c++)
            table[c] = IsWordCharacter((char)c) ? char.ToLowerInvariant((char)c) : Separator;
        var expansions = new Dictionary<char, string>();
        foreach (var line in Resource.Lines("foldings.txt"))
        {
            var target = line[..line.IndexOf(' ')];
            foreach (var range in line[(target.Length + 1)..].Split(' '))
            {
                var ends = range.Split('-');
                var (first, last) = (CodePoint(ends[0]), CodePoint(ends[^1]));
                for (var c = first; c <= last; c++)
                {
                    table[c] = target == "-" ? Dropped : target.Length == 1 ? target[0] : Expanded;
                    if (target.Length > 1)
                        expansions[(char)c] = target;
                }
            }
        }

        FoldChinese(table);
        return (table, expansions.ToFrozenDictionary());
    }

    /// <summary>After the others, so that the compatibility forms of a traditional character, which fold to it, go the same way.</summary>
    static void FoldChinese(Span<char> table)
    {
        var simplified = new Dictionary<char, char>();
        foreach (var line in Resource.Lines("chinese.txt"))
            foreach (var group in line.Split(' '))
                foreach (var traditional in group.AsSpan(1))
                    simplified.Add(traditional, group[0]);
        foreach (ref var folded in table)
            folded = simplified.GetValueOrDefault(folded, folded);
    }

    static int CodePoint(string hex) => int.Parse(hex, NumberStyles.HexNumber, CultureInfo.InvariantCulture);

    /// <summary>
    /// Marks count: in Indic scripts and in Thai they are the vowels. Surrogates from D840 to D8BF open a rare Chinese character;
    /// any low one may be its other half.
    /// </summary>
    static bool IsWordCharacter(char c) => char.GetUnicodeCategory(c) switch
    {
        UnicodeCategory.UppercaseLetter or UnicodeCategory.LowercaseLetter or UnicodeCategory.TitlecaseLetter => true,
        UnicodeCategory.ModifierLetter or UnicodeCategory.OtherLetter => true,
        UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark or UnicodeCategory.EnclosingMark => true,
        UnicodeCategory.DecimalDigitNumber or UnicodeCategory.LetterNumber or UnicodeCategory.OtherNumber => true,
        UnicodeCategory.Surrogate => c is >= '\uD840' and <= '\uD8BF' or >= '\uDC00',
        _ => false,
    };
}
