namespace Ingest.Core.Normalisation.Sources;

/// <summary>
/// A line of a text, or a sentence of a line that has several: what a source may repeat. Keys are hashes of the folded letters and digits,
/// so that signs, letter case and white space do not part what reads the same.
/// </summary>
/// <param name="Start">Where it stands in the text, in UTF-16 code units.</param>
/// <param name="End">Behind its last character.</param>
/// <param name="Key">0 where it has neither letter nor digit.</param>
/// <param name="Masked">The same with every number alike; equal to <paramref name="Key"/> where there is none.</param>
/// <param name="Words">Of scripts without spaces, half the characters.</param>
internal readonly record struct Passage(int Start, int End, ulong Key, ulong Masked, int Words, PassageKind Kind)
{
    /// <summary>Long enough to tell one article from another: such a passage is hardly met twice by chance.</summary>
    public bool IsTelling => Words >= 10;
}

internal enum PassageKind
{
    /// <summary>A line of one sentence, or of none.</summary>
    Line,

    /// <summary>A line of several sentences; they follow it as passages of their own.</summary>
    Paragraph,

    /// <summary>A sentence at one of the ends of its line.</summary>
    Edge,

    /// <summary>A sentence between others, in brackets or led by a label.</summary>
    Aside,

    /// <summary>Any other sentence: it tells articles apart, and is never taken for boilerplate.</summary>
    Inner,
}
