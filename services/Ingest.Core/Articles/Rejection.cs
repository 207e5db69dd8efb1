namespace Ingest.Core.Articles;

/// <summary>Why an input ended without an article.</summary>
public enum RejectionReason
{
    Empty,
    TooLarge,
    Binary,
    NoBody,
    TimeBudgetExceeded,
    MalformedRecord,

    /// <summary>Somebody gave it up after its handling had failed.</summary>
    Discarded,

    /// <summary>A page without an article: a wall of consent, a check for robots, an error.</summary>
    NotAnArticle,
}

/// <param name="Detail">
/// What was wrong and what the value was. Which option or setting helps depends on how the article came: whoever shows the detail says so.
/// </param>
public sealed record Rejection(RejectionReason Reason, string Detail)
{
    public static Rejection Empty() => new(RejectionReason.Empty, "The text is empty or white space only. Send the article's text.");

    public static Rejection TooLarge(long size, long limit) => new(RejectionReason.TooLarge,
        $"The text has {(size < 0 ? "more than " + limit : size.ToString())} bytes, over the limit of {limit}.");

    public static Rejection FieldTooLarge(string field, long size, long limit) => new(RejectionReason.TooLarge,
        $"The field \"{field}\" has {size} bytes, over the limit of {limit} for each field beside the text.");

    public static Rejection TooManyNames(string field, long count, long limit) => new(RejectionReason.TooLarge,
        $"The field \"{field}\" has {count} names, over the limit of {limit}.");

    public static Rejection Binary(string sign) => new(RejectionReason.Binary, $"The input is not text: {sign}. Extract its text first.");

    public static Rejection NoBody(int removed) => new(RejectionReason.NoBody,
        $"No body text was left: all {removed} blocks were recognised as something else.");

    /// <param name="says">The first line of the page.</param>
    public static Rejection NotAnArticle(string says) => new(RejectionReason.NotAnArticle,
        $"The text is a notice of the page, and no article: \"{(says.Length > 60 ? says[..60] + "…" : says)}\". Fetch the page again in another way.");

    public static Rejection TimeBudgetExceeded(TimeSpan budget) => new(RejectionReason.TimeBudgetExceeded,
        $"Cleaning took longer than the budget of {budget.TotalMilliseconds} ms.");

    public static Rejection MalformedRecord(string fault) =>
        new(RejectionReason.MalformedRecord, $"{fault} A record is one JSON object with a string \"text\" or \"html\".");

    /// <summary>What a file holds for an article cannot be read.</summary>
    /// <param name="form">What it is in: "an RSS feed".</param>
    /// <param name="fault">A sentence.</param>
    public static Rejection Unreadable(string form, string fault) =>
        new(RejectionReason.MalformedRecord, $"It cannot be read as {form}: {fault}");

    public static Rejection Discarded(string stage, string fault) => new(RejectionReason.Discarded,
        $"Its handling failed in the stage {stage} ({fault}), and it was discarded. Submit it again as another article, with another id.");
}
