using Ingest.Core.Articles;
using Ingest.Core.Normalisation.Characters;
using Ingest.Core.Normalisation.Documents;
using Ingest.Core.Normalisation.Lines;
using Ingest.Core.Normalisation.Phrases;

namespace Ingest.Core.Normalisation.Rules;

/// <summary>
/// Lines below the story, by what they are made of: those who helped, pointers to other articles, tickers, where the article appeared first;
/// letters to the readers, and what ends a press release (<see cref="TailRelease"/>).
/// </summary>
internal sealed class TailLinesStep : RuleStep
{
    const string Pointer = "related.pointer";
    const string Helped = "credit.helped";
    const string Tickers = "tags.tickers";
    const string AppearedFirst = "syndication.appeared-first";
    const string FirstPublished = "syndication.first-published";
    const string Letter = "donation.letter";
    const string BehindCopyright = "legal.behind-copyright";

    /// <summary>Segments from the end that may be below the story.</summary>
    const int Reach = 60;

    /// <summary>Segments behind a copyright line that are about the page.</summary>
    const int MostBehindCopyright = 4;

    /// <summary>Longer lines, in words, are text.</summary>
    internal const int MaxWords = 14;

    static readonly System.Buffers.SearchValues<char> Arrows = System.Buffers.SearchValues.Create("»›→►▶▷☞⇒");

    static readonly OpeningWords Helpers = new(Wording.Of("credit.helper")), Salutations = new(Wording.Of("letter.salutation")),
        Own = new(Wording.Of("syndication.own")), Addressed = new(Wording.Of("bio.opener")),
        NamedLabels = new(Wording.Of("related.named").Select(w => w + " "));

    static readonly string[] AppealWords = Wording.Of("letter.appeal"), FirstPublishedWords = Wording.Of("syndication.first"),
        ByWords = [.. Wording.Of("byline.from").Select(w => $" {w} ")];

    /// <summary>"The post", "appeared first on": what stands before a title and behind it.</summary>
    static readonly (string Before, string Behind)[] Posts =
        [.. Wording.Of("syndication.post").Select(p => p.Split('…', StringSplitOptions.TrimEntries)).Select(p => (p[0], p[1]))];

    static readonly OpeningWords PostOpeners = new(Posts.Select(p => p.Before));

    /// <summary>The labels of links, without their colons.</summary>
    static readonly OpeningWords LinkLabels = new(PhraseRule.Named("related.label").Phrases.Select(p => p.TrimEnd(':', '：', ' ')).Where(p => p.Length >= 4));

    const string Story = "Harbour opens again\n\nROTTERDAM, March 5 /PRNewswire/ -- The harbour opened again on Monday after three weeks of repairs, the authority said.\n\nShips were waiting in a long line outside the breakwater.\n\n{0}";

    static Example Behind(string tail, string snippet) => new(snippet, string.Format(Story, tail));

    public override IReadOnlyList<PhraseRule> Reads { get; } = [PhraseRule.Named("related.label")];

    public override IReadOnlyList<RuleNote> Notes { get; } =
    [
        new(TailRelease.Contact, BlockKind.PressRelease, Behind("Media Contact:\n\nAnna Weir\n\n+31 20 555 0100", "+31 20 555"),
            Behind("Whoever has seen the seal is asked to call the pilots at 020 555 0100, day or night.", "Whoever has seen")),
        new(TailRelease.About, BlockKind.PressRelease,
            Behind("About Harbour Systems\n\nHarbour Systems builds cranes for 40 ports and has 300 staff.\n\nMedia Contact:\n\n+31 20 555 0100", "About Harbour"),
            Behind("About 200 people had lined the quay since the morning, and nobody knew why they were there.", "About 200")),
        new(TailRelease.Sender, BlockKind.PressRelease, Behind("SOURCE Harbour Systems, Inc.", "SOURCE Harbour"),
            Behind("Source criticism is what the harbour school teaches in the winter, on Mondays.", "Source criticism")),
        new(Pointer, BlockKind.RelatedLink, Behind(">> Ferry fares rise again in May", ">> Ferry"),
            Behind("Related to that is the question of who pays for the new cranes, the authority said.", "Related to")),
        new(Helped, BlockKind.ReporterCredit, Behind("--With assistance from Anna Weir and Carl Otis.", "--With assistance"),
            Behind("With assistance from the tugs the last of the ships came in on Monday at noon.", "With assistance")),
        new(Tickers, BlockKind.TopicTags, Behind("Companies in this story: (TSX:HBR, TSX:LAQ.A)", "Companies in"),
            Behind("The companies in this story have not answered (the letters came back): that is all.", "The companies")),
        new(AppearedFirst, BlockKind.SyndicationCredit, Behind("The post Harbour opens again appeared first on Harbour Sentinel.", "The post"),
            Behind("The posts of the gate appeared first on a drawing of 1911, the authority said.", "The posts of")),
        new(FirstPublished, BlockKind.SyndicationCredit, Behind("This report by The Canadian Press was first published April 9, 2019.", "This report"),
            Behind("The chart was first published on March 5, 1921, and no pilot has found a fault in it since, said Otis.", "The chart")),
        new(BehindCopyright, BlockKind.LegalNotice,
            Behind("Copyright © 2021 Harbour Radio. All rights reserved.\n\nWhat is written here was typed by hand, and may differ from what was said.", "What is written"),
            Behind("What is written on the quay was painted by hand, and may differ from the charts, the pilots said.", "What is written")),
        new(Letter, BlockKind.Donation,
            Behind("Dear reader,\n\nFor forty years we have told you what happens in this town, and you have told us what you think.\n\nToday we ask you to subscribe, so that we can go on.", "Dear reader"),
            Behind("Dear reader, so begins the letter that the pilots found on Monday in a bottle in the mud.", "Dear reader")),
    ];

    public override void Apply(Document document)
    {
        document.FindProse();
        TakeLetter(document);
        TakeBehindCopyright(document);
        TakeLines(document);
        TailRelease.Take(document);
    }

    /// <summary>The last segments, from the end.</summary>
    internal static IEnumerable<Segment> FromEnd(Document document)
    {
        for (var (segment, steps) = (document.Last, 0); segment is not null && segment != document.FirstProse && steps < Reach; steps++)
        {
            var previous = segment.Previous;
            yield return segment;
            segment = previous;
        }
    }

    /// <summary>A letter to the readers behind the story that asks for their support goes to its end.</summary>
    static void TakeLetter(Document document)
    {
        foreach (var salutation in FromEnd(document))
        {
            if (!salutation.Undecided || salutation.Traits.Words > 5 || !Salutations.Open(document.Slice(salutation))
                || document.FirstProse is not { } prose || salutation.Start < prose.Start || salutation.Traits.Last is not (',' or ':' or '!' or '，'))
                continue;
            for (var segment = salutation.Next; segment is not null; segment = segment.Next)
                if (HasAny(document.Slice(segment), AppealWords))
                {
                    for (var rest = salutation; rest is not null; rest = rest.Next)
                        if (rest.Undecided)
                            rest.Decide(BlockKind.Donation, Letter);
                    document.FindProse();
                    return;
                }

            return;
        }
    }

    /// <summary>What stands behind the copyright line, up to the end, is about the page: how transcripts are made, who may print them.</summary>
    static void TakeBehindCopyright(Document document)
    {
        var words = 0;
        Segment? first = null;
        for (var (segment, steps) = (document.Last, 0); segment is not null && steps <= MostBehindCopyright; segment = segment.Previous, steps++)
        {
            if (segment is { Undecided: false, Kind: BlockKind.Copyright })
            {
                // A picture's copyright is short; the page's names the year.
                if (first is null || segment.Traits.Words < 4 || segment.Traits.Digits < 4 || segment.Start < document.Text.Length / 2)
                    return;
                for (var rest = first; rest is not null; rest = rest.Next)
                    if (rest.Undecided)
                        rest.Decide(BlockKind.LegalNotice, BehindCopyright);
                document.FindProse();
                return;
            }

            if (segment == document.FirstProse || (words += segment.Traits.Words) > 120)
                return;
            first = segment;
        }
    }

    static void TakeLines(Document document)
    {
        foreach (var segment in FromEnd(document))
        {
            if (!segment.Undecided || segment.Traits.Words is 0 or > 40)
                continue;
            var line = document.Slice(segment);
            if (IsPost(line))
                segment.Decide(BlockKind.SyndicationCredit, AppearedFirst);
            else if (IsFirstPublished(document, segment, line))
                segment.Decide(BlockKind.SyndicationCredit, FirstPublished);
            else if (segment.Traits.Words <= 30 && IsHelp(line, out var agency))
            {
                segment.Decide(BlockKind.ReporterCredit, Helped);
                document.Draft.Set(Field.Agency, agency, Helped, segment);
            }
            else if (IsAddressed(segment, line))
                segment.Decide(BlockKind.AuthorBio, HeadLineStep.Address);
            else if (AreTickers(line))
            {
                segment.Decide(BlockKind.TopicTags, Tickers);
                document.Draft.Tags.Add(document.TextOf(segment));
            }
            else if (IsPointer(segment, line))
            {
                segment.Decide(BlockKind.RelatedLink, Pointer);
                document.Draft.RelatedLinks.Add(document.TextOf(segment));
            }
        }
    }

    /// <summary>"With files from Dan Okafor in Ottawa": the words for help, and behind them names only.</summary>
    static bool IsHelp(ReadOnlySpan<char> line, out string? agency)
    {
        agency = null;
        var rest = line.Trim(" -–—()_*");
        var length = Helpers.LengthAt(rest);
        if (length == 0)
            return false;
        var people = rest[length..].Trim(" .:");
        agency = Agencies.News(people);
        return agency is not null || BylineReader.TryReadPeople(people, out _);
    }

    /// <summary>"Write to Anna Weir at anna.weir@…", "이도윤 기자 doyun@…": an address, and beside it names and how to reach them.</summary>
    static bool IsAddressed(Segment segment, ReadOnlySpan<char> line)
    {
        if (segment.Traits.Words > MaxWords + 6 || !line.Contains('@') || segment.Traits.IsProse)
            return false;
        if (Addressed.Open(line))
            return true;
        var at = line.IndexOf('@');
        var start = line[..at].LastIndexOfAny(' ', '(', '|') + 1;
        var before = line[..start].Trim(" (|,:");
        var end = line[at..].IndexOfAny(' ', ')', '|') is var length and >= 0 ? at + length : line.Length;
        return line[at..end].Contains('.') && line[end..].Trim(" )|.").IsEmpty && (before.IsEmpty || BylineReader.TryReadPeople(before, out _));
    }

    static bool IsPost(ReadOnlySpan<char> line)
    {
        if (!PostOpeners.Open(line))
            return false;
        foreach (var (before, behind) in Posts)
            if (line.Length > before.Length && line.StartsWith(before, StringComparison.OrdinalIgnoreCase)
                && Chars.Is(line[before.Length], CharClass.Space | CharClass.Opener) && line.IndexOf(behind, StringComparison.OrdinalIgnoreCase) > before.Length)
                return true;
        return false;
    }

    /// <summary>"This report by The Canadian Press was first published April 9, 2019."</summary>
    static bool IsFirstPublished(Document document, Segment segment, ReadOnlySpan<char> line)
    {
        if (segment.Traits.Words > 18 || segment.Traits.Digits == 0 || !Own.Open(line))
            return false;
        foreach (var words in FirstPublishedWords)
        {
            var at = line.IndexOf(words, StringComparison.OrdinalIgnoreCase);
            if (at < 0 || Dates.FindIn(line[(at + words.Length)..]) is not { } date)
                continue;
            document.Draft.Set(Field.Published, date.Iso, FirstPublished, segment);
            foreach (var joiner in ByWords)
                if (line[..at].IndexOf(joiner, StringComparison.OrdinalIgnoreCase) is var by and > 0)
                    document.Draft.Set(Field.Agency, AgencyAtStart(line[(by + joiner.Length)..at]), FirstPublished, segment);
            return true;
        }

        return false;
    }

    static string? AgencyAtStart(ReadOnlySpan<char> text)
    {
        for (var end = text.Length; end > 0; end = text[..end].TrimEnd().LastIndexOf(' '))
            if (Agencies.News(text[..end].Trim()) is { } agency)
                return agency;
        return null;
    }

    /// <summary>A label or none, and then nothing but symbols of exchanges.</summary>
    static bool AreTickers(ReadOnlySpan<char> line)
    {
        if (!line.Contains(':'))
            return false;
        var colon = line.IndexOf(": ");
        var list = (colon > 0 && Chars.WordsIn(line[..colon]) <= 6 ? line[(colon + 1)..] : line).Trim(" ().");
        var any = false;
        foreach (var range in list.SplitAny(',', ';', ' '))
        {
            var symbol = list[range].Trim("()");
            if (symbol.IsEmpty)
                continue;
            var at = symbol.IndexOf(':');
            if (at is < 2 or > 8 || at == symbol.Length - 1 || symbol.Length > 16)
                return false;
            foreach (var c in symbol)
                if (!Chars.Is(c, CharClass.Upper | CharClass.Digit) && c is not (':' or '.' or '-'))
                    return false;
            any = true;
        }

        return any;
    }

    /// <summary>">> Fares rise", "» LIRE AUSSI - Fares rise", "ALSO READ | Fares rise": an arrow or the label of links, and a title.</summary>
    static bool IsPointer(Segment segment, ReadOnlySpan<char> line)
    {
        if (segment.Traits.Words is < 2 or > 30)
            return false;
        var rest = line.TrimStart(" >»›→►▶▷☞⇒*(");
        if (rest.IsEmpty)
            return false;
        var signs = line[..(line.Length - rest.Length)];
        foreach (var label in LinkLabels.Starting(rest))
            if (Chars.StartsFolded(rest, label) && rest[label.Length..].TrimStart() is { Length: > 1 } title
                // An address is what a box of particulars gives: "More information: harbour.example".
                && (title[0] is '|' or '-' or '–' or '—' or ':' or '：' && title[1..].Trim().Contains(' ') || label.Contains(' ', StringComparison.Ordinal) && IsNamed(title)))
                return true;
        if (signs.Contains('(') && NamedLabels.LengthAt(rest) is var named and > 0 && IsNamed(rest[named..].TrimStart()))
            return true;
        return signs.ContainsAny(Arrows) && !segment.Traits.EndsSentence || signs.Contains(">>", StringComparison.Ordinal);
    }

    /// <summary>"Also on HARBOUR POST: Fares rise", "Lihat juga Video: …": up to three words with capitals between the label and its colon.</summary>
    static bool IsNamed(ReadOnlySpan<char> title)
    {
        var colon = title[..Math.Min(title.Length, 40)].IndexOfAny(':', '：');
        if (colon < 1 || colon == title.Length - 1 || Chars.WordsIn(title[..colon]) > 3)
            return false;
        foreach (var range in title[..colon].Split(' '))
            if (title[..colon][range] is { IsEmpty: false } word && !Chars.Is(word[0], CharClass.Upper))
                return false;
        return true;
    }

    static bool HasAny(ReadOnlySpan<char> line, string[] words)
    {
        foreach (var word in words)
            if (line.Contains(word, StringComparison.OrdinalIgnoreCase))
                return true;
        return false;
    }
}
