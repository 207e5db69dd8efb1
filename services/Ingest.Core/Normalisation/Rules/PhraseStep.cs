using Ingest.Core.Articles;
using Ingest.Core.Normalisation.Characters;
using Ingest.Core.Normalisation.Documents;
using Ingest.Core.Normalisation.Lines;
using Ingest.Core.Normalisation.Phrases;

namespace Ingest.Core.Normalisation.Rules;

/// <summary>
/// Applies the rules of <c>phrases.txt</c>: to whole segments, to the lists that a section heading opens, and to
/// sentences glued to a paragraph's end.
/// </summary>
internal sealed class PhraseStep : RuleStep
{
    /// <summary>How many sentences at a paragraph's end may be cut off.</summary>
    const int GluedSentences = 6;

    /// <summary>How many title-like segments a section heading takes with it.</summary>
    const int SectionLength = 30;

    public override IReadOnlyList<RuleNote> Notes => [];

    public override void Apply(Document document)
    {
        // Each round may bare a line that stands at the edge of what is left.
        for (var (round, decided) = (0, true); decided && round < 4; round++)
        {
            document.FindProse();
            decided = false;
            foreach (var segment in document.Segments)
            {
                if (!segment.Undecided)
                    continue;
                if (round == 0 && FurniturePhrases.Covering(document, segment) is { } rule)
                {
                    Decide(segment, rule, document);
                    decided = true;
                }
                else if (segment.Hits is not null && Best(segment, document) is { } hit)
                {
                    DecideWith(segment, hit.Rule, document);
                    decided = true;
                }
            }
        }

        document.FindProse();
        CutGlued(document);
    }

    /// <summary>
    /// The hit that decides: of those whose rule's conditions hold, the longest; none where the phrase is only a
    /// sentence's in a block of story.
    /// </summary>
    internal static PhraseHit? Best(Segment segment, Document document)
    {
        PhraseHit? best = null;
        // Asked once a segment, of its first phrase: the answer costs a scan of what stands before it.
        bool? inStory = null;
        foreach (var hit in segment.Hits!)
        {
            if (hit.Rule.Match == PhraseMatch.Start && !PhraseBook.OnlySignsBefore(document.Text, segment.Start, hit.Start)
                || !Holds(hit.Rule, segment, document)
                || best is not null && Rank(hit) <= Rank(best.Value))
                continue;
            if (hit.Rule.Match != PhraseMatch.Whole
                && (hit.Rule.Zone == Zone.Tail
                    ? Flattened.IsStory(segment, document)
                    : inStory ??= Flattened.IsInStory(hit, segment, document)))
                continue;
            best = hit;
        }

        return best;
    }

    /// <summary>A phrase that is the whole segment wins, then the longer.</summary>
    static int Rank(PhraseHit hit) => hit.End - hit.Start + (hit.Rule.Match == PhraseMatch.Whole ? 1000 : 0);

    /// <summary>True where the segment's length, form and place are those that the rule asks for.</summary>
    internal static bool Holds(PhraseRule rule, Segment segment, Document document)
    {
        // A heading with running text under it is a subhead of the article: "UP NEXT" in a match report.
        if (rule.Section && segment.Next is { Undecided: true } below && below.Traits.IsProse && !document.InTail(segment))
            return false;
        // What an advisory or a kill says to editors is its body.
        if (rule.Kind == BlockKind.EditorNote && document.Draft.Profile != ArticleProfile.Article)
            return false;
        if (rule is { Kind: BlockKind.RelatedLink, Label: true } && IsInBox(segment, document))
            return false;
        if (segment.Traits.Words > rule.MaxWords || rule.Label && segment.Traits.EndsSentence && segment.Traits.Last != '?')
            return false;
        return rule.Zone switch
        {
            Zone.Any => true,
            Zone.Head => document.InHead(segment),
            Zone.Tail => document.InTail(segment),
            _ => document.InHead(segment) || document.InTail(segment),
        };
    }

    /// <summary>"Más información: …" under "Cuándo: …" and "Dónde: …", which no rule took: where to ask, and no link.</summary>
    static bool IsInBox(Segment segment, Document document) =>
        segment.Previous is { Undecided: true, Previous: { Undecided: true } first } before
        && document.Slice(segment).IndexOf("info", StringComparison.OrdinalIgnoreCase) is >= 0 and <= 12
        && LineReader.IsLabelled(document.Text, segment.Start, segment.End) && LineReader.IsLabelled(document.Text, before.Start, before.End)
        && LineReader.IsLabelled(document.Text, first.Start, first.End);

    /// <summary>Decides the segment by the rule, and keeps as data what has value.</summary>
    internal static void Decide(Segment segment, PhraseRule rule, Document document)
    {
        segment.Decide(rule.Kind, rule.Name);
        Keep(segment, document);
    }

    static void DecideWith(Segment segment, PhraseRule rule, Document document)
    {
        Decide(segment, rule, document);
        if (!rule.Section)
            return;
        var length = 0;
        for (var next = segment.Next; next is not null && length < SectionLength; next = next.Next, length++)
        {
            if (!next.Undecided || next.Traits.IsProse || !next.Traits.IsTitleLike || next.Traits.EndsSentence && next.Traits.Last != '?')
                break;
            next.Decide(rule.Kind, rule.Name);
            Keep(next, document);
        }
    }

    /// <summary>What is taken out of the body but has value stays as data.</summary>
    static void Keep(Segment segment, Document document)
    {
        var draft = document.Draft;
        switch (segment.Kind)
        {
            case BlockKind.RelatedLink:
                draft.RelatedLinks.Add(document.TextOf(segment));
                break;
            case BlockKind.TopicTags:
                draft.Tags.Add(document.TextOf(segment));
                break;
            case BlockKind.Paywall:
                draft.Truncated = true;
                break;
            case BlockKind.Copyright:
                draft.Set(Field.CopyrightNotice, document.TextOf(segment), segment.Rule!, segment);
                break;
            case BlockKind.EditorNote:
                draft.EditorNotes.Add(document.TextOf(segment));
                break;
            case BlockKind.Correction:
                draft.Set(Field.Correction, document.TextOf(segment), segment.Rule!, segment);
                draft.EditorNotes.Add(document.TextOf(segment));
                break;
        }
    }

    static void CutGlued(Document document)
    {
        foreach (var segment in document.Segments)
        {
            if (!segment.InBody || segment.Hits is null || segment.Traits.Words < 8)
                continue;
            // From the end inwards, so that each cut leaves a shorter paragraph with a new last sentence.
            for (var cut = 0; cut < GluedSentences; cut++)
            {
                if (LastGlued(segment, document) is not { } hit || hit.Start <= segment.Start)
                    break;
                var tail = document.Cut(segment, hit.Start);
                tail.Decide(hit.Rule.Kind, hit.Rule.Name);
                Keep(tail, document);
                if (segment.Hits is null)
                    break;
            }
        }
    }

    /// <summary>The earliest glued hit from which only a few short sentences remain, standing where a sentence may begin.</summary>
    static PhraseHit? LastGlued(Segment segment, Document document)
    {
        PhraseHit? found = null;
        foreach (var hit in segment.Hits!)
        {
            if (!hit.Rule.Glued || hit.Start == segment.Start || segment.End - hit.Start > 400
                || !AtSentenceStart(document.Text, hit.Start, segment.Start))
                continue;
            if (hit.Rule.Zone == Zone.Tail && !document.InTail(segment))
                continue;
            if (found is null || hit.Start < found.Value.Start)
                found = hit;
        }

        return found;
    }

    /// <summary>True behind a terminal (closers and spaces between), an opening bracket counted as part of the sentence.</summary>
    static bool AtSentenceStart(string text, int at, int start)
    {
        var i = at - 1;
        while (i >= start && (Chars.Is(text[i], CharClass.Space | CharClass.Closer | CharClass.Opener) || text[i] is '-' or '–' or '—'))
            i--;
        return i >= start && Chars.Is(text[i], CharClass.Terminal);
    }
}
