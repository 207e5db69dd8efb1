using System.Buffers;
using System.Text;
using System.Text.Json;
using Ingest.Contracts.V1;
using Ingest.Ledger;
using Ingest.Ledger.Articles;
using Ingest.Ledger.Decisions;
using Ingest.Service.Http;
using Ingest.Service.Operations;
using Ingest.Service.Outcomes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Hosting;

namespace Ingest.Service.Publish;

/// <summary>The log of decisions as a feed: from any position on, in order, without gaps; it waits for what is still to come.</summary>
sealed class EventsEndpoint(LedgerFile ledger, Arrivals arrivals, IHostApplicationLifetime lifetime)
{
    const int MostEvents = 1000, MostWait = 60;

    /// <summary>Another process that shares the ledger may decide; nobody announces that here.</summary>
    static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(250);

    /// <summary>Something is sent at least so often, so that a connection that died is noticed.</summary>
    static readonly TimeSpan KeepAlive = TimeSpan.FromSeconds(15);

    readonly DecisionLog log = new(ledger);

    public void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet("/v1/events", (Delegate)Events)
            .WithName("GetEvents")
            .WithSummary("The log of decisions after a position; waits up to the given seconds for the next. With Accept: text/event-stream it keeps sending")
            .WithTags("events")
            .Produces<EventPage>().ProducesFaults(400);

    async Task Events(HttpContext context, string? after, string? wait, string? limit)
    {
        var stream = context.Request.Headers.Accept.ToString().Contains("text/event-stream", StringComparison.OrdinalIgnoreCase);
        // A browser that connects again asks for the same address, and says in this header how far it was.
        if (stream && context.Request.Headers["Last-Event-ID"].ToString() is { Length: > 0 } last)
            after = last;
        if (Parameters.Number(after, 0, long.MaxValue, 0) is not { } position)
        {
            await Faults.Invalid($"after is '{after}': use the position of the last event that you have, or 0.").Write(context);
            return;
        }

        if (Parameters.Number(wait, 0, MostWait, 0) is not { } seconds)
        {
            await Faults.Invalid($"wait is '{wait}': it must be between 0 and {MostWait} seconds.").Write(context);
            return;
        }

        if (Parameters.Number(limit, 1, MostEvents, 100) is not { } most)
        {
            await Faults.Invalid($"limit is '{limit}': it must be between 1 and {MostEvents}.").Write(context);
            return;
        }

        using var ending = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, lifetime.ApplicationStopping);
        try
        {
            if (stream)
                await Stream(context, position, ending.Token);
            else
                await Page(context, position, (int)most, TimeSpan.FromSeconds(seconds), ending.Token);
        }
        catch (OperationCanceledException)
        {
            // The reader has gone, or the program stops.
        }
    }

    async Task Page(HttpContext context, long after, int most, TimeSpan wait, CancellationToken cancellation)
    {
        IReadOnlyList<Event> events;
        try
        {
            events = await Next(after, most, wait, cancellation);
        }
        catch (OperationCanceledException) when (!context.RequestAborted.IsCancellationRequested)
        {
            // The program stops: an empty page, so that the reader asks again.
            events = [];
        }

        context.Response.ContentType = "application/json; charset=utf-8";
        var body = new ArrayBufferWriter<byte>(16_384);
        using (var json = new Utf8JsonWriter(body, new JsonWriterOptions { Encoder = ReadableJson.Encoder }))
        {
            json.WriteStartObject();
            json.WriteStartArray("events");
            foreach (var told in events)
            {
                json.WriteStartObject();
                json.WriteString("type", told.Name);
                json.WriteNumber("position", told.Position);
                json.WritePropertyName("event");
                json.WriteRawValue(told.Json, skipInputValidation: true);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteNumber("next", events.Count > 0 ? events[^1].Position : after);
            json.WriteEndObject();
        }

        await context.Response.BodyWriter.WriteAsync(body.WrittenMemory, context.RequestAborted);
    }

    async Task Stream(HttpContext context, long after, CancellationToken cancellation)
    {
        context.Response.ContentType = "text/event-stream";
        context.Response.Headers.CacheControl = "no-store";
        // The head at once: a client would take a connection that says nothing for one that hangs.
        await context.Response.Body.FlushAsync(cancellation);
        while (true)
        {
            var events = await Next(after, MostEvents, KeepAlive, cancellation);
            var text = new StringBuilder();
            foreach (var told in events)
            {
                // JSON has no line breaks of its own: one line of data.
                text.Append("id: ").Append(told.Position).Append("\nevent: ").Append(told.Name)
                    .Append("\ndata: ").Append(Encoding.UTF8.GetString(told.Json)).Append("\n\n");
                after = told.Position;
            }

            await context.Response.WriteAsync(events.Count == 0 ? ": alive\n\n" : text.ToString(), cancellation);
            await context.Response.Body.FlushAsync(cancellation);
        }
    }

    /// <summary>The events of entries, up to the first that cannot be read; it is told where nothing stands before it.</summary>
    static List<Event> Made(IReadOnlyList<LogEntry> entries)
    {
        var made = new List<Event>(entries.Count);
        foreach (var entry in entries)
        {
            try
            {
                made.Add(Event.Of(entry));
            }
            catch (StoredResultException) when (made.Count > 0)
            {
                break;
            }
            catch (StoredResultException e)
            {
                throw new StoredResultException($"Position {entry.Decision.Position} of the log, article {entry.ArticleId}: {e.Message}", e);
            }
        }

        return made;
    }

    /// <summary>What comes after a position; waits for the first of it, up to a limit.</summary>
    async Task<IReadOnlyList<Event>> Next(long after, int most, TimeSpan wait, CancellationToken cancellation)
    {
        var clock = System.Diagnostics.Stopwatch.StartNew();
        while (true)
        {
            var next = arrivals.Next(LookEvery, cancellation);
            var entries = log.After(new LogPosition(after), most, Texts.ForEvents);
            if (entries.Count > 0 || clock.Elapsed >= wait)
                return Made(entries);
            await next;
            cancellation.ThrowIfCancellationRequested();
        }
    }
}
