using System.Buffers;
using System.Security.Cryptography;
using System.Text.Json;
using Ingest.Contracts.V1;
using Ingest.Core.Articles;
using Ingest.Core.Inputs;
using Ingest.Core.Normalisation.Reading;
using Ingest.Ledger;
using Ingest.Ledger.Articles;
using Ingest.Service.Http;
using Ingest.Service.Operations;
using Ingest.Service.Outcomes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Primitives;
using RawArticle = Ingest.Core.Articles.RawArticle;

namespace Ingest.Service.Accept;

/// <summary>Submission over HTTP. An answer of 202 means that the article is on the disk.</summary>
sealed class ArticlesEndpoint(
    AcceptStage stage, ArticleBody body, SubmissionReader reader, AcceptSettings settings, ApiPath path, MemoryBudget memory, Closing closing,
    TimeProvider time, ILogger<ArticlesEndpoint> logger)
{
    /// <summary>Lines of a batch that are accepted together, and answered together.</summary>
    const int LinesTogether = 256;

    /// <summary>Bytes of lines after which no more are added; one may be larger.</summary>
    const long BytesTogether = 1 << 20;

    /// <summary>
    /// How many tries, 100 ms apart, a sender waits before it is refused. Once they are used up, it is refused at
    /// once until something is accepted again.
    /// </summary>
    const int Patience = 50;

    static readonly TimeSpan Farewell = TimeSpan.FromMilliseconds(500);

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPost("/articles", (Delegate)One).WithName("SubmitArticle").WithSummary("Submit an article").WithTags("articles")
            .Accepts<Contracts.V1.RawArticle>("application/json", "text/plain", Charsets.AnyType)
            .Produces<Submitted>(StatusCodes.Status202Accepted)
            .ProducesFaults(400, 401, 403, 408, 413, 415, 421, 422, 429, 503);
        routes.MapPost("/articles:batch", (Delegate)Batch)
            .WithName("SubmitArticles").WithSummary("Submit articles as JSON Lines; the answer has one line for each").WithTags("articles")
            .Accepts<Contracts.V1.RawArticle>("application/x-ndjson", "application/jsonl", Charsets.AnyType)
            .Produces<SubmittedLine>(StatusCodes.Status200OK, "application/x-ndjson")
            .ProducesFaults(400, 401, 403, 408, 413, 415, 421, 429, 503);
    }

    /// <param name="columns">What the columns of a table, or the members of records, hold: <c>text=body,headline=kop</c>.</param>
    async Task One(HttpContext context, string? columns)
    {
        var cancellation = context.RequestAborted;
        var key = context.Request.Headers["Idempotency-Key"].ToString();
        if (key.Length > IdempotencyKey.MostLength)
        {
            await Faults.IdempotencyKeyTooLong(key.Length).Write(context);
            return;
        }

        // Without a key or an id of its own, each request is an article of its own.
        using var received = await body.Read(context, key.Length > 0 ? $"key {key}" : Guid.NewGuid().ToString("N"), columns);
        var submissions = received.Submissions;
        if (body.Refused(received) is { } rejection)
        {
            await Faults.Rejected(rejection).Write(context);
            return;
        }

        try
        {
            var given = key.Length > 0 ? new IdempotencyKey(key, received.Digest) : null;
            var answer = Answer(submissions, await stage.Accept(submissions, cancellation, given));
            foreach (var submission in submissions)
                logger.Accepted(submission.ArticleId, submission.Id);
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
        var (kind, charset) = Charsets.ContentType(context.Request);
        if (!InputFiles.AreLines(kind))
        {
            await Faults.UnsupportedType(kind, "application/x-ndjson").Write(context);
            return;
        }

        var key = context.Request.Headers["Idempotency-Key"].ToString();
        if (key.Length > IdempotencyKey.MostLength)
        {
            await Faults.IdempotencyKeyTooLong(key.Length).Write(context);
            return;
        }

        if (stage.IsFull())
            stage.Count();
        if (stage.IsFull())
        {
            await Faults.TooManyUnfinished(new TooManyUnfinishedException(settings.MostUnfinished).Message).Write(context);
            return;
        }

        using var receiving = await RequestBody.Open(
            context, charset, settings.MaxBatchBytes, Faults.BatchTooLarge(settings.MaxBatchBytes), memory, closing, time);
        context.Response.ContentType = "application/x-ndjson";
        var together = new List<BatchLine>(LinesTogether);
        var patience = Patience;
        // Who sends still may read later.
        if (context.Features.Get<IHttpMinResponseDataRateFeature>() is { } rate)
            rate.MinDataRate = null;
        using var answers = new AnswerSender(context, memory.Answering);
        var lines = new LinePipe(receiving, settings.MaxArticleBytes);
        var (number, bytes, unfinished) = (0L, 0L, false);
        try
        {
            while (await lines.Read(cancellation) is { } line)
            {
                number++;
                if (line.TooLong)
                    together.Add(new(number, default, Faults.TooLarge(settings.MaxArticleBytes)));
                else if (!line.Bytes.Span.Trim(" \t\r"u8).IsEmpty)
                    together.Add(new(number, line.Bytes, null));
                receiving.Keep(bytes += line.Bytes.Length);
                if (together.Count == LinesTogether || bytes >= BytesTogether || together.Count > 0 && !lines.HasMore)
                {
                    patience = await AnswerLines(context, answers, key, together, patience);
                    receiving.Keep(bytes = 0);
                }
            }
        }
        catch (BodyException e)
        {
            // What was sent before it is complete, and has its answers.
            together.Add(new(number + 1, default, e.Fault));
            unfinished = e.IsUnfinished;
        }
        catch (Exception e)
        {
            await answers.Finish(closing.Token, e).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            throw;
        }

        await AnswerLines(context, answers, key, together, patience);
        await answers.Finish(closing.Token);
        if (unfinished)
        {
            // The server would wait for the rest. The client has a moment to read why it is cut off.
            await context.Response.CompleteAsync();
            await Task.Delay(Farewell, CancellationToken.None);
            context.Abort();
        }
    }

    /// <summary>
    /// Accepts what was gathered, and answers it. While too many articles wait, the sender waits with them for a
    /// while, then is refused line by line.
    /// </summary>
    /// <returns>The patience that is left.</returns>
    async Task<int> AnswerLines(HttpContext context, AnswerSender answers, string key, List<BatchLine> together, int patience)
    {
        var share = await memory.Accepting.Take(together.Sum(t => (long)t.Bytes.Length) * ArticleBody.MemoryForByte, context.RequestAborted);
        try
        {
            patience = await Accepted(context, answers, key, together, patience);
        }
        finally
        {
            // Not when the client has read its answers: others wait for it.
            share.Dispose();
        }

        await answers.Flush(closing.Token);
        return patience;
    }

    /// <inheritdoc cref="AnswerLines"/>
    async Task<int> Accepted(HttpContext context, AnswerSender answers, string key, List<BatchLine> together, int patience)
    {
        var cancellation = context.RequestAborted;
        var read = together.ConvertAll(t => (t.Line, Read: Read(t, key)));
        AcceptRequest[] requests = [.. read.Where(t => t.Read.Request is not null).Select(t => t.Read.Request!)];
        Acceptance[]?[] accepted = [];
        Fault? refusal = null;
        while (requests.Length > 0)
        {
            try
            {
                accepted = await stage.Accept(requests, cancellation);
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
        foreach (var (line, (request, fault)) in read)
        {
            var (article, refused) = (default(Submitted), fault ?? refusal);
            if (refused is null && accepted[at++] is { } acceptances)
                article = Answer(request!.Submissions, acceptances);
            else
                refused ??= Faults.IdempotencyKeyReused(
                    "The Idempotency-Key was already used for a batch with another article in this line. Send a batch with other content with a new key.");
            var answer = new SubmittedLine(line, refused?.Status ?? StatusCodes.Status202Accepted, article, refused?.Problem);
            HttpJson.WriteLine(answers.Writer, answer, HttpJson.Default.SubmittedLine);
        }

        together.Clear();
        return patience;
    }

    /// <returns>What is to be accepted; null exactly where there is a fault.</returns>
    (AcceptRequest? Request, Fault? Fault) Read(BatchLine line, string key)
    {
        if (line.Fault is { } fault)
            return (null, fault);
        // A key covers the batch: the same line under the same key is the same article.
        var submissions = reader.Whole(
            new RawArticle("", ArticleForm.Record, line.Bytes, ArticleMetadata.None, "http"), key.Length > 0 ? $"key {key}/{line.Line}" : Guid.NewGuid().ToString("N"));
        var given = key.Length > 0 ? IdempotencyKey.OfLine(key, line.Line, SHA256.HashData(line.Bytes.Span)) : null;
        return body.Refused(submissions) is { } rejection ? (null, Faults.Rejected(rejection)) : (new AcceptRequest(submissions, given), null);
    }

    Submitted Answer(IReadOnlyList<Submission> submissions, Acceptance[] accepted)
    {
        var all = submissions.Zip(accepted, Answer).ToArray();
        return all is [var only] ? only : all[0] with { Others = all[1..] };
    }

    Submitted Answer(Submission submission, Acceptance accepted) =>
        new(submission.ArticleId, submission.Id, $"{path}/articles/{submission.ArticleId}", accepted.Known);

    static Fault? Refusal(Exception e) => e switch
    {
        IdempotencyKeyReusedException => Faults.IdempotencyKeyReused(e.Message),
        TooManyUnfinishedException => Faults.TooManyUnfinished(e.Message),
        LedgerException => Faults.LedgerUnavailable(e.Message),
        OperationCanceledException and not TaskCanceledException => Faults.Stopping(),
        _ => null,
    };

    /// <param name="Line">From 1.</param>
    /// <param name="Bytes">Empty where there is a fault.</param>
    readonly record struct BatchLine(long Line, ReadOnlyMemory<byte> Bytes, Fault? Fault);
}
