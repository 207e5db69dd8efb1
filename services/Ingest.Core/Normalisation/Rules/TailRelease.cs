using System.Collections.Frozen;
using Ingest.Core.Articles;
using Ingest.Core.Normalisation.Characters;
using Ingest.Core.Normalisation.Documents;
using Ingest.Core.Normalisation.Lines;

namespace Ingest.Core.Normalisation.Rules;

/// <summary>What ends a press release: the company's self-portrait, the contacts, the sender.</summary>
internal static class TailRelease
{
    public const string Contact = "press.contact";
    public const string About = "press.about";
    public const string Sender = "press.sender";

    /// <summary>Digits of a telephone's number.</summary>
    const int LeastDigits = 7;

    static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> ContactWords =
        Wording.SetOf("press.contact-word", StringComparer.OrdinalIgnoreCase).GetAlternateLookup<ReadOnlySpan<char>>();

    static readonly OpeningWords AboutWords = new(Wording.Of("press.about-word"));

    /// <summary>
    /// A press release is known by a contact with a number or an address, by its wire, or by its sender's line; then its self-portrait and what
    /// stands around the contacts go too.
    /// </summary>
    public static void Take(Document document)
    {
        var evidence = false;
        foreach (var segment in document.Segments)
            if (segment.Kind == BlockKind.PressRelease && !segment.Undecided)
                evidence = true;
        Segment? heading = null;
        var contacts = 0;
        foreach (var segment in TailLinesStep.FromEnd(document))
        {
            var line = document.Slice(segment);
            if (segment.Undecided && IsSender(document, segment, line))
            {
                segment.Decide(BlockKind.PressRelease, Sender);
                evidence = true;
            }

            if (IsContact(segment, line))
                contacts++;
            if (IsAbout(document, segment, line))
                heading = segment;
        }

        evidence |= contacts > 0 || IsOfReleaseWire(document);
        if (heading is not null && evidence && EndsStory(document, heading))
        {
            for (var segment = heading; segment is not null; segment = segment.Next)
                if (segment.Undecided)
                    segment.Decide(BlockKind.PressRelease, IsContact(segment, document.Slice(segment)) ? Contact : About);
            document.FindProse();
        }

        TakeContacts(document, evidence && (heading is not null || contacts > 1));
    }

    /// <summary>A page's menu has such headings too, above the story: most of what a release says stands before the company's own words.</summary>
    static bool EndsStory(Document document, Segment heading)
    {
        const int LongestShare = 3;
        var (before, behind) = (0, 0);
        foreach (var segment in document.Segments)
            if (segment.Undecided && segment.Traits.IsProse)
            {
                if (segment.Start < heading.Start)
                    before += segment.Traits.Words;
                else
                    behind += segment.Traits.Words;
            }

        return before * LongestShare >= behind;
    }

    /// <summary>The lines around a contact, up to text.</summary>
    static void TakeContacts(Document document, bool sure)
    {
        foreach (var segment in TailLinesStep.FromEnd(document))
        {
            // What the text goes on behind is what it speaks of.
            if (document.LastProse is not { } last || segment.Start <= last.Start)
                return;
            var line = document.Slice(segment);
            var heading = segment.Traits.Words <= 6 && IsContactHeading(line);
            if (!heading && !(sure && segment.Undecided && IsContact(segment, line)))
                continue;
            if (heading && !HasContactBelow(document, segment))
                continue;
            Spread(document, segment, s => s.Next);
            if (!heading)
                Spread(document, segment, s => s.Previous);
            if (segment.Undecided)
                segment.Decide(BlockKind.PressRelease, Contact);
        }
    }

    static bool HasContactBelow(Document document, Segment heading)
    {
        for (var (segment, steps) = (heading.Next, 0); segment is not null && steps < 6; segment = segment.Next, steps++)
            if (IsContact(segment, document.Slice(segment)))
                return true;
        return false;
    }

    /// <summary>Short lines without an end of a sentence: names, jobs, houses, streets.</summary>
    static void Spread(Document document, Segment from, Func<Segment, Segment?> next)
    {
        for (var (segment, steps) = (next(from), 0); segment is not null && steps < 8; segment = next(segment), steps++)
        {
            if (!segment.Undecided)
                continue;
            if (segment.Traits.Words > TailLinesStep.MaxWords || segment.Traits.IsProse || segment.Traits.EndsSentence && !IsContact(segment, document.Slice(segment))
                && segment.Traits.Words > 4 && segment.Traits.Capitalised * 2 < segment.Traits.Words || segment == document.FirstProse || segment.Start < (document.FirstProse?.Start ?? 0))
                return;
            segment.Decide(BlockKind.PressRelease, Contact);
        }
    }

    /// <summary>A short line with the number of a telephone, an e-mail address or a URL, and hardly a word beside it.</summary>
    static bool IsContact(Segment segment, ReadOnlySpan<char> line)
    {
        if (segment.Traits.Words is 0 or > TailLinesStep.MaxWords || segment.Traits.IsProse
            || segment.Traits.Digits < LeastDigits && !segment.Traits.HasUrl && !line.Contains('@'))
            return false;
        var words = 0;
        foreach (var range in line.Split(' '))
            if (line[range] is { IsEmpty: false } word && Chars.Any(word, CharClass.Letter) && !word.Contains('@') && !word.Contains("www.", StringComparison.Ordinal)
                && !word.Contains("http", StringComparison.Ordinal))
                words++;
        return words <= 5 && (line.Contains('@') && line[line.IndexOf('@')..].Contains('.') || IsPhone(line)
            || segment.Traits.HasUrl && words <= 3);
    }

    /// <summary>At least seven digits in groups, not the numbers of a date.</summary>
    static bool IsPhone(ReadOnlySpan<char> line)
    {
        int digits = 0, start = -1;
        for (var i = 0; i <= line.Length; i++)
        {
            if (i < line.Length && (Chars.Is(line[i], CharClass.Digit) || start >= 0 && line[i] is ' ' or '-' or '.' or '(' or ')' or '/' or '\u2011' or '–'
                || line[i] is '+' or '('))
            {
                if (Chars.Is(line[i], CharClass.Digit))
                {
                    digits++;
                    start = start < 0 ? i : start;
                }

                continue;
            }

            if (digits is >= LeastDigits and <= 16 && Groups(line[start..i]) >= 2 && !Dates.TryReadLine(line[start..i].Trim(" -.()/"), out _))
                return true;
            (digits, start) = (0, -1);
        }

        return false;
    }

    /// <summary>Groups of digits behind the first; one more where the number begins like one: +49, (0421), 0800.</summary>
    static int Groups(ReadOnlySpan<char> number)
    {
        var groups = number[0] == '0' ? 1 : 0;
        for (var i = 1; i < number.Length; i++)
            groups += Chars.Is(number[i], CharClass.Digit) && !Chars.Is(number[i - 1], CharClass.Digit) ? 1 : 0;
        return groups;
    }

    static bool IsContactHeading(ReadOnlySpan<char> line)
    {
        line = line.TrimEnd();
        if (line[^1] is not (':' or '：') && (Chars.WordsIn(line) > 3 || Chars.Is(line[^1], CharClass.Terminal)))
            return false;
        foreach (var range in line.SplitAny(' ', ':', '/', '：', '&'))
            if (line[range] is { IsEmpty: false } word && ContactWords.Contains(word))
                return true;
        return false;
    }

    /// <summary>"About Harbour Systems": the word for about, and a name that the article has.</summary>
    static bool IsAbout(Document document, Segment segment, ReadOnlySpan<char> line)
    {
        if (segment.Traits.Words is < 2 or > 9 || segment.Traits.EndsSentence && segment.Traits.Last != '.' || segment.Next is null)
            return false;
        var name = ReadOnlySpan<char>.Empty;
        foreach (var about in AboutWords.Starting(line))
            if (name.IsEmpty && Chars.StartsFolded(line, about) && line[about.Length..] is [' ', ..] rest)
                name = rest.Trim(" :.");
        if (name.Length < 3 || !Chars.Is(name[0], CharClass.Upper | CharClass.Digit | CharClass.Spaceless))
            return false;
        var first = name[..(name.IndexOf(' ') is var end and > 2 ? end : name.Length)];
        return document.Text.AsSpan(0, segment.Start).Contains(first, StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>"SOURCE Harbour Systems, Inc." at the end: the word in capitals, and a name.</summary>
    static bool IsSender(Document document, Segment segment, ReadOnlySpan<char> line) =>
        line.StartsWith("SOURCE ", StringComparison.Ordinal) && segment.Traits.Words <= 10 && document.InTail(segment)
        && Chars.Is(line[7..].TrimStart()[0], CharClass.Upper | CharClass.Digit);

    static bool IsOfReleaseWire(Document document)
    {
        foreach (var segment in document.Segments)
        {
            if (segment.Traits.IsProse || segment.Kind == BlockKind.Dateline)
            {
                var line = document.Slice(segment);
                var open = line[..Math.Min(line.Length, 120)].IndexOfAny('/', '(');
                var close = open < 0 ? -1 : line[(open + 1)..Math.Min(line.Length, open + 40)].IndexOfAny('/', ')');
                return close > 0 && Agencies.IsReleaseWire(line.Slice(open + 1, close));
            }
        }

        return false;
    }
}
