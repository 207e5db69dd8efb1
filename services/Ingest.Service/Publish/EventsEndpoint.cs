using System.Buffers;
using System.Diagnostics;
using System.IO.Pipelines;
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
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Hosting;

namespace Ingest.Service.Publish;

/// <summary>The log of decisions as a feed: from any position on, in order, without gaps; it waits for what is still to come.</summary>
sealed class EventsEndpoint(LedgerStore ledger, Arrivals arrivals, IHostApplicationLifetime lifetime)
{
    const int MostEvents = 1000, MostWait = 60;

    /// <summary>Bytes of events after which a page ends, so that a client can hold it.</summary>
    const long MostBytes = 8 << 20;

    /// <summary>Entries that are read at once; bytes of events that are sent at once.</summary>
    const int ReadTogether = 64, SendFrom = 1 << 15;

    /// <summary>Something is sent at least so often, so that a connection that died is noticed.</summary>
    static readonly TimeSpan KeepAlive = TimeSpan.FromSeconds(15);

    readonly DecisionLog log = new(ledger);
    readonly Retention retention = new(ledger);

    /// <summary>It does not change while the ledger is open. A fault is not kept.</summary>
    readonly Lazy<Guid> logId = new(() => LedgerSettings.LogId(ledger), LazyThreadSafetyMode.PublicationOnly);

    public void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet("/events", (Delegate)Events)
            .WithName("GetEvents")
            .WithSummary("The log of decisions after a position; waits up to the given seconds for the next. With Accept: text/event-stream it keeps sending")
            .WithTags("events")
            .Produces<EventPage>().ProducesFaults(400, 409, 410);

    async Task Events(HttpContext context, string? after, string? wait, string? limit, [FromQuery(Name = "log")] string? follows)
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

        if (Misplaced(position, follows) is { } misplaced)
        {
            await misplaced.Write(context);
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

    /// <summary>Why a reader's position is none of this log: without a word it would wait for ever, or miss what it never saw.</summary>
    Fault? Misplaced(long after, string? follows)
    {
        if (follows is not null)
        {
            if (!Guid.TryParse(follows, out var given))
                return Faults.Invalid($"log is '{follows}': use the log of a page of events.");
            if (given != logId.Value)
                return Faults.OtherLog(given, logId.Value);
        }

        if (after > 0 && log.End().Position.Value is var end && after > end)
            return Faults.BeyondLog(after, end);
        // An event has a text; an article's decision is told longer than that.
        return retention.Gone().Texts.Value is var gone && after < gone ? Faults.NoLongerKept(after, gone) : null;
    }

    async Task Page(HttpContext context, long after, int most, TimeSpan wait, CancellationToken cancellation)
    {
        try
        {
            await Wait(after, wait, cancellation);
        }
        catch (OperationCanceledException) when (!context.RequestAborted.IsCancellationRequested)
        {
            // The program stops: what is there, which may be an empty page, so that the reader asks again.
        }

        context.Response.ContentType = "application/json; charset=utf-8";
        var writer = context.Response.BodyWriter;
        var begun = false;
        var damaged = new List<DamagedEntry>();
        var next = await Send(context, after, most, damaged.Add, told =>
        {
            Begin(","u8);
            Write(writer, $"{{\"type\":\"{told.Name}\",\"position\":{told.Position},\"event\":");
            writer.Write(told.Json);
            writer.Write("}"u8);
        }, context.RequestAborted);
        Begin([]);
        Write(writer, $"],\"next\":{next},\"log\":\"{logId.Value}\"");
        if (damaged.Count > 0)
            Write(writer, $",\"damaged\":{JsonSerializer.Serialize(damaged, HttpJson.Default.ListDamagedEntry)}");
        writer.Write("}"u8);
        await writer.FlushAsync(context.RequestAborted).OrCutOff(context, context.RequestAborted);

        // Only when the first event has been read: until then the answer may be a problem.
        void Begin(ReadOnlySpan<byte> next)
        {
            writer.Write(begun ? next : "{\"events\":["u8);
            begun = true;
        }
    }

    async Task Stream(HttpContext context, long after, CancellationToken cancellation)
    {
        context.Response.ContentType = "text/event-stream";
        context.Response.Headers.CacheControl = "no-store";
        // The head at once: a client would take a connection that says nothing for one that hangs.
        await context.Response.Body.FlushAsync(cancellation);
        var writer = context.Response.BodyWriter;
        while (true)
        {
            if (!await Wait(after, KeepAlive, cancellation))
                writer.Write(": alive\n\n"u8);
            after = await Send(context, after, MostEvents, damaged =>
                Write(writer, $"id: {damaged.Position}\nevent: Damaged\ndata: {JsonSerializer.Serialize(damaged, HttpJson.Default.DamagedEntry)}\n\n"), told =>
            {
                // JSON has no line breaks of its own: one line of data.
                Write(writer, $"id: {told.Position}\nevent: {told.Name}\ndata: ");
                writer.Write(told.Json);
                writer.Write("\n\n"u8);
            }, cancellation);
            await writer.FlushAsync(cancellation).OrCutOff(context, cancellation);
        }
    }

    /// <summary>
    /// Writes the events after a position, as many as there are, and fewer where they are long. Where the client has no room for more, what
    /// was read is let go, and read again when it has: clients that do not read hold no memory.
    /// </summary>
    /// <param name="skip">Is told of an entry that cannot be read: it holds up none behind it.</param>
    /// <returns>The position of the last that was written or skipped.</returns>
    async Task<long> Send(
        HttpContext context, long after, int most, Action<DamagedEntry> skip, Action<Event> write, CancellationToken cancellation)
    {
        IReadOnlyList<LogEntry> entries = [];
        var (at, sent, bytes, unsent) = (0, 0, 0L, 0L);
        while (sent < most && bytes < MostBytes)
        {
            if (at == entries.Count)
            {
                try
                {
                    (entries, at) = (log.After(new LogPosition(after), Math.Min(ReadTogether, most - sent), Texts.ForEvents), 0);
                }
                catch (StoredResultException e)
                {
                    // The log has no gaps.
                    skip(new DamagedEntry(++after, e.Message));
                    sent++;
                    continue;
                }
                catch (LedgerException) when (sent > 0)
                {
                    // What was read is told, and who asks for the next is told the fault.
                    break;
                }

                if (entries.Count == 0)
                    break;
            }

            long length;
            try
            {
                length = Write(entries[at], write, skip);
            }
            catch (NoLongerKeptException) when (sent > 0)
            {
                // It went while this was read: who asks for it is told so.
                break;
            }

            (after, sent, bytes, unsent) = (entries[at++].Decision.Position.Value, sent + 1, bytes + length, unsent + length);
            if (unsent < SendFrom)
                continue;
            unsent = 0;
            var flush = context.Response.BodyWriter.FlushAsync(cancellation);
            if (flush.IsCompletedSuccessfully)
            {
                (await flush).MustHaveReader();
                continue;
            }

            (entries, at) = ([], 0);
            await flush.OrCutOff(context, cancellation);
        }

        return after;
    }

    /// <returns>The length of its JSON.</returns>
    long Write(LogEntry entry, Action<Event> write, Action<DamagedEntry> skip)
    {
        try
        {
            var told = Event.Of(entry, ledger.Collection);
            write(told);
            return told.Json.Length;
        }
        catch (StoredResultException e) when (e is not NoLongerKeptException)
        {
            skip(new DamagedEntry(entry.Decision.Position.Value, $"Article {entry.ArticleId}: {e.Message}"));
            return 0;
        }
    }

    static void Write(PipeWriter writer, string text) => Encoding.UTF8.GetBytes(text, writer);

    /// <summary>Waits, up to a limit, until there is something after a position.</summary>
    /// <returns>False where there is nothing.</returns>
    async Task<bool> Wait(long after, TimeSpan atMost, CancellationToken cancellation)
    {
        var clock = Stopwatch.StartNew();
        while (true)
        {
            var next = arrivals.Next();
            if (log.End().Position.Value > after)
                return true;
            var left = atMost - clock.Elapsed;
            if (left <= TimeSpan.Zero)
                return false;
            await next.WaitAsync(left, cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            cancellation.ThrowIfCancellationRequested();
        }
    }
}
