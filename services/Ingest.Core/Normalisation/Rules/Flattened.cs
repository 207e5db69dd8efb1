using Ingest.Core.Articles;
using Ingest.Core.Normalisation.Documents;
using Ingest.Core.Normalisation.Lines;
using Ingest.Core.Normalisation.Phrases;
using Ingest.Core.Normalisation.Words;

namespace Ingest.Core.Normalisation.Rules;

/// <summary>
/// Questions about a block in which a scraper joined many lines with blanks: story and boilerplate stand in one segment there, and a phrase
/// says something about its sentence only.
/// </summary>
internal static class Flattened
{
    /// <summary>The rule whose phrases open a sentence that speaks to the reader.</summary>
    public static readonly PhraseRule Opening = PhraseRule.Named("reader.opening");

    /// <summary>
    /// Words and sentences from which a block may be a flattened article; a shorter one is one line of boilerplate or of text.
    /// </summary>
    const int Words = 25, Sentences = 3;

    /// <summary>Words from which it may be one without full stops: some scrapers drop them.</summary>
    const int UnendedWords = 60;

    /// <summary>The same for a block that is only a part of the running text, where a long paragraph is nothing special.</summary>
    const int PartWords = 40;

    /// <summary>Plain sentences and their words that make a block with boilerplate in it a block of story.</summary>
    const int PlainSentences = 2, PlainWords = 30;

    /// <summary>A phrase that is a sentence's whole evidence has so many characters; half as many in scripts without spaces.</summary>
    const int PhraseLength = 8;

    /// <summary>
    /// The rule that knows a sentence, and the length of its phrase; strong where the phrase opens the sentence or is all of it, or where
    /// the sentence is one that speaks to the reader.
    /// </summary>
    public readonly record struct Finding(PhraseRule Rule, bool IsStrong, bool Speaks, int Length);

    /// <summary>True where the block holds half of the running text or more: whatever phrase it has, it is the story.</summary>
    public static bool IsStory(Segment segment, Document document) =>
        segment.Traits.IsProse && segment.Traits.Words * 2 >= document.ProseWords
        && (segment.Traits.Words >= Words && segment.Traits.Sentences + segment.Traits.Glued >= Sentences || segment.Traits.Words >= UnendedWords);

    /// <summary>Long enough to ask <see cref="IsPlain"/> what stands before its boilerplate.</summary>
    public static bool IsLong(Segment segment) =>
        segment.Traits.IsProse && segment.Traits.Words >= PartWords && segment.Traits.Sentences + segment.Traits.Glued >= Sentences;

    /// <summary>
    /// True where a rule that found <paramref name="hit"/> must not take the block as a whole: it is the story, or several sentences before
    /// the one with the phrase are plain text. (What rules of the tail tell of a person takes a paragraph whose other sentences are as
    /// plain: of these, ask <see cref="IsStory"/>.)
    /// </summary>
    public static bool IsInStory(PhraseHit hit, Segment segment, Document document) =>
        IsStory(segment, document)
        || IsLong(segment) && IsPlain(document, segment.Start, Lines.Sentences.LastStart(document.Text, segment.Start, hit.Start + 1));

    /// <summary>
    /// True where several sentences stand from <paramref name="start"/> to <paramref name="end"/> in which nobody speaks
    /// of himself or to the reader.
    /// </summary>
    public static bool IsPlain(Document document, int start, int end)
    {
        if (end <= start)
            return false;
        var probe = document.Probe(start, end);
        return probe.Traits.Sentences + probe.Traits.Glued >= PlainSentences && probe.Traits.Words >= PlainWords && !Voices.Any(document.ProbeWords(probe));
    }

    /// <summary>What the phrase rules say of a sentence as if it stood on a line of its own.</summary>
    public static Finding? Find(Segment sentence, Document document)
    {
        // A half of a quotation is speech, whatever it says.
        if (sentence.Hits is null || sentence.Traits.Quotes % 2 != 0)
            return null;
        var speaks = sentence.Hits.Exists(h => h.Rule == Opening);
        Finding? found = null;
        foreach (var hit in sentence.Hits)
        {
            var opens = PhraseBook.OnlySignsBefore(document.Text, sentence.Start, hit.Start);
            if (hit.Rule.Match == PhraseMatch.Start && !opens || !PhraseStep.Holds(hit.Rule, sentence, document))
                continue;
            var finding = new Finding(hit.Rule, IsStrong(hit, sentence, opens, speaks), speaks, hit.End - hit.Start);
            if (found is not { } best || (finding.IsStrong, finding.Length).CompareTo((best.IsStrong, best.Length)) > 0)
                found = finding;
        }

        return found;
    }

    static bool IsStrong(PhraseHit hit, Segment sentence, bool opens, bool speaks)
    {
        var length = hit.End - hit.Start;
        if (length < PhraseLength && (sentence.Traits.Spaceless == 0 || length * 2 < PhraseLength))
            return false;
        return hit.Rule.Match switch
        {
            // A word may be a sentence of a story: "Silence."
            PhraseMatch.Whole => sentence.Traits.Words >= 2,
            PhraseMatch.Start => true,
            // What is told at the tail about a person or a mark is told in stories too: "She is the author of the bill."
            PhraseMatch.Within => hit.Rule.Zone != Zone.Tail && sentence.Traits.Quotes == 0 && (opens || speaks),
            _ => false,
        };
    }
}
