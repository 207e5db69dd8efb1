using Ingest.Core.Normalisation.Characters;

namespace Ingest.Core.Normalisation.Exports;

/// <summary>
/// A text as the record of a database: its lines, and which of them are the article's own text. What stands above is the record's head, what
/// stands behind its tail.
/// </summary>
internal sealed class ExportRecord
{
    /// <summary>Lines between two labels of a head that have none themselves.</summary>
    const int MostBetween = 7;

    /// <summary>Lines above the first label that have none, and how many of them may be as long as those of a text.</summary>
    const int MostAbove = 12, MostFull = 4;

    /// <summary>Lines of a document; a text of more is none, so that what is known of its lines stays small.</summary>
    const int MostLines = 16_384;

    /// <summary>Lines of a head, a cover page included.</summary>
    const int MostInHead = 200;

    /// <summary>Characters of a line that may be one of a paragraph.</summary>
    const int FullLine = 70;

    /// <summary>Short lines without a label behind one in the tail: a page's foot, a value's rest.</summary>
    const int MostAtFoot = 2;

    /// <summary>Lines under a bare label in the tail: captions.</summary>
    const int MostUnderHeading = 8;

    ExportRecord(ExportForm form, string text, List<ExportLine> lines)
    {
        (Form, Lines) = (form, lines);
        TextLine = First(ExportRole.Text);
        if (TextLine < 0)
            TextLine = First(ExportRole.Abstract);
        HeadEnd = HasText ? TextLine + (Lines[TextLine].IsBare ? 1 : 0) : EndOfHead();
        BodyEnd = StartOfTail(text, Math.Max(HeadEnd, TextLine + 1));
    }

    public ExportForm Form { get; }
    public IReadOnlyList<ExportLine> Lines { get; }

    /// <summary>The line with the label behind or under which the text begins; -1 where none says so.</summary>
    public int TextLine { get; }

    public bool HasText => TextLine >= 0;

    /// <summary>The first line of the text, which may stand behind a label; 0 where the head has no label.</summary>
    public int HeadEnd { get; }

    /// <summary>The first line behind the text.</summary>
    public int BodyEnd { get; }

    /// <summary>The line is the article's own. A label that hardly stands anywhere else is none, wherever it stands.</summary>
    public bool IsText(int line) => line >= HeadEnd && line < BodyEnd && Lines[line].Role switch
    {
        null => true,
        ExportRole.Text => false,
        ExportRole.Foot => true,
        _ when Lines[line].Label!.IsTelling => false,
        ExportRole.Abstract => line != TextLine,
        ExportRole.Start or ExportRole.Cover or ExportRole.Copyright => HeadEnd > 0 || line >= MostAbove,
        _ => true,
    };

    /// <summary>Null for a text that is none, as nearly all.</summary>
    public static ExportRecord? Read(string text)
    {
        if (ExportForms.Of(text) is not { } form)
            return null;
        var lines = ExportLine.Read(text, form).Take(MostLines + 1).ToList();
        return lines.Count <= MostLines ? new ExportRecord(form, text, lines) : null;
    }

    /// <summary>The lines of the text that go on with none above, in their order: a hard wrap joins no others to them.</summary>
    public IEnumerable<int> Apart()
    {
        for (var i = 0; i < Lines.Count; i++)
            if (i <= HeadEnd || i >= BodyEnd || !IsText(i) || !IsText(i - 1) || HeadEnd == 0 && i < MostBetween && Form.Order == ExportOrder.Masthead)
                yield return Lines[i].Start;
    }

    int First(ExportRole role)
    {
        for (var i = 0; i < Lines.Count && i < MostInHead; i++)
            if (Lines[i].Role == role)
                return i;
        return -1;
    }

    /// <summary>Behind the last label of those that stand together at the top.</summary>
    int EndOfHead()
    {
        int first = 0, unlabelled = 0, full = 0;
        for (; first < Lines.Count && !HeadsText(Lines[first]); first++)
        {
            var line = Lines[first];
            if (line.Role is ExportRole.Start or ExportRole.Cover)
                (unlabelled, full) = (0, 0);
            if (line.Label is not null || line.Belongs)
                continue;
            unlabelled++;
            full += line.Length >= FullLine ? 1 : 0;
            // Behind the text a label heads nothing.
            if (unlabelled > MostAbove || full > MostFull)
                return 0;
        }

        if (first == Lines.Count)
            return 0;
        var last = first;
        for (var i = first + 1; i < Lines.Count && i - last <= MostBetween; i++)
        {
            if (HeadsText(Lines[i]) || Lines[i].Role == ExportRole.Copyright || Lines[i].Belongs && last == i - 1)
                last = i;
            else if (Lines[i].Label is not null || Lines[i].Length >= FullLine || Lines[i].Breaks > 1 && Form.Order != ExportOrder.Words)
                break;
        }

        return last + 1;
    }

    static bool HeadsText(ExportLine line) =>
        line.Role is not (null or ExportRole.Start or ExportRole.End or ExportRole.Cover or ExportRole.Rest or ExportRole.Copyright or ExportRole.Foot or ExportRole.Credit);

    /// <summary>From the end up: labels and what belongs to them. So a label inside the text is text.</summary>
    int StartOfTail(string text, int from)
    {
        var (tail, foot) = (Lines.Count, 0);
        for (var i = Lines.Count - 1; i >= from; i--)
        {
            if (Lines[i].Role is ExportRole.Text or ExportRole.Lead or ExportRole.Foot)
                break;
            if (Lines[i].Label is not null)
            {
                // A page's number may stand anywhere.
                tail = Lines[i].Role == ExportRole.Cover ? tail : i;
                foot = 0;
                continue;
            }

            if (Lines[i].Belongs)
                continue;
            var above = i - 1;
            while (above >= from && i - above < MostUnderHeading && Lines[above].Label is null)
                above--;
            if (above < from || Lines[above].Label is not { } heading)
                break;
            if (Lines[above].IsBare && heading.Role is ExportRole.Caption or ExportRole.Heading)
                tail = i = above;
            else if (i - above > MostAtFoot || Lines[i].Length >= FullLine || ++foot > MostAtFoot
                || heading.Role == ExportRole.Cover || Chars.Is(text[Lines[i].End - 1], CharClass.Terminal | CharClass.Closer))
                break;
        }

        return tail;
    }
}
