using Ingest.Core.Articles;
using Ingest.Core.Normalisation.Documents;
using Ingest.Core.Normalisation.Phrases;

namespace Ingest.Core.Normalisation.Rules;

/// <summary>
/// A text that a rule must decide, or a near-miss that must stay in the body. <see cref="Snippet"/> is the decided block's text, or the
/// start of it; <see cref="Text"/> is the whole raw article, or null for a block that the tests put into a small article of their own.
/// <see cref="Earlier"/> are articles of the same source that came before.
/// </summary>
internal sealed record Example(string Snippet, string? Text = null, IReadOnlyList<string>? Earlier = null)
{
    /// <summary>The text is a page of HTML.</summary>
    public bool IsHtml { get; init; }
}

/// <summary>What a rule is called, what it makes of a block, and its two examples: both are tests.</summary>
internal sealed record RuleNote(string Name, BlockKind Kind, Example Positive, Example NearMiss);

/// <summary>
/// A step of normalisation that needs structure rather than a phrase: it decides segments of a document under its rules' names.
/// </summary>
internal abstract class RuleStep
{
    /// <summary>The rules under whose names this step decides.</summary>
    public abstract IReadOnlyList<RuleNote> Notes { get; }

    /// <summary>
    /// The rules of <c>phrases.txt</c> whose hits this step reads itself. They are looked up when the step is made, so that a rule that was
    /// renamed stops the program at its start, and compared as what they are afterwards.
    /// </summary>
    public virtual IReadOnlyList<PhraseRule> Reads => [];

    public abstract void Apply(Document document);
}
