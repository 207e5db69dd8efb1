using Ingest.Core.Articles;
using Ingest.Core.Normalisation.Characters;
using Ingest.Core.Normalisation.Documents;
using Ingest.Core.Normalisation.Lines;
using Ingest.Core.Normalisation.Phrases;
using Ingest.Core.Normalisation.Words;

namespace Ingest.Core.Normalisation.Rules;

/// <summary>
/// Takes boilerplate off both ends of a block in which a scraper joined the lines of a page: sentence by sentence, each decided by the
/// phrase rule that would decide it on a line of its own, up to the first that none knows. Nothing inside the text is touched.
/// </summary>
internal sealed class FlattenedStep : RuleStep
{
    const string Menu = "nav.menu-run";

    static readonly PhraseRule MenuWord = PhraseRule.Named("nav.menu"), MenuTopic = PhraseRule.Named("nav.menu-topic");

    /// <summary>Characters at the end of a block among which boilerplate is looked for.</summary>
    const int TailLength = 3000;

    /// <summary>Sentences at the end, and at the start, that may go.</summary>
    const int TailSentences = 24, HeadSentences = 4;

    /// <summary>A sentence that was parted at an abbreviation, or behind a question, has so many pieces at most.</summary>
    const int Pieces = 3;

    /// <summary>Sentences that rules know only faintly are taken between others that they know well: so many in a row.</summary>
    const int FaintSentences = 2;

    /// <summary>Words of a clause at a sentence's end that may name who says it.</summary>
    const int TellerWords = 5;

    /// <summary>Behind text that ends without a full stop, boilerplate is looked for in so many characters.</summary>
    const int UnendedLength = 240;

    /// <summary>
    /// Words of a sentence at the start, and characters that it may have beside its phrase. A headline without a full stop and the lede
    /// behind it would be one sentence with the boilerplate before them.
    /// </summary>
    const int HeadWords = 12, HeadRest = 40;

    /// <summary>Entries that make a menu, and those among them that open no headline; one of these is enough in a long menu.</summary>
    const int MenuEntries = 4, MenuWords = 2, LongMenu = 6;

    /// <summary>Topics of a menu with which a headline may begin.</summary>
    const int HeadlineTopics = 2;

    const string Story = "The harbour opened again on Monday after three weeks of repairs, the authority said. Ships were waiting in a long line outside the breakwater. The first of them brought grain.";

    public override IReadOnlyList<PhraseRule> Reads { get; } = [MenuWord, MenuTopic, Flattened.Opening];

    public override IReadOnlyList<RuleNote> Notes { get; } =
    [
        new(Menu, BlockKind.Navigation,
            new("Home News Sports Login Archive", "Home News Sports Login Archive Classifieds HARBOUR OPENS AGAIN " + Story),
            new("Home Sports Business Loses Its Archive", "Home Sports Business Loses Its Archive " + Story)),
    ];

    /// <summary>A sentence of boilerplate: where it begins, and the rule that knows it.</summary>
    readonly record struct Piece(int Start, PhraseRule Rule);

    public override void Apply(Document document)
    {
        document.FindProse();
        var segment = document.First;
        while (segment is not null)
        {
            // Pieces that are cut off stand between the block and the next.
            var next = segment.Next;
            var story = Flattened.IsStory(segment, document);
            // A rule that takes the whole of a paragraph knows it better than one that takes its last sentence.
            if (segment.Undecided
                && (story || Flattened.IsLong(segment) && document.InTail(segment)
                    && (segment.Hits is null || PhraseStep.Best(segment, document) is null)))
            {
                TakeTail(document, segment, story);
                if (story && segment.Undecided)
                    TakeHead(document, segment);
            }

            segment = next;
        }
    }

    static void TakeTail(Document document, Segment segment, bool story)
    {
        var pieces = FindTail(document, segment);
        if (pieces.Count == 0 || !story && !Flattened.IsPlain(document, segment.Start, pieces[^1].Start))
            return;
        // From the story outwards: each cut scans a shorter rest. Neighbours of one rule are one span.
        var rest = segment;
        PhraseRule? rule = null;
        for (var i = pieces.Count - 1; i >= 0; i--)
        {
            if (pieces[i].Rule == rule)
                continue;
            var piece = pieces[i].Start == segment.Start ? segment : document.Cut(rest, pieces[i].Start);
            if (rule is not null)
                PhraseStep.Decide(rest, rule, document);
            (rest, rule) = (piece, pieces[i].Rule);
        }

        PhraseStep.Decide(rest, rule!, document);
    }

    /// <summary>The boilerplate at the block's end, from the end inwards; the last of it is known well.</summary>
    static List<Piece> FindTail(Document document, Segment segment)
    {
        var text = document.Text;
        var floor = Math.Max(segment.Start, segment.End - TailLength);
        var pieces = new List<Piece>();
        var (end, strong, faint) = (segment.End, 0, 0);
        while (end > floor && pieces.Count < TailSentences)
        {
            var start = FindSentence(document, floor, end, out var found);
            if (found is not { IsStrong: true }
                && FindUnended(document, Math.Max(start, end - UnendedLength), end, out var unended) is var inside && unended is not null)
                (start, found) = (inside, unended);
            if (found is null)
                break;
            if (start == floor && floor > segment.Start)
                break;
            pieces.Add(new Piece(start, found.Value.Rule));
            faint = found.Value.IsStrong ? 0 : faint + 1;
            if (found.Value.IsStrong)
                strong = pieces.Count;
            if (faint > FaintSentences)
                break;
            end = start;
            while (end > floor && Chars.Is(text[end - 1], CharClass.Space))
                end--;
        }

        if (strong == 1 && IsDoubtful(document, pieces[0].Start, segment.End))
            strong = 0;
        pieces.RemoveRange(strong, pieces.Count - strong);
        return pieces;
    }

    /// <summary>
    /// True where a sentence that has no other boilerplate beside it may be the last of the story: two words ("No comments."), or something
    /// that is told, the teller behind a comma ("Support local journalism, the posters say.").
    /// </summary>
    static bool IsDoubtful(Document document, int start, int end)
    {
        var sentence = document.Probe(start, end);
        if (sentence.Traits.Words < 3 && sentence.Traits.EndsSentence && sentence.Traits.Spaceless == 0)
            return true;
        var comma = document.Slice(sentence).LastIndexOf(',');
        if (comma < 0 || !sentence.Traits.EndsSentence)
            return false;
        var clause = document.Probe(start + comma + 1, end);
        return clause.Traits.Words is > 1 and <= TellerWords && clause.Traits.Digits == 0 && !Voices.Any(document.ProbeWords(clause));
    }

    /// <summary>
    /// The last sentence before <paramref name="end"/>, with those before it that it may go on; <paramref name="found"/>
    /// is null where no rule knows it.
    /// </summary>
    static int FindSentence(Document document, int floor, int end, out Flattened.Finding? found)
    {
        found = null;
        var start = end;
        for (var joined = 0; joined < Pieces; joined++)
        {
            start = Sentences.LastStart(document.Text, floor, start);
            found = Flattened.Find(document.Probe(start, end), document);
            if (found is not null || start == floor || !Sentences.MayGoOn(document.Text, start, floor))
                break;
        }

        return start;
    }

    /// <summary>
    /// Boilerplate behind text that does not end in a full stop: an upper-case letter opens it, and it is written as a sentence is, not as
    /// a title. In languages that write nouns so, a phrase may end a sentence of the story ("… ein Hinweis der Redaktion."): what does not
    /// speak to the reader must follow no function word, and be no note about the copy.
    /// </summary>
    static int FindUnended(Document document, int from, int end, out Flattened.Finding? found)
    {
        var text = document.Text;
        for (var i = end - 1; i > from; i--)
        {
            if (!Chars.Is(text[i], CharClass.Upper) || !Chars.Is(text[i - 1], CharClass.Space))
                continue;
            var probe = document.Probe(i, end);
            found = Flattened.Find(probe, document);
            if (found is { IsStrong: true, Speaks: var speaks, Rule.Kind: var kind }
                && (probe.Traits.Capitalised * 2 <= probe.Traits.Words || SecondWordIsLow(text, i, end))
                && (speaks || kind is not (BlockKind.EditorNote or BlockKind.Correction or BlockKind.StandardsNote)
                    && !FollowsFunctionWord(document, i, from)))
                return i;
        }

        found = null;
        return from;
    }

    static bool FollowsFunctionWord(Document document, int at, int from)
    {
        var start = at - 1;
        while (start > from && !Chars.Is(document.Text[start - 1], CharClass.Space))
            start--;
        return document.Probe(start, at).Traits is { StopWords: > 0, StartsLower: true };
    }

    static bool SecondWordIsLow(string text, int at, int end)
    {
        while (at < end && !Chars.Is(text[at], CharClass.Space))
            at++;
        return at + 1 < end && Chars.Is(text[at + 1], CharClass.Lower | CharClass.Digit);
    }

    static void TakeHead(Document document, Segment segment)
    {
        var rest = segment;
        for (var taken = 0; taken < HeadSentences; taken++)
        {
            if (MenuEnd(document, rest) is var menu && menu > rest.Start && menu < rest.End)
            {
                var story = document.Cut(rest, menu);
                rest.Decide(BlockKind.Navigation, Menu);
                rest = story;
                continue;
            }

            var end = Sentences.NextStart(document.Text, rest.Start, Math.Min(rest.End, rest.Start + UnendedLength));
            if (end >= Math.Min(rest.End, rest.Start + UnendedLength))
                return;
            var sentence = document.Probe(rest.Start, end);
            if (Flattened.Find(sentence, document) is not { IsStrong: true } found || found.Rule.Zone == Zone.Tail
                || sentence.Traits.Words > HeadWords || sentence.Length - found.Length > HeadRest)
                return;
            var behind = document.Cut(rest, end);
            PhraseStep.Decide(rest, found.Rule, document);
            rest = behind;
        }
    }

    /// <summary>
    /// Where a menu at the start of a block ends; its start where there is none. The words of a menu are many and different, and some
    /// of them open no headline. The last topics before a word in lower or mixed case may be the headline's first words ("Local
    /// business owners …") and are left to it.
    /// </summary>
    static int MenuEnd(Document document, Segment segment)
    {
        var text = document.Text;
        var ends = new List<int>();
        var seen = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        int words = 0, sure = 0;
        var at = segment.Start;
        while (MenuEntry(text, at, segment.End) is ({ } rule, var end) && seen.Add(text[at..end]))
        {
            at = end;
            while (at < segment.End && Chars.Is(text[at], CharClass.Space))
                at++;
            ends.Add(at);
            if (rule != MenuWord)
                continue;
            words++;
            sure = ends.Count;
        }

        sure = at < segment.End && IsShouted(text, at, segment.End) ? ends.Count : Math.Max(sure, ends.Count - HeadlineTopics);
        return sure >= MenuEntries && (words >= MenuWords || words > 0 && sure >= LongMenu) ? ends[sure - 1] : segment.Start;
    }

    /// <summary>The longest entry of a menu that begins at <paramref name="at"/> and is followed by a space.</summary>
    static (PhraseRule? Rule, int End) MenuEntry(string text, int at, int end)
    {
        List<PhraseHit>? hits = null;
        if (at >= end || Chars.Is(text[at], CharClass.Lower))
            return default;
        PhraseBook.Default.MatchOpening(text, at, at, end, ref hits);
        PhraseHit? longest = null;
        foreach (var hit in hits ?? [])
            if ((hit.Rule == MenuWord || hit.Rule == MenuTopic) && hit.End < end
                && Chars.Is(text[hit.End], CharClass.Space) && (longest is null || hit.End > longest.Value.End))
                longest = hit;
        return longest is { } found ? (found.Rule, found.End) : default;
    }

    /// <summary>A word of two letters or more in upper case throughout, as headlines of flattened pages often are.</summary>
    static bool IsShouted(string text, int at, int end)
    {
        var letters = 0;
        for (var i = at; i < end && Chars.Is(text[i], CharClass.Letter); i++, letters++)
            if (!Chars.Is(text[i], CharClass.Upper))
                return false;
        return letters >= 2;
    }
}
