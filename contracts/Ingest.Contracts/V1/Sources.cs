using System.Text.Json.Serialization;

namespace Ingest.Contracts.V1;

/// <summary>Sources by name, in the order of their code points.</summary>
/// <param name="Next">To be given as <c>after</c> for the sources behind these; null where there are none.</param>
public sealed record SourcePage(IReadOnlyList<SourceSummary> Sources, string? Next);

/// <param name="Articles">That are decided and not rejected.</param>
/// <param name="Last">When the last of them was decided; null where there is none.</param>
/// <param name="Removed">What is removed of the text of its last articles, the most first.</param>
public sealed record SourceSummary(string Source, int Articles, DateTimeOffset? Last, IReadOnlyList<RemovedShare> Removed);

/// <param name="Kind">Of the removed blocks.</param>
/// <param name="Share">Of all the text, 0 to 1.</param>
public sealed record RemovedShare(string Kind, double Share);

/// <summary>A source with what was learnt to be its boilerplate, and what is ruled of it.</summary>
/// <param name="Articles">That are decided and not rejected.</param>
/// <param name="Last">When the last of them was decided; null where there is none.</param>
/// <param name="Removed">What is removed of the text of its last articles, the most first.</param>
/// <param name="Passages">Those that are ruled on first, then those that most of its articles have.</param>
/// <param name="More">How many passages are not listed; an export has them.</param>
public sealed record SourceState(
    string Source, int Articles, DateTimeOffset? Last, IReadOnlyList<RemovedShare> Removed, IReadOnlyList<SourcePassage> Passages, int More);

/// <summary>A passage that a source was learnt to repeat, or that is ruled on: a line of an export, and of an import.</summary>
/// <param name="Text">A line, or a sentence of one.</param>
public sealed record SourcePassage(string Source, string Text)
{
    /// <summary><c>keep</c>, <c>remove</c>, or <c>learnt</c> for what another installation learnt; missing for what was learnt here.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Ruling { get; init; }

    /// <summary>Names it among the passages of its source; not needed for an import.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Passage { get; init; }

    /// <summary>Different articles that have it, as far as they are counted; missing where it was not learnt here.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? Articles { get; init; }

    /// <summary>Share of the source's articles that have it, 0 to 1.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? Share { get; init; }

    /// <summary>The submitters' ids of some of the articles.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<string>? Ids { get; init; }
}

/// <summary>Rules on a passage of a source.</summary>
/// <param name="Text">A line, or a sentence of one.</param>
/// <param name="Ruling"><c>keep</c> or <c>remove</c>.</param>
public sealed record SourceRuling(string Text, string Ruling);

/// <summary>Answer to a ruling: it is in the ledger, and holds for the articles that are cleaned from now on.</summary>
/// <param name="Text">As it is kept.</param>
/// <param name="Passage">Names the passage among those of its source.</param>
/// <param name="Articles">Articles that the source has: none may mean that its name is mistyped.</param>
public sealed record SourceRuled(string Source, string Text, string Passage, string Ruling, int Articles);

/// <summary>Answer to an import: all of it is in the ledger.</summary>
/// <param name="Imported">Lines that brought something new.</param>
/// <param name="Held">Lines that held already.</param>
/// <param name="Outranked">Lines with what was learnt elsewhere, of passages that are ruled on by hand here: the ruling stays.</param>
public sealed record SourcesImported(int Imported, int Held, int Outranked);
