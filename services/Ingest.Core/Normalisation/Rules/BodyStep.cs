using Ingest.Core.Articles;
using Ingest.Core.Normalisation.Characters;
using Ingest.Core.Normalisation.Documents;
using Ingest.Core.Normalisation.Lines;
using Ingest.Core.Normalisation.Pages;

namespace Ingest.Core.Normalisation.Rules;

/// <summary>
/// Says of everything that is left what part of the body it is, and cuts bullets off list items. Nothing is undecided after it.
/// </summary>
internal sealed class BodyStep : RuleStep
{
    const string Paragraph = "body.paragraph";
    const string Subhead = "body.subhead";
    const string Item = "body.list-item";
    const string Quote = "body.quote";
    const string Row = "body.table";
    const string Bullet = "list.bullet";
    const string Signs = "body.signs";

    const string Story = "Harbour opens again\n\nThe harbour opened again on Monday after three weeks of repairs, the authority said.\n\n{0}\n\nShips were waiting in a long line outside the breakwater.";

    static Example In(string line, string? snippet = null) => new(snippet ?? line, string.Format(Story, line));

    public override IReadOnlyList<RuleNote> Notes { get; } =
    [
        new(Paragraph, BlockKind.Paragraph, In("The cranes were tested on Sunday, and all of them passed."),
            In("The cranes were tested on Sunday, and all of them passed.")),
        new(Subhead, BlockKind.Subhead, In("New cranes"), In("It did.")),
        new(Item, BlockKind.ListItem, In("• The east gate opens on Monday", "The east gate"), In("The east gate opens on Monday.")),
        new(Quote, BlockKind.Quote, In("> We are glad that it is over, all of us."),
            In("More than 40 ships were waiting > 30 of them with grain.")),
        new(Row, BlockKind.Table, In("Baltimore;23;13;.639;2"),
            In("The pilots counted 40 ships; 12 of them had grain; the rest were empty.")),
        new(Bullet, BlockKind.ListMarker, In("• The east gate opens on Monday", "•"), In("The east-west gate opens on Monday.")),
        new(Signs, BlockKind.Furniture, In("* * *"), In("5")),
    ];

    public override void Apply(Document document)
    {
        var dashes = DashBullets(document);
        foreach (var segment in document.Segments)
        {
            if (!segment.Undecided)
                continue;
            if (segment.Traits.Words == 0 && segment.Traits.Letters + segment.Traits.Digits == 0)
            {
                segment.Decide(BlockKind.Furniture, Signs);
                continue;
            }

            if (BulletLength(document, segment, dashes) is var bullet and > 0)
            {
                document.Cut(segment, segment.Start + bullet).Decide(BlockKind.ListItem, Item);
                segment.Decide(BlockKind.ListMarker, Bullet);
                continue;
            }

            var first = document.Text[segment.Start];
            if (document.Page is { } page && KindOf(page.Of(segment).Element) is { } marked)
                segment.Decide(marked, NameOf(marked));
            else if (first == '>' && segment.Length > 2)
                segment.Decide(BlockKind.Quote, Quote);
            else if (IsRow(document.Slice(segment), segment))
                segment.Decide(BlockKind.Table, Row);
            else if (IsSubhead(segment))
                segment.Decide(BlockKind.Subhead, Subhead);
            else
                segment.Decide(BlockKind.Paragraph, Paragraph);
        }
    }

    /// <summary>What the markup of a page calls it; null where it says nothing.</summary>
    static BlockKind? KindOf(PageElement element) => element.Name switch
    {
        "h1" or "h2" or "h3" or "h4" or "h5" or "h6" => BlockKind.Subhead,
        "tr" => BlockKind.Table,
        "li" or "dd" or "dt" => BlockKind.ListItem,
        _ when (element.Marks & PageMark.Quote) != 0 => BlockKind.Quote,
        "p" => BlockKind.Paragraph,
        _ => null,
    };

    static string NameOf(BlockKind kind) => kind switch
    {
        BlockKind.Subhead => Subhead,
        BlockKind.Table => Row,
        BlockKind.ListItem => Item,
        BlockKind.Quote => Quote,
        _ => Paragraph,
    };

    /// <summary>Results and prices: three cells or more, parted by tabs, bars or semicolons, half of them with figures.</summary>
    static bool IsRow(ReadOnlySpan<char> line, Segment segment)
    {
        if (segment.Traits.EndsSentence || segment.Traits.Digits == 0 || line.Length > 300)
            return false;
        var sign = line.Contains('\t') ? '\t' : line.Contains('|') ? '|' : ';';
        int cells = 0, figures = 0;
        foreach (var range in line.Split(sign))
        {
            var cell = line[range];
            cells++;
            figures += cell.ContainsAnyInRange('0', '9') ? 1 : 0;
        }

        return cells >= 3 && figures * 2 >= cells;
    }

    static bool IsSubhead(Segment segment) =>
        segment.Traits.Words is >= 1 and <= 14 && !segment.Traits.EndsSentence && segment.Traits.Last is not (',' or ';' or ':')
        && !segment.Traits.StartsLower && segment.Next is not null && segment.Traits.Quotes == 0;

    /// <summary>Characters of the bullet that opens the segment, white space behind it included; 0 where there is none.</summary>
    static int BulletLength(Document document, Segment segment, string dashes)
    {
        var line = document.Slice(segment);
        var c = line[0];
        var dash = c is '-' or '–' or '—' or '*' or '+' or '➜' or '→' or '»' or '›';
        if (!dash && !Chars.Is(c, CharClass.Bullet))
            return 0;
        var end = 1;
        while (end < line.Length && (Chars.Is(line[end], CharClass.Space) || line[end] == c || line[end] == '\ufe0f'))
            end++;
        if (end == line.Length || dash && !Chars.Is(line[1], CharClass.Space))
            return 0;
        return !dash || c == '*' || dashes.Contains(c) ? end : 0;
    }

    /// <summary>Three in a row, or two on adjoining lines: with a short dash that is a list in most languages.</summary>
    static bool Lists(Document document, Segment segment) => segment.Breaks == 1
        || segment.Next is { Undecided: true } next && document.Text[next.Start] == '–'
        && next.Length > 2 && document.Text[next.Start + 1] == ' ';

    /// <summary>
    /// The dashes that are bullets here: two lines in succession begin with them. A long dash also opens direct speech in many languages,
    /// and then its line is not indented.
    /// </summary>
    static string DashBullets(Document document)
    {
        var found = "";
        Segment? previous = null;
        foreach (var segment in document.Segments)
        {
            if (!segment.Undecided || segment.Length < 3)
                continue;
            var c = document.Text[segment.Start];
            if (c is '-' or '–' or '—' or '+' or '→' or '»' or '›' or '➜'
                && Chars.Is(document.Text[segment.Start + 1], CharClass.Space) && !found.Contains(c)
                && previous is not null && document.Text[previous.Start] == c
                && (c is not ('–' or '—') || segment.Indent > 0 || c == '–' && Lists(document, segment)))
                found += c;
            previous = segment;
        }

        return found;
    }
}
