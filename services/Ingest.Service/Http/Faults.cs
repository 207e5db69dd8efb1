using Ingest.Contracts.V1;
using Ingest.Core.Forms;
using Ingest.Ledger.Articles;
using Ingest.Service.Outcomes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Rejection = Ingest.Core.Articles.Rejection;
using RejectionReason = Ingest.Core.Articles.RejectionReason;

namespace Ingest.Service.Http;

/// <summary>A request that is not served (RFC 9457).</summary>
/// <param name="RetryAfter">Seconds; null where trying again does not help.</param>
/// <param name="AcceptEncoding">What is taken, where the request came in another encoding (RFC 9110, 12.5.3).</param>
sealed record Fault(Problem Problem, int? RetryAfter = null, string? AcceptEncoding = null)
{
    public int Status => Problem.Status;

    public Task Write(HttpContext context)
    {
        context.Response.StatusCode = Status;
        if (RetryAfter is { } seconds)
            context.Response.Headers.RetryAfter = seconds.ToString(System.Globalization.CultureInfo.InvariantCulture);
        if (AcceptEncoding is { } codings)
            context.Response.Headers.AcceptEncoding = codings;
        if (Status == StatusCodes.Status401Unauthorized)
            context.Response.Headers.WWWAuthenticate = "Bearer";
        return context.Response.WriteAsJsonAsync(Problem, HttpJson.Default.Problem, "application/problem+json", context.RequestAborted);
    }
}

/// <summary>The named faults over HTTP: one type each.</summary>
static class Faults
{
    /// <summary>A rejection that can be told at once: the same name as in an outcome.</summary>
    public static Fault Rejected(Rejection rejection) => Named(
        OutcomeMapper.Word(rejection.Reason), "The article is rejected", StatusOf(rejection.Reason),
        Advice.Detail(rejection, Audience.Client));

    static int StatusOf(RejectionReason reason) => reason switch
    {
        RejectionReason.TooLarge => 413,
        RejectionReason.Binary => 415,
        RejectionReason.MalformedRecord => 400,
        _ => 422,
    };

    public static Fault TooLarge(long most) => Named(
        "too-large", "The article is too large", 413,
        $"The body has more than {most} bytes, which is the limit (Ingest:Accept:MaxArticleBytes). Split it, or raise the limit.");

    public static Fault BatchTooLarge(long most) => Named(
        "too-large", "The batch is too large", 413,
        $"The batch has more than {most} bytes, which is the limit (Ingest:Accept:MaxBatchBytes). "
        + "The lines before this one were handled; send the rest as another batch.");

    /// <param name="begun">Something has begun that does not come to its end.</param>
    public static Fault TooSlow(bool begun) => Named(
        "too-slow", "The body comes too slowly", 408,
        begun
            ? $"Fewer than {RequestBody.LeastBytesPerWindow} bytes came in {RequestBody.Window.TotalSeconds:0} s of a body or a line that had begun. "
                + "Send what is complete in one go."
            : $"Nothing came for {RequestBody.Silence.TotalMinutes:0} minutes. Begin another batch when there is more.");

    /// <param name="what">What the body is, in a sentence.</param>
    public static Fault BodyTooLarge(string what, long most) =>
        Named("too-large", "The body is too large", 413, $"{what} has more than {most} bytes, which is the limit. Nothing of it was accepted.");

    public static Fault MalformedRuling(string detail) => Named("malformed-ruling", "The ruling cannot be read", 400, detail);

    public static Fault TooManyRulings(string detail) => Named("too-many-rulings", "Too many passages of the source are ruled on", 422, detail);

    public static Fault UnsupportedCoding(string given) => Named(
        "unsupported-encoding", "The content encoding is not supported", 415,
        $"Content-Encoding is '{given}'. Send gzip, deflate, br, zstd or no encoding, and one only.")
        with { AcceptEncoding = "gzip, deflate, br, zstd" };

    public static Fault PackedTooTightly(string coding) => Named(
        "too-large", "The body unpacks to too much", 413,
        $"Content-Encoding is '{coding}', and the body unpacks to more than {InputLimits.Ratio} times its size, which is the limit beyond {InputLimits.WithoutRatio} bytes. "
        + "Send it unpacked.");

    public static Fault DamagedCoding(string coding) => Named(
        "damaged-encoding", "The body cannot be unpacked", 400,
        $"Content-Encoding is '{coding}', but the body is not valid {coding} data, or ends too early. "
        + "Nothing of it from here on was accepted; send it again.");

    public static Fault UnsupportedCharset(string given) => Named(
        "unsupported-charset", "The charset is not supported", 415, $"The charset of the Content-Type is '{given}'. Send UTF-8.");

    public static Fault WrongHost(string given, bool loopback) => Named(
        "wrong-host", "The request is for another host", 421,
        $"Host is '{given}'. This service answers to "
        + $"{(loopback ? "localhost, 127.0.0.1 and [::1]" : "addresses, and names without a dot")}. "
        + "Use one of these, or add the name to Ingest:Security:AllowedHosts.");

    public static Fault CrossSite(string sign) => Named(
        "cross-site", "The request comes from a page of another site", 403,
        $"{sign}. Only pages that this service serves itself, and programs other than browsers, may use it. "
        + "If this is its own name behind a proxy, add the name to Ingest:Security:AllowedHosts.");

    public static Fault TooManyConnections() =>
        Named("too-many-connections", "Too many connections are open", 503, "Nothing was accepted. Try again in a few seconds.")
            with { RetryAfter = 5 };

    public static Fault UnsupportedType(string? given, string wanted) => Named(
        "unsupported-media-type", "The content type is not supported", 415,
        $"Content-Type is {(given is null ? "missing" : $"'{given}'")}. Send {wanted}.");

    public static Fault IdempotencyKeyTooLong(int length) => Named(
        "idempotency-key-too-long", "The Idempotency-Key is too long", 400,
        $"The Idempotency-Key has {length} characters. Send at most {IdempotencyKey.MostLength}.");

    public static Fault IdempotencyKeyReused(string detail) =>
        Named("idempotency-key-reused", "The Idempotency-Key was already used for another article", 422, detail);

    public static Fault TooManyUnfinished(string detail) =>
        Named("too-many-unfinished", "Too many articles are waiting", 429, detail) with { RetryAfter = 2 };

    public static Fault Busy() => Named(
        "busy", "Too much is received at once", 503,
        "The requests in progress fill the memory that they may take (Ingest:Memory:BudgetBytes). Nothing of this request was accepted beyond what was answered. Send it again a little later.")
        with { RetryAfter = 2 };

    public static Fault LedgerUnavailable(string detail) =>
        Named("ledger-unavailable", "The ledger cannot be written", 503, $"Nothing was accepted: {detail}") with { RetryAfter = 5 };

    public static Fault Stopping() =>
        Named("stopping", "The service is shutting down", 503, "Nothing was accepted. Try again in a few seconds.") with { RetryAfter = 5 };

    public static Fault Unauthorised() =>
        Named("unauthorised", "An API key is required", 401, "Send the key as 'Authorization: Bearer KEY'.");

    public static Fault LedgerUnreadable(string detail) =>
        Named("ledger-unavailable", "The ledger cannot be read", 503, detail) with { RetryAfter = 5 };

    public static Fault LedgerDamaged(string detail) => Named("ledger-damaged", "Stored data in the ledger is damaged", 500, detail);

    public static Fault Internal() => Named("internal", "Internal error", 500, "An internal error occurred. See the service's log.");

    public static Fault BadRequest(BadHttpRequestException bad) =>
        Named("bad-request", "The request cannot be read", bad.StatusCode, bad.Message);

    public static Fault UnknownCollection(string name, string served) => Named(
        "unknown-collection", "There is no such collection", 404,
        $"The collection '{name}' is not served here. This service has: {served}. "
        + "A section Ingest:Collections:NAME of its settings declares a collection; the path is /v1/collections/NAME.");

    public static Fault NotFound(string what) => Named("not-found", "Not found", 404, what);

    /// <summary>Why no endpoint takes a request; null where one did.</summary>
    public static Fault? Of(HttpContext context) => context.Response.StatusCode switch
    {
        StatusCodes.Status404NotFound =>
            NotFound($"There is nothing at {context.Request.Path}. The endpoints are listed at /openapi/v1.json."),
        StatusCodes.Status405MethodNotAllowed => Named(
            "method-not-allowed", "The method is not allowed", 405,
            $"{context.Request.Path} takes {context.Response.Headers.Allow}, not {context.Request.Method}."),
        StatusCodes.Status415UnsupportedMediaType =>
            UnsupportedType(context.Request.ContentType, "application/json, text/plain, or a page, a feed, an archive or a mail by its own type, and batches as application/x-ndjson"),
        _ => null,
    };

    public static Fault Invalid(string detail) => Named("invalid-parameter", "A parameter is not valid", 400, detail);

    /// <summary>Positions of one log mean nothing in another.</summary>
    public static Fault OtherLog(Guid given, Guid log) => Named(
        "other-log", "The log is another one", 409,
        $"log is {given}, but this is the log {log}: the ledger was replaced or decided again. Start again with after=0 and log={log}.");

    /// <summary>The log is shorter than the reader knows it.</summary>
    public static Fault BeyondLog(long after, long end) => Named(
        "beyond-log", "The log does not reach this position", 409,
        $"after is {after}, but the log ends at position {end}: an earlier backup of the ledger was restored, or another ledger is used. "
        + "Start again with after=0, or with the last position that you know to be in the backup.");

    /// <summary>It was there, and is not kept any more.</summary>
    public static Fault NoLongerKept(string detail) => Named("no-longer-kept", "No longer kept", 410, detail);

    /// <summary>What a reader has not seen of the log is not kept any more.</summary>
    /// <param name="last">The last position that is not kept.</param>
    public static Fault NoLongerKept(long after, long last)
    {
        var fault = NoLongerKept(
            $"after is {after}, but the log is kept from position {last + 1} on (Ingest:Retention). What was before it can no longer be given: go on with after={last}.");
        return fault with { Problem = fault.Problem with { First = last + 1 } };
    }

    static Fault Named(string name, string title, int status, string detail) =>
        new(new Problem("/problems/" + name, title, status, detail));

    /// <summary>Says in the OpenAPI document which faults an endpoint answers.</summary>
    public static RouteHandlerBuilder ProducesFaults(this RouteHandlerBuilder route, params ReadOnlySpan<int> statuses)
    {
        foreach (var status in statuses)
            route.Produces<Problem>(status, "application/problem+json");
        return route;
    }
}
