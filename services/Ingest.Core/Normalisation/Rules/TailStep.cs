using Ingest.Core.Articles;
using Ingest.Core.Normalisation.Text;

namespace Ingest.Core.Normalisation.Rules;

/// <summary>What stands behind the running text and needs more than a phrase: source URLs, sign-offs in brackets, agency lines.</summary>
internal sealed class TailStep : RuleStep
{
    const string SourceUrl = "url.line";
    const string SourceLabel = "url.label";
    const string AgencyCredit = "agency.tail";
    const string AgencyGlued = "agency.glued";
    const string Desk = "desk.initials";

    const string Story = "Harbour opens again\n\nThe harbour opened again on Monday after three weeks of repairs, the authority said.\n\nShips were waiting in a long line outside the breakwater.{0}";

    static Example Behind(string tail, string snippet) => new(snippet, string.Format(Story, tail));

    public override IReadOnlyList<RuleNote> Notes { get; } =
    [
        new(SourceLabel, BlockKind.SourceUrl, Behind("\n\nOriginal url:\n\nhttps://example.org/harbour", "Original url:"),
            new("Source: the harbour", "Harbour opens\n\nSource: the harbour authority, which keeps the books.\n\nThe harbour opened again on Monday after three weeks of repairs, the authority said.")),
        new(SourceUrl, BlockKind.SourceUrl, Behind("\n\nhttps://example.org/harbour", "https://example.org/harbour"),
            new("Charts are at", "Harbour opens\n\nCharts are at https://example.org/charts until May, the harbour authority said.\n\nShips were waiting in a long line outside the breakwater.")),
        new(AgencyCredit, BlockKind.Agency, Behind("\n\n(Reuters)", "(Reuters)"), Behind(" So it was, said Reuters.", "Ships were waiting")),
        new(AgencyGlued, BlockKind.Agency, Behind(" (ANSA).", "(ANSA)."), Behind(" (It was Monday).", "Ships were waiting")),
        new(Desk, BlockKind.DeskInitials, Behind("\n\nhh/ph/ts", "hh/ph/ts"), Behind("\n\nand/or", "and/or")),
    ];

    public override void Apply(Document document)
    {
        document.FindProse();
        foreach (var segment in document.Segments)
            if (segment.Undecided && document.InTail(segment) || segment.Undecided && document.InHead(segment))
                TryUrl(document, segment);
        for (var (segment, steps) = (document.Last, 0); segment is not null && steps < 60; segment = segment.Previous, steps++)
        {
            if (!segment.Undecided)
                continue;
            if (segment.Traits.IsProse)
            {
                CutAgency(document, segment);
                break;
            }

            TryAgency(document, segment);
        }
    }

    /// <summary>A URL alone on its line, and the label above it.</summary>
    static void TryUrl(Document document, Segment segment)
    {
        if (!segment.Traits.HasUrl || segment.Traits.Words > 60)
            return;
        var line = document.Slice(segment);
        var start = line.IndexOf("http", StringComparison.OrdinalIgnoreCase);
        if (start < 0)
            start = line.IndexOf("www.", StringComparison.OrdinalIgnoreCase);
        if (start < 0 || line[start..].Contains(' '))
            return;
        var label = line[..start].Trim();
        if (label.Length > 40 || label.Length > 0 && label[^1] is not (':' or '：' or '-' or '—'))
            return;
        // A URL in the midst of the text, the line above it ending in a colon, is what the text speaks of.
        var labelled = label.Length > 0;
        if (!labelled && segment.Previous is { Undecided: true } previous)
        {
            if (previous.Traits.Words <= 6 && document.Text[previous.End - 1] is ':' or '：' && (previous.Hits?.Exists(h => h.Rule.Name == "url.marker") ?? false))
            {
                previous.Decide(BlockKind.SourceUrl, SourceLabel);
                labelled = true;
            }
            else if (!document.InTail(segment) || document.Text[previous.End - 1] is ':')
            {
                return;
            }
        }

        segment.Decide(BlockKind.SourceUrl, SourceUrl);
        if (!document.InHead(segment) || labelled)
            document.Draft.Set(Field.Url, line[start..].TrimEnd(".,)").ToString(), SourceUrl, segment);
    }

    static void TryAgency(Document document, Segment segment)
    {
        var line = document.Slice(segment);
        if (segment.Traits.Words is >= 1 and <= 4 && Agencies.News(line) is { } agency)
        {
            segment.Decide(BlockKind.Agency, AgencyCredit);
            document.Draft.Set(Field.Agency, agency, AgencyCredit, segment);
        }
        else if (IsDeskInitials(line))
        {
            segment.Decide(BlockKind.DeskInitials, Desk);
        }
    }

    /// <summary>"… the authority said. (ANSA)." and "… — AFP".</summary>
    static void CutAgency(Document document, Segment segment)
    {
        var line = document.Slice(segment);
        var end = line.Length;
        while (end > 0 && (Chars.Is(line[end - 1], CharClass.Space) || line[end - 1] is '.' or ')' or ']' or '/'))
            end--;
        var start = end;
        while (start > 0 && end - start < 40 && line[start - 1] is not ('(' or '[' or '—' or '–' or '/' or '.'))
            start--;
        if (start < 12 || end == start || Agencies.News(line[start..end]) is not { } agency)
            return;
        var sign = line[start - 1];
        var before = line[..(start - 1)].TrimEnd();
        if (sign == '-' || before.IsEmpty || !Chars.Is(before[^1], CharClass.Terminal | CharClass.Closer) && sign is not ('—' or '–' or '/'))
            return;
        if (sign is '.' && !Chars.Is(line[start], CharClass.Space))
            return;
        if (sign is not '.' && !Chars.Is(before[^1], CharClass.Terminal | CharClass.Closer))
            return;
        var tail = document.Cut(segment, segment.Start + (sign is '.' ? start : start - 1));
        tail.Decide(BlockKind.Agency, AgencyGlued);
        document.Draft.Set(Field.Agency, agency, AgencyGlued, tail);
    }

    /// <summary>"hh/ph/ts/hd": two or more groups of two to four lower-case letters.</summary>
    static bool IsDeskInitials(ReadOnlySpan<char> line)
    {
        line = line.Trim(" ()[]");
        if (line.Length is < 5 or > 30 || line.Contains(' '))
            return false;
        var groups = 0;
        foreach (var range in line.Split('/'))
        {
            var group = line[range];
            if (group.Length is < 2 or > 4)
                return false;
            foreach (var c in group)
                if (!Chars.Is(c, CharClass.Lower) && !(Chars.Is(c, CharClass.Letter) && !Chars.Is(c, CharClass.Upper)))
                    return false;
            groups++;
        }

        return groups >= 3;
    }
}
