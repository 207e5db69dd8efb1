using System.Globalization;
using System.Text;
using AngleSharp.Html;

namespace Ingest.Core.Forms.Text;

enum MarkupPart
{
    Start,
    End,
    Text,
}

/// <summary>
/// Reads XML as it is in the wild, part by part: undeclared prefixes, HTML's entities, marks that nobody escaped, attributes without quotes,
/// sections that never end. Nothing of it is an error; what is no tag is text.
/// </summary>
/// <remarks>
/// A parser of XML that passes over errors was measured first: it expands the entities that a document type declares, loses what stands
/// behind the first root, lets a tag that is closed wrongly take in all that follows, and its time grows with the square of the attributes
/// of a tag. Here no type is read and no tree is built, and each stretch of the text is looked through a few times at most.
/// </remarks>
sealed class LooseMarkup(string text, int from, int to)
{
    /// <summary>Attributes of one tag that are kept.</summary>
    const int MostAttributes = 64;

    const int LongestEntity = 32;

    const string SectionOpens = "<![CDATA[", SectionCloses = "]]>";

    readonly List<(string Name, string Value)> attributes = [];
    readonly Dictionary<string, int> next = new(StringComparer.Ordinal);
    int contentStart, contentEnd;
    bool isSection;
    string? opened;

    public LooseMarkup(string text) : this(text, 0, text.Length)
    {
    }

    public MarkupPart Part { get; private set; }

    /// <summary>Where the part begins, and where the next one does.</summary>
    public int Begin { get; private set; }

    public int End { get; private set; } = from;

    /// <summary>Of a tag, with its prefix, as written.</summary>
    public string Name { get; private set; } = "";

    /// <summary>Of a start tag; their values are decoded. The same list for every tag.</summary>
    public IReadOnlyList<(string Name, string Value)> Attributes => attributes;

    /// <summary>Whether a start tag is its own end.</summary>
    public bool IsEmpty { get; private set; }

    /// <summary>Of a part that is text: decoded.</summary>
    public string Text => isSection
        ? WithoutControls(text[contentStart..contentEnd])
        : Decode(text.AsSpan(contentStart, contentEnd - contentStart));

    public bool Read()
    {
        while (End < to)
        {
            Begin = End;
            if (text[Begin] != '<' || !ReadMark(out var isPart))
                ReadText();
            else if (!isPart)
                continue;
            return true;
        }

        return false;
    }

    /// <summary>Entities in place of which stands their text: the five of XML, those of HTML, and numbers. Others stay as they are.</summary>
    public static string Decode(ReadOnlySpan<char> written)
    {
        if (!written.Contains('&'))
            return WithoutControls(written.ToString());
        var read = new StringBuilder(written.Length);
        while (written.IndexOf('&') is >= 0 and var at)
        {
            read.Append(written[..at]);
            written = written[at..];
            var end = written[..Math.Min(written.Length, LongestEntity)].IndexOf(';');
            if (end > 1 && Entity(written[1..end]) is { } said)
            {
                read.Append(said);
                written = written[(end + 1)..];
            }
            else
            {
                read.Append('&');
                written = written[1..];
            }
        }

        return WithoutControls(read.Append(written).ToString());
    }

    static string? Entity(ReadOnlySpan<char> name)
    {
        if (name[0] != '#')
        {
            foreach (var c in name)
                if (!char.IsAsciiLetterOrDigit(c))
                    return null;
            return HtmlEntityProvider.Resolver.GetSymbol($"{name};");
        }

        var isHex = name.Length > 1 && name[1] is 'x' or 'X';
        if (!int.TryParse(name[(isHex ? 2 : 1)..], isHex ? NumberStyles.AllowHexSpecifier : NumberStyles.None, CultureInfo.InvariantCulture, out var number))
            return null;
        // Numbers of Windows-1252 where Unicode has controls, as browsers read them.
        return HtmlEntityProvider.IsInCharacterTable(number) ? HtmlEntityProvider.GetSymbolFromTable(number)
            // Halves of a pair, each with its number, become one letter beside each other.
            : number is >= 0xd800 and <= 0xdfff ? ((char)number).ToString()
            : Rune.IsValid(number) ? new Rune(number).ToString() : "\ufffd";
    }

    static string WithoutControls(string read) =>
        read.AsSpan().ContainsAnyInRange('\0', '\u0008') || read.AsSpan().ContainsAnyInRange('\u000b', '\u001f') && read.Any(IsControl)
            ? string.Concat(read.Where(c => !IsControl(c)))
            : read;

    static bool IsControl(char c) => c < ' ' && c is not ('\t' or '\n' or '\r');

    void ReadText()
    {
        var end = Begin + 1;
        while (end < to && !(text[end] == '<' && OpensMark(end)))
            end = Find('<', end + 1);
        SetText(Begin, end, end, isSection: false);
    }

    void SetText(int start, int end, int behind, bool isSection)
    {
        (Part, contentStart, contentEnd, End, this.isSection) = (MarkupPart.Text, start, end, behind, isSection);
    }

    /// <summary>The place of a character; the end where it comes no more.</summary>
    int Find(char c, int start) => start >= to ? to : text.AsSpan(start, to - start).IndexOf(c) is >= 0 and var at ? start + at : to;

    /// <summary>The place of the next of these; the end where none comes. Each stretch is looked through once.</summary>
    int Find(string what, int start)
    {
        if (!next.TryGetValue(what, out var at) || at < start)
            next[what] = at = start < to && text.AsSpan(start, to - start).IndexOf(what, StringComparison.OrdinalIgnoreCase) is >= 0 and var found ? start + found : to;
        return at;
    }

    /// <summary>Whether a <c>&lt;</c> may begin something; in "5 &lt; 6" it does not.</summary>
    bool OpensMark(int at) => at + 1 < to && text[at + 1] switch
    {
        '/' => at + 2 < to && IsNameStart(text[at + 2]),
        '!' => at + 2 < to && (text[at + 2] is '-' or '[' || char.IsAsciiLetter(text[at + 2])),
        '?' => true,
        var c => IsNameStart(c),
    };

    static bool IsNameStart(char c) => char.IsLetter(c) || c is '_' or ':';

    static bool IsName(char c) => IsNameStart(c) || char.IsDigit(c) || c is '-' or '.';

    /// <param name="isPart">False for what says nothing: comments and the like.</param>
    /// <returns>False where it is text after all.</returns>
    bool ReadMark(out bool isPart)
    {
        isPart = true;
        if (!OpensMark(Begin))
            return false;
        if (text[Begin + 1] is not ('!' or '?'))
            return ReadTag();
        var rest = text.AsSpan(Begin, to - Begin);
        if (rest.StartsWith(SectionOpens, StringComparison.OrdinalIgnoreCase))
        {
            ReadSection(Begin + SectionOpens.Length);
            return true;
        }

        isPart = false;
        var end = rest.StartsWith("<!--", StringComparison.Ordinal) && Find("-->", Begin + 4) is var close && close < to ? close + 3
            : rest.StartsWith("<!DOCTYPE", StringComparison.OrdinalIgnoreCase) ? EndOfType()
            : Find('>', Begin) + 1;
        End = Math.Min(end, to);
        return true;
    }

    /// <summary>A document type is passed over with all that it declares.</summary>
    int EndOfType()
    {
        var (close, list) = (Find('>', Begin), Find("[", Begin));
        return list < close && Find("]>", list) is var end && end < to ? end + 2 : close + 1;
    }

    /// <summary>
    /// A section that never ends is known by another one that begins, or by the end of the text: it ends with the element or the entry that it
    /// stands in.
    /// </summary>
    void ReadSection(int start)
    {
        var close = Find(SectionCloses, start);
        var other = Find(SectionOpens, start);
        if (close < to && close < other)
        {
            SetText(start, close, close + SectionCloses.Length, isSection: true);
            return;
        }

        var bound = Math.Min(other, Math.Min(Find("</item", start), Find("</entry", start)));
        var end = opened is not null && text.AsSpan(start, bound - start).IndexOf($"</{opened}", StringComparison.OrdinalIgnoreCase) is >= 0 and var at ? start + at : bound;
        SetText(start, end, end, isSection: true);
    }

    bool ReadTag()
    {
        var isEnd = text[Begin + 1] == '/';
        var at = Begin + (isEnd ? 2 : 1);
        var start = at;
        while (at < to && IsName(text[at]))
            at++;
        // "<a@b.example>" is an address.
        if (at >= to || text[at] is not ('>' or '/') && !char.IsWhiteSpace(text[at]))
            return false;
        var named = at;
        attributes.Clear();
        while (true)
        {
            while (at < to && (char.IsWhiteSpace(text[at]) || text[at] == '/'))
                at++;
            if (at >= to || text[at] == '<' && OpensMark(at))
                return false;
            if (text[at] == '>')
                break;
            if (!ReadAttribute(ref at))
                return false;
        }

        (Name, IsEmpty, End) = (text[start..named], !isEnd && text[at - 1] == '/', at + 1);
        Part = isEnd ? MarkupPart.End : MarkupPart.Start;
        opened = isEnd ? null : Name;
        return true;
    }

    bool ReadAttribute(ref int at)
    {
        var start = at;
        while (at < to && text[at] is not ('=' or '>' or '<' or '/') && !char.IsWhiteSpace(text[at]))
            at++;
        var name = text[start..at];
        if (at == start)
        {
            at++;
            return true;
        }

        var equals = at;
        while (equals < to && char.IsWhiteSpace(text[equals]))
            equals++;
        if (equals >= to || text[equals] != '=')
            return true;
        at = equals + 1;
        while (at < to && char.IsWhiteSpace(text[at]))
            at++;
        if (at >= to)
            return false;
        if (!ReadValue(ref at, out var value))
            return false;
        if (attributes.Count < MostAttributes)
            attributes.Add((name, Decode(value)));
        return true;
    }

    bool ReadValue(ref int at, out ReadOnlySpan<char> value)
    {
        if (text[at] is '"' or '\'' && EndOfQuote(at) is { } close)
        {
            value = text.AsSpan(at + 1, close - at - 1);
            at = close + 1;
            return true;
        }

        // Without quotes, or with one that nobody closed.
        var isOpen = text[at] is '"' or '\'';
        var start = isOpen ? ++at : at;
        while (at < to && text[at] != '>' && (isOpen || !char.IsWhiteSpace(text[at])))
        {
            if (text[at] == '<' && OpensMark(at))
            {
                value = default;
                return false;
            }

            at++;
        }

        // The last mark is the tag's: "<link href=a/>".
        var end = at > start && at < to && text[at] == '>' && text[at - 1] == '/' ? at - 1 : at;
        value = text.AsSpan(start, end - start);
        return true;
    }

    /// <summary>Null where a tag begins before the quote ends: nobody closed it.</summary>
    int? EndOfQuote(int open)
    {
        var quote = text[open];
        for (var at = open + 1; at < to; at++)
            if (text[at] == quote)
                return at;
            else if (text[at] == '<' && OpensMark(at))
                return null;
        return null;
    }
}
