using Ingest.Core.Articles;
using Ingest.Core.Normalisation.Characters;
using Ingest.Core.Normalisation.Documents;
using Ingest.Core.Normalisation.Lines;

namespace Ingest.Core.Normalisation.Rules;

/// <summary>Copyright lines: telling them, and whose name stands in them.</summary>
internal static class CopyrightLine
{
    const string Holder = "copyright.holder";

    static readonly string[] Openers = Wording.Of("copyright.word"), Companies = Wording.Of("copyright.company");

    /// <summary>"© Küstenbote 2024. …": the sign and a name, or a year.</summary>
    public static bool Is(Segment segment, ReadOnlySpan<char> line)
    {
        if (segment.Traits.Words > 40 || !(line[0] == '©' || line.StartsWith("(c)", StringComparison.OrdinalIgnoreCase)))
            return false;
        var stop = line.IndexOf('.');
        return segment.Traits.Words <= 12 || stop > 0 && IsCapitalisedName(Undated(line[..stop]));
    }

    /// <summary>A copyright line names who publishes: "Copyright © 2026 The Elsmere Courier. All rights reserved."</summary>
    public static void ReadHolder(Document document, Segment segment)
    {
        if (segment.Kind != BlockKind.Copyright)
            return;
        var line = document.Slice(segment).Trim(" .-–|\u00a0");
        foreach (var range in line.SplitAny('.', '|', '-', '–', '—', '/'))
        {
            var part = line[range].Trim();
            var name = Undated(part);
            if (name.Length is < 3 or > 40 || name.Contains('\n'))
                continue;
            if (Agencies.News(name) is { } agency)
            {
                document.Draft.Set(Field.Agency, agency, Holder, segment);
                return;
            }

            if (part.Length == name.Length && !Publishers.IsName(name.ToString()) || !IsCapitalisedName(name))
                continue;
            document.Draft.Set(Field.Publisher, name.ToString(), Holder, segment);
            return;
        }
    }

    /// <summary>The text without the words and signs of a copyright line: ©, (c), Copyright, years.</summary>
    static ReadOnlySpan<char> Undated(ReadOnlySpan<char> text)
    {
        var changed = true;
        while (changed)
        {
            changed = false;
            text = text.Trim(" ,;:()[]©\u00a0-–");
            foreach (var word in Openers)
                if (text.StartsWith(word, StringComparison.OrdinalIgnoreCase))
                {
                    text = text[word.Length..];
                    changed = true;
                }

            foreach (var word in Companies)
                if (text.Length > word.Length + 1 && text.EndsWith(word, StringComparison.OrdinalIgnoreCase)
                    && text[^(word.Length + 1)] is ' ' or ',')
                {
                    text = text[..^word.Length];
                    changed = true;
                }

            var digits = 0;
            while (digits < text.Length && (char.IsAsciiDigit(text[digits]) || digits > 0 && text[digits] is '-' or '–'))
                digits++;
            if (digits >= 4)
            {
                text = text[digits..];
                changed = true;
            }

            digits = 0;
            while (digits < text.Length && char.IsAsciiDigit(text[^(digits + 1)]))
                digits++;
            if (digits == 4)
            {
                text = text[..^4];
                changed = true;
            }
        }

        return text;
    }

    public static bool IsCapitalisedName(ReadOnlySpan<char> name)
    {
        int words = 0, capitalised = 0;
        foreach (var range in name.Split(' '))
        {
            var word = name[range];
            if (word.IsEmpty)
                continue;
            words++;
            if (Chars.Is(word[0], CharClass.Upper) || Chars.Is(word[0], CharClass.Spaceless))
                capitalised++;
        }

        return words is >= 1 and <= 6 && capitalised * 2 >= words && capitalised > 0;
    }
}
