using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Serialization;
using Ingest.Contracts.V1;
using Ingest.Core.Articles;
using Ingest.Service.Display;
using Ingest.Service.Http;
using Ingest.Service.Outcomes;
using RawArticle = Ingest.Core.Articles.RawArticle;

namespace Ingest.Service.Cli;

/// <summary>
/// Sends articles in batches, one after another, so that the server has them in their order. What a server that is full, stops or
/// is started anew did not answer is sent again: an article that it has is known to it.
/// </summary>
sealed class Submitter(RemoteServer server, SubmitTally tally, Progress progress)
{
    /// <summary>
    /// A batch ends with what comes first. The answers are read when the batch is sent: what the server answers meanwhile must find
    /// room in the buffers between it and us, or both would wait for ever.
    /// </summary>
    const int MostLines = 1000, MostBytes = 8 << 20, MostAnswerBytes = 96 << 10;

    /// <summary>Bytes of an answered line beside the article's id, and some more.</summary>
    const int AnswerBytes = 240;

    /// <summary>Bytes of an answer that are read at most: far more than that to a batch.</summary>
    const long MostAnswer = 16 << 20;

    /// <summary>How long a lost server is waited for; and one that says nothing at all.</summary>
    static readonly TimeSpan Lost = TimeSpan.FromSeconds(60), Silence = TimeSpan.FromSeconds(60);
    static readonly TimeSpan Retry = TimeSpan.FromSeconds(1), MostRetryAfter = TimeSpan.FromSeconds(60);

    /// <summary>What keeps it waiting is said once: a full server for the whole run, each loss of the connection anew.</summary>
    const string LostKind = "lost";

    readonly List<(string Id, byte[] Line)> batch = [];
    readonly Stopwatch lost = new();
    int bytes, answerBytes;
    readonly HashSet<string> said = new(StringComparer.Ordinal);

    public async Task Add(string id, ArticleText article, CancellationToken cancellation)
    {
        var line = SubmitJson.Line(id, article);
        var answer = AnswerBytes + 2 * id.Length;
        if (batch.Count == MostLines || bytes + line.Length > MostBytes || answerBytes + answer > MostAnswerBytes)
            await Finish(cancellation);
        batch.Add((id, line));
        bytes += line.Length;
        answerBytes += answer;
    }

    /// <summary>Returns when all that was added has its answer.</summary>
    /// <exception cref="RemoteException">The server cannot be reached, or refuses all of it.</exception>
    public async Task Finish(CancellationToken cancellation)
    {
        while (batch.Count > 0)
        {
            var before = batch.Count;
            var wait = await Try(cancellation);
            progress.Add(before - batch.Count);
            if (before > batch.Count)
            {
                lost.Reset();
                said.Remove(LostKind);
            }

            if (wait is { } pause)
                await Task.Delay(pause, cancellation);
        }

        bytes = answerBytes = 0;
    }

    /// <summary>Sends the batch and takes out of it what was answered for good.</summary>
    /// <returns>How long to wait before the rest is sent again; null where there is nothing to wait for.</returns>
    async Task<TimeSpan?> Try(CancellationToken cancellation)
    {
        var answered = new bool[batch.Count];
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        patience.CancelAfter(Silence);
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, $"{server.Path}/articles:batch")
            {
                Content = new Lines([.. batch.Select(b => b.Line)], () => patience.CancelAfter(Silence)),
            };
            // So that a server that refuses says so before all is sent.
            request.Headers.ExpectContinue = true;
            using var answer = await server.Send(request, patience.Token);
            if (answer.StatusCode is HttpStatusCode.TooManyRequests or HttpStatusCode.ServiceUnavailable)
                return Wait(answer.StatusCode, (await server.Refused(answer, patience.Token)).Message, answer.Headers.RetryAfter?.Delta);
            if (answer.StatusCode is HttpStatusCode.BadGateway or HttpStatusCode.GatewayTimeout)
                throw new IOException($"a proxy answered with status {(int)answer.StatusCode}");
            if (answer.StatusCode != HttpStatusCode.OK)
                throw await server.Refused(answer, patience.Token);
            return await ReadAnswer(answer, answered, patience);
        }
        catch (Exception e)
            when (e is HttpRequestException or IOException or JsonException
                || e is OperationCanceledException && !cancellation.IsCancellationRequested)
        {
            if (!server.WasReached)
                throw server.Unreachable(e);
            return Again(e);
        }
        finally
        {
            batch.RemoveAll(Answered(answered));
        }
    }

    /// <summary>Reads the lines of an answer, each of which is about the line of the batch with its number.</summary>
    async Task<TimeSpan?> ReadAnswer(HttpResponseMessage answer, bool[] answered, CancellationTokenSource patience)
    {
        await answer.Content.LoadIntoBufferAsync(MostAnswer, patience.Token);
        using var reader = new StreamReader(await answer.Content.ReadAsStreamAsync(patience.Token));
        TimeSpan? wait = null;
        while (await reader.ReadLineAsync(patience.Token) is { } line)
        {
            if (JsonSerializer.Deserialize(line, HttpJson.Default.SubmittedLine) is not { Line: >= 1 } told || told.Line > answered.Length)
                throw new JsonException("the answer refers to a line that was not sent.");
            var at = (int)told.Line - 1;
            if (answered[at])
                throw new JsonException($"the answer tells of line {told.Line} twice.");
            if (told.Article is { } accepted)
            {
                answered[at] = true;
                tally.Accept(accepted.Known);
            }
            else if (told.Status is 429 or 503)
            {
                wait ??= Wait((HttpStatusCode)told.Status, $"the server at {server.Url}: {told.Problem?.Title}. {told.Problem?.Detail}", null);
            }
            // A batch that is too large is said of the line that was too much: first of its own batch, it is not.
            else if (told.Status != 413 || at == 0)
            {
                answered[at] = true;
                tally.Refuse(batch[at].Id, told.Problem?.Type.Split('/')[^1] ?? $"status {told.Status}", told.Problem?.Detail ?? "");
            }
        }

        if (wait is null && !answered.Contains(true))
            throw new IOException("the answer ended before its first line.");
        return wait;
    }

    static Predicate<(string, byte[])> Answered(bool[] answered)
    {
        var at = 0;
        return _ => answered[at++];
    }

    TimeSpan Wait(HttpStatusCode status, string reason, TimeSpan? retryAfter)
    {
        if (said.Add($"{status}"))
            Terminal.Complain($"{reason.TrimEnd('.')}. Waiting.");
        var wait = retryAfter ?? TimeSpan.FromSeconds(status == HttpStatusCode.TooManyRequests ? 2 : 5);
        return wait < Retry ? Retry : wait > MostRetryAfter ? MostRetryAfter : wait;
    }

    TimeSpan Again(Exception fault)
    {
        if (!lost.IsRunning)
            lost.Restart();
        else if (lost.Elapsed > Lost)
            throw new RemoteException(
                $"the connection to {server.Url} was lost and not restored within {Lost.TotalSeconds} s: {RemoteServer.Reason(fault)} Start the server again with 'ingest serve'.");
        if (said.Add(LostKind))
            Terminal.Complain($"the connection to {server.Url} was lost: {RemoteServer.Reason(fault)} Retrying for {Lost.TotalSeconds} s.");
        return Retry;
    }

    /// <summary>The lines of a request, written as they are read from memory.</summary>
    sealed class Lines : HttpContent
    {
        readonly byte[][] lines;
        readonly Action sent;

        /// <param name="sent">Called after each line.</param>
        public Lines(byte[][] lines, Action sent)
        {
            (this.lines, this.sent) = (lines, sent);
            Headers.ContentType = new MediaTypeHeaderValue("application/x-ndjson");
        }

        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
            SerializeToStreamAsync(stream, context, CancellationToken.None);

        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
        {
            foreach (var line in lines)
            {
                await stream.WriteAsync(line, cancellationToken);
                sent();
            }
        }

        protected override bool TryComputeLength(out long length)
        {
            length = lines.Sum(l => (long)l.Length);
            return true;
        }
    }
}

/// <summary>A raw article as a line of a batch.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(Contracts.V1.RawArticle))]
sealed partial class SubmitJson : JsonSerializerContext
{
    static readonly SubmitJson Readable = new(new JsonSerializerOptions
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = ReadableJson.Encoder,
    });

    public static byte[] Line(string id, ArticleText article)
    {
        var known = article.Metadata;
        var (url, feed, headline, bylines, agency, publisher, dateline, published, received, language) = known;
        var record = new Contracts.V1.RawArticle(
            id, article.Markup is null ? article.Text : null, url, feed, headline, bylines, agency, publisher, dateline, published, received, language)
        {
            Html = article.Markup,
            Section = known.Section,
            Slugline = known.Slugline,
            Version = known.Version,
            Status = known.Status,
            Urgency = known.Urgency,
            Embargo = known.Embargo,
            UsageTerms = known.UsageTerms,
            Copyright = known.Copyright,
        };
        return [.. JsonSerializer.SerializeToUtf8Bytes(record, Readable.RawArticle), (byte)'\n'];
    }
}
