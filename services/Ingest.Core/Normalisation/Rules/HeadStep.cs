using Ingest.Core.Articles;
using Ingest.Core.Normalisation.Text;

namespace Ingest.Core.Normalisation.Rules;

/// <summary>
/// What stands above the running text: crawl prefix, publisher, headline, bylines, dates. Lines are read in order; each becomes the first
/// of these that it can be and that is still missing.
/// </summary>
internal sealed class HeadStep : RuleStep
{
    const string CrawlPrefix = "crawl.date-prefix";
    const string HeadlineFirst = "headline.first";
    const string HeadlineGiven = "headline.given";
    const string VersionPrefix = "version.prefix";
    const string BylineBy = "byline.by";
    const string BylineBare = "byline.bare";
    const string BylineJob = "byline.job";
    const string DateLine = "published.line";
    const string DateUpdated = "timestamp.updated";
    const string PublisherLine = "publisher.line";
    const string AgencyLine = "agency.line";

    /// <summary>How far above the running text a headline may stand.</summary>
    const int HeadLines = 40;

    const string Prose = "The harbour opened again on Monday after three weeks of repairs, the authority said.\n\nShips were waiting in a long line outside the breakwater.";

    static Example Above(string lines, string snippet) => new(snippet, lines + "\n\n" + Prose);

    public override IReadOnlyList<RuleNote> Notes { get; } =
    [
        new(CrawlPrefix, BlockKind.CrawlArtefact, Above(" date 2021-03-01 Harbour opens again after repairs", "date 2021-03-01"),
            new("date 2021-03-01 was", "Harbour opens\n\nThe date 2021-03-01 was painted on the gate.\n\n" + Prose)),
        new(HeadlineFirst, BlockKind.Headline, Above("Harbour opens again after repairs", "Harbour opens"), new("The harbour opened", Prose)),
        new(VersionPrefix, BlockKind.Version, Above("UPDATE 2-Harbour opens again after repairs", "UPDATE 2-"),
            new("UPDATE of the charts", "Harbour opens\n\n" + Prose + "\n\nUPDATE of the charts is the next task, the authority said.")),
        new(BylineBy, BlockKind.Byline, Above("Harbour opens again\n\nBy Anna Weir and Carl Otis for AFP", "By Anna Weir"),
            new("By Wednesday", "Harbour opens again\n\nBy Wednesday the last ship had left, the authority said.\n\n" + Prose)),
        new(BylineBare, BlockKind.Byline, Above("Harbour opens again after repairs\n\nAnna Weir\n\nMarch 3, 2021", "Anna Weir"),
            new("North Quay", "Harbour opens again\n\n" + Prose + "\n\nNorth Quay\n\nThe north quay is to follow in May, when the cranes have been tested.")),
        new(BylineJob, BlockKind.Byline, Above("Harbour opens again after repairs\n\nBy ANNA WEIR\nHarbour Press Staff Writer", "Harbour Press Staff Writer"),
            new("Staff writers of", "Harbour opens again\n\n" + Prose + "\n\nStaff writers of the harbour's paper went on strike on Monday, the authority said.")),
        new(DateLine, BlockKind.Published, Above("Wednesday, March 3, 2021\n\nHarbour opens again after repairs", "Wednesday, March 3, 2021"),
            new("On March 3, 2021", "Harbour opens again\n\nOn March 3, 2021, the harbour was closed.\n\n" + Prose)),
        new(DateUpdated, BlockKind.Timestamp, Above("Harbour opens again after repairs\n\nMarch 3, 2021\n\nUpdated: March 4, 2021", "Updated: March 4, 2021"),
            new("Updated charts", "Harbour opens again\n\n" + Prose + "\n\nUpdated charts will be handed out on March 4, 2021, to all the pilots.")),
        new(PublisherLine, BlockKind.Publisher, Above("Harbour Sentinel\n\nHarbour opens again after repairs\n\n- By Anna Weir", "Harbour Sentinel"),
            new("Harbour Sentinel", "Harbour opens again\n\n" + Prose + "\n\nHarbour Sentinel\n\nThe ship of that name was the first to leave on Monday morning.")),
        new(AgencyLine, BlockKind.Agency, Above("Harbour opens again after repairs\n\nReuters", "Reuters"),
            new("Reuters", "Harbour opens again\n\n" + Prose + "\n\nReuters reported on Monday that the repairs had cost less than planned.")),
    ];

    public override void Apply(Document document)
    {
        CutCrawlPrefix(document);
        document.FindProse();
        TakeDates(document);
        var headline = TakeHeadline(document);
        TakeBylines(document, headline);
        TakeRest(document, headline);
    }

    static void CutCrawlPrefix(Document document)
    {
        if (document.First is not { Undecided: true } first)
            return;
        var line = document.Slice(first);
        if (!line.StartsWith("date ", StringComparison.OrdinalIgnoreCase) || line.Length < 17)
            return;
        var end = 5;
        while (end < line.Length && (char.IsAsciiDigit(line[end]) || line[end] is '-' or '/' or '.' or ':' or 'T' or 'Z'))
            end++;
        if (Dates.FindIn(line[5..end]) is not { } date || end >= line.Length || !Chars.Is(line[end], CharClass.Space))
            return;
        document.Cut(first, first.Start + end);
        first.Decide(BlockKind.CrawlArtefact, CrawlPrefix);
        document.Draft.Set(Field.Published, date.Iso, CrawlPrefix, first);
    }

    /// <summary>Date lines above the text, and directly behind it.</summary>
    static void TakeDates(Document document)
    {
        Segment? updated = null;
        DateFound? latest = null;
        foreach (var segment in document.Segments)
        {
            if (!segment.Undecided || segment.Traits.Words > 24 || segment.Traits.Digits == 0 && !document.InHead(segment) || segment.Traits.IsProse)
                continue;
            if (!document.InHead(segment) && !document.InTail(segment))
                continue;
            if (!Dates.TryReadLine(document.Slice(segment), out var line))
                continue;
            if (line.Date is { } date && !line.Updated && document.Draft.Set(Field.Published, date.Iso, DateLine, segment))
            {
                segment.Decide(BlockKind.Published, DateLine);
            }
            else
            {
                segment.Decide(BlockKind.Timestamp, DateUpdated);
                updated ??= line.Date is null ? null : segment;
                latest ??= line.Date;
            }
        }

        // "Stand: 14.08.2024" alone: the only date there is.
        if (latest is { } only && document.Draft.Set(Field.Published, only.Iso, DateUpdated, updated))
            updated!.Decide(BlockKind.Published, DateUpdated);
    }

    static Segment? TakeHeadline(Document document)
    {
        if (document.Raw.Headline is { } given)
        {
            var folded = Fold(given);
            foreach (var segment in document.Head)
                if (segment.Undecided && Fold(document.TextOf(segment)) == folded)
                {
                    segment.Decide(BlockKind.Headline, HeadlineGiven);
                    return segment;
                }

            return null;
        }

        if (Candidate(document) is not { } headline)
            return null;
        if (VersionMarks.TryReadPrefix(document.Slice(headline), out var version, out var correction, out var length))
        {
            var rest = document.Cut(headline, headline.Start + length);
            headline.Decide(BlockKind.Version, VersionPrefix);
            document.Draft.Set(Field.Version, version, VersionPrefix, headline);
            if (correction)
                document.Draft.Set(Field.Correction, version, VersionPrefix, headline);
            headline = rest;
        }

        headline.Decide(BlockKind.Headline, HeadlineFirst);
        document.Draft.Set(Field.Headline, document.TextOf(headline), HeadlineFirst, headline);
        return headline;
    }

    /// <summary>The first undecided line above the text that reads as a headline; a publisher's name above it is passed over.</summary>
    static Segment? Candidate(Document document)
    {
        Segment? first = null;
        var lines = 0;
        foreach (var segment in document.Head)
        {
            if (!segment.Undecided)
                continue;
            if (++lines > HeadLines)
                break;
            if (!IsHeadlineLike(document, segment))
                continue;
            if (first is null)
            {
                first = segment;
                continue;
            }

            if (!IsPublisher(document, first, segment))
                return first;
            first.Decide(BlockKind.Publisher, PublisherLine);
            document.Draft.Set(Field.Publisher, document.TextOf(first), PublisherLine, first);
            return segment;
        }

        // A headline set without a line of its own in one-paragraph copy is none.
        return first is not null && (document.FirstProse is not null || first.Next is not null) ? first : null;
    }

    static bool IsHeadlineLike(Document document, Segment segment)
    {
        var traits = segment.Traits;
        if (traits.Words is 0 or > 32 || segment.Length > 280 || traits.HasUrl || traits.Letters == 0)
            return false;
        // A full stop ends a sentence, not a headline; abbreviations ("U.S.") and dots of omission may.
        if (traits.Last is '.' or '。' && !EndsAbbreviated(document, segment))
            return false;
        return !BylineReader.TryRead(document.Slice(segment), out _) && !Chars.Is(document.Text[segment.Start], CharClass.Bullet);
    }

    static bool EndsAbbreviated(Document document, Segment segment)
    {
        var line = document.Slice(segment);
        return line.EndsWith("..") || line.Length > 3 && line[^1] == '.' && line[^3] is '.' or ' ' && Chars.Is(line[^2], CharClass.Upper);
    }

    /// <summary>
    /// A name above the headline: short, without signs or verbs' endings, and the line behind it is the better headline; or a trailer, copyright
    /// line or URL further down says the same name.
    /// </summary>
    static bool IsPublisher(Document document, Segment line, Segment next)
    {
        if (line.Traits.Words > 6 || line.Traits.Digits > 0 || line.Traits.EndsSentence || next.Traits.Words < 3)
            return false;
        if (line.Traits.Capitalised * 3 < line.Traits.Words * 2 && line.Traits.Spaceless == 0)
            return false;
        return document.Draft.Media.Exists(m => m.Caption.Length > 0) && line.Next == next || HasPressReaderTrailer(document) || Publishers.IsName(document.TextOf(line));
    }

    static bool HasPressReaderTrailer(Document document)
    {
        var steps = 0;
        for (var segment = document.Last; segment is not null && steps < 12; segment = segment.Previous, steps++)
            if (segment.Rule is { } rule && rule.StartsWith("pressreader.", StringComparison.Ordinal))
                return true;
        for (var (segment, count) = (document.First, 0); segment is not null && count < 8; segment = segment.Next, count++)
            if (segment.Undecided && document.Slice(segment).StartsWith("- By ", StringComparison.OrdinalIgnoreCase))
                return true;
        return false;
    }

    static void TakeBylines(Document document, Segment? headline)
    {
        var lines = 0;
        foreach (var segment in document.Segments)
        {
            if (segment.Traits.IsProse && !segment.Undecided)
                continue;
            if (++lines > HeadLines)
                break;
            if (!segment.Undecided || segment.Traits.Words is 0 or > 30)
                continue;
            if (segment.Start > (document.FirstProse?.Start ?? int.MaxValue) && segment.Previous?.Rule != BylineBy && lines > 12)
                break;
            if (!BylineReader.TryRead(document.Slice(segment), out var byline))
                continue;
            Take(document, segment, byline, BylineBy);
            // "By MARK KENNEDY" + "AP Entertainment Writer": the next line is the job.
            if (segment.Next is { Undecided: true } job && job.Traits.Words is >= 1 and <= 7 && !job.Traits.EndsSentence
                && BylineReader.TryReadPeople(document.Slice(job), out var organisation) && organisation.Bylines.Count == 0)
            {
                Take(document, job, organisation, BylineJob);
                SetOrganisation(document, document.TextOf(job));
            }

            return;
        }

        TakeBareByline(document, headline);
    }

    /// <summary>A bare name directly under the headline, when a date, reading time, tag line or the text itself follows.</summary>
    static void TakeBareByline(Document document, Segment? headline)
    {
        if (headline is null && document.Raw.Headline is null)
            return;
        var steps = 0;
        for (var segment = headline is null ? document.First : headline.Next; segment is not null && steps < 6 && segment != document.FirstProse; segment = segment.Next, steps++)
        {
            if (!segment.Undecided)
                continue;
            if (!segment.Traits.EndsSentence && BylineReader.IsNames(document.Slice(segment), out var names) && segment.Next is { } next
                && (!next.Undecided || next == document.FirstProse || BylineReader.TryReadPeople(document.Slice(next), out var job) && job.Bylines.Count == 0))
            {
                Take(document, segment, names, BylineBare);
                if (next.Undecided && next != document.FirstProse && BylineReader.TryReadPeople(document.Slice(next), out var organisation) && organisation.Bylines.Count == 0)
                {
                    Take(document, next, organisation, BylineJob);
                    SetOrganisation(document, document.TextOf(next));
                }
            }

            return;
        }
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

    /// <summary>Agency and publisher lines that are left above the text.</summary>
    static void TakeRest(Document document, Segment? headline)
    {
        if (headline is null)
            return;
        foreach (var segment in document.Head)
        {
            if (!segment.Undecided || segment.Traits.Words is 0 or > 7 || segment.Traits.EndsSentence)
                continue;
            var line = document.Slice(segment);
            if (Agencies.News(line) is { } agency)
            {
                segment.Decide(BlockKind.Agency, AgencyLine);
                document.Draft.Set(Field.Agency, agency, AgencyLine, segment);
            }
            else if (Publishers.IsName(document.TextOf(segment)))
            {
                segment.Decide(BlockKind.Publisher, PublisherLine);
                document.Draft.Set(Field.Publisher, document.TextOf(segment), PublisherLine, segment);
            }
        }
    }

    static string Fold(string text)
    {
        var folded = new System.Text.StringBuilder(text.Length);
        foreach (var c in text)
            if (Chars.Is(c, CharClass.Letter | CharClass.Digit))
                folded.Append(Chars.Fold(c));
        return folded.ToString();
    }
}
