using Ingest.Core.Articles;
using Ingest.Core.Normalisation.Characters;
using Ingest.Core.Normalisation.Documents;
using Ingest.Core.Normalisation.Lines;
using Ingest.Core.Normalisation.Phrases;

namespace Ingest.Core.Normalisation.Rules;

/// <summary>
/// What stands above the running text: crawl prefix, publisher, headline, bylines, dates. Lines are read in order; each becomes the first
/// of these that it can be and that is still missing.
/// </summary>
internal sealed class HeadStep : RuleStep
{
    const string CrawlPrefix = "crawl.date-prefix";
    const string HeadlineFirst = "headline.first";
    const string HeadlineCopy = "headline.copy";
    const string HeadlinePlus = "headline.plus";
    const string HeadlineGiven = "headline.given";
    const string VersionPrefix = "version.prefix";
    const string DateLine = "published.line";
    const string DateUpdated = "timestamp.updated";
    const string PublisherLine = "publisher.line";
    const string AgencyLine = "agency.line";
    const string ReleaseWire = "syndication.release-wire";

    /// <summary>How far above the running text a headline may stand.</summary>
    public const int HeadLines = 40;

    const string Prose = "The harbour opened again on Monday after three weeks of repairs, the authority said.\n\nShips were waiting in a long line outside the breakwater.";

    static Example Above(string lines, string snippet) => new(snippet, lines + "\n\n" + Prose);

    public override IReadOnlyList<PhraseRule> Reads { get; } = HeadPublishers.PressReader;

    public override IReadOnlyList<RuleNote> Notes { get; } =
    [
        new(CrawlPrefix, BlockKind.CrawlArtefact, Above(" date 2021-03-01 Harbour opens again after repairs", "date 2021-03-01"),
            new("date 2021-03-01 was", "Harbour opens\n\nThe date 2021-03-01 was painted on the gate.\n\n" + Prose)),
        new(HeadlineFirst, BlockKind.Headline, Above("Harbour opens again after repairs", "Harbour opens"),
            new("The harbour opened", Prose)),
        new(HeadlineCopy, BlockKind.Repetition,
            new("HARBOUR OPENS", "Harbour opens again after repairs\n\n" + Prose + "\n\nHARBOUR OPENS AGAIN AFTER REPAIRS"),
            new("Harbour opens again after", "Harbour closes\n\n" + Prose
                + "\n\nHarbour opens again after repairs\n\nThe west gate is to follow in May, when the cranes have been tested.")),
        new(HeadlinePlus, BlockKind.WireTrailer, Above("Harbour opens again after repairs+", "+"), new("The harbour opened", Prose)),
        new(VersionPrefix, BlockKind.Version, Above("UPDATE 2-Harbour opens again after repairs", "UPDATE 2-"),
            new("UPDATE of the charts", "Harbour opens\n\n" + Prose + "\n\nUPDATE of the charts is the next task, the authority said.")),
        new(HeadBylines.By, BlockKind.Byline, Above("Harbour opens again\n\nBy Anna Weir and Carl Otis for AFP", "By Anna Weir"),
            new("By Wednesday", "Harbour opens again\n\nBy Wednesday the last ship had left, the authority said.\n\n" + Prose)),
        new(HeadBylines.Bare, BlockKind.Byline, Above("Harbour opens again after repairs\n\nAnna Weir\n\nMarch 3, 2021", "Anna Weir"),
            new("North Quay", "Harbour opens again\n\n" + Prose
                + "\n\nNorth Quay\n\nThe north quay is to follow in May, when the cranes have been tested.")),
        new(HeadBylines.Job, BlockKind.Byline,
            Above("Harbour opens again after repairs\n\nBy ANNA WEIR\nHarbour Press Staff Writer", "Harbour Press Staff Writer"),
            new("Staff writers of", "Harbour opens again\n\n" + Prose
                + "\n\nStaff writers of the harbour's paper went on strike on Monday, the authority said.")),
        new(DateLine, BlockKind.Published,
            Above("Wednesday, March 3, 2021\n\nHarbour opens again after repairs", "Wednesday, March 3, 2021"),
            new("On March 3, 2021", "Harbour opens again\n\nOn March 3, 2021, the harbour was closed.\n\n" + Prose)),
        new(DateUpdated, BlockKind.Timestamp,
            Above("Harbour opens again after repairs\n\nMarch 3, 2021\n\nUpdated: March 4, 2021", "Updated: March 4, 2021"),
            new("Updated charts", "Harbour opens again\n\n" + Prose
                + "\n\nUpdated charts will be handed out on March 4, 2021, to all the pilots.")),
        new(PublisherLine, BlockKind.Publisher,
            Above("Harbour Sentinel\n\nHarbour opens again after repairs\n\n- By Anna Weir", "Harbour Sentinel"),
            new("Harbour Sentinel", "Harbour opens again\n\n" + Prose
                + "\n\nHarbour Sentinel\n\nThe ship of that name was the first to leave on Monday morning.")),
        new(HeadPublishers.Suffix, BlockKind.Publisher, Above("Harbour opens again after repairs | Harbour Sentinel", "| Harbour Sentinel"),
            new("Harbour plans -", "Harbour opens again\n\n" + Prose + "\n\nHarbour plans - Harbour Sentinel was the name of the first - are kept in the north tower, the authority said.")),
        new(ReleaseWire, BlockKind.SyndicationCredit, Above("Harbour opens again after repairs\n\nPNN", "PNN"),
            new("PNN is", "Harbour opens again\n\n" + Prose + "\n\nPNN is the call sign of the smallest of the tugs, the authority said.")),
        new(AgencyLine, BlockKind.Agency, Above("Harbour opens again after repairs\n\nReuters", "Reuters"),
            new("Reuters", "Harbour opens again\n\n" + Prose
                + "\n\nReuters reported on Monday that the repairs had cost less than planned.")),
    ];

    public override void Apply(Document document)
    {
        CutCrawlPrefix(document);
        TakeDates(document);
        document.FindProse();
        var headline = TakeHeadline(document);
        HeadBylines.Take(document, headline);
        TakeRest(document, headline);
        TakeCopies(document);
    }

    /// <summary>The headline once more: above a picture, in a share box, at the foot of a page.</summary>
    static void TakeCopies(Document document)
    {
        if ((document.Given.Headline ?? document.Draft[Field.Headline]) is not { } headline)
            return;
        foreach (var segment in document.Segments)
            if (segment.Undecided && segment.Traits.Words >= 4 && segment.Length <= headline.Length * 2
                && !segment.Traits.IsProse && Chars.SayTheSame(document.Slice(segment), headline))
                segment.Decide(BlockKind.Repetition, HeadlineCopy);
    }

    static void CutCrawlPrefix(Document document)
    {
        var lines = 0;
        foreach (var segment in document.Segments)
        {
            if (++lines > 3)
                return;
            if (segment.Undecided && CutCrawlPrefix(document, segment))
                return;
        }
    }

    static bool CutCrawlPrefix(Document document, Segment first)
    {
        var line = document.Slice(first);
        if (!line.StartsWith("date ", StringComparison.OrdinalIgnoreCase) || line.Length < 17)
            return false;
        var end = 5;
        while (end < line.Length && (char.IsAsciiDigit(line[end]) || line[end] is '-' or '/' or '.' or ':' or 'T' or 'Z'))
            end++;
        if (Dates.FindIn(line[5..end]) is not { } date || end >= line.Length || !Chars.Is(line[end], CharClass.Space))
            return false;
        document.Cut(first, first.Start + end);
        first.Decide(BlockKind.CrawlArtefact, CrawlPrefix);
        document.Draft.Set(Field.Published, date.Iso, CrawlPrefix, first);
        return true;
    }

    /// <summary>Date lines above the text, and directly behind it.</summary>
    static void TakeDates(Document document)
    {
        Segment? updated = null;
        DateFound? latest = null;
        document.FindProse();
        var lines = 0;
        foreach (var segment in document.Segments)
        {
            // Near the top a date line may look like a sentence: "… at 5:00 a.m."
            var near = ++lines <= 15;
            if (!segment.Undecided || segment.Traits.Words > 24 || segment.Traits.Digits == 0 && !near && !document.InHead(segment))
                continue;
            if (!near && !document.InHead(segment) && !document.InTail(segment))
                continue;
            if (!TryReadDate(document.Slice(segment), out var line))
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

    /// <summary>A date line, or a date and the section it stood in: "2023-09-05 - BUSINESS".</summary>
    static bool TryReadDate(ReadOnlySpan<char> text, out Dates.Line line)
    {
        if (Dates.TryReadLine(text, out line))
            return true;
        var dash = text.IndexOf(" - ");
        if (dash < 0)
            dash = text.IndexOf(" | ");
        return dash > 5 && text.Length - dash < 40 && !Chars.Is(text[^1], CharClass.Terminal) && !Chars.Is(text[dash + 3], CharClass.Lower)
            && Dates.TryReadLine(text[..dash], out line) && line.Date is not null;
    }

    static Segment? TakeHeadline(Document document)
    {
        if (document.Given.Headline is { } given)
        {
            foreach (var segment in document.Head)
                if (segment.Undecided && Chars.SayTheSame(document.Slice(segment), given))
                {
                    segment.Decide(BlockKind.Headline, HeadlineGiven);
                    return segment;
                }

            return null;
        }

        if (Candidate(document) is not { } headline || IsAlert(document, headline))
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

        // Kyodo marks the headline of a revised story.
        if (document.Text[headline.End - 1] == '+' && headline.Length > 8)
            document.Cut(headline, headline.End - 1).Decide(BlockKind.WireTrailer, HeadlinePlus);
        HeadPublishers.CutSite(document, headline);
        headline.Decide(BlockKind.Headline, HeadlineFirst);
        document.Draft.Set(Field.Headline, document.TextOf(headline), HeadlineFirst, headline);
        return headline;
    }

    /// <summary>An agency's alert: one sentence with its urgency, and under it at most the initials of a desk.</summary>
    static bool IsAlert(Document document, Segment line)
    {
        const int MostInitials = 3;
        if (document.Given.Urgency is null && document.Given.Slugline is null)
            return false;
        for (var segment = document.First; segment is not null; segment = segment.Next)
            if (segment != line && segment.Undecided && segment.Traits.Words > MostInitials)
                return false;
        return true;
    }

    /// <summary>
    /// The first undecided line above the text that reads as a headline. A publisher's name above it is passed over, and so are the short
    /// lines of a menu or a section's name when a line of a headline's length follows.
    /// </summary>
    static Segment? Candidate(Document document)
    {
        Segment? first = null, longer = null;
        int lines = 0, shorter = 0;
        foreach (var segment in document.Head)
        {
            if (!segment.Undecided)
                continue;
            if (++lines > HeadLines)
                break;
            if (!IsHeadlineLike(document, segment))
                continue;
            first ??= segment;
            if (segment.Traits.Words >= 4 || segment.Traits.Spaceless > 8)
            {
                longer = segment;
                break;
            }

            shorter++;
        }

        // A headline set without a line of its own in one-paragraph copy is none.
        if (first is null || document.FirstProse is null && first.Next is null)
            return null;
        if ((longer == first ? NextHeadline(document, first) : longer) is { } below && HeadPublishers.IsPublisher(document, first, below))
        {
            first.Decide(BlockKind.Publisher, PublisherLine);
            document.Draft.Set(Field.Publisher, document.TextOf(first), PublisherLine, first);
            return below;
        }

        return longer is not null && first.Traits.Words < 4 && first.Traits.Spaceless <= 8 && shorter >= 2 ? longer : first;
    }

    static Segment? NextHeadline(Document document, Segment first)
    {
        for (var (segment, steps) = (first.Next, 0);
            segment is not null && segment != document.FirstProse && steps < 6;
            segment = segment.Next, steps++)
            if (segment.Undecided && (segment.Traits.Words >= 4 || segment.Traits.Spaceless > 8
                || segment == first.Next && segment.Traits.Words == 3) && IsHeadlineLike(document, segment))
                return segment;
        return null;
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
            if (Agencies.IsReleaseWire(line))
                segment.Decide(BlockKind.SyndicationCredit, ReleaseWire);
            else if (IsAgencyLine(document, segment))
            {
                segment.Decide(BlockKind.Agency, AgencyLine);
                document.Draft.Set(Field.Agency, Agencies.News(Signed(line)), AgencyLine, segment);
            }
            else if (Publishers.IsName(document.TextOf(segment)))
            {
                segment.Decide(BlockKind.Publisher, PublisherLine);
                document.Draft.Set(Field.Publisher, document.TextOf(segment), PublisherLine, segment);
            }
        }
    }

    /// <summary>"Reuters", "Vitoria | Europa Press".</summary>
    internal static bool IsAgencyLine(Document document, Segment segment)
    {
        var line = document.Slice(segment);
        return Agencies.News(Signed(line)) is not null && segment.Traits.Words <= 6;
    }

    /// <summary>What stands behind the last bar, or the last dash between blanks.</summary>
    static ReadOnlySpan<char> Signed(ReadOnlySpan<char> line)
    {
        var at = Math.Max(line.LastIndexOf('|'), Math.Max(line.LastIndexOf(" - "), line.LastIndexOf(" – ")));
        return line[(at + 1)..].TrimStart(" -–");
    }
}
