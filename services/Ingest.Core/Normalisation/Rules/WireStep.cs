using System.Collections.Frozen;
using Ingest.Core.Articles;
using Ingest.Core.Normalisation.Characters;
using Ingest.Core.Normalisation.Documents;
using Ingest.Core.Normalisation.Lines;
using Ingest.Core.Normalisation.Phrases;

namespace Ingest.Core.Normalisation.Rules;

/// <summary>
/// Telex and wire furniture: header and trailer lines, slugs, word counts, notes to editors in brackets, end marks, advisories and kills.
/// </summary>
internal sealed class WireStep : RuleStep
{
    const string Header = "wire.header";
    const string Slug = "wire.slug";
    const string Trailer = "wire.trailer";
    const string EndMark = "wire.end-mark";
    internal const string EndMarkGlued = "wire.end-mark-glued";
    const string Notebook = "note.notebook";
    const string Newsroom = "credit.newsroom";
    const string ExchangeRate = "note.exchange-rate";
    const string Trash = "note.trash-line";
    const string Corrects = "note.correction";
    const string BehindRule = "note.behind-rule";

    static readonly PhraseRule Kill = PhraseRule.Named("notice.kill"), Advisory = PhraseRule.Named("notice.advisory");

    const string Story = "{0}\n\nHarbour opens again\n\nThe harbour opened again on Monday after three weeks of repairs, the authority said.\n\nShips were waiting in a long line outside the breakwater.\n\n{1}";

    static Example Around(string head, string tail, string snippet) => new(snippet, string.Format(Story, head, tail).Trim());

    public override IReadOnlyList<PhraseRule> Reads { get; } = [Kill, Advisory];

    public override IReadOnlyList<RuleNote> Notes { get; } =
    [
        new(Header, BlockKind.WireHeader, Around("ZCZC FMG000", "", "ZCZC FMG000"),
            Around("", "The call sign FMG000 was heard again on Monday, the pilots said.", "The call sign FMG000")),
        new(Slug, BlockKind.Slugline, Around("BC-EU--Harbour-Opens, 1st Ld-Writethru,340", "", "BC-EU--Harbour"),
            Around("", "BC-EU is what the pilots call the eastern channel, the authority said.", "BC-EU is")),
        new(Trailer, BlockKind.WireTrailer, Around("", "^CAP-WF-03-03-21 1509GMT<", "^CAP-WF"),
            Around("", "The signal was given at 1509 GMT on Monday, the authority said.", "The signal was given")),
        new(EndMark, BlockKind.EndMark, Around("", "-30-", "-30-"),
            Around("", "The ends of the cranes were painted red, so that pilots see them.", "The ends of")),
        new(EndMarkGlued, BlockKind.EndMark,
            new("(END)",
                "Harbour opens again\n\nThe harbour opened again on Monday after three weeks of repairs, the authority said.\n\nShips were waiting in a long line outside the breakwater. (END)"),
            new("Ships were waiting",
                "Harbour opens again\n\nThe harbour opened again on Monday after three weeks of repairs, the authority said.\n\nShips were waiting in a long line outside the breakwater until the end.")),
        new(Notebook, BlockKind.EditorNote,
            Around("", "# dpa-Notizblock\n\n## Ansprechpartner\n- Hafenamt, +49 40 555 0100", "## Ansprechpartner"),
            Around("", "Her notebook and a pen were all she had with her on the quay, she said.", "Her notebook")),
        new(Newsroom, BlockKind.ReporterCredit, Around("", "(Rotterdam Newsroom)", "(Rotterdam Newsroom)"),
            Around("", "(The newsroom in Rotterdam was closed on Monday for the holiday.)", "(The newsroom")),
        new(ExchangeRate, BlockKind.EditorNote, Around("", "($1 = 0.7695 euros)", "($1 = 0.7695 euros)"),
            Around("", "(One ship in five was empty, or 8 of 40.)", "(One ship")),
        new(Trash, BlockKind.EditorNote, Around("Harbour opens\n\n(Adds quotes, details)", "", "(Adds quotes"),
            Around("", "(It adds up to 40 ships a day.) So the authority said on Monday.", "(It adds up")),
        new(Corrects, BlockKind.Correction,
            Around("Harbour opens\n\n(Corrects second paragraph to show that 40 ships waited)", "", "(Corrects second"),
            Around("", "(He corrects proofs for a living.) That is what the pilot said on Monday.", "(He corrects proofs")),
        new(BehindRule, BlockKind.ReporterCredit,
            Around("", "___\n\nAP writers Anna Weir in Rotterdam and Carl Otis in Hull contributed to this report.", "AP writers Anna"),
            Around("", "Writers from both towns contributed paintings to the new hall, which opens on Monday.", "Writers from both")),
    ];

    static readonly string[] NoteOpeners = Wording.Of("wire.note"),
        CorrectionOpeners = Wording.Of("wire.correction"), OpenersOfSomeCorrections = Wording.Of("wire.correction-in");
    static readonly string[] EditorsShouted = Wording.Of("wire.editors-shouted"), Editors = Wording.Of("wire.editors");
    static readonly string[] NotebookWords = Wording.Of("wire.notebook"),
        NewsroomWords = Wording.Of("wire.newsroom"), HelpedWords = Wording.Of("wire.helped");
    static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> EndMarks = Marks("wire.end"), EndWords = Marks("wire.end-word");

    static FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> Marks(string kind) =>
        Wording.SetOf(kind, StringComparer.OrdinalIgnoreCase).GetAlternateLookup<ReadOnlySpan<char>>();

    public override void Apply(Document document)
    {
        document.FindProse();
        ReadProfile(document);
        ReadHead(document);
        ReadNotebook(document);
        foreach (var segment in document.Segments)
            if (document.Draft.Profile == ArticleProfile.Article && segment.Undecided && segment.Traits.Words <= 60
                && document.Text[segment.Start] is '(' or '^' or '[' or 'E' or '#' or 'e' or 'A' or 'N')
                TryNote(document, segment);
        document.FindProse();
        ReadTail(document);
    }

    /// <summary>dpa's notebook for editors: everything behind its heading is not for publication.</summary>
    static void ReadNotebook(Document document)
    {
        var open = false;
        foreach (var segment in document.Segments)
        {
            var line = document.Slice(segment);
            open |= segment.Traits.Words <= 6 && segment.Start > (document.FirstProse?.Start ?? int.MaxValue)
                && line.TrimStart("# ") is var heading && heading.Length < line.Length
                && Holds(heading, NotebookWords, StringComparison.OrdinalIgnoreCase);
            if (!open || !segment.Undecided)
                continue;
            segment.Decide(BlockKind.EditorNote, Notebook);
            document.Draft.EditorNotes.Add(document.TextOf(segment));
        }
    }

    static void ReadHead(Document document)
    {
        foreach (var segment in document.Head)
        {
            if (!segment.Undecided || segment.Traits.Words > 20)
                continue;
            var line = document.Slice(segment);
            if (segment == document.First && segment.Next is { Undecided: true } below
                && IsPressAssociationSlug(line, document.Slice(below)))
            {
                segment.Decide(BlockKind.Slugline, Slug);
                document.Draft.Set(Field.Slugline, document.TextOf(segment), Slug, segment);
            }
            else if (IsTelexHeader(line))
            {
                segment.Decide(BlockKind.WireHeader, Header);
            }
            else if (IsSlug(line))
            {
                segment.Decide(BlockKind.Slugline, Slug);
                if (VersionMarks.TryReadSlug(line, out var version))
                    document.Draft.Set(Field.Version, version, Slug, segment);
                document.Draft.Set(Field.Slugline, SlugOf(line), Slug, segment);
            }
        }
    }

    static bool IsTelexHeader(ReadOnlySpan<char> line)
    {
        if (line.StartsWith("ZCZC") || line.StartsWith("^V") || line.StartsWith("^A")
            || line.StartsWith("YY ") && line.Length < 16 || line.StartsWith("*") && line.EndsWith("<"))
            return true;
        // "r a^S^Q BC-…", "eca062 4 i 211 ccccb   dpa 061": short words, a service's number.
        return line.Contains("^S", StringComparison.Ordinal) || line.Contains("^Q", StringComparison.Ordinal)
            || line.Length < 48 && line.Contains(" dpa ", StringComparison.Ordinal)
            && char.IsAsciiDigit(line[^1]) && !Chars.Is(line[0], CharClass.Upper);
    }

    /// <summary>PA's "RAIL Swan": a topic in capitals and a keyword that the headline below repeats.</summary>
    static bool IsPressAssociationSlug(ReadOnlySpan<char> line, ReadOnlySpan<char> headline)
    {
        var space = line.IndexOf(' ');
        if (space < 3 || line.Length > 30 || headline.Length < line.Length)
            return false;
        foreach (var c in line[..space])
            if (!Chars.Is(c, CharClass.Upper))
                return false;
        var keyword = line[(space + 1)..];
        return Chars.Is(keyword[0], CharClass.Upper) && !keyword.Contains(' ') && keyword.Length > 2
            && keyword.ContainsAnyInRange('a', 'z') && headline.Contains(keyword, StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>A keyword line: BC-, AM- or PM- and dashes, or a slug that ends in a word count.</summary>
    static bool IsSlug(ReadOnlySpan<char> line)
    {
        var trimmed = line.TrimEnd("<=");
        if (trimmed.Length > 120)
            return false;
        if (trimmed.Length > 6 && (trimmed.StartsWith("BC-") || trimmed.StartsWith("AM-") || trimmed.StartsWith("PM-"))
            && !trimmed.Contains(". ", StringComparison.Ordinal)
            && (trimmed.Contains("--", StringComparison.Ordinal) || trimmed.Contains(',') || !trimmed.Contains(' ')))
            return true;
        return VersionMarks.TryReadSlug(trimmed, out _) && trimmed.Contains('-');
    }

    static ArticleProfile SlugProfile(ReadOnlySpan<char> slug) =>
        slug.Contains("Kill", StringComparison.Ordinal) && (slug.Contains("Mandatory", StringComparison.OrdinalIgnoreCase)
            || slug.Contains(", Kill", StringComparison.Ordinal)
            || slug.Contains("Bulletin", StringComparison.OrdinalIgnoreCase)) ? ArticleProfile.Kill
        : slug.Contains("Advisory", StringComparison.OrdinalIgnoreCase) ? ArticleProfile.Advisory
        : ArticleProfile.Article;

    static string SlugOf(ReadOnlySpan<char> line)
    {
        var comma = line.IndexOf(',');
        return (comma > 0 ? line[..comma] : line).TrimEnd("<= ").ToString();
    }

    /// <summary>A note in brackets of its own, and lines that address editors.</summary>
    static void TryNote(Document document, Segment segment)
    {
        var line = document.Slice(segment);
        var bracketed = line[0] is '(' or '[' && line[^1] is ')' or ']';
        var inside = line.Trim("()[]^ ");
        if (inside.Length < 4)
            return;
        if (bracketed && (Opens(inside, CorrectionOpeners)
            || Opens(inside, OpenersOfSomeCorrections) && inside.Contains("correct", StringComparison.OrdinalIgnoreCase)))
        {
            segment.Decide(BlockKind.Correction, Corrects);
            var note = document.TextOf(segment);
            document.Draft.Set(Field.Correction, note.Trim('(', ')', '[', ']'), Corrects, segment);
            document.Draft.EditorNotes.Add(note);
        }
        else if (bracketed && IsExchangeRate(inside))
        {
            segment.Decide(BlockKind.EditorNote, ExchangeRate);
            document.Draft.EditorNotes.Add(document.TextOf(segment));
        }
        else if (bracketed ? Opens(inside, NoteOpeners) && StandsApart(document, segment) : AddressesEditors(inside))
        {
            segment.Decide(BlockKind.EditorNote, Trash);
            document.Draft.EditorNotes.Add(document.TextOf(segment));
        }
    }

    /// <summary>
    /// A note in brackets stands above the text, or behind something that is no paragraph, or is a short one near the top: a paragraph in
    /// brackets may begin with the same words.
    /// </summary>
    static bool StandsApart(Document document, Segment segment) =>
        document.InHead(segment)
        || segment.Previous is not { } above
        || above.Kind != BlockKind.Paragraph && !above.Undecided
        || segment.Traits.Words <= 12 && !segment.Traits.EndsSentence && NearHead(segment);

    static bool AddressesEditors(ReadOnlySpan<char> line) => Opens(line, EditorsShouted, StringComparison.Ordinal) || Opens(line, Editors);

    /// <summary>"($1 = 0.7695 euros)" on a line of its own.</summary>
    static bool IsExchangeRate(ReadOnlySpan<char> inside)
    {
        var equals = inside.IndexOf('=');
        return equals > 1 && inside.Length <= 60 && char.IsAsciiDigit(inside[..equals].TrimEnd()[^1])
            && inside[(equals + 1)..].ContainsAnyInRange('0', '9') && Chars.WordsIn(inside) <= 8;
    }

    static bool NearHead(Segment segment)
    {
        var steps = 0;
        for (var before = segment.Previous; before is not null; before = before.Previous)
            if (++steps > 6)
                return false;
        return true;
    }

    static void ReadTail(Document document)
    {
        Segment? rule = null;
        for (var (segment, steps) = (document.Last, 0); segment is not null && steps < 80; segment = segment.Previous, steps++)
        {
            if (!segment.Undecided)
                continue;
            var line = document.Slice(segment);
            if (IsEndMark(line))
            {
                segment.Decide(BlockKind.EndMark, EndMark);
                if (line[0] == '_')
                    rule = segment;
            }
            else if (line[0] == '(' && line[^1] == ')' && segment.Traits.Words <= 6 && !Chars.Is(line[^2], CharClass.Terminal)
                && Holds(line, NewsroomWords, StringComparison.OrdinalIgnoreCase))
            {
                segment.Decide(BlockKind.ReporterCredit, Newsroom);
            }
            else if (line[0] == '^' || line.EndsWith("<") && line.Length < 40 || IsTimeStamp(line))
            {
                segment.Decide(BlockKind.WireTrailer, Trailer);
            }
            else if (segment.Traits.IsProse && steps > 12)
            {
                break;
            }
        }

        // Behind a rule of underscores stand the credits of those who helped.
        if (rule is null || document.FirstProse is null || rule.Start < document.FirstProse.Start)
            return;
        var left = 8;
        for (var note = rule.Next; note is not null && left-- > 0; note = note.Next)
            if (note.Undecided && note.Traits.Words <= 60 && Holds(document.Slice(note), HelpedWords, StringComparison.Ordinal))
                note.Decide(BlockKind.ReporterCredit, BehindRule);
    }

    internal static bool IsEndMark(ReadOnlySpan<char> line)
    {
        if (line.Length > 16)
            return false;
        return EndMarks.Contains(line) || EndWords.Contains(line) && (Chars.Is(line[0], CharClass.Upper) || line[0] is 'n' or '#');
    }

    /// <summary>"131137 GMT Nov 13", "091223 dec 18".</summary>
    static bool IsTimeStamp(ReadOnlySpan<char> line)
    {
        if (line.Length is < 9 or > 28 || !char.IsAsciiDigit(line[0]))
            return false;
        var digits = 0;
        while (digits < line.Length && char.IsAsciiDigit(line[digits]))
            digits++;
        return digits == 6 && line[digits] == ' '
            && Dates.TryReadLine(line[(digits + 1)..], out _) | line.Contains("GMT", StringComparison.Ordinal);
    }

    /// <summary>Kills withdraw an article, advisories speak to editors: both are told from the head.</summary>
    static void ReadProfile(Document document)
    {
        var lines = 0;
        foreach (var segment in document.Segments)
        {
            if (++lines > 8)
                break;
            if (IsSlug(document.Slice(segment)) && SlugProfile(document.Slice(segment)) is var profile and not ArticleProfile.Article)
            {
                document.Draft.Profile = profile;
                document.Draft.AddEvidence("profile", Slug, segment);
                return;
            }

            if (segment.Hits is null || segment.Traits.Words > 40)
                continue;
            if (segment.Hits.Exists(h => h.Rule == Kill && h.Start - segment.Start < 60))
            {
                document.Draft.Profile = ArticleProfile.Kill;
                document.Draft.AddEvidence("profile", Kill.Name, segment);
                return;
            }

            if (segment.Hits.Exists(h => h.Rule == Advisory && h.Start - segment.Start < 3) && !segment.Traits.EndsSentence)
            {
                document.Draft.Profile = ArticleProfile.Advisory;
                document.Draft.AddEvidence("profile", Advisory.Name, segment);
                return;
            }
        }
    }

    static bool Opens(ReadOnlySpan<char> text, string[] openers, StringComparison comparison = StringComparison.OrdinalIgnoreCase)
    {
        foreach (var opener in openers)
            if (text.StartsWith(opener, comparison))
                return true;
        return false;
    }

    static bool Holds(ReadOnlySpan<char> text, string[] words, StringComparison comparison)
    {
        foreach (var word in words)
            if (text.Contains(word, comparison))
                return true;
        return false;
    }
}
