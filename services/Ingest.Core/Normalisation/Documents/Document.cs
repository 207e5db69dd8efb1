using Ingest.Core.Articles;
using Ingest.Core.Normalisation.Characters;
using Ingest.Core.Normalisation.Exports;
using Ingest.Core.Normalisation.Lines;
using Ingest.Core.Normalisation.Pages;
using Ingest.Core.Normalisation.Phrases;
using Ingest.Core.Normalisation.Sources;
using Ingest.Core.Normalisation.Words;

namespace Ingest.Core.Normalisation.Documents;

/// <summary>The text under decision: its segments, the rules' working copy of the article, and where head, body and tail lie.</summary>
internal sealed class Document
{
    /// <summary>Pieces of one line beyond which no rule cuts on: real lines have two or three.</summary>
    public const int MaxCuts = 16;

    readonly Scanner scanner;
    (Scanner Scanner, WordList Words)? probes;

    public Document(ArticleMetadata given, string text, SourceProfile? source = null, Page? page = null)
    {
        Page = page;
        Source = source ?? SourceProfile.Unknown;
        Given = given;
        Text = text;
        Words = new WordList(text.Length / 5 + 64);
        Vote = new LanguageVote(StopWords.Default);
        scanner = new Scanner(PhraseBook.Default, StopWords.Default, Vote, Words);
        Repeated = Source.Read(text);
        Export = page is null ? ExportRecord.Read(text) : null;
        First = LineReader.Read(text, Repeated.Lines, page?.Starts ?? Export?.Apart());
        for (var segment = First; segment is not null; segment = segment.Next)
        {
            segment.PageLine = page?.LineAt(segment.Start) ?? 0;
            scanner.Scan(text, segment);
            Last = segment;
        }
    }

    /// <summary>
    /// The clean text of <paramref name="cleaned"/> as a document of its own, without scanning it again: its headline and body, each
    /// segment a copy that knows its <see cref="Segment.Origin"/>.
    /// </summary>
    public Document(Document cleaned)
    {
        Given = cleaned.Given;
        Page = cleaned.Page;
        Source = cleaned.Source;
        Repeated = RepeatedText.Nothing;
        Text = cleaned.Text;
        Words = cleaned.Words;
        Vote = cleaned.Vote;
        scanner = cleaned.scanner;
        foreach (var segment in cleaned.CleanText())
        {
            var copy = new Segment(segment.Start, segment.End)
            {
                Origin = segment,
                PageLine = segment.PageLine,
                Previous = Last,
                Breaks = Last is null ? 0 : 2,
                Traits = segment.Traits,
                Hits = segment.Hits,
                Words = segment.Words,
                Lexical = segment.Lexical,
                Repetition = segment.Repetition,
            };
            if (Last is null)
                First = copy;
            else
                Last.Next = copy;
            Last = copy;
        }
    }

    /// <summary>What is known of the article and wins over what its text says.</summary>
    public ArticleMetadata Given { get; }
    public string Text { get; }

    /// <summary>What the markup says of the text; null where it had none.</summary>
    public Page? Page { get; }

    /// <summary>What is known of the source's habits.</summary>
    public SourceProfile Source { get; }

    /// <summary>What the source repeats of the text; of a clean text nothing, as it was taken out.</summary>
    public RepeatedText Repeated { get; }

    /// <summary>The text as a record of a database; null where it is none, and for a clean text.</summary>
    public ExportRecord? Export { get; }
    public Segment? First { get; private set; }
    public Segment? Last { get; private set; }
    public LanguageVote Vote { get; }
    public WordList Words { get; }
    public ArticleDraft Draft { get; } = new();

    /// <summary>The first and last segments in the body that are running text; null where there is none.</summary>
    public Segment? FirstProse { get; private set; }
    public Segment? LastProse { get; private set; }

    /// <summary>The words of the running text.</summary>
    public int ProseWords { get; private set; }

    /// <summary>All segments in the order of the text. The list may be cut while it is walked.</summary>
    public SegmentList Segments => new(First, null);

    /// <summary>Finds anew where the running text begins and ends, among what is still in the body.</summary>
    public void FindProse()
    {
        FirstProse = LastProse = null;
        ProseWords = 0;
        for (var segment = First; segment is not null; segment = segment.Next)
        {
            if (!segment.Traits.IsProse || !segment.InBody)
                continue;
            FirstProse ??= segment;
            LastProse = segment;
            ProseWords += segment.Traits.Words;
        }
    }

    /// <summary>True before the first running text.</summary>
    public bool InHead(Segment segment) => FirstProse is null || segment.Start < FirstProse.Start;

    /// <summary>True behind the last running text, and for that text itself.</summary>
    public bool InTail(Segment segment) => LastProse is null || segment.Start >= LastProse.Start;

    /// <summary>The segments before the first running text; all of them where there is none.</summary>
    public SegmentList Head => new(First, FirstProse);

    /// <summary>
    /// Cuts <paramref name="segment"/> before character <paramref name="at"/> of the text; white space at the cut belongs to neither.
    /// Both pieces are scanned again.
    /// </summary>
    /// <remarks>
    /// A rule that may cut the same line again and again must stop at <see cref="MaxCuts"/>: each cut scans what is left once more.
    /// </remarks>
    /// <returns>The second piece.</returns>
    public Segment Cut(Segment segment, int at)
    {
        var firstEnd = at;
        while (firstEnd > segment.Start && Chars.Is(Text[firstEnd - 1], CharClass.Space))
            firstEnd--;
        var secondStart = at;
        while (secondStart < segment.End && Chars.Is(Text[secondStart], CharClass.Space))
            secondStart++;
        if (firstEnd == segment.Start || secondStart == segment.End)
            throw new ArgumentOutOfRangeException(nameof(at), at, "A cut must leave text on both sides.");
        var second = new Segment(secondStart, segment.End)
        {
            Previous = segment, Next = segment.Next, Cuts = segment.Cuts + 1, Repetition = segment.Repetition, PageLine = segment.PageLine,
        };
        if (segment.Next is null)
            Last = second;
        else
            segment.Next.Previous = second;
        segment.Next = second;
        segment.End = firstEnd;
        scanner.Scan(Text, segment);
        scanner.Scan(Text, second);
        return second;
    }

    /// <summary>
    /// A stretch of the text as the segment that it would be on a line of its own, to ask rules about it: it stands in no list, and leaves
    /// no trace in the document's words and language.
    /// </summary>
    public Segment Probe(int start, int end)
    {
        var scratch = ProbeScanner();
        while (end > start && Chars.Is(Text[end - 1], CharClass.Space))
            end--;
        var probe = new Segment(start, end);
        scratch.Scanner.Scan(Text, probe);
        return probe;
    }

    /// <summary>The words of a <see cref="Probe"/>, as hashes.</summary>
    public ReadOnlySpan<uint> ProbeWords(Segment probe) => ProbeScanner().Words.Of(probe.Words);

    (Scanner Scanner, WordList Words) ProbeScanner()
    {
        if (probes is { } known)
            return known;
        var words = new WordList(256);
        return (probes = (new Scanner(PhraseBook.Default, StopWords.Default, new LanguageVote(StopWords.Default), words), words)).Value;
    }

    /// <summary>What the clean text consists of, in its order: the headline, then the body.</summary>
    public IEnumerable<Segment> CleanText() =>
        Segments.Where(s => s.Kind == BlockKind.Headline && !s.Undecided).Concat(Segments.Where(s => s.Kind.IsBody() && !s.Undecided));

    /// <summary>Makes one segment of <paramref name="segment"/> and the one behind it, and scans it again.</summary>
    public void Join(Segment segment, Segment next)
    {
        segment.End = next.End;
        segment.Next = next.Next;
        if (next.Next is null)
            Last = segment;
        else
            next.Next.Previous = segment;
        scanner.Scan(Text, segment);
    }

    /// <summary>Takes over what the rules decided of the clean text. False where they left it as it was.</summary>
    public bool Adopt(Document again)
    {
        var changed = false;
        for (var copy = again.First; copy is not null; copy = copy.Next)
        {
            var origin = copy.Origin!;
            // The pieces of a cut copy follow it, and share its origin until that is cut too.
            if (copy.Next is { } rest && rest.Origin is null)
                rest.Origin = Cut(origin, rest.Start);
            if (copy.Kind.IsBody() || copy.Kind == BlockKind.Headline && origin.Kind == BlockKind.Headline)
            {
                // A piece that was cut off now is decided nowhere else: the text behind a bullet or a dateline that this pass has found.
                if (origin.Undecided)
                {
                    origin.Decide(copy.Kind, copy.Rule!);
                    (origin.Uncertain, origin.Evidence) = (copy.Uncertain, copy.Evidence);
                }

                continue;
            }

            origin.Decide(copy.Kind, copy.Rule!);
            (origin.Evidence, origin.Repeated) = (copy.Evidence, copy.Repeated);
            if (copy.Kind == BlockKind.Headline)
                Draft.Replace(Field.Headline, TextOf(origin), copy.Rule!, origin);
            changed = true;
        }

        return changed;
    }

    public string TextOf(Segment segment) => BodyText.Of(Text, segment.Start, segment.End);

    public ReadOnlySpan<char> Slice(Segment segment) => Text.AsSpan(segment.Start, segment.Length);
}
