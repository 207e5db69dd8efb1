using Ingest.Core.Articles;
using Ingest.Core.Normalisation.Characters;
using Ingest.Core.Normalisation.Documents;
using Ingest.Core.Normalisation.Lines;
using Ingest.Core.Normalisation.Phrases;

namespace Ingest.Core.Normalisation.Rules;

/// <summary>
/// Social-media posts. The signature line — <c>— Name (@handle) February 4, 2022</c> — is the anchor; the post's text is above it, up to a
/// label such as "Embed:" or the paragraph before. Posts that are the story itself stay: no more than half of the words may be embeds.
/// </summary>
internal sealed class EmbedStep : RuleStep
{
    const string Signature = "embed.signature";
    const string Label = "embed.label";
    const string Text = "embed.text";
    const string Link = "embed.link";
    const string Restored = "embed.story";

    static readonly string[] SharedWords = Wording.Of("post.shared");
    static readonly PhraseRule Marker = PhraseRule.Named("embed.marker");

    /// <summary>A post without a label above it is one paragraph of at most this many characters.</summary>
    const int PostLength = 420;

    /// <summary>Segments that a labelled post may have.</summary>
    const int PostSegments = 8;

    public override IReadOnlyList<PhraseRule> Reads { get; } = [Marker];

    public override IReadOnlyList<RuleNote> Notes { get; } =
    [
        new(Signature, BlockKind.Embed,
            new("— Port (@port) March 3",
                "Harbour reopens\n\nThe harbour opened again on Monday after three weeks of repairs, the authority said.\n\nWe are open again! pic.twitter.com/abc\n\n— Port (@port) March 3, 2021\n\nShips were waiting in a long line outside the breakwater."),
            new("The account (@portauth) was opened in March 2021, the authority said.")),
        new(Label, BlockKind.Embed,
            new("Embed:",
                "Harbour reopens\n\nThe harbour opened again on Monday after three weeks of repairs, the authority said.\n\nEmbed:\n\nWe are open again! pic.twitter.com/abc\n\n— Port (@port) March 3, 2021\n\nShips were waiting in a long line outside the breakwater."),
            new("Embed: that is what the reporters were asked to do with the regiment, and they did it.")),
        new(Text, BlockKind.Embed,
            new("We are open again!",
                "Harbour reopens\n\nThe harbour opened again on Monday after three weeks of repairs, the authority said.\n\nWe are open again! pic.twitter.com/abc\n\n— Port (@port) March 3, 2021\n\nShips were waiting in a long line outside the breakwater."),
            new("Ships were waiting in a long line",
                "Harbour reopens\n\nThe harbour opened again on Monday after three weeks of repairs, the authority said.\n\nWe are open again! pic.twitter.com/abc\n\n— Port (@port) March 3, 2021\n\nShips were waiting in a long line outside the breakwater.")),
        new(Link, BlockKind.Embed, new("pic.twitter.com/AbCdEf1234"),
            new("The picture was posted on pic.twitter.com before it was withdrawn, she said.")),
    ];

    public override void Apply(Document document)
    {
        foreach (var segment in document.Segments)
        {
            if (!segment.Undecided)
                continue;
            if (segment.Traits.HasHandle && segment.Cuts < Document.MaxCuts
                && (TryReadSignature(document, segment, out var post) || TryReadShared(document, segment, out post)))
                Take(document, segment, post);
            else if (segment.Traits.Words <= 8 && IsPostLink(document.Slice(segment)))
                segment.Decide(BlockKind.Embed, Link);
        }

        foreach (var segment in document.Segments)
            if (segment.Undecided && IsLabel(document, segment) && segment.Next is { } next
                && (next.Kind == BlockKind.Embed && !next.Undecided || next.Traits.HasUrl))
                segment.Decide(BlockKind.Embed, Label);
        RestoreStory(document);
    }

    readonly record struct Post(string Author, string Handle, string? Date, int SignatureStart, int SignatureEnd);

    /// <summary>Finds <c>Name (@handle) date</c> in a segment.</summary>
    static bool TryReadSignature(Document document, Segment segment, out Post post)
    {
        post = default;
        var line = document.Slice(segment);
        var open = line.IndexOf("(@");
        if (open < 0)
            return false;
        var close = line[open..].IndexOf(')');
        if (close is < 3 or > 60)
            return false;
        close += open;
        var handle = line[(open + 1)..close];
        foreach (var c in handle[1..])
            if (!char.IsAsciiLetterOrDigit(c) && c is not ('_' or '.' or '-'))
                return false;
        var dateEnd = close + 1;
        var date = ReadDate(line, ref dateEnd);
        if (date is null)
            return false;
        var nameStart = NameStart(line, open);
        if (open - nameStart > 80)
            return false;
        var author = line[nameStart..open].Trim(" \u00a0—–-―|\t");
        post = new Post(author.ToString(), handle.ToString(), date.Value.Iso, segment.Start + nameStart, segment.Start + dateEnd);
        return true;
    }

    /// <summary>"A post shared by Name (@handle)": the words of the platform instead of a date.</summary>
    static bool TryReadShared(Document document, Segment segment, out Post post)
    {
        post = default;
        var line = document.Slice(segment);
        if (segment.Traits.Words > 16 || segment.Traits.EndsSentence)
            return false;
        var open = line.IndexOf("(@");
        var close = open < 0 ? -1 : line[open..].IndexOf(')') + open;
        if (close <= open)
            return false;
        foreach (var word in SharedWords)
            if (line.Contains(word, StringComparison.OrdinalIgnoreCase))
            {
                var name = line[..open].Trim();
                var by = name.LastIndexOf(" by ");
                if (by < 0)
                    by = name.LastIndexOf(" von ") is var von and >= 0 ? von + 1 : by;
                post = new Post(by < 0 ? name.ToString() : name[(by + 4)..].ToString(),
                    line[(open + 1)..close].ToString(), null, segment.Start, segment.End);
                return true;
            }

        return false;
    }

    /// <summary>Reads "February 4, 2022", "4 февраля 2022 г." or "April 23, 2026 at 7:12 AM" behind the handle.</summary>
    static DateFound? ReadDate(ReadOnlySpan<char> line, ref int at)
    {
        // The date is the shortest stretch that holds a whole date; a time of day behind it belongs to it.
        var end = at;
        DateFound? found = null;
        var limit = Math.Min(line.Length, at + 48);
        while (end < limit)
        {
            while (end < limit && !Chars.Is(line[end], CharClass.Digit))
                end++;
            while (end < limit && Chars.Is(line[end], CharClass.Digit))
                end++;
            if (Dates.TryReadLine(line[at..end].Trim(" ·,—–-"), out var read) && read.Date is { } date)
            {
                found = date;
                at = end;
                var rest = at;
                while (rest < limit && !Chars.Is(line[rest], CharClass.Terminal))
                    rest++;
                if (rest == line.Length && Dates.TryReadLine(line[at..rest].Trim(), out _))
                    at = rest;
                break;
            }
        }

        return found;
    }

    /// <summary>Where the display name begins: behind the last dash, terminal or post link before the handle.</summary>
    static int NameStart(ReadOnlySpan<char> line, int open)
    {
        var i = open - 1;
        while (i >= 0)
        {
            if (line[i] is '—' or '–' or '―' || line[i] == '-' && (i == 0 || line[i - 1] == ' '))
                return i;
            if (Chars.Is(line[i], CharClass.Terminal) && i + 1 < open
                && line[i + 1] == ' ' && !(i > 0 && Chars.Is(line[i - 1], CharClass.Upper)))
                return i + 1;
            if (line[i] == '/' && line[..i].EndsWith("twitter.com"))
            {
                // pic.twitter.com/x Name (@handle): the name begins behind the link.
                var j = i;
                while (j < open && line[j] != ' ' && line[j] != '\u00a0')
                    j++;
                return j;
            }

            i--;
        }

        return 0;
    }

    static void Take(Document document, Segment segment, Post post)
    {
        var text = document.Text;
        // In a line of its own all of it is the post; where the line goes on behind it, it began with something else as likely.
        var within = segment.Start > 0 && text[segment.Start - 1] is not ('\n' or '\r');
        if (post.SignatureEnd < segment.End)
        {
            var rest = text.AsSpan(post.SignatureEnd, segment.End - post.SignatureEnd).Trim();
            if (rest.Length > 2)
            {
                document.Cut(segment, post.SignatureEnd);
                within |= post.Date is not null;
            }
        }

        var texts = new List<string>();
        var before = text.AsSpan(segment.Start, post.SignatureStart - segment.Start).Trim();
        if (before.Length > 0 && post.SignatureStart > segment.Start && Chars.Any(before, CharClass.Letter))
        {
            // Post and signature on one line.
            var start = !within && before.Length <= PostLength ? segment.Start : PostStart(text, segment.Start, post.SignatureStart);
            if (start > segment.Start)
                segment = document.Cut(segment, start);
            texts.Add(document.TextOf(segment)
                [..Math.Max(0, Math.Min(post.SignatureStart - segment.Start, document.TextOf(segment).Length))].Trim());
        }
        else
        {
            // A signature with a date closes its post; "A post shared by" may stand alone.
            TakeAbove(document, segment, texts, labelledOnly: post.Date is null);
        }

        segment.Decide(BlockKind.Embed, Signature);
        document.Draft.Embeds.Add(new SocialEmbed(Platform(post, texts), post.Author, post.Handle, post.Date, string.Join("\n", texts)));
    }

    static void TakeAbove(Document document, Segment signature, List<string> texts, bool labelledOnly)
    {
        Segment? label = null;
        var above = signature.Previous;
        for (var steps = 0;
            above is not null && steps < PostSegments && (above.Undecided || above.Kind == BlockKind.Embed && above.Rule == Link);
            steps++, above = above.Previous)
            if (IsLabel(document, above))
            {
                label = above;
                break;
            }

        var first = signature.Previous;
        if (label is not null)
        {
            label.Decide(BlockKind.Embed, Label);
            first = label.Next;
        }
        else
        {
            if (labelledOnly || first is null || !first.Undecided || first.Length > PostLength || first == document.First)
                return;
            // A link or a line of tags alone belongs to the line above it.
            while (first.Previous is { Undecided: true } previous && previous != document.First && first.Traits.Words <= 6
                && (first.Traits.HasUrl || IsPostLink(document.Slice(first)) || document.Text[first.Start] == '#')
                && previous.Length <= PostLength)
                first = previous;
        }

        for (var part = first; part is not null && part != signature; part = part.Next)
        {
            texts.Add(document.TextOf(part));
            part.Decide(BlockKind.Embed, Text);
        }
    }

    static string Platform(Post post, List<string> texts)
    {
        if (post.Handle.Contains('.', StringComparison.Ordinal))
            return "bluesky";
        foreach (var text in texts)
        {
            if (text.Contains("instagram", StringComparison.OrdinalIgnoreCase))
                return "instagram";
            if (text.Contains("tiktok", StringComparison.OrdinalIgnoreCase))
                return "tiktok";
        }

        return "twitter";
    }

    static bool IsLabel(Document document, Segment segment)
    {
        if (segment.Traits.Words is 0 or > 4 || segment.Hits is null)
            return false;
        return segment.Hits.Exists(h => h.Rule == Marker);
    }

    static bool IsPostLink(ReadOnlySpan<char> line) =>
        (line.Contains("pic.twitter.com/", StringComparison.Ordinal)
            || line.StartsWith("https://t.co/") || line.StartsWith("https://twitter.com/")
            || line.StartsWith("https://x.com/") || line.StartsWith("https://www.instagram.com/p/")) && !line.TrimEnd('.').Contains(' ');

    /// <summary>
    /// Where the post that ends before <paramref name="end"/> begins in a line that tells of other things too: with its last sentence, and
    /// those before it that a reporter would not write.
    /// </summary>
    static int PostStart(string text, int start, int end)
    {
        const int FewWords = 4, WordsBeforeColon = 3;
        var starts = new List<int> { start };
        Sentences.Starts(text, start, end, starts);
        var words = 0;
        // Tags and links end a sentence, although the next one may seem to begin with them.
        var goesOn = true;
        for (var i = starts.Count - 1; i >= 0; i--)
        {
            var sentence = text.AsSpan(starts[i], (i + 1 < starts.Count ? starts[i + 1] : end) - starts[i]).Trim();
            if (!goesOn && words >= FewWords && !IsOfPosts(sentence))
                return starts[i + 1];
            // "She wrote on Monday: We are open again."
            if (sentence.LastIndexOf(": ") is > 0 and var colon && sentence[..colon].Count(' ') + 1 >= WordsBeforeColon)
                return text.IndexOf(": ", starts[i] + colon, StringComparison.Ordinal) + 2;
            goesOn = IsTagOrLink(sentence);
            foreach (var part in sentence.Split(' '))
                words += Chars.Any(sentence[part], CharClass.Letter) && !IsTagOrLink(sentence[part]) ? 1 : 0;
        }

        return start;
    }

    /// <summary>A sentence with a tag, a link or an emoji, or that shouts.</summary>
    static bool IsOfPosts(ReadOnlySpan<char> sentence)
    {
        if (sentence.EndsWith("!") || sentence.EndsWith("！"))
            return true;
        foreach (var part in sentence.Split(' '))
            if (IsTagOrLink(sentence[part]))
                return true;
        foreach (var c in sentence)
            if (c is >= '\ud83c' and <= '\ud83e' or >= '\u2600' and <= '\u27bf')
                return true;
        return false;
    }

    static bool IsTagOrLink(ReadOnlySpan<char> word) => word is ['#' or '@', _, ..] || word.StartsWith("http") || word.StartsWith("pic.");

    /// <summary>Where posts make up most of the text, they are the story: they come back as quotes.</summary>
    static void RestoreStory(Document document)
    {
        int embedded = 0, rest = 0;
        foreach (var segment in document.Segments)
        {
            if (!segment.Undecided && segment.Kind == BlockKind.Embed)
                embedded += segment.Traits.Words;
            else if (segment.Traits.IsProse)
                rest += segment.Traits.Words;
        }

        if (embedded <= rest)
            return;
        foreach (var segment in document.Segments)
        {
            if (segment.Undecided || segment.Kind != BlockKind.Embed || segment.Rule is Label or Link)
                continue;
            segment.Decide(BlockKind.Quote, Restored);
            segment.Uncertain = true;
        }

        document.Draft.Embeds.Clear();
    }
}
