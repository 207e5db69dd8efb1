using Ingest.Core.Articles;
using Ingest.Core.Normalisation.Documents;
using Ingest.Core.Normalisation.Lines;

namespace Ingest.Core.Normalisation.Rules;

/// <summary>Bylines above the text: lines that open with a byline word, and bare names under the headline.</summary>
internal static class HeadBylines
{
    public const string By = "byline.by";
    public const string Bare = "byline.bare";
    public const string Job = "byline.job";

    /// <summary>Lines of bare names that may be bylines.</summary>
    const int MaxNames = 3;

    /// <summary>Lines under a byline that belong to it.</summary>
    const int MaxBelow = 6;

    public static void Take(Document document, Segment? headline)
    {
        var lines = 0;
        foreach (var segment in document.Segments)
        {
            if (segment.Traits.IsProse && !segment.Undecided)
                continue;
            if (++lines > HeadStep.HeadLines)
                break;
            if (!segment.Undecided || segment.Traits.Words is 0 or > 30)
                continue;
            if (segment.Start > (document.FirstProse?.Start ?? int.MaxValue) && segment.Previous?.Rule != By && lines > 12)
                break;
            if (!BylineReader.TryRead(document.Slice(segment), out var byline))
                continue;
            Take(document, segment, byline, By);
            TakeBelow(document, segment);

            // A second byline on a line of its own.
            if (segment.Next is { Undecided: true } second && second.Traits.Words <= 14
                && BylineReader.TryRead(document.Slice(second), out var more) && more.Bylines.Count > 0)
                Take(document, second, more, By);
            return;
        }

        TakeBareByline(document, headline);
    }

    /// <summary>
    /// What stands under a byline: the job ("By MARK KENNEDY" + "AP Entertainment Writer"), the house, addresses, the place.
    /// </summary>
    static void TakeBelow(Document document, Segment byline)
    {
        for (var (line, lines) = (byline.Next, 0); line is not null && line != document.FirstProse && lines < MaxBelow; line = line.Next, lines++)
        {
            if (!line.Undecided || line.Traits.Words is 0)
                continue;
            var text = document.Slice(line);
            if (HeadLineReader.IsAddress(text))
                line.Decide(BlockKind.AuthorBio, HeadLineStep.Address);
            else if (IsJob(line, text, out var organisation))
            {
                Take(document, line, organisation, Job);
                SetOrganisation(document, document.TextOf(line));
            }
            else if (IsPlace(document, line, text))
            {
                line.Decide(BlockKind.Dateline, DatelineReader.Place);
                document.Draft.Set(Field.Dateline, document.TextOf(line), DatelineReader.Place, line);
            }
            else
                return;
        }
    }

    static bool IsJob(Segment line, ReadOnlySpan<char> text, out BylineReader.Line organisation)
    {
        organisation = new([], null, null);
        return line.Traits.Words is >= 1 and <= 7 && !line.Traits.EndsSentence && line.Traits.Last is not (':' or '：')
            && (BylineReader.IsJobLine(text) || BylineReader.TryReadPeople(text, out organisation) && organisation.Bylines.Count == 0);
    }

    /// <summary>A place in capitals on the last line above the text: "SÃO VIRGÍLIO".</summary>
    static bool IsPlace(Document document, Segment line, ReadOnlySpan<char> text) =>
        line.Next == document.FirstProse && line.Traits.Words is >= 1 and <= 4 && line.Traits.Shouted == line.Traits.Words
        && line.Traits.Letters >= 4 && !text.ContainsAny(':', '"', '|') && !line.Traits.EndsSentence;

    /// <summary>
    /// Bare names directly under the headline, up to three lines of them, when a date, a reading time, a tag line or the
    /// text itself follows.
    /// </summary>
    static void TakeBareByline(Document document, Segment? headline)
    {
        // What stands first on a page are menus; its markup was asked before.
        if (headline is null && document.Given.Headline is null || document.Draft.Bylines.Count > 0 || document.Page is { IsFragment: false })
            return;
        var segment = headline is null ? document.First : headline.Next;
        for (var steps = 0; segment is { Undecided: false } && steps < 6; steps++)
            segment = segment.Next;
        var lines = new List<(Segment At, BylineReader.Line Line, string Rule)>();
        while (segment is { Undecided: true } && segment != document.FirstProse && lines.Count <= MaxNames && !segment.Traits.EndsSentence && segment.Traits.Last is not (':' or '：'))
        {
            if (lines.Count > 0 && (HeadLineReader.IsAddress(document.Slice(segment)) || IsPlace(document, segment, document.Slice(segment))))
                break;
            if (BylineReader.IsNames(document.Slice(segment), out var names))
                lines.Add((segment, names, Bare));
            else if ((lines.Count > 0 || segment.Next is { Undecided: false }) && IsJob(segment, document.Slice(segment), out var job))
                lines.Add((segment, job, Job));
            else
                break;
            segment = segment.Next;
        }

        // Names that more undecided lines follow are a menu or a list.
        if (lines.Count is 0 or > MaxNames || segment is null
            || segment.Undecided && segment != document.FirstProse && !HeadStep.IsAgencyLine(document, segment)
            && !HeadLineReader.IsAddress(document.Slice(segment)) && !IsPlace(document, segment, document.Slice(segment)))
            return;
        foreach (var (at, line, rule) in lines)
        {
            Take(document, at, line, rule);
            if (rule == Job)
                SetOrganisation(document, document.TextOf(at));
        }

        TakeBelow(document, lines[^1].At);
    }

    static void SetOrganisation(Document document, string organisation)
    {
        var bylines = document.Draft.Bylines;
        for (var i = 0; i < bylines.Count; i++)
            bylines[i] = bylines[i] with { Organization = bylines[i].Organization ?? organisation };
    }

    static void Take(Document document, Segment segment, BylineReader.Line line, string rule)
    {
        segment.Decide(BlockKind.Byline, rule);
        document.Draft.Bylines.AddRange(line.Bylines);
        if (line.Bylines.Count > 0)
            document.Draft.AddEvidence(Field.Bylines, rule, segment);
        document.Draft.Set(Field.Agency, line.Agency, rule, segment);
        if (line.Date is { } date)
            document.Draft.Set(Field.Published, date.Iso, rule, segment);
    }
}
