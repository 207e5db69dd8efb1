using Ingest.Core.Articles;
using Ingest.Core.Normalisation.Characters;
using Ingest.Core.Normalisation.Documents;
using Ingest.Core.Normalisation.Exports;
using Ingest.Core.Normalisation.Lines;

namespace Ingest.Core.Normalisation.Rules;

/// <summary>The lines above a record's text that have no label: each form has them in an order of its own.</summary>
internal sealed partial class ExportReader
{
    /// <summary>Publisher, date, edition; the headline above them or below.</summary>
    void ReadMasthead(List<int> above)
    {
        if (Dated(above) is not (> 0 and var date))
            return;
        TakePublisher(at[above[date - 1]], document.TextOf(at[above[date - 1]]));
        TakeDate(at[above[date]]);
        var next = date + 1;
        if (date > 1 && MayBeHeadline(at[above[date - 2]]))
        {
            // What stands above it without a blank line is its beginning; what else does, a page's head.
            var first = date - 2;
            while (first > 0 && above[first] == above[first - 1] + 1 && record.Lines[above[first]].Breaks == 1
                && MayBeHeadline(at[above[first - 1]]) && !Chars.SayTheSame(document.Slice(at[above[first]]), document.Slice(at[above[first - 1]]), signs: true))
                first--;
            if (document.Draft[Field.Headline] is null)
                TakeHeadline(JoinWraps(above, first, date - 1));
            return;
        }

        while (next + 1 < above.Count && IsEdition(above, next))
            at[above[next++]].Decide(BlockKind.DatabaseHeader, ExportStep.Head);
        if (next == above.Count || document.Draft[Field.Headline] is not null || !MayBeHeadline(at[above[next]]))
            return;
        var last = next;
        TakeHeadline(JoinWraps(above, next, record.HeadEnd == 0 ? next + 1 : above.Count, ref last));
        if (record.HeadEnd == 0 && ++last < above.Count && document.Draft.Bylines.Count == 0
            && (BylineReader.TryRead(document.Slice(at[above[last]]), out _) || BylineReader.IsNames(document.Slice(at[above[last]]), out _)))
            TakeByline(at[above[last]]);
    }

    /// <summary>The line that is a date, else the first that has one; 0 is no place for it.</summary>
    int Dated(List<int> above)
    {
        for (var i = 1; i < above.Count; i++)
            if (Dates.TryReadLine(document.Slice(at[above[i]]), out var line) && line.Date is not null)
                return i;
        for (var i = 1; i < above.Count; i++)
            if (at[above[i]].Traits is { Words: <= 14, Digits: > 0 } && Dates.FindIn(document.Slice(at[above[i]])) is not null)
                return i;
        return 0;
    }

    bool IsEdition(List<int> above, int line)
    {
        if (record.Lines[above[line]].Indent >= Centred && record.Lines[above[^1]].Indent < Centred)
            return true;
        var text = document.Slice(at[above[line]]);
        if (at[above[line]].Traits.Words > MostInSection)
            return false;
        foreach (var word in record.Form.Editions)
            if (text.Contains(word, StringComparison.OrdinalIgnoreCase))
                return true;
        return false;
    }

    Segment JoinWraps(List<int> above, int from, int to)
    {
        var last = from;
        return JoinWraps(above, from, to, ref last);
    }

    /// <summary>A full stop ends a text, or is an abbreviation's.</summary>
    bool MayBeHeadline(Segment line) => line is { Length: <= MostInHeadline, Traits: { IsProse: false, Letters: > 0, HasUrl: false } }
        && (document.Text[line.End - 1] != '.' || line.Length > 3 && document.Text[line.End - 3] is '.' or ' ');

    /// <summary>A headline over several lines, which no blank line parts.</summary>
    Segment JoinWraps(List<int> above, int from, int to, ref int last)
    {
        var headline = at[above[from]];
        for (var i = from + 1; i < to && above[i] == above[i - 1] + 1 && record.Lines[above[i]].Breaks == 1 && headline.Next == at[above[i]]; i++)
        {
            var line = at[above[i]];
            if (!MayBeHeadline(line) || headline.Length + line.Length > MostInHeadline
                || headline.Traits.Words + line.Traits.Words > MostWordsInHeadline || Chars.SayTheSame(document.Slice(headline), document.Slice(line), signs: true))
                break;
            document.Join(headline, at[above[i]]);
            at[above[i]] = headline;
            last = i;
        }

        return headline;
    }

    /// <summary>Above the length: section, headline, byline. Below it: date, time, publisher, then codes and pages.</summary>
    void ReadAroundLength(List<int> above)
    {
        var last = above.Count - 1;
        if (last > 0 && (BylineReader.TryRead(document.Slice(at[above[last]]), out _) || BylineReader.IsNames(document.Slice(at[above[last]]), out _)))
            TakeByline(at[above[last--]]);
        if (document.Draft[Field.Headline] is null && MayBeHeadline(at[above[last]]))
            TakeHeadline(at[above[last]]);
        for (var i = 0; i < last; i++)
            if (at[above[i]].Traits.Words <= MostInSection)
                at[above[i]].Decide(BlockKind.DatabaseHeader, ExportStep.Head);
        var (dated, named) = (false, false);
        for (var i = above[^1] + 1; i < record.HeadEnd; i++)
        {
            var segment = at[i];
            if (!segment.Undecided || record.Lines[i].Label is not null)
                continue;
            if (Dates.TryReadLine(document.Slice(segment), out var date))
            {
                if (date.Date is not null && !dated)
                    TakeDate(segment);
                dated |= date.Date is not null;
            }
            else if (dated && !named)
            {
                named = true;
                TakePublisher(segment, document.TextOf(segment));
            }
        }
    }

    /// <summary>"Birkfelder Tageblatt vom 08.08.2013, S. 17" without a label, under the headline or above it.</summary>
    void ReadSourceLine(List<int> above)
    {
        foreach (var line in above)
            if (at[line].Traits is { Words: <= MostInSourceLine, EndsSentence: false } && document.Text.IndexOf(" vom ", at[line].Start, at[line].Length, StringComparison.Ordinal) > 0
                && Dates.FindIn(document.Slice(at[line])) is not null)
            {
                TakeSource(at[line]);
                break;
            }

        if (record.HeadEnd > 0 && document.Draft[Field.Headline] is null && above.FindIndex(l => at[l].Undecided) is >= 0 and var first
            && MayBeHeadline(at[above[first]]))
            TakeHeadline(at[above[first]]);
    }

    /// <summary>"The Calder Bay Record - 2019-03-28 - NEWS": a line that names the publisher, which a label told, and the date.</summary>
    void ReadMention(List<int> above)
    {
        if (document.Draft[Field.Publisher] is not { } publisher)
            return;
        foreach (var line in above)
            if (at[line].Undecided && document.Slice(at[line]).StartsWith(publisher, StringComparison.OrdinalIgnoreCase)
                && Dates.FindIn(document.Slice(at[line])[publisher.Length..]) is { } date)
            {
                at[line].Decide(BlockKind.Published, ExportStep.Date);
                document.Draft.Set(Field.Published, date.Iso, ExportStep.Date, at[line]);
                return;
            }
    }
}
