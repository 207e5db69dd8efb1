using Ingest.Core.Articles;
using Ingest.Core.Normalisation.Characters;
using Ingest.Core.Normalisation.Decoding;
using Ingest.Core.Normalisation.Documents;
using Ingest.Core.Normalisation.Lines;
using Ingest.Core.Normalisation.Phrases;

namespace Ingest.Core.Normalisation.Rules;

/// <summary>Picture captions and credits: PressReader's <c>?? credit ?? caption</c>, credit lines, captions that end in a credit.</summary>
internal sealed class CaptionStep : RuleStep
{
    const string Doubled = "caption.pressreader";
    const string Copy = "caption.copy";
    const string CreditLine = "credit.line";
    const string CreditLabel = "credit.label";
    const string FeaturedImage = "credit.featured";
    const string WithCredit = "caption.with-credit";
    const string CaptionLabel = "caption.label";
    const string CaptionOpened = "caption.opened";
    const string Shortcode = "caption.shortcode";
    const string AboveCredit = "caption.above-credit";

    static readonly string[] OpenerWords = Wording.Of("caption.opener");
    static readonly OpeningWords Openers = new(OpenerWords);

    static readonly PhraseRule Marker = PhraseRule.Named("credit.marker"), Featured = PhraseRule.Named("credit.featured-marker");

    /// <summary>A caption is rarely longer; a paragraph that ends in "(Reuters)" often is.</summary>
    const int CaptionWords = 70;

    const string Story = "Harbour reopens\n\nThe harbour opened again on Monday after three weeks of repairs, the authority said.\n\n{0}\n\nShips were waiting in a long line outside the breakwater.";

    static Example In(string line) => new(line, string.Format(Story, line));

    public override IReadOnlyList<PhraseRule> Reads { get; } = [Marker, Featured];

    public override IReadOnlyList<RuleNote> Notes { get; } =
    [
        new(Doubled, BlockKind.Caption, In("?? ANNA WEIR/HARBOUR PRESS ?? Ships wait outside the breakwater."),
            In("Who pays for it?? That was the question of the day, the mayor said.")),
        new(Copy, BlockKind.Caption,
            new("ANNA WEIR/HARBOUR PRESS Ships wait",
                string.Format(Story,
                    "?? ANNA WEIR/HARBOUR PRESS ?? Ships wait outside the breakwater.\nANNA WEIR/HARBOUR PRESS Ships wait outside the breakwater.")),
            new("Ships wait outside", string.Format(Story, "Ships wait outside the breakwater, and nobody knows for how long, he said."))),
        new(CreditLine, BlockKind.Credit, In("Anna Weir / TASS"), In("Broccoli and cabbage")),
        new(CreditLabel, BlockKind.Credit, In("Photo: Anna Weir"),
            In("Photo opportunities were few at the harbour on Monday, a reporter wrote.")),
        new(FeaturedImage, BlockKind.Credit, In("Featured Image via Harbour TV"),
            In("Featured images of the harbour are shown in the town hall until May, the mayor said.")),
        new(AboveCredit, BlockKind.Caption,
            new("Ships wait outside",
                "Harbour reopens\n\nShips wait outside the breakwater on Monday.\nAnna Weir / TASS\n\nThe harbour opened again on Monday after three weeks of repairs, the authority said."),
            new("The harbour opened",
                "Harbour reopens\n\nThe harbour opened again on Monday after three weeks of repairs, the authority said.\n\nAnna Weir / TASS\n\nShips were waiting in a long line outside the breakwater.")),
        new(CaptionLabel, BlockKind.Caption, In("Photo: the ships that waited outside the breakwater since Friday night"),
            In("A photo of the ships that waited outside the breakwater hangs in the hall.")),
        new(CaptionOpened, BlockKind.Caption, In("FILE PHOTO: The harbour from the north tower. The old cranes are to go in May. Anna Weir via Coast Pictures"),
            In("File photos of the old cranes were shown in the town hall on Monday.")),
        new(Shortcode, BlockKind.Caption, In("[caption id=\"a\" width=\"300\"]Ships wait outside the breakwater.[/caption]"),
            In("[Caption of a picture that is lost] was all that the page said.")),
        new(WithCredit, BlockKind.Caption, In("Ships wait outside the breakwater on Monday. (Photo: Anna Weir/AP)"),
            In("The ships waited outside the breakwater on Monday (about 40 of them, the authority said).")),
    ];

    public override void Apply(Document document)
    {
        document.FindProse();
        foreach (var segment in document.Segments)
        {
            if (!segment.Undecided)
                continue;
            if (TryPressReader(document, segment) || TryShortcode(document, segment) || TryOpened(document, segment)
                || TryLabelled(document, segment) || TryCreditLine(document, segment))
                continue;
            TryCaptionWithCredit(document, segment);
        }
    }

    /// <summary>What <see cref="Shortcodes"/> left of <c>[caption …]Ships wait.[/caption]</c>.</summary>
    static bool TryShortcode(Document document, Segment segment)
    {
        if (!document.Slice(segment).StartsWith(Shortcodes.Caption))
            return false;
        segment.Decide(BlockKind.Caption, Shortcode);
        document.Draft.Media.Add(new MediaItem(document.TextOf(segment)[Shortcodes.Caption.Length..].Trim(), ""));
        return true;
    }

    /// <summary><c>?? CREDIT ?? Caption</c>, and its copy without the marks within the next segments.</summary>
    static bool TryPressReader(Document document, Segment segment)
    {
        var line = document.Slice(segment);
        if (!line.StartsWith("??"))
            return false;
        var second = line[2..].IndexOf("??");
        if (second < 0 || second > 160)
            return false;
        var credit = line.Slice(2, second).Trim().ToString();
        var caption = document.TextOf(segment)[(second + 4)..].Trim();
        segment.Decide(BlockKind.Caption, Doubled);
        if (credit.Length + caption.Length > 0)
            document.Draft.Media.Add(new MediaItem(caption, credit));
        if (segment.Next is { Undecided: true } next && IsCopy(document.TextOf(next), caption, credit))
            next.Decide(BlockKind.Caption, Copy);
        else
            foreach (var other in Near(segment, 12))
                if (other.Undecided && IsCopy(document.TextOf(other), caption, credit))
                {
                    other.Decide(BlockKind.Caption, Copy);
                    break;
                }

        return true;
    }

    static IEnumerable<Segment> Near(Segment segment, int reach)
    {
        var steps = 0;
        for (var other = segment.Next; other is not null && steps < reach; other = other.Next, steps++)
            yield return other;
        steps = 0;
        for (var other = segment.Previous; other is not null && steps < reach; other = other.Previous, steps++)
            yield return other;
    }

    static bool IsCopy(string line, string caption, string credit)
    {
        line = line.Trim();
        if (caption.Length == 0)
            return line == credit;
        return line == caption
            || line.Length == credit.Length + 1 + caption.Length
            && (line.StartsWith(credit) && line.EndsWith(caption) || line.StartsWith(caption) && line.EndsWith(credit));
    }

    /// <summary>
    /// "Photo: X", "© X", "Featured Image via X": the label is a phrase of <c>phrases.txt</c>, what follows is the credit.
    /// </summary>
    static bool TryLabelled(Document document, Segment segment)
    {
        if (segment.Hits is null || LongestMarker(document, segment) is not { } hit)
            return false;
        if (hit.Start - segment.Start > 2 && hit.Rule == Featured)
        {
            // "… on his own.Featured image via X": glued to the last sentence.
            if (segment.End - hit.Start > 120 || !FollowsSentence(document.Text, hit.Start, segment.Start))
                return false;
            segment = document.Cut(segment, hit.Start);
        }

        if (segment.Traits.Words > 40)
            return false;
        var credit = PictureCredits.TextOf(document.Text[hit.End..segment.End]);
        if (credit.Length == 0)
            return false;
        var marked = document.Text[hit.End - 1] is ':' or '/' or '=' or '：' or '＝' || hit.Rule == Featured;
        if (PictureCredits.Is(credit))
        {
            segment.Decide(BlockKind.Credit, hit.Rule == Featured ? FeaturedImage : CreditLabel);
            AddCredit(document, credit);
            return true;
        }

        // A label with a sign and no name behind it introduces a caption; a mere word of the trade opens prose.
        if (!marked || segment.Traits.Sentences > 2)
            return false;
        if (segment.Traits.Words <= 10 && !segment.Traits.EndsSentence && segment.Traits.Spaceless == 0)
        {
            segment.Decide(BlockKind.Credit, CreditLabel);
            AddCredit(document, credit);
        }
        else
        {
            segment.Decide(BlockKind.Caption, CaptionLabel);
            document.Draft.Media.Add(new MediaItem(credit, ""));
        }

        return true;
    }

    /// <summary>"FILE PHOTO: …", "Image copyright X Image caption …": what the line says of itself, however long it is.</summary>
    static bool TryOpened(Document document, Segment segment)
    {
        if (segment.Traits.Words is < 3 or > 90)
            return false;
        var line = document.Slice(segment).TrimStart("(");
        var length = Openers.LengthAt(line);
        if (length == 0 || line[length - 1] is not (':' or '-') && segment.Traits.EndsSentence)
            return false;
        var text = line[length..].Trim();
        var credit = "";
        foreach (var second in OpenerWords)
            if (text.IndexOf(second, StringComparison.OrdinalIgnoreCase) is var at and > 0)
            {
                credit = text[..at].Trim().ToString();
                text = text[(at + second.Length)..].Trim();
                break;
            }

        segment.Decide(BlockKind.Caption, CaptionOpened);
        document.Draft.Media.Add(new MediaItem(text.ToString(), credit));
        return true;
    }

    /// <summary>"(Harbour Pictures photo: Anna Weir)".</summary>
    static bool IsBracketed(Document document, Segment segment) => segment.Traits.Words <= 10
        && document.Text[segment.Start] is '(' or '[' && document.Text[segment.End - 1] is ')' or ']';

    static PhraseHit? LongestMarker(Document document, Segment segment)
    {
        PhraseHit? longest = null;
        foreach (var hit in segment.Hits!)
            if ((hit.Rule == Featured || hit.Rule == Marker && (hit.Start - segment.Start <= 2 || IsBracketed(document, segment)))
                && (longest is null || hit.End - hit.Start > longest.Value.End - longest.Value.Start))
                longest = hit;
        return longest;
    }

    /// <summary>True where the text before <paramref name="at"/> ends a sentence, with or without a space.</summary>
    static bool FollowsSentence(string text, int at, int start)
    {
        var i = at - 1;
        while (i >= start && Chars.Is(text[i], CharClass.Space | CharClass.Closer))
            i--;
        return i >= start && Chars.Is(text[i], CharClass.Terminal);
    }

    /// <summary>"Alexei Druzhinin / TASS", "REUTERS/Anna Weir", "Getty Images", "(Anna Weir, AP)" on a line of its own.</summary>
    static bool TryCreditLine(Document document, Segment segment)
    {
        var traits = segment.Traits;
        if (traits.Words is 0 or > 12 || traits.Last is '.' or '?' or '!' or ':' || traits.HasUrl || traits.Digits > 4)
            return false;
        var whole = document.Slice(segment);
        var line = whole.Trim(" ()[]©|");
        if (traits.Words <= 5 && Agencies.IsPictureSource(line))
        {
            // An agency's name alone: above the text it may be the source line, which the head's reader takes.
            if (Agencies.News(line) is not null
                && (document.InHead(segment) && document.Text[segment.Start] != '(' || document.InTail(segment)))
                return false;
            segment.Decide(BlockKind.Credit, CreditLine);
            AddCredit(document, line.ToString());
            return true;
        }

        if (!PictureCredits.IsNameAndSource(line) || BylineReader.TryRead(whole, out _))
            return false;
        segment.Decide(BlockKind.Credit, CreditLine);
        if (CaptionAbove(document, segment) is { } caption)
        {
            caption.Decide(BlockKind.Caption, AboveCredit);
            document.Draft.Media.Add(new MediaItem(document.TextOf(caption), line.ToString()));
        }
        else
        {
            AddCredit(document, line.ToString());
        }

        return true;
    }

    /// <summary>A sentence or two on the line directly above the credit, the two of them apart from the text.</summary>
    static Segment? CaptionAbove(Document document, Segment credit) =>
        credit is { Breaks: 1, Previous: { Undecided: true, Breaks: > 1 } above, Next.Breaks: > 1 }
            && above.Traits is { EndsSentence: true, Words: >= 5 and <= 45, Sentences: <= 2 }
            && (document.InHead(above) || above == document.FirstProse) ? above : null;

    /// <summary>A short paragraph whose end is a credit: "(Photo: X)", "(AP Photo/X)", "© X/dpa", "Credit: X", "Getty Images".</summary>
    static void TryCaptionWithCredit(Document document, Segment segment)
    {
        if (segment.Traits.Words is < 4 or > CaptionWords)
            return;
        var line = document.Slice(segment);
        var credit = CreditAtEnd(document, segment, line, out var creditStart);
        if (credit is null)
            return;
        var caption = document.TextOf(segment);
        var cut = Math.Min(creditStart, caption.Length);
        segment.Decide(BlockKind.Caption, WithCredit);
        document.Draft.Media.Add(new MediaItem(caption[..cut].Trim().TrimEnd('|', '(', '[').Trim(), credit));
    }

    static string? CreditAtEnd(Document document, Segment segment, ReadOnlySpan<char> line, out int start)
    {
        start = 0;
        // A labelled credit in brackets or behind the last sentence.
        if (segment.Hits is not null)
            foreach (var hit in segment.Hits)
            {
                if (hit.Rule != Marker || segment.End - hit.Start > 90 || hit.Start == segment.Start)
                    continue;
                var at = hit.Start - segment.Start;
                var before = line[..at].TrimEnd();
                if (before.IsEmpty
                    || !(before[^1] is '(' or '[' or '|' or '（' or '【' || Chars.Is(before[^1], CharClass.Terminal | CharClass.Closer)))
                    continue;
                start = before[^1] is '(' or '[' or '|' or '（' or '【' ? before.Length - 1 : at;
                var credit = document.Text[hit.End..segment.End].Trim(' ', ':', ')', ']', '.', '）', '】', '\u00a0', '=');
                if (credit.Length > 0 && credit.Length < 90)
                    return credit;
            }

        // A picture source in the last brackets, when it is a photographer's credit and not a dateline's agency.
        if (line[^1] is ')' or ']')
        {
            var open = line.LastIndexOfAny('(', '[');
            if (open > 10)
            {
                var inside = line[(open + 1)..^1];
                if (inside.Length < 80 && (PictureCredits.IsNameAndSource(inside)
                    || inside.Contains("Photo", StringComparison.OrdinalIgnoreCase) && Agencies.IsPictureSource(inside)
                    || inside.StartsWith("AP Photo") || inside.StartsWith("File Photo", StringComparison.OrdinalIgnoreCase)))
                {
                    start = open;
                    return inside.ToString();
                }
            }
        }

        // What follows has no full stop, as nearly every paragraph has.
        if (line[^1] == '.')
            return null;
        var copyright = line.LastIndexOf('©');
        if (copyright > 10 && !(segment.Hits?.Exists(h => h.Rule.Kind == BlockKind.Copyright) ?? false)
            && line.Length - copyright < 60 && !line[copyright..].ContainsAnyInRange('0', '9'))
        {
            start = copyright;
            return line[(copyright + 1)..].Trim().ToString();
        }

        // "… in Brazil. Anna Weir/Getty Images": a name and a source behind the last full stop.
        var stop = line[..^1].LastIndexOf(". ");
        if (stop > 10 && line.Length - stop < 70 && line[^1] != '.')
        {
            var last = line[(stop + 2)..].Trim();
            if (PictureCredits.IsNameAndSource(last) || Agencies.IsPictureSource(last) && Agencies.News(last) is null)
            {
                start = stop + 2;
                return last.ToString();
            }
        }

        return null;
    }

    static void AddCredit(Document document, string credit) => document.Draft.Media.Add(new MediaItem("", credit));
}
