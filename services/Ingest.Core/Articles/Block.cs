namespace Ingest.Core.Articles;

/// <summary>A stretch of the raw text, in UTF-16 code units.</summary>
public readonly record struct Span(int Start, int Length)
{
    public int End => Start + Length;
}

/// <summary>
/// One decided stretch of the raw text. The blocks of a result tile the raw text but for white space.
/// </summary>
/// <param name="Kind">What it is.</param>
/// <param name="Rule">The name of the rule that decided it.</param>
/// <param name="Span">Where it stands in the raw text.</param>
/// <param name="Text">Its text: as in the raw text, with hard wraps mended and control characters taken out.</param>
/// <param name="Paragraph">For a kind of the body, the index of its paragraph in <see cref="Article.Body"/>; else null.</param>
/// <param name="Uncertain">True where the text was kept although the evidence was against it.</param>
/// <param name="Evidence">
/// What spoke for the decision, where the rule's name does not say it: the strongest features of the line scorer.
/// </param>
public sealed record Block(
    BlockKind Kind, string Rule, Span Span, string Text, int? Paragraph = null, bool Uncertain = false, string? Evidence = null);
