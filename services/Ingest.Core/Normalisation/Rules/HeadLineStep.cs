using Ingest.Core.Articles;
using Ingest.Core.Normalisation.Characters;
using Ingest.Core.Normalisation.Documents;
using Ingest.Core.Normalisation.Lines;

namespace Ingest.Core.Normalisation.Rules;

/// <summary>
/// Lines above the text that say several things at once — "Anna Weir · 2 min read", "Source: X  Author: Y", "X - Harbour News" — and lines
/// that open with a label. A line is taken where all of its parts are known and some of them leave no doubt; each part becomes a block of its
/// own. Dates and what phrases know are only cut, and meet the rules for them.
/// </summary>
internal sealed class HeadLineStep : RuleStep
{
    const string Author = "byline.labelled";
    const string Beside = "byline.beside";
    const string Editor = "credit.editing";
    const string Source = "publisher.labelled";
    const string Agency = "agency.labelled";
    const string Outlet = "publisher.beside";
    const string Section = "nav.section";
    const string Path = "nav.breadcrumbs";
    const string Count = "interaction.count";
    internal const string Address = "bio.address";

    static readonly System.Buffers.SearchValues<char> PathSigns = System.Buffers.SearchValues.Create("›»>/→|");

    /// <summary>What sites call their first page.</summary>
    static readonly System.Collections.Frozen.FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> Home =
        Wording.SetOf("nav.home", StringComparer.OrdinalIgnoreCase).GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>Such lines stand among the first.</summary>
    const int Lines = 30;

    /// <summary>More parts are a menu.</summary>
    const int MaxParts = 7;

    const string Prose = "The harbour opened again on Monday after three weeks of repairs, the authority said.\n\nShips were waiting in a long line outside the breakwater.";

    static Example Above(string line, string snippet) => new(snippet, "Harbour opens again after repairs\n\n" + line + "\n\n" + Prose);

    static Example Text(string line, string snippet) => new(snippet, "Harbour opens again\n\n" + Prose + "\n\n" + line);

    public override IReadOnlyList<RuleNote> Notes { get; } =
    [
        new(Author, BlockKind.Byline, Above("2021-03-05 | Author: Anna Weir", "Author: Anna Weir"),
            Text("Author: that is what the card at her door says, and it is true on most days.", "Author: that is")),
        new(Beside, BlockKind.Byline, Above("Anna Weir - harbourNews", "Anna Weir"),
            Text("Anna Weir - who keeps the books - said that the repairs cost less than planned.", "Anna Weir - who")),
        new(Editor, BlockKind.ReporterCredit, Above("By Anna Weir | Edited by: Carl Otis", "Edited by"),
            Text("Edited by her daughter, the diary of the pilot is to come out in May.", "Edited by her")),
        new(Source, BlockKind.Publisher, Above("2021-03-05 08:12 Source: Harbour Evening Author: Anna Weir", "Source: Harbour Evening"),
            Text("Source: the books of the authority, which anybody may read on Mondays.", "Source: the books")),
        new(Agency, BlockKind.Agency, Above("Source: Reuters | Author: Anna Weir", "Source: Reuters"),
            Text("Reuters is the name of the oldest of the tugs, and of its first captain.", "Reuters is the")),
        new(Outlet, BlockKind.Publisher, Above("Anna Weir - harbourNews", "harbourNews"),
            Text("The page harbourNews - it has three readers - told of it first.", "The page harbourNews")),
        new(Section, BlockKind.Navigation, Above("By Anna Weir | Economy | March 5, 2021", "Economy"),
            Text("Economy | Ports | Ferries: that is what the plate at the door says, and it is true.", "Economy | Ports")),
        new(Path, BlockKind.Navigation,
            new("Home › Region › Coast", "Home › Region › Coast\n\nHarbour opens again after repairs\n\n" + Prose),
            Text("North quay › South quay › the lighthouse: that is the way the pilots take on Mondays.", "North quay ›")),
        new(Count, BlockKind.Interaction, Above("Comments: 14", "Comments: 14"),
            Text("Ships: 14, pilots: 3, and one dog that nobody owns, as the list at the gate has it.", "Ships: 14")),
        new(Address, BlockKind.AuthorBio, Above("By Anna Weir | anna.weir@example.org", "anna.weir@"),
            Text("Write to anna.weir@example.org if you have seen the white seal, the authority asks.", "Write to anna.weir")),
    ];

    public override void Apply(Document document)
    {
        document.FindProse();
        ReadHead(document);
        ReadTail(document);
    }

    /// <summary>Behind the text only labels leave no doubt.</summary>
    static void ReadTail(Document document)
    {
        var lines = 0;
        for (var segment = document.LastProse?.Next; segment is not null && ++lines <= Lines; segment = segment.Next)
            if (segment.Undecided && segment.Traits.Words is > 0 and <= 20
                && HeadLineReader.Read(document.Slice(segment), labelled: true) is { Count: > 0 and <= MaxParts } parts
                && parts.TrueForAll(p => p.Kind is HeadPartKind.Author or HeadPartKind.Editor or HeadPartKind.Source or HeadPartKind.Date or HeadPartKind.Address
                    or HeadPartKind.Rights)
                && parts.Exists(p => p.Value > p.Start && (p.Kind is HeadPartKind.Author or HeadPartKind.Editor
                    || p.Kind == HeadPartKind.Source && Agencies.News(document.Slice(segment)[p.Value..p.End]) is not null)))
                Take(document, segment, parts);
    }

    static void ReadHead(Document document)
    {
        var lines = 0;
        var first = true;
        foreach (var segment in document.Head)
        {
            if (++lines > Lines)
                return;
            if (!segment.Undecided || segment.Traits.Words is 0 or > 40 || segment.Cuts > 0)
                continue;
            if (IsPath(document, segment))
            {
                segment.Decide(BlockKind.Navigation, Path);
                continue;
            }

            // What stands first is a headline, unless its parts leave no doubt.
            var opens = first && document.Given.Headline is null;
            first = false;
            // A date may have separators of its own.
            if (Dates.TryReadLine(document.Slice(segment), out _))
                continue;
            var parts = HeadLineReader.Read(document.Slice(segment));
            if (parts.Count is > 0 and <= MaxParts && IsExplained(document, segment, parts, opens))
                Take(document, segment, parts);
            else if (segment.Traits.Words <= 24 && CutAt(document.Slice(segment)) is var at and > 0)
                document.Cut(segment, segment.Start + at);
        }
    }

    /// <summary>"Home › Region › Coast": short names between arrows, or between two slashes or more, above the headline.</summary>
    static bool IsPath(Document document, Segment segment)
    {
        if (segment.Traits.Words > 12 || segment.Traits.EndsSentence || segment.Next is not { } next || !next.Traits.IsTitleLike && !next.Traits.IsProse)
            return false;
        var line = document.Slice(segment);
        var sign = line.IndexOfAny(PathSigns);
        var first = sign > 0 ? line[..sign].Trim() : line;
        var opens = Home.Contains(first) || segment.Traits.Words <= 5 && first.IndexOf(' ') is var blank and > 0 && Home.Contains(first[..blank]);
        if (sign < 0 && !opens || line.Contains('«'))
            return false;
        int parts = 0, arrows = 0;
        foreach (var range in line.SplitAny('›', '»', '>', '/', '→'))
        {
            var part = line[range].Trim();
            if (Chars.WordsIn(part) > 4 || part.Length > 0 && Chars.Is(part[^1], CharClass.Terminal) || part.ContainsAnyInRange('0', '9'))
                return false;
            parts += part.IsEmpty ? 0 : 1;
        }

        foreach (var c in line)
            arrows += c is '›' or '»' or '>' or '→' ? 1 : 0;
        return opens || parts >= 3 && (arrows > 0 || line.Count(" / ") == parts - 1)
            || parts == 2 && arrows == 1 && line[0] is not ('>' or '»' or '→');
    }

    /// <summary>All parts are known, and some leave no doubt.</summary>
    static bool IsExplained(Document document, Segment line, List<HeadPart> parts, bool opens)
    {
        // A byline that stands alone is read with what stands under it.
        if (parts is [{ Kind: HeadPartKind.Author }] && BylineReader.TryRead(document.Slice(line), out _))
            return false;
        int labelled = 0, dates = 0, names = 0, beside = 0, known = 0, few = 0;
        foreach (var part in parts)
            switch (part.Kind)
            {
                case HeadPartKind.Author or HeadPartKind.Editor or HeadPartKind.Source:
                    labelled++;
                    break;
                case HeadPartKind.AuthorLabel or HeadPartKind.EditorLabel or HeadPartKind.SourceLabel:
                    // The value stands on the next line.
                    if (parts.Count > 1 || ValueBelow(document, line) is null)
                        return false;
                    labelled++;
                    break;
                case HeadPartKind.Date:
                    dates++;
                    break;
                case HeadPartKind.Names:
                    names++;
                    break;
                case HeadPartKind.Count or HeadPartKind.Rights:
                    known++;
                    break;
                case HeadPartKind.Outlet or HeadPartKind.Job or HeadPartKind.Address:
                    beside++;
                    break;
                case HeadPartKind.Short when IsKnown(document, line, part):
                    known++;
                    break;
                case HeadPartKind.Short:
                    few++;
                    break;
                default:
                    if (!IsKnown(document, line, part))
                        return false;
                    known++;
                    break;
            }

        var sure = labelled + dates + known;
        if (opens)
            return labelled > 0 && few == 0 && parts.Count > 1 || labelled > 0 && dates > 0;
        return labelled > 0 && few <= Math.Max(1, sure - 1 + names + beside)
            || dates > 0 && parts.Count > 1 && few <= 1 && names <= 1 && (names + beside + known > 0 || few == 1 || dates > 1)
            // "Anna Weir / Reuters" is who took a picture.
            || names == 1 && beside == 1 && parts.Count == 2 && !document.Slice(line).Contains('/')
            || parts is [{ Kind: HeadPartKind.Count }];
    }

    /// <summary>What a phrase decides: a reading time, a share button.</summary>
    static bool IsKnown(Document document, Segment line, HeadPart part)
    {
        var probe = document.Probe(line.Start + part.Start, line.Start + part.End);
        return probe.Hits is not null && PhraseStep.Best(probe, document) is not null;
    }

    static Segment? ValueBelow(Document document, Segment line) =>
        line.Next is { Undecided: true } next && next != document.FirstProse && HeadLineReader.IsValue(document.Slice(next))
        && !Dates.TryReadLine(document.Slice(next), out _)
            ? next
            : null;

    static void Take(Document document, Segment line, List<HeadPart> parts)
    {
        var start = line.Start;
        var text = document.Text;
        for (var i = 0; i < parts.Count; i++)
        {
            var part = parts[i];
            var rest = i + 1 < parts.Count ? document.Cut(line, start + parts[i + 1].Start) : null;
            Decide(document, line, text.AsSpan(start + part.Value, part.End - part.Value), part.Kind);
            if (rest is null)
                return;
            line = rest;
        }
    }

    static void Decide(Document document, Segment segment, ReadOnlySpan<char> value, HeadPartKind kind)
    {
        switch (kind)
        {
            case HeadPartKind.Author:
                segment.Decide(BlockKind.Byline, Author);
                AddNames(document, segment, value, Author);
                break;
            case HeadPartKind.AuthorLabel when ValueBelow(document, segment) is { } below:
                segment.Decide(BlockKind.Byline, Author);
                below.Decide(BlockKind.Byline, Author);
                AddNames(document, below, document.Slice(below), Author);
                break;
            case HeadPartKind.SourceLabel when ValueBelow(document, segment) is { } below:
                segment.Decide(BlockKind.Publisher, Source);
                TakeSource(document, below, document.Slice(below));
                break;
            case HeadPartKind.EditorLabel when ValueBelow(document, segment) is { } below:
                segment.Decide(BlockKind.ReporterCredit, Editor);
                below.Decide(BlockKind.ReporterCredit, Editor);
                break;
            case HeadPartKind.Count:
                segment.Decide(BlockKind.Interaction, Count);
                break;
            case HeadPartKind.Editor:
                segment.Decide(BlockKind.ReporterCredit, Editor);
                break;
            case HeadPartKind.Source:
                TakeSource(document, segment, value);
                break;
            case HeadPartKind.Outlet when Agencies.News(value) is { } agency:
                segment.Decide(BlockKind.Agency, Agency);
                document.Draft.Set(Field.Agency, agency, Agency, segment);
                break;
            case HeadPartKind.Outlet:
                segment.Decide(BlockKind.Publisher, Outlet);
                document.Draft.Set(Field.Publisher, value.ToString(), Outlet, segment);
                break;
            case HeadPartKind.Names:
                segment.Decide(BlockKind.Byline, Beside);
                AddNames(document, segment, value, Beside);
                break;
            case HeadPartKind.Job:
                segment.Decide(BlockKind.Byline, Beside);
                break;
            case HeadPartKind.Address:
                segment.Decide(BlockKind.AuthorBio, Address);
                break;
            case HeadPartKind.Short when segment.Hits is null || PhraseStep.Best(segment, document) is null:
                segment.Decide(BlockKind.Navigation, Section);
                break;
        }
    }

    static void TakeSource(Document document, Segment segment, ReadOnlySpan<char> value)
    {
        if (Agencies.News(value) is { } agency)
        {
            segment.Decide(BlockKind.Agency, Agency);
            document.Draft.Set(Field.Agency, agency, Agency, segment);
            return;
        }

        segment.Decide(BlockKind.Publisher, Source);
        document.Draft.Set(Field.Publisher, value.ToString(), Source, segment);
    }

    static void AddNames(Document document, Segment segment, ReadOnlySpan<char> value, string rule)
    {
        if (BracketedDatelines.TryReadReporter(value, out _, out _, out var reporter))
        {
            document.Draft.Bylines.Add(new Byline(reporter!));
            document.Draft.AddEvidence(Field.Bylines, rule, segment);
            return;
        }

        if (!BylineReader.TryReadOpened(value, out var found) && !BylineReader.TryReadPeople(value, out found))
            return;
        document.Draft.Set(Field.Agency, found.Agency, rule, segment);
        foreach (var byline in found.Bylines)
            if (!document.Draft.Bylines.Exists(b => b.Name == byline.Name))
                document.Draft.Bylines.Add(byline);
        if (found.Bylines.Count > 0)
            document.Draft.AddEvidence(Field.Bylines, rule, segment);
    }

    /// <summary>Where a piece begins that is a date, a reading time or a byline; -1 where none does.</summary>
    static int CutAt(ReadOnlySpan<char> line)
    {
        for (var i = 1; i < line.Length - 1; i++)
        {
            if (line[i] is not ('|' or '·' or '•') || !Chars.Any(line[..i], CharClass.Letter))
                continue;
            var rest = line[i..].TrimStart("|·• ");
            if (rest.IsEmpty)
                return -1;
            var end = rest.IndexOfAny('|', '·', '•');
            var piece = (end < 0 ? rest : rest[..end]).Trim();
            if (Chars.Is(piece[0], CharClass.Digit) && piece.Length <= 30
                || Dates.TryReadLine(piece, out _) || BylineReader.TryRead(piece, out _))
                return i;
        }

        return -1;
    }
}
