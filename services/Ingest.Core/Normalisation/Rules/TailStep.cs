using System.Collections.Frozen;
using Ingest.Core.Articles;
using Ingest.Core.Normalisation.Characters;
using Ingest.Core.Normalisation.Documents;
using Ingest.Core.Normalisation.Lines;
using Ingest.Core.Normalisation.Phrases;

namespace Ingest.Core.Normalisation.Rules;

/// <summary>What stands behind the running text and needs more than a phrase: source URLs, sign-offs in brackets, agency lines.</summary>
internal sealed class TailStep : RuleStep
{
    const string SourceUrl = "url.line";
    const string SourceLabel = "url.label";
    const string AgencyCredit = "agency.tail";
    const string AgencyGlued = "agency.glued";
    const string Desk = "desk.initials";
    const string SourceLine = "source.line";
    const string DashSigned = "credit.dash-signed";
    const string Contact = "credit.contact";
    const string CopyrightSign = "copyright.sign";
    const string AuthorNote = "bio.byline";
    const string Material = "credit.material";

    static readonly PhraseRule UrlMarker = PhraseRule.Named("url.marker");

    static readonly string[] SourceLabels = Wording.Of("source.label");

    static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> PressWords =
        Wording.SetOf("source.press", StringComparer.OrdinalIgnoreCase).GetAlternateLookup<ReadOnlySpan<char>>();

    const string Story = "Harbour opens again\n\nThe harbour opened again on Monday after three weeks of repairs, the authority said.\n\nShips were waiting in a long line outside the breakwater.{0}";

    static Example Behind(string tail, string snippet) => new(snippet, string.Format(Story, tail));

    public override IReadOnlyList<PhraseRule> Reads { get; } = [UrlMarker];

    public override IReadOnlyList<RuleNote> Notes { get; } =
    [
        new(SourceLabel, BlockKind.SourceUrl, Behind("\n\nOriginal url:\n\nhttps://example.org/harbour", "Original url:"),
            new("Source: the harbour",
                "Harbour opens\n\nSource: the harbour authority, which keeps the books.\n\nThe harbour opened again on Monday after three weeks of repairs, the authority said.")),
        new(SourceUrl, BlockKind.SourceUrl, Behind("\n\nhttps://example.org/harbour", "https://example.org/harbour"),
            new("Charts are at",
                "Harbour opens\n\nCharts are at https://example.org/charts until May, the harbour authority said.\n\nShips were waiting in a long line outside the breakwater.")),
        new(AgencyCredit, BlockKind.Agency, Behind("\n\n(Reuters)", "(Reuters)"),
            Behind(" So it was, said Reuters.", "Ships were waiting")),
        new(AgencyGlued, BlockKind.Agency, Behind(" (ANSA).", "(ANSA)."), Behind(" (It was Monday).", "Ships were waiting")),
        new(Desk, BlockKind.DeskInitials, Behind("\n\nhh/ph/ts", "hh/ph/ts"),
            Behind("\n\nIt is a matter of and/or, the pilot said.", "It is a matter")),
        new(SourceLine, BlockKind.Agency, Behind("\n\nQuelle: Harbour Post, dpa", "Quelle: Harbour Post"),
            Behind("\n\nSource: a pilot who was there and who does not want to be named.", "Source: a pilot")),
        new(CopyrightSign, BlockKind.Copyright, Behind("\n\n© Harbour Post", "© Harbour Post"),
            Behind("\n\nThe sign © was painted on the gate, and nobody knows by whom.", "The sign ©")),
        new(AuthorNote, BlockKind.AuthorBio,
            new("Anna Weir has written",
                "Harbour opens again\n\nBy Anna Weir\n\nThe harbour opened again on Monday after three weeks of repairs, the authority said.\n\nShips were waiting in a long line outside the breakwater.\n\nAnna Weir has written about ports and ferries since 2011."),
            Behind("\n\nAnna Weir has written to the authority since 2011, and never got an answer.", "Anna Weir has written")),
        new(DashSigned, BlockKind.SyndicationCredit, Behind(" -The Harbour Post-Coast Daily News Exchange Item", "-The Harbour Post"),
            Behind(" - but nobody came", "Ships were waiting")),
        new(Contact, BlockKind.ReporterCredit, Behind("\n\n((anna.weir@example.org; +31 20 555 0100))", "((anna.weir"),
            Behind("\n\n(The pilots had asked for it; the authority agreed.)", "(The pilots")),
    ];

    public override void Apply(Document document)
    {
        document.FindProse();
        foreach (var segment in document.Segments)
            if (segment.Undecided && (document.InTail(segment) || document.InHead(segment)))
                TryUrl(document, segment);
        var prose = 0;
        for (var (segment, steps) = (document.Last, 0); segment is not null && steps < 60; segment = segment.Previous, steps++)
        {
            if (!segment.Undecided)
            {
                CopyrightLine.ReadHolder(document, segment);
                ReadMaterial(document, segment);
                continue;
            }

            if (TryAgency(document, segment))
                continue;
            if (!Chars.Is(segment.Traits.Last, CharClass.Terminal) && segment.Traits.Words < 4)
                continue;
            // The last sentence may carry a signature; an author's note in full sentences may stand behind it.
            CutSignature(document, segment);
            CutAgency(document, segment);
            if (segment.Traits.IsProse && ++prose == 2)
                break;
        }
    }

    /// <summary>"Mit Material von dpa", "With files from AFP": a credit that ends in an agency's name.</summary>
    static void ReadMaterial(Document document, Segment segment)
    {
        if (segment.Kind is not (BlockKind.ReporterCredit or BlockKind.SyndicationCredit) || segment.Traits.Words > 14)
            return;
        var line = document.Slice(segment);
        var space = line.LastIndexOf(' ');
        document.Draft.Set(Field.Agency, Agencies.News(line[(space + 1)..]), Material, segment);
    }

    /// <summary>
    /// "… of the region. -The Daily Mail-China Daily News Exchange Item" and "… of the region. (END)": a signature glued
    /// to the last sentence.
    /// </summary>
    static void CutSignature(Document document, Segment segment)
    {
        var line = document.Slice(segment);
        var end = line.Length;
        // Behind the last terminal that a word follows.
        var stop = -1;
        for (var i = end - 2; i >= Math.Max(0, end - 120); i--)
            if (Chars.Is(line[i], CharClass.Terminal) && Chars.Any(line[(i + 1)..], CharClass.Letter))
            {
                stop = i + 1;
                break;
            }

        if (stop < 0)
            return;
        while (stop < end && Chars.Is(line[stop], CharClass.Closer))
            stop++;
        var rest = line[stop..].Trim();
        if (rest.IsEmpty)
            return;
        if (WireStep.IsEndMark(rest))
        {
            document.Cut(segment, segment.Start + stop).Decide(BlockKind.EndMark, WireStep.EndMarkGlued);
            return;
        }

        if (rest[0] == '©' || rest.StartsWith("(c) ", StringComparison.OrdinalIgnoreCase) && rest.Length < 80)
        {
            var notice = document.Cut(segment, segment.Start + stop);
            notice.Decide(BlockKind.Copyright, CopyrightSign);
            document.Draft.Set(Field.CopyrightNotice, document.TextOf(notice), CopyrightSign, notice);
            CopyrightLine.ReadHolder(document, notice);
            return;
        }

        if (rest[0] is '-' or '—' or '–' && Agencies.News(rest) is { } agency)
        {
            var signed = document.Cut(segment, segment.Start + stop);
            signed.Decide(BlockKind.Agency, AgencyGlued);
            document.Draft.Set(Field.Agency, agency, AgencyGlued, signed);
            return;
        }

        if (rest[0] is not ('-' or '—' or '–') || rest[^1] == '.' || !IsOrganisation(rest))
            return;
        document.Cut(segment, segment.Start + stop).Decide(BlockKind.SyndicationCredit, DashSigned);
    }

    /// <summary>Capitalised words, one of them of the press.</summary>
    static bool IsOrganisation(ReadOnlySpan<char> text)
    {
        text = text.Trim(" -–—()");
        var press = Agencies.News(text) is not null;
        var words = 0;
        foreach (var range in text.SplitAny(' ', '-', '/', '–'))
        {
            var word = text[range];
            if (word.IsEmpty)
                continue;
            if (++words > 14 || Chars.Is(word[0], CharClass.Lower) && word.Length > 3)
                return false;
            press |= PressWords.Contains(word);
        }

        return press;
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
        if (label.Length == 0 && segment.Previous is { Undecided: true } previous)
        {
            if (previous.Traits.Words <= 6 && document.Text[previous.End - 1] is ':' or '：'
                && (previous.Hits?.Exists(h => h.Rule == UrlMarker) ?? false))
            {
                previous.Decide(BlockKind.SourceUrl, SourceLabel);
            }
            else if (!document.InTail(segment) || document.Text[previous.End - 1] is ':')
            {
                return;
            }
        }

        segment.Decide(BlockKind.SourceUrl, SourceUrl);
        document.Draft.Set(Field.Url, line[start..].TrimEnd(".,)").ToString(), SourceUrl, segment);
    }

    static bool TryAgency(Document document, Segment segment)
    {
        var line = document.Slice(segment);
        if (TrySourceLine(document, segment, line))
            return true;
        if (CopyrightLine.Is(segment, line))
        {
            segment.Decide(BlockKind.Copyright, CopyrightSign);
            document.Draft.Set(Field.CopyrightNotice, document.TextOf(segment), CopyrightSign, segment);
            CopyrightLine.ReadHolder(document, segment);
        }
        else if (IsAuthorNote(document, segment))
        {
            segment.Decide(BlockKind.AuthorBio, AuthorNote);
        }
        else if (line.StartsWith("((") && line.EndsWith("))") || IsAddress(line))
        {
            segment.Decide(BlockKind.ReporterCredit, Contact);
        }
        else if (segment.Traits.Words is >= 1 and <= 4 && Agencies.News(line) is { } agency)
        {
            segment.Decide(BlockKind.Agency, AgencyCredit);
            document.Draft.Set(Field.Agency, agency, AgencyCredit, segment);
        }
        else if (segment.Traits.Words <= 8 && AgenciesIn(line) is { } first)
        {
            segment.Decide(BlockKind.Agency, AgencyCredit);
            document.Draft.Set(Field.Agency, first, AgencyCredit, segment);
        }
        else if (IsDeskInitials(line))
        {
            segment.Decide(BlockKind.DeskInitials, Desk);
        }

        return !segment.Undecided;
    }

    /// <summary>"(أ ف ب، رويترز)", "(©NPK)": the first of several in brackets, with nothing else there.</summary>
    static string? AgenciesIn(ReadOnlySpan<char> line)
    {
        if (line.Length < 4 || line[0] is not ('(' or '（' or '[') || line[^1] is not (')' or '）' or ']'))
            return null;
        string? first = null;
        foreach (var range in line[1..^1].SplitAny(',', '،', '/', '、', ';'))
            if (Agencies.News(line[1..^1][range]) is not { } agency)
                return null;
            else
                first ??= agency;
        return first;
    }

    /// <summary>A short paragraph at the end that begins with the byline's name speaks of the author, not of the story.</summary>
    static bool IsAuthorNote(Document document, Segment segment)
    {
        if (segment.Traits.Words > 60 || segment == document.FirstProse || !document.InTail(segment))
            return false;
        foreach (var byline in document.Draft.Bylines)
            if (document.Slice(segment).StartsWith(byline.Name, StringComparison.OrdinalIgnoreCase))
                return true;
        return false;
    }

    /// <summary>"… the authority said. (ANSA)." and "… — AFP".</summary>
    static void CutAgency(Document document, Segment segment)
    {
        var line = document.Slice(segment);
        var end = line.Length;
        while (end > 0 && (Chars.Is(line[end - 1], CharClass.Space) || line[end - 1] is '.' or ')' or ']' or '/' or '）'))
            end--;
        var start = end;
        while (start > 0 && end - start < 40 && line[start - 1] is not ('(' or '（' or '[' or '—' or '–' or '/' or '.'))
            start--;
        if (start < 12 || end == start || Agencies.News(line[start..end]) is not { } agency)
            return;
        var sign = line[start - 1];
        var before = line[..(start - 1)].TrimEnd();
        if (sign == '-' || before.IsEmpty)
            return;
        if (sign is '.' && !Chars.Is(line[start], CharClass.Space))
            return;
        if (sign is not '.' && !Chars.Is(before[^1], CharClass.Terminal | CharClass.Closer))
            return;
        var tail = document.Cut(segment, segment.Start + (sign is '.' ? start : start - 1));
        tail.Decide(BlockKind.Agency, AgencyGlued);
        document.Draft.Set(Field.Agency, agency, AgencyGlued, tail);
    }

    /// <summary>An e-mail address alone on its line.</summary>
    static bool IsAddress(ReadOnlySpan<char> line)
    {
        var at = line.IndexOf('@');
        return at > 0 && line.Length <= 60 && !line.Contains(' ') && line[at..].Contains('.') && !line.Contains('/');
    }

    /// <summary>"Quelle: Küstenbote, dpa": only newspapers and agencies behind the label.</summary>
    static bool TrySourceLine(Document document, Segment segment, ReadOnlySpan<char> line)
    {
        if (segment.Traits.Words is < 2 or > 12 || segment.Traits.EndsSentence || segment.Traits.HasUrl)
            return false;
        var behind = 0;
        foreach (var label in SourceLabels)
            if (line.StartsWith(label, StringComparison.OrdinalIgnoreCase))
                behind = label.Length;
        if (behind == 0 || !CopyrightLine.IsCapitalisedName(line[behind..].Trim()) && Agencies.News(line[behind..]) is null)
            return false;
        string? agency = null, publisher = null;
        foreach (var range in line[behind..].SplitAny(',', '/', ';', '|'))
        {
            var name = line[behind..][range].Trim();
            if (Agencies.News(name) is { } known)
                agency ??= known;
            else if (IsDeskInitials(name) || name.IsEmpty || Chars.Is(name[0], CharClass.Lower))
                continue;
            else
                publisher ??= name.ToString();
        }

        segment.Decide(BlockKind.Agency, SourceLine);
        document.Draft.Set(Field.Agency, agency, SourceLine, segment);
        document.Draft.Set(Field.Publisher, publisher, SourceLine, segment);
        return true;
    }

    /// <summary>
    /// "hh/ph/ts/hd", "dpa wsz jln", "JYMF // MDR", "mto/ jann/ (PAP)": short groups of letters of one case, an agency's name before or
    /// behind them or not. A single group must be in lower case and have three letters at most.
    /// </summary>
    static bool IsDeskInitials(ReadOnlySpan<char> line)
    {
        line = line.Trim(" ()[]");
        var signed = false;
        if (line.IndexOf(' ') is var space and > 0 && Agencies.News(line[..space]) is not null)
        {
            signed = true;
            line = line[(space + 1)..];
        }

        if (line.LastIndexOf(' ') is var last and > 0 && Agencies.News(line[(last + 1)..]) is not null)
        {
            signed = true;
            line = line[..last];
        }

        if (line.Length is < 2 or > 30)
            return false;
        var slashed = line.Contains('/');
        var groups = 0;
        foreach (var range in line.SplitAny('/', '-', ' '))
        {
            var group = line[range];
            if (group.IsEmpty && slashed)
                continue;
            if (group.Length is < 2 or > 4 || !IsOneCase(group))
                return false;
            groups++;
        }

        if (line.Contains(' ') && !signed && !slashed)
            return false;
        return groups >= 2 || groups == 1 && (signed || line.Length <= 3 && Chars.Is(line[0], CharClass.Lower));
    }

    static bool IsOneCase(ReadOnlySpan<char> group)
    {
        int lower = 0, upper = 0;
        foreach (var c in group)
        {
            if (!Chars.Is(c, CharClass.Letter))
                return false;
            lower += Chars.Is(c, CharClass.Lower) ? 1 : 0;
            upper += Chars.Is(c, CharClass.Upper) ? 1 : 0;
        }

        return lower == 0 || upper == 0;
    }
}
