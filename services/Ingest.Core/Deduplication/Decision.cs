using Ingest.Core.Deduplication.Alignment;

namespace Ingest.Core.Deduplication;

/// <summary>How an article relates to the earlier article that it matched.</summary>
public enum Relation
{
    /// <summary>The same words in the same order.</summary>
    Exact,

    /// <summary>Lightly edited, in house style, damaged by a scanner, with a passage put in or left out.</summary>
    Near,

    /// <summary>A part of it.</summary>
    Excerpt,

    /// <summary>All of it, and more.</summary>
    Expanded,

    /// <summary>A later version by the same agency: an update, a write-through, a correction.</summary>
    Revision,
}

/// <summary>What was decided about one article. Numbers count the articles in the order of their decisions, from 1.</summary>
/// <param name="Number">The article's number.</param>
/// <param name="Story">The number of the story's first article: the story's name, which never changes.</param>
/// <param name="Canonical">The number of the story's canonical article after this decision.</param>
/// <param name="Version">How many canonical articles the story has had.</param>
/// <param name="Match">Why it joined the story; null for the first article of a story.</param>
/// <param name="Remembered">What another deduplicator needs to know of it, to decide about the next article as this one will.</param>
public sealed record Decision(long Number, long Story, long Canonical, int Version, Match? Match, Remembered Remembered);

/// <param name="Article">The number of the earlier article that was matched.</param>
/// <param name="Similarity">The comparison with it.</param>
/// <param name="Changes">For a revision, what changed.</param>
public sealed record Match(Relation Relation, long Article, Similarity Similarity, IReadOnlyList<Change> Changes);
