using System.Text.Json.Serialization;

namespace Ingest.Contracts.V1;

/// <summary>
/// What became of one submitted article: one line of <c>ingest run --output</c>. Field names are in camel case; where ninjs 3.1 has a word
/// for a field, it is that word. Every offset is in UTF-16 code units of the submitted text.
/// </summary>
/// <param name="Id">The submitter's id; for a file without one, its path.</param>
/// <param name="Outcome"><c>canonical</c>, <c>duplicate</c> or <c>rejected</c>.</param>
/// <param name="Rejection">Why it was rejected; null otherwise.</param>
/// <param name="Article">The clean article; null if rejected.</param>
/// <param name="Removed">
/// The stretches of the text that are in neither the body nor a field. With the article's blocks they tile the text
/// but for white space.
/// </param>
/// <param name="Notes">What reading the input had to mend, such as a wrong encoding.</param>
/// <param name="Normaliser">Version of the rules that cleaned it.</param>
public sealed record ArticleOutcome(
    string Id,
    string Outcome,
    Rejection? Rejection,
    Article? Article,
    IReadOnlyList<RemovedBlock> Removed,
    IReadOnlyList<string> Notes,
    string Normaliser)
{
    /// <summary>
    /// UUID of the article, the same from every command and server; null in outcomes that were written before it was told.
    /// </summary>
    public Guid? ArticleId { get; init; }

    /// <summary>The feed that the submission named.</summary>
    public string? Feed { get; init; }

    /// <summary>The article's place in its story; null if rejected.</summary>
    public Story? Story { get; init; }
}

/// <param name="Reason">
/// <c>empty</c>, <c>too-large</c>, <c>binary</c>, <c>no-body</c>, <c>not-an-article</c>, <c>time-budget-exceeded</c>, <c>malformed-record</c>, or
/// <c>discarded</c> for one that somebody gave up after its handling had failed.
/// </param>
/// <param name="Detail">What was wrong, what the value was and what to do; for people, its wording may change.</param>
public sealed record Rejection(string Reason, string Detail);

/// <summary>A stretch of the submitted text that was taken out, the kind of thing it is, and the rule that decided it.</summary>
/// <param name="Kind">One of the closed list in <see cref="BlockKinds"/>.</param>
/// <param name="Evidence">What spoke for it, where the rule's name alone does not say it.</param>
public sealed record RemovedBlock(string Kind, string Rule, int Start, int Length, string Text, string? Evidence)
{
    /// <summary>Where its source says the same; missing where that did not decide.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public Repeated? Repeated { get; init; }
}

/// <summary>Different articles of a source in which a text stands.</summary>
/// <param name="Articles">How many besides the article itself, as far as they were counted: four stand for four or more.</param>
/// <param name="Ids">The submitters' ids of up to three of them.</param>
public sealed record Repeated(int Articles, IReadOnlyList<string> Ids);
