using Ingest.Core.Articles;
using Ingest.Core.Normalisation.Characters;
using Ingest.Core.Normalisation.Documents;
using Ingest.Core.Normalisation.Exports;
using Ingest.Core.Normalisation.Lines;

namespace Ingest.Core.Normalisation.Rules;

/// <summary>Reads one record: the values behind its labels, and the lines above them by their places.</summary>
internal sealed partial class ExportReader
{
    /// <summary>Lines of a value that are read as one.</summary>
    const int MostJoined = 12;

    /// <summary>Lines of a head without labels that are read by their places.</summary>
    const int MostHead = 8;

    /// <summary>Blanks before a line that is centred.</summary>
    const int Centred = 8;

    /// <summary>Characters of a headline, and words of one that was set over several lines: more read as a text.</summary>
    const int MostInHeadline = 240, MostWordsInHeadline = 24;

    /// <summary>Words of a line with a publisher, a date and a page.</summary>
    const int MostInSourceLine = 14;

    /// <summary>Words of a section's name.</summary>
    const int MostInSection = 6;

    readonly Document document;
    readonly ExportRecord record;

    /// <summary>The segment of each line; of the first piece where one was cut. Lines of the text share theirs.</summary>
    readonly Segment[] at;

    public ExportReader(Document document, ExportRecord record)
    {
        (this.document, this.record) = (document, record);
        at = new Segment[record.Lines.Count];
        var segment = document.First!;
        for (var i = 0; i < at.Length; i++)
        {
            while (segment.End <= record.Lines[i].Start)
                segment = segment.Next!;
            at[i] = segment;
        }
    }

    public void Read()
    {
        var above = LinesAbove();
        var copyright = new List<Segment>();
        for (var i = 0; i < at.Length; i++)
            if (!record.IsText(i) && record.Lines[i].Label is { Role: not ExportRole.Source })
                ReadLabel(i, above, copyright);
        // What names a publisher or a date alone is better than what names both.
        for (var i = 0; i < at.Length; i++)
            if (!record.IsText(i) && record.Lines[i].Role == ExportRole.Source)
                ReadSource(i);
        if (copyright.Count > 0)
            document.Draft.Set(Field.CopyrightNotice, string.Join(' ', copyright.Select(document.TextOf)), ExportStep.Copyright, copyright[0]);
        ReadAbove(above);
        DecideRest(above);
        KeepOpening();
    }

    /// <summary>The lines without a label between the record's beginning and its first label.</summary>
    List<int> LinesAbove()
    {
        var lines = new List<int>();
        var end = record.HeadEnd > 0 ? record.HeadEnd : Math.Min(MostHead, record.BodyEnd);
        for (var i = 0; i < end; i++)
        {
            var line = record.Lines[i];
            if (line.Role is ExportRole.Start or ExportRole.Cover)
                lines.Clear();
            else if (line.Label is not null && line.Role != ExportRole.Copyright || record.HeadEnd == 0 && at[i].Traits.IsProse)
                break;
            else if (line.Label is null && !line.Belongs)
                lines.Add(i);
        }

        return lines;
    }

    void ReadLabel(int i, List<int> above, List<Segment> copyright)
    {
        switch (record.Lines[i].Role)
        {
            case ExportRole.Start or ExportRole.End or ExportRole.Cover or ExportRole.Rest:
                Decide(i, ExportStep.Divider);
                break;
            case ExportRole.Headline when document.Draft[Field.Headline] is null:
                ReadHeadline(i, above);
                break;
            case ExportRole.Byline when document.Draft.Bylines.Count == 0:
                TakeByline(ValueOf(i));
                break;
            case ExportRole.Publisher when ValueOf(i) is { } value:
                TakePublisher(value, BeforeAny(document.TextOf(value), ";"));
                break;
            case ExportRole.Date when ValueOf(i) is { } value:
                TakeDate(value);
                break;
            case ExportRole.Dateline when ValueOf(i) is { } value:
                value.Decide(BlockKind.Dateline, ExportStep.Dateline);
                document.Draft.Set(Field.Dateline, WithoutDate(document.TextOf(value)), ExportStep.Dateline, value);
                break;
            case ExportRole.Url when ValueOf(i) is { Traits.HasUrl: true } value:
                value.Decide(BlockKind.SourceUrl, ExportStep.Url);
                document.Draft.Set(Field.Url, document.TextOf(value), ExportStep.Url, value);
                break;
            case ExportRole.Caption:
                ReadCaptions(i);
                break;
            case ExportRole.Copyright when ValueOf(i) is { } value:
                value.Decide(BlockKind.Copyright, ExportStep.Copyright);
                copyright.Add(value);
                break;
            case ExportRole.Credit when document.Draft.Bylines.Count == 0:
                ReadCredit(i);
                break;
            case ExportRole.Credit or ExportRole.Foot:
                break;
            case ExportRole.Lead:
                // What the paper put above its text is the article's.
                ValueOf(i);
                break;
            case ExportRole.Text:
            case ExportRole.Abstract when i == record.TextLine:
                CutLabel(i);
                break;
            default:
                Decide(i, ExportStep.Label);
                break;
        }
    }

    /// <summary>Decides a line and those that belong to it.</summary>
    void Decide(int line, string rule)
    {
        do
            at[line].Decide(BlockKind.DatabaseHeader, rule);
        while (++line < at.Length && record.Lines[line].Belongs);
    }

    /// <summary>Takes the label off a line. Null where nothing stands behind it; the line where it is its own value.</summary>
    Segment? CutLabel(int i)
    {
        var (segment, line) = (at[i], record.Lines[i]);
        if (line.Value == line.Start)
            return segment;
        var value = line.IsBare ? null : document.Cut(segment, line.Value);
        segment.Decide(BlockKind.DatabaseHeader, ExportStep.Label);
        return value;
    }

    /// <summary>The value behind a label, its lines joined; null where there is none.</summary>
    Segment? ValueOf(int i)
    {
        var value = CutLabel(i);
        for (var (k, joined) = (i + 1, 0); k < at.Length && record.Lines[k].Belongs; k++)
        {
            if (value is null)
                value = at[k];
            else if (++joined <= MostJoined && value.Next == at[k]
                && (record.Lines[i].Role != ExportRole.Headline || value.Traits.Words + at[k].Traits.Words <= MostWordsInHeadline))
                document.Join(value, at[k]);
            else
                break;
            at[k] = value;
        }

        return value;
    }

    void ReadHeadline(int i, List<int> above)
    {
        // Once above the labels and once among them: there it is the headline, here it only says what that line is.
        var value = document.Text.AsSpan(record.Lines[i].Value, record.Lines[i].End - record.Lines[i].Value);
        foreach (var line in above)
            if (at[line].Undecided && Chars.SayTheSame(document.Slice(at[line]), value, signs: true))
            {
                TakeHeadline(at[line]);
                Decide(i, ExportStep.Label);
                return;
            }

        if (ValueOf(i) is { } headline)
            TakeHeadline(headline);
    }

    void TakeHeadline(Segment segment)
    {
        segment.Decide(BlockKind.Headline, ExportStep.Headline);
        document.Draft.Set(Field.Headline, document.TextOf(segment), ExportStep.Headline, segment);
    }

    void TakePublisher(Segment segment, ReadOnlySpan<char> name)
    {
        segment.Decide(BlockKind.Publisher, ExportStep.Publisher);
        document.Draft.Set(Field.Publisher, name.Trim().ToString(), ExportStep.Publisher, segment);
        document.Draft.Set(Field.Agency, Agencies.News(name.Trim()), ExportStep.Publisher, segment);
    }

    void TakeDate(Segment segment)
    {
        var date = Dates.FindIn(document.Slice(segment));
        segment.Decide(date is null ? BlockKind.DatabaseHeader : BlockKind.Published, date is null ? ExportStep.Label : ExportStep.Date);
        document.Draft.Set(Field.Published, date?.Iso, ExportStep.Date, segment);
    }

    /// <summary>"Birkfelder Tageblatt vom 08.08.2013, S. 17", "The Marsh Ledger ; Hull [Hull]03 Mar 2011."</summary>
    void ReadSource(int i)
    {
        if (ValueOf(i) is { } value)
            TakeSource(value);
    }

    void TakeSource(Segment value)
    {
        var text = document.TextOf(value);
        TakePublisher(value, BeforeAny(text, ";", "[", ",", " vom ", " v. ", " Nr. ", " du "));
        document.Draft.Set(Field.Published, Dates.FindIn(text)?.Iso, ExportStep.Date, value);
    }

    /// <summary>"2019-04-02 - FRONT PAGE - By Moira Keane": a date, a section, a byline. The publisher's name stands above it, under the headline.</summary>
    void ReadCredit(int i)
    {
        var line = document.TextOf(at[i]);
        // Without a byline it is a date line, which the head reads.
        if (!BylineReader.TryRead(line.AsSpan(line.LastIndexOf(" - ", StringComparison.Ordinal) + 3), out var byline) || byline.Bylines.Count == 0)
            return;
        TakeDate(at[i]);
        document.Draft.Bylines.AddRange(byline.Bylines);
        document.Draft.AddEvidence(Field.Bylines, ExportStep.Byline, at[i]);
        if (i >= 2 && record.Lines[i - 1].Label is null && at[i - 1].Undecided && at[i - 1].Traits is { Words: <= MostInSection, EndsSentence: false }
            && at[i - 2].Traits.Words > at[i - 1].Traits.Words && CopyrightLine.IsCapitalisedName(document.Slice(at[i - 1])))
            TakePublisher(at[i - 1], document.TextOf(at[i - 1]));
    }

    static ReadOnlySpan<char> BeforeAny(string text, params ReadOnlySpan<string> ends)
    {
        var end = text.Length;
        foreach (var mark in ends)
            if (text.IndexOf(mark, StringComparison.Ordinal) is > 0 and var found && found < end)
                end = found;
        return text.AsSpan(0, end);
    }

    /// <summary>"TARN MILLS, March 8".</summary>
    static string WithoutDate(string dateline)
    {
        for (var comma = dateline.IndexOf(',', StringComparison.Ordinal); comma > 0; comma = dateline.IndexOf(',', comma + 1))
            if (Dates.TryReadLine(dateline.AsSpan(comma + 1), out _))
                return dateline[..comma];
        return dateline;
    }

    void TakeByline(Segment? segment)
    {
        if (segment is null)
            return;
        segment.Decide(BlockKind.Byline, ExportStep.Byline);
        var text = document.TextOf(segment);
        if (!BylineReader.TryRead(text, out var line) && !BylineReader.TryReadPeople(text, out line))
            line = new BylineReader.Line(Inverted(text), null, null);
        document.Draft.Bylines.AddRange(line.Bylines);
        if (line.Bylines.Count > 0)
            document.Draft.AddEvidence(Field.Bylines, ExportStep.Byline, segment);
        document.Draft.Set(Field.Agency, line.Agency, ExportStep.Byline, segment);
    }

    /// <summary>"Trelawny, Jory; Pascoe, Wenna": the family's name first. "Ruth Okello, somewhere else": only the name.</summary>
    static List<Byline> Inverted(string text)
    {
        var bylines = new List<Byline>();
        foreach (var author in text.Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            var parts = author.Split(',', 2, StringSplitOptions.TrimEntries);
            if (BylineReader.TryRead(author, out var line))
                bylines.AddRange(line.Bylines);
            else if (Names.IsPerson(parts[0]))
                bylines.Add(new Byline(parts[0]));
            else if (parts.Length == 2 && Names.IsPerson($"{parts[1].TrimEnd('.')} {parts[0]}"))
                bylines.Add(new Byline($"{parts[1].TrimEnd('.')} {parts[0]}"));
        }

        return bylines;
    }

    /// <summary>A caption behind its label, or several under a heading.</summary>
    void ReadCaptions(int i)
    {
        var value = ValueOf(i);
        for (var k = i + 1; value is not null; k++)
        {
            if (value.Undecided)
            {
                value.Decide(BlockKind.Caption, ExportStep.Caption);
                document.Draft.Media.Add(new MediaItem(document.TextOf(value), ""));
            }

            value = record.Lines[i].IsBare && k < at.Length && record.Lines[k].Label is null ? at[k] : null;
        }
    }

    void ReadAbove(List<int> above)
    {
        if (above.Count == 0)
            return;
        switch (record.Form.Order)
        {
            case ExportOrder.Masthead:
                ReadMasthead(above);
                break;
            case ExportOrder.Words:
                ReadAroundLength(above);
                break;
            case ExportOrder.Source:
                ReadSourceLine(above);
                break;
            case ExportOrder.Headline:
                if (document.Draft[Field.Headline] is null && record.HasText && MayBeHeadline(at[above[0]]))
                    TakeHeadline(at[above[0]]);
                else
                    ReadMention(above);
                break;
        }
    }

    /// <summary>What is left around the text. Above a text whose beginning no label tells, a line may be its first.</summary>
    void DecideRest(List<int> above)
    {
        var heads = record.HasText ? [] : above.ToHashSet();
        var lead = false;
        for (var i = 0; i < record.HeadEnd; i++)
        {
            lead = record.Lines[i].Role == ExportRole.Lead || lead && record.Lines[i].Belongs;
            if (!at[i].Undecided || record.Lines[i].Role is not null || lead)
                continue;
            if (heads.Contains(i))
                Keep(at[i]);
            else
                at[i].Decide(BlockKind.DatabaseHeader, ExportStep.Head);
        }

        for (var i = record.BodyEnd; i < at.Length; i++)
            if (at[i].Undecided)
                at[i].Decide(BlockKind.DatabaseHeader, ExportStep.Label);
    }

    /// <summary>
    /// Lines that open the text and do not read as running text: where the record has told the headline, they are none.
    /// </summary>
    void KeepOpening()
    {
        if (document.Draft[Field.Headline] is null || record.HeadEnd == 0)
            return;
        document.FindProse();
        foreach (var segment in document.Head)
            if (segment is { Undecided: true, Hits: null or { Count: 0 } } && segment.Traits.Words is > 0 and <= 30
                && !BylineReader.TryRead(document.Slice(segment), out _) && !Dates.TryReadLine(document.Slice(segment), out _))
                Keep(segment);
    }

    static void Keep(Segment segment) =>
        segment.Decide(segment.Traits.EndsSentence ? BlockKind.Paragraph : BlockKind.Subhead, ExportStep.Opening);
}
