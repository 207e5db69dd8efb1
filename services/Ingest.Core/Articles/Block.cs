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
/// <param name="Repeated">Where its source says the same; null where that did not decide.</param>
public sealed record Block(
    BlockKind Kind, string Rule, Span Span, string Text, int? Paragraph = null, bool Uncertain = false, string? Evidence = null,
    Repeated? Repeated = null);

/// <summary>Other articles of a source, different from one another, in which a text stands.</summary>
/// <param name="Articles">How many there are, as far as they were counted.</param>
/// <param name="Ids">The submitters' ids of some of them; the article itself may be among them.</param>
public sealed record Repeated(int Articles, IReadOnlyList<string> Ids)
{
    /// <summary>More are not counted.</summary>
    public const int MostCounted = 4;

    /// <summary>Ids that are shown as evidence.</summary>
    public const int MostShown = MostCounted - 1;

    public bool Equals(Repeated? other) => other is not null && Articles == other.Articles && Ids.SequenceEqual(other.Ids);

    public override int GetHashCode() => HashCode.Combine(Articles, Ids.Count);
}
