using Ingest.Core.Articles;
using Ingest.Core.Normalisation.Phrases;
using Ingest.Core.Normalisation.Words;

namespace Ingest.Core.Normalisation.Lines;

/// <summary>
/// A stretch of the raw text under decision: at first a line (or several that a hard wrap parted), later a piece of one when a rule cuts
/// it. Segments form a doubly linked list, so that cutting is constant time and rules see their neighbours.
/// </summary>
internal sealed class Segment(int start, int end)
{
    public int Start { get; set; } = start;

    /// <summary>Behind the last character.</summary>
    public int End { get; set; } = end;
    public Segment? Previous { get; set; }
    public Segment? Next { get; set; }

    /// <summary>Line breaks between the previous segment and this one; 0 for a piece that was cut off.</summary>
    public int Breaks { get; set; }

    /// <summary>White space at the start of its line, in characters.</summary>
    public int Indent { get; set; }

    /// <summary>A line of its own, whatever stands above: one of a record's head or tail.</summary>
    public bool Apart { get; set; }

    /// <summary>The line of the page in which it stands; 0 where the text is no page.</summary>
    public int PageLine { get; set; }

    /// <summary>How many cuts led from its line to this piece.</summary>
    public int Cuts { get; init; }

    /// <summary>This segment goes on with the sentence that the last body segment before it began.</summary>
    public bool Continues { get; set; }

    /// <summary>In a document made of another's clean text: the segment this one is a copy of.</summary>
    public Segment? Origin { get; set; }
    public Traits Traits;

    /// <summary>Where this segment's words stand in the document's <see cref="WordList"/>.</summary>
    public WordRange Words { get; set; }

    /// <summary>What a lexicon said of the words: it does not depend on the neighbours, so a further pass need not ask again.</summary>
    public (Lexicon? By, float Line, float Heading) Lexical { get; set; }

    /// <summary>What the source is known to repeat of it: nothing where the source is unknown.</summary>
    public Repetition Repetition { get; set; }
    public List<PhraseHit>? Hits { get; set; }

    public BlockKind Kind { get; private set; }

    /// <summary>The rule that decided; null while undecided.</summary>
    public string? Rule { get; private set; }
    public bool Uncertain { get; set; }
    public string? Evidence { get; set; }
    public Repeated? Repeated { get; set; }

    public int Length => End - Start;
    public bool Undecided => Rule is null;

    /// <summary>Undecided, or decided to be body: what a reader would see.</summary>
    public bool InBody => Rule is null || Kind.IsBody();

    public void Decide(BlockKind kind, string rule)
    {
        Kind = kind;
        Rule = rule;
    }
}
