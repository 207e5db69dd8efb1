using System.CommandLine;
using System.Globalization;
using System.Net;
using System.Text.Json;
using Ingest.Contracts.V1;
using Ingest.Service.Display;
using Ingest.Service.Http;
using Ingest.Service.Outcomes;
using Microsoft.Win32.SafeHandles;

namespace Ingest.Service.Cli;

/// <summary><c>ingest events</c>: the feed of a server, from a position on.</summary>
static class EventsCommand
{
    const int Most = 1000, WaitSeconds = 30;

    /// <summary>EPIPE.</summary>
    const int BrokenPipe = 32;

    static readonly TimeSpan Silence = TimeSpan.FromSeconds(2 * WaitSeconds), Retry = TimeSpan.FromSeconds(1);

    public static Command Create()
    {
        var after = new Option<long>("--after")
        {
            Description = "Start after this position; 0 prints everything.",
            HelpName = "N",
            DefaultValueFactory = _ => 0,
        };
        after.Validators.Add(r =>
        {
            if (r.Tokens is [var token]
                && long.TryParse(token.Value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var n) && n < 0)
                r.AddError($"--after takes 0 or a position, not {n}.");
        });
        var follow = new Option<bool>("--follow")
        {
            Description = "Keep running and print new events as they come, even across server restarts.",
        };
        var log = new Option<Guid?>("--log")
        {
            Description = "The log that --after belongs to, as the server names it; refuse another one.",
            HelpName = "ID",
            CustomParser = result =>
            {
                if (Guid.TryParse(result.Tokens[0].Value, out var id))
                    return id;
                result.AddError($"--log takes the UUID of a log, not '{result.Tokens[0].Value}'.");
                return null;
            },
        };
        var command = new Command("events", "Print the decisions of a server in order: one readable line each on a terminal, JSON Lines otherwise.")
        {
            after, log, follow,
        };
        var remote = new RemoteFlags();
        remote.AddTo(command);
        command.SetAction((parsed, cancellation) => Run(
            new Place(parsed.GetValue(after), parsed.GetValue(log)), parsed.GetValue(follow), () => remote.Read(parsed), cancellation));
        return command;
    }

    /// <summary>How far a log was read.</summary>
    /// <param name="Log">Null where it is not known.</param>
    readonly record struct Place(long After, Guid? Log)
    {
        public string Options => Log is null ? $"--after {After}" : $"--after {After} --log {Log}";
    }

    static async Task<int> Run(Place place, bool follow, Func<RemoteServer> connect, CancellationToken cancellation)
    {
        try
        {
            using var server = connect();
            using var output = Output();
            await Print(server, output, place, follow, cancellation);
            return CommandLine.Success;
        }
        catch (RemoteException e)
        {
            Terminal.Complain(e.Message);
            return CommandLine.Unreadable;
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            return CommandLine.Interrupted;
        }
        catch (IOException e) when (e.HResult == BrokenPipe)
        {
            // The reader has gone, such as head.
            return CommandLine.Success;
        }
        catch (IOException e)
        {
            Terminal.Complain($"cannot write to standard output: {e.Message}");
            return CommandLine.Unreadable;
        }
    }

    /// <summary>The library's own stream for a pipe does not say that the reader has gone: following would never end.</summary>
    static StreamWriter Output()
    {
        if (!Console.IsOutputRedirected || OperatingSystem.IsWindows())
            return Terminal.Output();
        var stream = new FileStream(new SafeFileHandle(1, ownsHandle: false), FileAccess.Write, bufferSize: 0);
        // In a file this would write at a place of its own, and others that have the same output would write over it.
        return stream.CanSeek ? Terminal.Output() : new StreamWriter(stream, Terminal.Utf8, 1 << 16);
    }

    static async Task Print(RemoteServer server, StreamWriter output, Place place, bool follow, CancellationToken cancellation)
    {
        var readable = !Console.IsOutputRedirected;
        bool lost = false, known = false;
        while (true)
        {
            EventPage page;
            try
            {
                page = await Next(server, place, follow && !lost ? WaitSeconds : 0, cancellation);
            }
            catch (Exception e)
                when (e is HttpRequestException or IOException or JsonException
                    || e is OperationCanceledException && !cancellation.IsCancellationRequested)
            {
                if (!server.WasReached)
                    throw server.Unreachable(e);
                if (e is JsonException && !known)
                    throw new RemoteException($"{server.Url} is not an Ingest server. Check --to. ({e.Message})");
                var loss = $"the connection to {server.Url} was lost after position {place.After}: {RemoteServer.Reason(e)}";
                if (!follow)
                    throw new RemoteException($"{loss} Continue with {place.Options}.");
                if (!lost)
                    Terminal.Complain($"{loss} Retrying every second.");
                lost = true;
                await Task.Delay(Retry, cancellation);
                continue;
            }

            if (page.Events is null || page.Events.Count > 0 && page.Next <= place.After)
                throw new RemoteException($"{server.Url} is not an Ingest server, or a damaged one: its answer is no page of events after position {place.After}. Check --to.");
            known = true;
            if (lost)
                Terminal.Complain($"reconnected to {server.Url}; continuing after position {place.After}.");
            lost = false;
            foreach (var told in page.Events)
                output.WriteLine(readable ? Line(told) : ReadableJson.Escaped(JsonSerializer.Serialize(told, HttpJson.Default.LoggedEvent)));
            await output.FlushAsync(cancellation);
            foreach (var damaged in page.Damaged ?? [])
                Terminal.Complain($"position {damaged.Position} is damaged in the ledger of {server.Url}: {damaged.Detail}");
            var advanced = page.Next > place.After;
            place = new Place(Math.Max(place.After, page.Next), page.Log ?? place.Log);
            if (!follow && !advanced)
                return;
        }
    }

    /// <summary>A page ends at a few megabytes of events, or with one that is larger.</summary>
    const long MostPageBytes = 128 << 20;

    static async Task<EventPage> Next(RemoteServer server, Place place, int wait, CancellationToken cancellation)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        patience.CancelAfter(Silence);
        var query = string.Create(CultureInfo.InvariantCulture, $"{server.Path}/events?after={place.After}&limit={Most}&wait={wait}{(place.Log is { } log ? $"&log={log}" : "")}");
        using var request = new HttpRequestMessage(HttpMethod.Get, query);
        using var answer = await server.Send(request, patience.Token);
        if (answer.StatusCode is HttpStatusCode.ServiceUnavailable or HttpStatusCode.BadGateway or HttpStatusCode.GatewayTimeout)
            throw new IOException($"it answered with status {(int)answer.StatusCode}");
        if (answer.StatusCode == HttpStatusCode.Conflict)
            throw new RemoteException(
                $"{(await server.Refused(answer, patience.Token)).Message} To print it from its beginning: ingest events --after 0");
        if (answer.StatusCode != HttpStatusCode.OK)
            throw await server.Refused(answer, patience.Token);
        await answer.Content.LoadIntoBufferAsync(MostPageBytes, patience.Token);
        return await JsonSerializer.DeserializeAsync(
            await answer.Content.ReadAsStreamAsync(patience.Token), HttpJson.Default.EventPage, patience.Token)
            ?? throw new JsonException("the answer is not a page of events");
    }

    static string Line(LoggedEvent told)
    {
        var id = Text(told.Event, "id") ?? "";
        var about = told.Type switch
        {
            nameof(CanonicalArticlePublished) => Headline(told.Event),
            nameof(CanonicalArticleRevised) =>
                $"{Relation(told.Event)} of story {Text(told.Event, "storyId")}, version {Property(told.Event, "version")}: {Headline(told.Event)}",
            nameof(DuplicateDetected) => $"{Relation(told.Event)} copy in story {Text(told.Event, "storyId")}",
            nameof(ArticleRejected) => told.Event.TryGetProperty("rejection", out var rejection)
                ? $"{Text(rejection, "reason")}: {Text(rejection, "detail")}"
                : "",
            _ => "",
        };
        return Terminal.Plain(string.Create(CultureInfo.InvariantCulture, $"{told.Position,8}  {told.Type,-25}  {id}  {about}"));
    }

    static string Headline(JsonElement told) =>
        told.TryGetProperty("article", out var article) ? Text(article, "headline") ?? "(no headline)" : "";

    static string Relation(JsonElement told) => told.TryGetProperty("joined", out var joined) ? Text(joined, "relation") ?? "" : "";

    static string? Text(JsonElement told, string name) =>
        told.ValueKind == JsonValueKind.Object && told.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String
            ? value.GetString()
            : null;

    static string Property(JsonElement told, string name) => told.TryGetProperty(name, out var value) ? value.GetRawText() : "";
}
