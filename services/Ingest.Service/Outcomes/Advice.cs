using Ingest.Core.Articles;

namespace Ingest.Service.Outcomes;

/// <summary>Who is told of a rejection.</summary>
enum Audience
{
    /// <summary>Somebody who runs a command.</summary>
    CommandLine,

    /// <summary>Somebody who submitted to a server, over HTTP or a queue.</summary>
    Client,

    /// <summary>Somebody who asked a server what it would make of an article.</summary>
    Analyst,
}

/// <summary>
/// What to do about a rejection. The core speaks of limits and values; which option or setting helps depends on who asked.
/// </summary>
static class Advice
{
    /// <summary>What was wrong, what the value was, and what to do.</summary>
    public static string Detail(Rejection rejection, Audience audience) =>
        For(rejection, audience) is { } advice ? $"{rejection.Detail} {advice}" : rejection.Detail;

    static string? For(Rejection rejection, Audience audience) => (rejection.Reason, audience) switch
    {
        (RejectionReason.TooLarge, _) when rejection.Detail.StartsWith("The field", StringComparison.Ordinal) =>
            "Shorten it: the text belongs into \"text\".",
        (RejectionReason.TooLarge, Audience.CommandLine) => "Split it, or raise --max-size.",
        (RejectionReason.TooLarge, _) => "Split it, or raise the server's setting Ingest:Normalise:MaxBytes.",
        (RejectionReason.NoBody or RejectionReason.NotAnArticle, Audience.Analyst) => "\"removed\" shows each decision.",
        (RejectionReason.NoBody or RejectionReason.NotAnArticle, Audience.CommandLine) => "Run with --explain to see each decision.",
        (RejectionReason.NoBody or RejectionReason.NotAnArticle, _) => "GET /v1/articles/{articleId} shows each decision.",
        (RejectionReason.TimeBudgetExceeded, Audience.CommandLine) => "Raise --time-budget, or check the text.",
        (RejectionReason.TimeBudgetExceeded, _) => "Raise the server's setting Ingest:Normalise:TimeBudgetMs, or check the text.",
        (RejectionReason.Binary, Audience.CommandLine) when rejection.Detail.Contains("gzip", StringComparison.Ordinal) =>
            "A file whose name ends in .gz is unpacked.",
        _ => null,
    };
}
