using System.Buffers;
using Ingest.Core.Articles;
using Ingest.Core.Normalisation.Characters;
using Ingest.Core.Normalisation.Documents;
using Ingest.Core.Normalisation.Lines;
using Ingest.Core.Normalisation.Pages;

namespace Ingest.Core.Normalisation.Rules;

/// <summary>
/// Who wrote a page's article and when it was published, as its readers see it: elements around the headline that say that they hold an
/// author or a date. Only where the page's data for machines say nothing of it.
/// </summary>
internal sealed class PageHeadStep : RuleStep
{
    const string Author = "page.author";
    const string Date = "page.date";

    static readonly SearchValues<char> OfNoName = SearchValues.Create("\n.:!?@"), BehindName = SearchValues.Create("|•·–—0123456789");

    /// <summary>Lines around the headline in which its byline and date stand: site and topic above; below, standfirst, picture and buttons too.</summary>
    const int Above = 6, Close = 8, Below = 24;

    /// <summary>Characters of a line with a date and little else.</summary>
    const int LongestDateLine = 80;

    /// <summary>Lines between two authors of one article.</summary>
    const int Group = 4;

    static readonly string[] Others = Wording.Of("byline.other");

    /// <summary>More names on one page are those of its teasers.</summary>
    const int MostNames = 8;

    const string Story = "<body><h1>Harbour opens again after repairs</h1>{0}<p>The harbour opened again on Monday after three weeks of repairs, the authority said.</p><p>Ships were waiting in a long line outside the breakwater.</p></body>";

    static Example In(string markup, string snippet) => new(snippet, string.Format(Story, markup)) { IsHtml = true };

    public override IReadOnlyList<RuleNote> Notes { get; } =
    [
        new(Author, BlockKind.Byline, In("<div class=\"post-author\"><a href=\"/authors/anna-weir\">Anna Weir</a></div>", "Anna Weir"),
            In("<div class=\"comment-author\">Anna Weir of the harbour authority</div>", "of the harbour authority")),
        new(Date, BlockKind.Timestamp, In("<div class=\"post-date\">March 3, 2021</div>", "March 3, 2021"),
            In("<div class=\"post-date\">Since March 3, 2021, no ship had left the harbour, the authority said.</div>", "no ship had left")),
    ];

    public override void Apply(Document document)
    {
        if (document.Page is not { IsFragment: false, Lines.Count: > 0 } page)
            return;
        if (document.Given.Bylines is null && document.Draft.Bylines.Count == 0)
            FindAuthors(document, page, page.Headline);
        if (document.Given.Published is null)
            FindDate(document, page, page.Headline);
    }

    static void FindAuthors(Document document, Page page, int headline)
    {
        var names = Signed(document, page, headline, isNear: true);
        if (names.Count == 0)
            names = Opened(document, page, headline);
        // Far from the headline only one author can be that of this article: a box below it.
        if (names.Count == 0 && Signed(document, page, headline, isNear: false) is { Count: 1 } only)
            names = only;
        // The site itself is an author where there is no other.
        if (names.Exists(n => n.Name != document.Given.Publisher))
            names.RemoveAll(n => n.Name == document.Given.Publisher);
        foreach (var house in names.Count == 0 ? page.Houses : [])
            names.Add((house, -1));
        if (names.Count == 0)
            return;
        document.Draft.Bylines.AddRange(names.Select(n => new Byline(n.Name)));
        document.Draft.AddEvidence(Field.Bylines, Author, At(document, names[0].Line));
        foreach (var (_, line) in names)
            if (At(document, line) is { Undecided: true } segment && segment.Traits.Words <= 8)
                segment.Decide(BlockKind.Byline, Author);
    }

    /// <summary>The names in elements that say that they hold an author's; near the headline only the first group of them.</summary>
    static List<(string Name, int Line)> Signed(Document document, Page page, int headline, bool isNear)
    {
        var names = new List<(string Name, int Line)>();
        var end = 0;
        foreach (var span in page.Signed)
        {
            var line = page.LineAt(span.Start);
            // What stands around a name that is taken already says nothing more.
            if ((span.Role & PageRole.Author) == 0 || span.Start < end || IsNear(headline, line) != isNear || IsAside(page, page.Lines[line].Element) || IsOfEditor(document, page.Lines[line], span))
                continue;
            if (isNear && names.Count > 0 && line > names[^1].Line + Group || names.Count >= MostNames)
                break;
            foreach (var name in NamesIn(TextOf(document, span), (span.Role & PageRole.Sure) != 0).Where(n => !PageAuthors.IsNobody(n)))
            {
                end = span.End;
                if (!names.Exists(n => name.StartsWith(n.Name, StringComparison.OrdinalIgnoreCase)))
                    names.Add((name, line));
            }
        }

        return names;
    }

    /// <summary>Lines near the headline that open as a byline does, whatever their classes: "By Anna Weir on March 4, 2026".</summary>
    static List<(string Name, int Line)> Opened(Document document, Page page, int headline)
    {
        const int Longest = 100;
        for (var i = Math.Max(0, headline - Above); headline >= 0 && i < Math.Min(page.Lines.Count, headline + Below); i++)
        {
            var text = Line(document, page, i);
            if (BylineReader.TryReadOpened(text, out var line))
                return [.. line.Bylines.Select(b => (b.Name, i))];
            var rest = BylineReader.WithoutOpener(text);
            // "Written by" on a line of its own, "By" above a name.
            if (rest.IsEmpty && i + 1 < page.Lines.Count && NamesIn(Line(document, page, i + 1), isSure: true) is { Length: > 0 } below)
                return [.. below.Select(n => (n, i + 1))];
            if (text.Length > Longest || rest.Length == text.Length || !Chars.Is(text[0], CharClass.Upper) && text.Length > Longest / 2)
                continue;
            var names = NamesIn(UpToDate(rest), isSure: false).ToArray();
            if (names.Length > 0)
                return [.. names.Select(n => (n, i))];
        }

        // A bare name beside a date.
        for (var i = Math.Max(0, headline + 1); headline >= 0 && i < Math.Min(page.Lines.Count, headline + Close) && !PageProse.IsProse(page.Lines[i]); i++)
            if ((SaysDate(document, page, i - 1) || SaysDate(document, page, i + 1)) && NamesIn(Line(document, page, i), isSure: false) is { Length: > 0 } bare)
                return [.. bare.Select(n => (n, i))];
        return [];
    }

    static bool SaysDate(Document document, Page page, int line) =>
        line >= 0 && line < page.Lines.Count && page.Lines[line].Length <= 60 && Dates.FindIn(Line(document, page, line)) is not null;

    /// <summary>"Anna Weir" of "Anna Weir on March 4, 2026", of "Anna Weir • 4 min read".</summary>
    static ReadOnlySpan<char> UpToDate(ReadOnlySpan<char> text)
    {
        var end = text.IndexOfAny(BehindName);
        if (end >= 0)
            text = text[..end];
        foreach (var range in text.Split(' '))
            if (range.Start.Value > 0 && (text[range] is "on" or "-" || Dates.IsDateWord(text[range].TrimEnd(",."))))
                return text[..range.Start.Value];
        return text;
    }

    /// <summary>"Edited by", "Fact checked by", "Reviewed by", before the name: no author.</summary>
    static bool IsOfEditor(Document document, PageLine line, PageSpan span)
    {
        const int Reach = 40;
        var before = document.Text.AsSpan(Math.Max(0, span.Start - Reach), Math.Min(Reach, span.Start));
        var own = document.Text.AsSpan(line.Start, Math.Max(0, span.Start - line.Start));
        if (!own.IsWhiteSpace())
            before = own;
        foreach (var word in Others)
            if (before.TrimEnd(" \n:").EndsWith(word, StringComparison.OrdinalIgnoreCase) || TextOf(document, span).StartsWith(word, StringComparison.OrdinalIgnoreCase))
                return true;
        return false;
    }

    static void FindDate(Document document, Page page, int headline)
    {
        var dates = new PageDates();
        foreach (var written in page.Dates)
            dates.Add(Dates.FindIn(written), isUpdate: false, -1);
        var elsewhere = new PageDates();
        foreach (var span in page.Signed)
        {
            var line = page.LineAt(span.Start);
            if ((span.Role & PageRole.Date) == 0 || IsAside(page, page.Lines[line].Element))
                continue;
            var (date, isUpdate) = DateOf(document, span);
            (IsNear(headline, line) || (span.Role & PageRole.Sure) != 0 ? dates : elsewhere).Add(date, isUpdate, line);
        }

        for (var i = 0; i < page.Lines.Count && dates.Found is null; i++)
            if (page.Lines[i].Length <= LongestDateLine && Chars.Any(Line(document, page, i), CharClass.Digit)
                && Dates.TryReadLine(Line(document, page, i), out var read) && (IsNear(headline, i) || read.Labelled))
                dates.Add(read.Date, read.Updated, i);
        // "By Anna Weir - Mar 27, 2024", "March 1, 2026 • Harbour, Trade"
        for (var i = headline + 1; headline >= 0 && i < Math.Min(page.Lines.Count, headline + Close) && dates.Found is null && !PageProse.IsProse(page.Lines[i]); i++)
            if (page.Lines[i].Length <= LongestDateLine && !IsAside(page, page.Lines[i].Element))
                dates.Add(Dates.FindIn(Line(document, page, i)), isUpdate: false, i);
        // Far from the headline several dates are those of teasers.
        if (dates.Found is null && elsewhere is { Found: not null, IsOne: true })
            dates = elsewhere;

        var segment = At(document, dates.Line);
        if (segment is { Undecided: true } && segment.Traits.Words <= 8 && Dates.TryReadLine(document.Slice(segment), out _))
        {
            segment.Decide(BlockKind.Timestamp, Date);
            if (segment.Previous is { Undecided: true } label && Dates.IsLabel(document.Slice(label)))
                label.Decide(BlockKind.Timestamp, Date);
        }

        document.Draft.Set(Field.Published, dates.Found?.Iso ?? (dates.Updated ?? elsewhere.Updated)?.Iso ?? page.Modified, Date, segment);
    }

    /// <summary>The first date of publication, and the first of an update.</summary>
    sealed class PageDates
    {
        public DateFound? Found { get; private set; }

        public DateFound? Updated { get; private set; }

        /// <summary>Where the first of publication stands; -1 for nowhere in the text.</summary>
        public int Line { get; private set; } = -1;

        /// <summary>All say the same day.</summary>
        public bool IsOne { get; private set; } = true;

        public void Add(DateFound? date, bool isUpdate, int line)
        {
            if (date is not { } found)
                return;
            if (isUpdate)
            {
                Updated ??= date;
            }
            else if (Found is not { } first)
            {
                (Found, Line) = (date, line);
            }
            else
            {
                IsOne &= (first.Year, first.Month, first.Day) == (found.Year, found.Month, found.Day);
            }
        }
    }

    /// <summary>What a span says, and whether it is of an update.</summary>
    static (DateFound? Date, bool IsUpdate) DateOf(Document document, PageSpan span)
    {
        var text = TextOf(document, span);
        if (Dates.TryReadLine(text, out var line) && line.Date is not null)
            return (line.Date, line.Updated);
        if (span.Value is { Length: <= LongestDateLine } value && Dates.FindIn(value) is { } said)
            return (said, line.Updated);
        // "Mar 12, 2025 • 5 min read"
        return text.Length <= LongestDateLine ? (Dates.FindIn(text), false) : (null, false);
    }

    static bool IsNear(int headline, int line) => headline >= 0 && line >= headline - Above && line <= headline + Below;

    /// <summary>In a comment, a teaser, a menu: of something else. What holds most of the running text is none of these, whatever it is called.</summary>
    static bool IsAside(Page page, PageElement element)
    {
        var all = page.Lines[0].Element;
        while (all.Parent is { } parent)
            all = parent;
        for (var up = element; up is not null && up.Prose * 2 <= all.Prose; up = up.Parent)
        {
            var own = up.Marks & ~(up.Parent?.Marks ?? PageMark.None);
            if ((own & PageMark.Navigation) != 0 || up.Words[ClassGroup.Comment] > 0 || up.Words[ClassGroup.Related] > 0)
                return true;
        }

        return false;
    }

    static ReadOnlySpan<char> Line(Document document, Page page, int line) => document.Text.AsSpan(page.Lines[line].Start, page.Lines[line].Length);

    static ReadOnlySpan<char> TextOf(Document document, PageSpan span) => document.Text.AsSpan(span.Start, span.End - span.Start).Trim();

    /// <summary>The persons that a text names and nothing else; or the house, where the element leaves no doubt.</summary>
    static string[] NamesIn(ReadOnlySpan<char> text, bool isSure)
    {
        // Above the name may stand "By"; below it, what its bearer does.
        text = text.Trim(OfMargin);
        var name = ReadOnlySpan<char>.Empty;
        foreach (var line in text.Split('\n'))
            if (BylineReader.WithoutOpener(text[line].Trim(OfMargin)).Trim(OfMargin) is { IsEmpty: false } first)
            {
                name = first;
                break;
            }

        text = name;
        if (text.Length is < 3 or > 120 || BylineReader.IsJobLine(text) && !isSure)
            return [];
        if (BylineReader.IsNames(text, out var names))
            return [.. names.Bylines.Select(b => b.Name)];
        return isSure && text.Length <= 40 && Chars.WordsIn(text) <= 4 && Chars.Is(text[0], CharClass.Upper) && !text.ContainsAnyInRange('0', '9') && !text.ContainsAny(OfNoName) ? [text.ToString()] : [];
    }

    const string OfMargin = " \t\n,;|•·:-–—";

    static Segment? At(Document document, int line)
    {
        for (var segment = document.First; segment is not null; segment = segment.Next)
            if (segment.PageLine == line)
                return segment;
        return null;
    }
}
