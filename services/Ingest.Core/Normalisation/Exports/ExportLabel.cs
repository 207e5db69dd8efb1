using Ingest.Core.Normalisation.Characters;

namespace Ingest.Core.Normalisation.Exports;

/// <summary>What stands behind a label: described in <c>exports.txt</c>.</summary>
internal enum ExportRole
{
    Start,
    End,
    Cover,
    Rest,
    Heading,
    Field,
    Length,
    Headline,
    Byline,
    Publisher,
    Source,
    Date,
    Dateline,
    Url,
    Caption,
    Copyright,
    Credit,
    Foot,
    Lead,
    Abstract,
    Text,
}

/// <summary>How the lines without a label stand above the first label.</summary>
internal enum ExportOrder
{
    None,
    Source,
    Headline,
    Masthead,
    Words,
}

/// <summary>A form of records.</summary>
/// <param name="Number">Its place among the forms.</param>
internal sealed record ExportForm(string Name, int Number)
{
    public ExportOrder Order { get; set; }

    /// <summary>Words of a line under the date that names the edition.</summary>
    public List<string> Editions { get; } = [];

    /// <summary>Long ones first, so that "publication date:" is not taken for "publication:".</summary>
    public List<ExportLabel> Labels { get; } = [];
}

/// <summary>A label of a form.</summary>
internal sealed class ExportLabel
{
    const char Digits = '#', Accession = '@', More = '…';

    /// <summary>A document's number is as long as this, with as many digits: a date and what tells documents of a day apart.</summary>
    const int AccessionLength = 15, AccessionDigits = 8;

    /// <summary>Characters of a number; a longer one is none, and need not be read to its end.</summary>
    const int MostDigits = 16, MostAccession = 64;

    /// <summary>Characters of a line in which its label stands.</summary>
    const int MostLooked = 256;

    readonly string pattern;
    readonly bool code;

    /// <param name="written">As it stands in the table.</param>
    public ExportLabel(ExportForm form, ExportRole role, int weight, string written, int number)
    {
        (Form, Role, Weight, Written, Number) = (form, role, weight, written, number);
        IsOpen = written.EndsWith(More) || written.EndsWith(':');
        pattern = written.TrimEnd(More).TrimEnd();
        code = pattern.Length > 1 && Chars.Is(pattern[0], CharClass.Upper) && Chars.Is(pattern[1], CharClass.Upper);
        if (!code)
            pattern = string.Concat(pattern.Select(Chars.Fold));
    }

    public ExportForm Form { get; }
    public ExportRole Role { get; }

    /// <summary>As it stands in the table.</summary>
    public string Written { get; }

    /// <summary>What it adds to the evidence for its form.</summary>
    public int Weight { get; }

    /// <summary>Hardly stands anywhere but in its form.</summary>
    public bool IsTelling => Weight > 1;

    /// <summary>Its place among all labels.</summary>
    public int Number { get; }

    /// <summary>More may stand behind it on its line.</summary>
    public bool IsOpen { get; }

    public int Length => pattern.Length;

    /// <summary>What its lines begin with: see <see cref="OpeningOf"/>.</summary>
    public int Opening => OpeningOf(pattern);

    /// <summary>The first two characters, folded: two letters, or anything behind a sign or a digit. So most lines open no label.</summary>
    public static int OpeningOf(ReadOnlySpan<char> line)
    {
        var first = Chars.Fold(line[0]);
        if (first == Digits || Chars.Is(first, CharClass.Digit))
            return Digits;
        return line.Length > 1 && Chars.Is(first, CharClass.Letter) && Chars.Is(line[1], CharClass.Letter) ? first << 16 | Chars.Fold(line[1]) : first;
    }

    /// <summary>Does the line begin with this label, or is it the label?</summary>
    /// <param name="line">Without blanks at its ends.</param>
    /// <param name="value">Where in the line the value stands; its length where there is none.</param>
    public bool Matches(ReadOnlySpan<char> line, out int value)
    {
        var (at, behindColon) = (0, -1);
        value = 0;
        var whole = line;
        line = line[..Math.Min(line.Length, MostLooked)];
        foreach (var c in pattern)
        {
            switch (c)
            {
                case Digits:
                    if (!TrySkipNumber(line, ref at))
                        return false;
                    continue;
                case Accession:
                    if (!TrySkipAccession(line, ref at))
                        return false;
                    continue;
                case ' ':
                    if (!TrySkipBlanks(line, ref at) && behindColon != at)
                        return false;
                    continue;
                case ':':
                    TrySkipBlanks(line, ref at);
                    break;
            }

            if (at == line.Length || (Chars.Is(c, CharClass.Upper) ? line[at] : Chars.Fold(line[at])) != c)
                return false;
            at++;
            if (c == ':')
                behindColon = at;
            else if (code && value == 0 && at < line.Length && Chars.Is(line[at], CharClass.Space))
                value = at;
        }

        if (at < line.Length && (!IsOpen || Chars.Is(pattern[^1], CharClass.Letter | CharClass.Digit) && Chars.Is(line[at], CharClass.Letter | CharClass.Digit)))
            return false;
        if (behindColon >= 0)
            value = behindColon;
        else if (code)
            value = value == 0 ? whole.Length : value;
        else
            value = Role is ExportRole.Text or ExportRole.Abstract or ExportRole.Caption or ExportRole.Heading ? whole.Length : 0;
        TrySkipBlanks(whole, ref value);
        return true;
    }

    static bool TrySkipBlanks(ReadOnlySpan<char> line, ref int at)
    {
        var from = at;
        while (at < line.Length && Chars.Is(line[at], CharClass.Space))
            at++;
        return at > from;
    }

    /// <summary>1, 214, 1,234.</summary>
    static bool TrySkipNumber(ReadOnlySpan<char> line, ref int at)
    {
        var from = at;
        while (at < line.Length && at - from <= MostDigits
            && (Chars.Is(line[at], CharClass.Digit)
                || at > from && line[at] is ',' or '.' && at + 1 < line.Length && Chars.Is(line[at + 1], CharClass.Digit)))
            at++;
        return at > from && at - from <= MostDigits;
    }

    static bool TrySkipAccession(ReadOnlySpan<char> line, ref int at)
    {
        var (from, digits) = (at, 0);
        for (; at < line.Length && at - from < MostAccession && char.IsAsciiLetterOrDigit(line[at]); at++)
            digits += char.IsAsciiDigit(line[at]) ? 1 : 0;
        return at - from >= AccessionLength && digits >= AccessionDigits;
    }
}
