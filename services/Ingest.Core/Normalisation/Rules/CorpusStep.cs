using System.Buffers;
using Ingest.Core.Articles;
using Ingest.Core.Normalisation.Characters;
using Ingest.Core.Normalisation.Documents;
using Ingest.Core.Normalisation.Lines;

namespace Ingest.Core.Normalisation.Rules;

/// <summary>
/// What corpora that many were made of put around their texts. The Reuters collection of 1987: topics and places, the line <c>f0704reute</c>
/// between a code and the keyword line, and <c>Reuter</c> at the end. The Daily Mail's part of a collection of 2015, in which every line of the
/// page's head ends in a full stop: <c>By . Anna Weir . PUBLISHED: . 07:12 EST, 3 March 2014 . | . UPDATED: . …</c>
/// </summary>
internal sealed class CorpusStep : RuleStep
{
    const string Header = "corpus.header", Topic = "corpus.topic", End = "corpus.end";
    const string Author = "corpus.byline", Published = "corpus.published", Updated = "corpus.updated";

    /// <summary>Lines above the text among which the collection's own is looked for: each topic and each place has one.</summary>
    const int HeadLines = 24;

    static readonly SearchValues<char> TopicSigns = SearchValues.Create("abcdefghijklmnopqrstuvwxyz-. ");

    const string Story = "3-MAR-1987 09:12:44.10\ngrain\nnetherlands\n\nC G\nf0192reute\nu f BC-ROTTERDAM-HARBOUR   03-03 0087\n\nHARBOUR OPENS AGAIN\n    ROTTERDAM, March 3 - The harbour opened again on Monday after three weeks\nof repairs, the authority said.\n    Ships were waiting in a long line outside the breakwater.\n Reuter";

    /// <summary>What parts the lines of the page's head, and the longest of them.</summary>
    const string Stop = " . ";
    const int LongestPart = 80;

    /// <summary>Authors at most: each has a part of his own.</summary>
    const int MostAuthors = 4;

    const string Mail = "By . Anna Weir . PUBLISHED: . 07:12 EST, 3 March 2014 . | . UPDATED: . 09:30 EST, 3 March 2014 . The harbour opened again on Monday after three weeks of repairs, the authority said.";

    public override IReadOnlyList<RuleNote> Notes { get; } =
    [
        new(Header, BlockKind.WireHeader, new("f0192reute", Story), new("The file f0192reute was lost, the harbour said.")),
        new(Topic, BlockKind.TopicTags, new("netherlands", Story), new("netherlands", "Harbour opens again\n\nnetherlands\n\nThe harbour opened again on Monday after three weeks of repairs, the authority said.")),
        new(Author, BlockKind.Byline, new("By . Anna Weir .", Mail), new("By . and by", "By . and by . the harbour will open again, said the authority's oldest pilot.")),
        new(Published, BlockKind.Published, new("PUBLISHED: .", Mail), new("PUBLISHED: the list", "Harbour opens again\n\nPUBLISHED: the list of ships that wait, which the authority had kept to itself until Monday.")),
        new(Updated, BlockKind.Timestamp, new("UPDATED: .", Mail), new("UPDATED: the list", "Harbour opens again\n\nUPDATED: the list of ships that wait, which the authority had kept to itself until Monday.")),
        new(End, BlockKind.Agency, new("Reuter", Story), new("Reuter", "Harbour opens again\n\nThe harbour opened again on Monday after three weeks of repairs, as the pilot said who is called\n\nReuter")),
    ];

    public override void Apply(Document document)
    {
        ReadReuters(document);
        for (var (line, lines) = (document.First, 0); line is not null && lines < 3; line = line.Next, lines++)
            if (line.Undecided && document.Slice(line).StartsWith("by . ", StringComparison.OrdinalIgnoreCase) && ReadMail(document, line))
                return;
    }

    /// <summary>Cuts the head of the page off the text behind it, part by part.</summary>
    static bool ReadMail(Document document, Segment line)
    {
        var text = document.Slice(line);
        var at = "by . ".Length;
        var names = new List<Byline>();
        while (names.Count < MostAuthors && Part(text, at) is > 0 and var length)
        {
            var name = text.Slice(at, length);
            if (names.Count > 0 && !name.StartsWith("and ", StringComparison.OrdinalIgnoreCase))
                break;
            name = names.Count > 0 ? name[4..] : name;
            if (!IsName(name) || name.StartsWith("and ", StringComparison.OrdinalIgnoreCase))
                break;
            names.Add(NameOf(name));
            at += length + Stop.Length;
        }

        if (names.Count == 0 || at >= text.Length)
            return false;
        var rest = document.Cut(line, line.Start + at);
        line.Decide(BlockKind.Byline, Author);
        document.Draft.Bylines.AddRange(names);
        document.Draft.AddEvidence(Field.Bylines, Author, line);
        rest = ReadDate(document, rest, "published", BlockKind.Published, Published);
        ReadDate(document, rest, "updated", BlockKind.Timestamp, Updated);
        return true;
    }

    /// <summary>"PUBLISHED: . 07:12 EST, 3 March 2014 . | . "</summary>
    /// <returns>What stands behind it; the segment itself where it does not begin so.</returns>
    static Segment ReadDate(Document document, Segment segment, string label, BlockKind kind, string rule)
    {
        var text = document.Slice(segment);
        if (!text.StartsWith(label, StringComparison.OrdinalIgnoreCase))
            return segment;
        var date = Part(text, 0);
        if (date < 0 || date > label.Length + 2 || Part(text, date + Stop.Length) is not (> 0 and var length))
            return segment;
        var found = Dates.FindIn(text.Slice(date + Stop.Length, length));
        var end = date + length + 2 * Stop.Length;
        if (text[end..].StartsWith("| . "))
            end += 4;
        if (found is null || end >= text.Length)
            return segment;
        var rest = document.Cut(segment, segment.Start + end);
        segment.Decide(kind, rule);
        if (kind == BlockKind.Published)
            document.Draft.Set(Field.Published, found.Value.Iso, rule, segment);
        return rest;
    }

    /// <summary>The length of the part that begins there; -1 where none ends near.</summary>
    static int Part(ReadOnlySpan<char> text, int at) => at >= text.Length ? -1 : text[at..Math.Min(text.Length, at + LongestPart)].IndexOf(Stop);

    static bool IsName(ReadOnlySpan<char> text)
    {
        if (Chars.WordsIn(text) is < 2 or > 8)
            return false;
        foreach (var c in text)
            if (!Chars.Is(c, CharClass.Letter | CharClass.Mark) && c is not (' ' or '-' or '\'' or '’' or '.'))
                return false;
        return true;
    }

    /// <summary>Corpora in lower case have names so, too.</summary>
    static Byline NameOf(ReadOnlySpan<char> text)
    {
        var house = text.IndexOf(" for ", StringComparison.OrdinalIgnoreCase);
        var name = (house > 0 ? text[..house] : text).ToString().ToCharArray();
        if (!Chars.Any(name, CharClass.Upper))
            for (var i = 0; i < name.Length; i++)
                if (i == 0 || name[i - 1] is ' ' or '-')
                    name[i] = char.ToUpperInvariant(name[i]);
        return new Byline(new string(name), house > 0 ? text[(house + 5)..].ToString() : null);
    }

    static void ReadReuters(Document document)
    {
        var own = document.First;
        for (var lines = 0; own is not null && !IsOwn(document.Slice(own)); own = own.Next)
            if (++lines == HeadLines)
                return;
        if (own is null)
            return;
        own.Decide(BlockKind.WireHeader, Header);
        var code = own.Previous;
        if (code is { Undecided: true, Length: <= 8 } && document.Slice(code).IndexOfAnyInRange('a', 'z') < 0)
            code.Decide(BlockKind.WireHeader, Header);
        for (var line = own.Previous; line is not null; line = line.Previous)
            if (line.Undecided && line.Length <= 40 && document.Slice(line).IndexOfAnyExcept(TopicSigns) < 0)
            {
                line.Decide(BlockKind.TopicTags, Topic);
                document.Draft.Tags.Add(document.TextOf(line));
            }

        document.Draft.Tags.Reverse();
        if (own.Next is { Undecided: true, Length: < 90 } keywords && document.Slice(keywords).IndexOf("BC-") is >= 0 and var slug)
        {
            var words = document.Slice(keywords)[slug..];
            document.Draft.Set(Field.Slugline, (words.IndexOf(' ') is >= 0 and var end ? words[..end] : words).ToString(), Header, keywords);
            keywords.Decide(BlockKind.WireHeader, Header);
        }

        if (document.Last is { Undecided: true } last && document.Slice(last).Equals("reuter", StringComparison.OrdinalIgnoreCase))
        {
            last.Decide(BlockKind.Agency, End);
            document.Draft.Set(Field.Agency, Agencies.News("Reuters"), End, last);
        }
    }

    /// <summary><c>f0704reute</c>: the number of the story between the signs of the line.</summary>
    static bool IsOwn(ReadOnlySpan<char> line) =>
        line.Length is >= 8 and <= 14 && line[0] == 'f' && line.EndsWith("reute") && line[1..^5].IndexOfAnyExceptInRange('0', '9') < 0;
}
