namespace Ingest.Checker;

/// <summary>What must become of an article.</summary>
enum Due
{
    /// <summary>It is accepted, and gets a place in a story.</summary>
    Story,

    /// <summary>It is accepted, and its outcome is a rejection.</summary>
    Rejected,

    /// <summary>HTTP refuses it at once, and nothing more is ever heard of it.</summary>
    Refused,
}

/// <summary>An article to be sent.</summary>
/// <param name="Id">The submitter's id. No two articles have the same.</param>
/// <param name="Json">The record, in one line.</param>
/// <param name="Text">Number of the text that it has, or has a part of: two texts are never one story. -1 where that is not judged.</param>
/// <param name="IsWhole">It has all of that text, and arrived within the window of all others that have: they must be one story.</param>
sealed record Article(string Id, string Json, Due Due, int Text = -1, bool IsWhole = false);
