using System.Buffers;
using System.IO.Pipelines;
using System.Security.Cryptography;
using System.Text.Json;
using Ingest.Contracts.V1;
using Ingest.Core.Articles;
using Ingest.Core.Normalisation;
using Ingest.Core.Normalisation.Reading;
using Ingest.Ledger;
using Ingest.Ledger.Articles;
using Ingest.Service.Http;
using Ingest.Service.Outcomes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;
using Microsoft.Extensions.Logging;
using Rejection = Ingest.Core.Articles.Rejection;

namespace Ingest.Service.Accept;

/// <summary>Submission over HTTP. An answer of 202 means that the article is on the disk.</summary>
sealed class ArticlesEndpoint(
    AcceptStage stage, SubmissionReader reader, AcceptSettings settings, NormaliserOptions limits, ILogger<ArticlesEndpoint> logger)
{
    /// <summary>Lines of a batch that are accepted together, and answered together.</summary>
    const int LinesTogether = 256;

    /// <summary>
    /// Lets every content type through to here, where one that is not supported is refused by name; routing would answer as if
    /// there were no endpoint. It is left out of the OpenAPI document.
    /// </summary>
    public const string AnyType = "*/*";

    /// <summary>
    /// How many tries, 100 ms apart, a sender waits before it is refused. Once they are used up, it is refused at
    /// once until something is accepted again.
    /// </summary>
    const int Patience = 50;

    /// <summary>
    /// Bytes of answers that may wait for a client which reads none before it has sent all, as most do; beyond it
    /// the client must read.
    /// </summary>
    const int MostUnread = 64 << 20;

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPost("/v1/articles", (Delegate)One).WithName("SubmitArticle").WithSummary("Submit an article").WithTags("articles")
            .Accepts<Contracts.V1.RawArticle>("application/json", "text/plain", AnyType)
            .Produces<Submitted>(StatusCodes.Status202Accepted)
            .ProducesFaults(400, 401, 413, 415, 422, 429, 503);
        routes.MapPost("/v1/articles:batch", (Delegate)Batch)
            .WithName("SubmitArticles").WithSummary("Submit articles as JSON Lines; the answer has one line for each").WithTags("articles")
            .Accepts<Contracts.V1.RawArticle>("application/x-ndjson", "application/jsonl", AnyType)
            .Produces<SubmittedLine>(StatusCodes.Status200OK, "application/x-ndjson")
            .ProducesFaults(401, 413, 415, 429, 503);
    }

    async Task One(HttpContext context)
    {
        var cancellation = context.RequestAborted;
        var kind = context.Request.ContentType?.Split(';')[0].Trim().ToLowerInvariant();
        if (kind is not ("application/json" or "text/plain"))
        {
            await Faults.UnsupportedType(kind, "application/json or text/plain").Write(context);
            return;
        }

        if (await Body(context.Request, settings.MaxArticleBytes, cancellation) is not { } body)
        {
            await Faults.TooLarge(settings.MaxArticleBytes).Write(context);
            return;
        }

        var key = context.Request.Headers["Idempotency-Key"].ToString();
        if (key.Length > IdempotencyKey.MostLength)
        {
            await Faults.IdempotencyKeyTooLong(key.Length).Write(context);
            return;
        }

        // Without a key or an id of its own, each request is an article of its own.
        var delivery = key.Length > 0 ? $"key {key}" : Guid.NewGuid().ToString("N");
        var submission = reader.Http(kind == "text/plain" ? ArticleForm.Text : ArticleForm.Record, body, delivery);
        if (Refused(submission) is { } rejection)
        {
            await Faults.Rejected(rejection).Write(context);
            return;
        }

        try
        {
            var given = key.Length > 0 ? new IdempotencyKey(key, SHA256.HashData(body)) : null;
            var accepted = (await stage.Accept([submission], cancellation, given))[0];
            var answer = Answer(submission, accepted);
            logger.Accepted(answer.ArticleId, answer.Id);
            context.Response.StatusCode = StatusCodes.Status202Accepted;
            context.Response.Headers.Location = answer.Location;
            await context.Response.WriteAsJsonAsync(answer, HttpJson.Default.Submitted, cancellationToken: cancellation);
        }
        catch (Exception e) when (Refusal(e) is { } problem)
        {
            await problem.Write(context);
        }
    }

    async Task Batch(HttpContext context)
    {
        var cancellation = context.RequestAborted;
        var kind = context.Request.ContentType?.Split(';')[0].Trim().ToLowerInvariant();
        if (kind is not ("application/x-ndjson" or "application/jsonl" or "application/jsonlines" or "application/x-jsonlines"))
        {
            await Faults.UnsupportedType(kind, "application/x-ndjson").Write(context);
            return;
        }

        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
            limit.MaxRequestBodySize = settings.MaxBatchBytes;
        // A source may send its lines as they come up.
        if (context.Features.Get<IHttpMinRequestBodyDataRateFeature>() is { } rate)
            rate.MinDataRate = null;
        if (stage.IsFull())
            stage.Count();
        if (stage.IsFull())
        {
            await Faults.TooManyUnfinished(new TooManyUnfinishedException(settings.MostUnfinished).Message).Write(context);
            return;
        }

        var key = context.Request.Headers["Idempotency-Key"].ToString();
        context.Response.ContentType = "application/x-ndjson";
        var together = new List<(long Line, Submission? Submission, Fault? Fault)>(LinesTogether);
        var patience = Patience;
        var answers = new Pipe(new PipeOptions(
            pauseWriterThreshold: MostUnread, resumeWriterThreshold: MostUnread / 2, minimumSegmentSize: 1 << 14,
            useSynchronizationContext: false));
        var sending = answers.Reader.CopyToAsync(context.Response.BodyWriter, cancellation);
        var lines = new LinePipe(context.Request.BodyReader, settings.MaxArticleBytes);
        long number = 0;
        try
        {
            while (await lines.Read(cancellation) is { } line)
            {
                number++;
                if (line.TooLong)
                    together.Add((number, null, Faults.TooLarge(settings.MaxArticleBytes)));
                else if (!line.Bytes.Span.Trim(" \t\r"u8).IsEmpty)
                {
                    // A key covers the batch: the same line under the same key is the same article.
                    var submission = reader.Http(ArticleForm.Record, line.Bytes, key.Length > 0 ? $"key {key}/{number}" : Guid.NewGuid().ToString("N"));
                    together.Add(Refused(submission) is { } rejection ? (number, null, Faults.Rejected(rejection)) : (number, submission, null));
                }

                if (together.Count == LinesTogether || together.Count > 0 && !lines.HasMore)
                    patience = await AnswerLines(answers.Writer, together, patience, cancellation);
            }
        }
        catch (BadHttpRequestException e) when (e.StatusCode == StatusCodes.Status413PayloadTooLarge)
        {
            together.Add((number + 1, null, Faults.BatchTooLarge(settings.MaxBatchBytes)));
        }
        catch (Exception e)
        {
            await answers.Writer.CompleteAsync(e);
            await sending.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            throw;
        }

        await AnswerLines(answers.Writer, together, patience, cancellation);
        await answers.Writer.CompleteAsync();
        await sending;
    }

    /// <summary>
    /// Accepts what was gathered, and answers it. While too many articles wait, the sender waits with them for a
    /// while, then is refused line by line.
    /// </summary>
    /// <returns>The patience that is left.</returns>
    async Task<int> AnswerLines(
        PipeWriter writer, List<(long Line, Submission? Submission, Fault? Fault)> together, int patience, CancellationToken cancellation)
    {
        Submission[] submissions = [.. together.Where(t => t.Submission is not null).Select(t => t.Submission!)];
        Acceptance[] accepted = [];
        Fault? refusal = null;
        while (submissions.Length > 0)
        {
            try
            {
                accepted = await stage.Accept(submissions, cancellation);
                patience = Patience;
                break;
            }
            catch (TooManyUnfinishedException) when (patience > 0)
            {
                patience--;
                await Task.Delay(100, cancellation);
                stage.Count();
            }
            catch (Exception e) when (Refusal(e) is { } problem)
            {
                refusal = problem;
                break;
            }
        }

        var at = 0;
        foreach (var (line, submission, fault) in together)
        {
            var answer = submission is null ? new SubmittedLine(line, fault!.Status, null, fault.Problem)
                : refusal is not null ? new SubmittedLine(line, refusal.Status, null, refusal.Problem)
                : new SubmittedLine(line, StatusCodes.Status202Accepted, Answer(submission, accepted[at++]), null);
            using (var json = new Utf8JsonWriter(writer, new JsonWriterOptions { Encoder = ReadableJson.Encoder }))
                JsonSerializer.Serialize(json, answer, HttpJson.Default.SubmittedLine);
            writer.Write("\n"u8);
        }

        together.Clear();
        await writer.FlushAsync(cancellation);
        return patience;
    }

    /// <summary>What is no article can be told at once: nothing is accepted.</summary>
    Rejection? Refused(Submission submission) =>
        submission.Read.Rejection
        ?? limits.TooLarge(submission.Read.Article!)
        ?? (submission.Raw.Form == ArticleForm.Text && string.IsNullOrWhiteSpace(submission.Read.Text) ? Rejection.Empty() : null);

    static Submitted Answer(Submission submission, Acceptance accepted) =>
        new(submission.ArticleId, submission.Id, $"/v1/articles/{submission.ArticleId}", accepted.Known);

    static Fault? Refusal(Exception e) => e switch
    {
        IdempotencyKeyReusedException => Faults.IdempotencyKeyReused(e.Message),
        TooManyUnfinishedException => Faults.TooManyUnfinished(e.Message),
        LedgerException => Faults.LedgerUnavailable(e.Message),
        OperationCanceledException and not TaskCanceledException => Faults.Stopping(),
        _ => null,
    };

    /// <summary>The body; null where it is over the limit.</summary>
    static async Task<byte[]?> Body(HttpRequest request, long most, CancellationToken cancellation)
    {
        // The limit is ours alone: over the server's it would close the connection on a client that still sends, which then never
        // sees the answer. So it reads on for some seconds, and throws away.
        if (request.HttpContext.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
            limit.MaxRequestBodySize = null;
        if (request.ContentLength > most)
            return null;
        var body = new MemoryStream((int)Math.Min(request.ContentLength ?? 4096, 1 << 20));
        while (true)
        {
            var read = await request.BodyReader.ReadAsync(cancellation);
            foreach (var piece in read.Buffer)
                body.Write(piece.Span);
            request.BodyReader.AdvanceTo(read.Buffer.End);
            if (body.Length > most)
                return null;
            if (read.IsCompleted)
                return body.ToArray();
        }
    }
}
