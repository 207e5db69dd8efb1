using System.CommandLine;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Ingest.Contracts.V1;
using Ingest.Core.Articles;
using Ingest.Ledger;
using Ingest.Service.Broker;
using Ingest.Service.Display;
using Ingest.Service.Http;
using Ingest.Service.Operations;
using Ingest.Service.Serve;

namespace Ingest.Service.Cli;

/// <summary><c>ingest check</c>: verifies what a server with the same settings would use, and changes nothing.</summary>
static class CheckCommand
{
    public static Command Create()
    {
        var ledger = new LedgerFlags();
        var rabbit = new Option<string?>("--rabbitmq") { Description = "The address of a RabbitMQ broker.", HelpName = "amqp://…" };
        var url = new Option<string?>("--url") { Description = "Where HTTP listens; http://127.0.0.1:8080 by default.", HelpName = "URL" };
        var command = new Command("check", "Check the settings, ledger, broker and address that 'ingest serve' would use, and report what is wrong. Changes nothing.")
        {
            rabbit, url,
        };
        ledger.AddTo(command);
        command.SetAction((parsed, cancellation) => Run(
            ledger.Overrides(parsed) with { Url = parsed.GetValue(url), RabbitMq = parsed.GetValue(rabbit) }, cancellation));
        return command;
    }

    static async Task<int> Run(ServeCommand.Overrides given, CancellationToken cancellation)
    {
        using var output = Terminal.Output();
        var report = new Report(output);
        ServiceSettings settings;
        IReadOnlyList<ServiceSettings> each;
        try
        {
            settings = ServeCommand.Settings(given);
            each = [.. LedgerFlags.Each(settings, given.Collection)];
            var keys = new ApiKeys(settings.Security.ApiKeys).AreAsked ? "API key required" : "no API key required";
            report.Ok("settings", $"stages {Roles.Parse(settings.Roles)}; {keys}");
        }
        catch (Exception e) when (e is SettingsException or FormatException or IOException or InvalidDataException)
        {
            // Without settings there is nothing to look at.
            report.Wrong("settings", e.Message);
            return CommandLine.Unreadable;
        }

        foreach (var collection in each)
        {
            report.About(collection.Collection);
            Ledger(report, collection.LedgerPlace());
        }

        report.About(ArticleIds.DefaultCollection);
        if (settings.RabbitMq.IsConfigured)
            await Broker(report, settings.RabbitMq, [.. each.Select(c => c.Collection)], cancellation);
        else
            report.Ok("broker", "no broker is configured; everything runs in one process");
        await Http(report, settings.Url, cancellation);
        return report.AnyWrong ? CommandLine.Unreadable : CommandLine.Success;
    }

    static void Ledger(Report report, LedgerPlace place)
    {
        var path = place.ToString();
        if (place.IsFile && !File.Exists(path))
        {
            if (Path.GetDirectoryName(Path.GetFullPath(path)) is { } folder && !Directory.Exists(folder))
                report.Wrong("ledger", $"{path}: the folder {folder} does not exist. Create it, or name another file with --ledger.");
            else
                report.Ok("ledger", $"{path} does not exist yet; 'ingest serve' will create it");
            return;
        }

        try
        {
            LedgerReport found;
            using (var progress = Progress.Start(wanted: true))
                found = Look(place, part => progress.Say($"verifying {part}"));
            Ledger(report, place, path, found);
            Log(report, found);
            Kept(report, found);
            Waiting(report, found);
            if (!place.IsFile && found.Damage.Count == 0)
                Processes(report, place);
        }
        catch (LedgerException e)
        {
            report.Wrong("ledger", e.Message);
        }
    }

    static LedgerReport Look(LedgerPlace place, Action<string> progress)
    {
        if (place.IsFile)
            return LedgerCheck.Look(place.File, progress);
        using var ledger = place.OpenUnchanged();
        return new LedgerCheck(ledger).Look(progress);
    }

    static void Processes(Report report, LedgerPlace place)
    {
        using var ledger = (LedgerDatabase)place.OpenUnchanged();
        var present = LedgerHandOver.Present(ledger);
        if (present.Count == 0)
            report.Ok("processes", "none uses the ledger now");
        else if (Topology.Missing(present.Select(p => p.Roles)) is { Count: > 0 } missing)
            report.Look("processes", $"{Number(present.Count, "process", "processes")}: {Told(present)}; none with the stage {string.Join(" or ", missing)}");
        else
            report.Ok("processes", $"{Number(present.Count, "process", "processes")}: {Told(present)}");
    }

    static string Told(IEnumerable<LedgerProcess> processes) => string.Join("; ", processes.Select(p => $"{p.Name} ({p.Roles})"));

    static void Ledger(Report report, LedgerPlace place, string path, LedgerReport found)
    {
        foreach (var damage in found.Damage)
            report.Wrong("ledger", $"{path} is damaged: {damage}. Restore a backup, or salvage what is left with sqlite3's .recover.");
        if (!found.IsWritable)
            report.Wrong("ledger", place.IsFile ? $"{path} is read-only. Make the file and its folder writable." : $"{path} cannot be written: it is a standby, or the user may only read. Name the primary server, or grant the rights.");
        if (found.IsEarlier)
            report.Look("ledger", $"{path} has schema {found.Schema}, of an earlier program: 'ingest serve' will migrate it. Its results were not verified");
        if (found.Damage.Count == 0 && found.IsWritable)
            report.Ok("ledger", $"{path}: schema {found.Schema}, sound and writable, {Number(found.Articles, "article")}");
    }

    static void Log(Report report, LedgerReport found)
    {
        foreach (var fault in found.Faults)
            report.Wrong("log", $"{Told(fault)} Restore a backup of the ledger.");
        if (found.IsSound)
            report.Ok("log", $"{Number(found.Decisions, "decision")} without gaps{(found.IsEarlier || found.Gone.Texts > LogPosition.Start ? "" : ", each with a result")}{(found.LogId is { } id ? $"; id {id}" : "")}");
    }

    static void Kept(Report report, LedgerReport found)
    {
        if (found.Gone.Texts > LogPosition.Start)
            report.Ok("kept", $"texts from position {found.Gone.Texts.Next} on, decisions from position {found.Gone.Decisions.Next} on; what was before is gone, as Ingest:Retention says");
    }

    /// <summary>A fault in a sentence, with its first cases.</summary>
    public static string Told(LedgerFault fault) => $"{fault.What}: {fault.Count}. First: {string.Join(", ", fault.First)}.";

    static void Waiting(Report report, LedgerReport found)
    {
        report.Ok("waiting", $"{Number(found.Unfinished, "article")} without an outcome yet");
        if (found.Failed > 0)
            report.Look("failed", $"{Number(found.Failed, "article")}; see 'ingest errors list'");
        if (found.Unsent > 0)
            report.Look("events", $"{Number(found.Unsent, "event")} not sent; see 'ingest errors list'");
    }

    static async Task Broker(Report report, BrokerSettings settings, IReadOnlyList<string> collections, CancellationToken cancellation)
    {
        try
        {
            await using var connection = await new Connections(settings).Open("ingest check", cancellation);
            if (BrokerProbe.Unsuitable(connection, settings) is { } fault)
            {
                report.Wrong("broker", fault);
                return;
            }

            var queues = settings.QuorumQueues ? "quorum queues" : "classic queues, which are lost with their node";
            report.Ok("broker", $"{settings}: RabbitMQ {BrokerProbe.Version(connection)}, {queues}");
            foreach (var collection in collections)
            {
                report.About(collection);
                await Queues(report, connection, collection, cancellation);
            }
        }
        catch (Exception e) when (!cancellation.IsCancellationRequested)
        {
            report.Wrong("broker", BrokerFaults.Describe(e, settings));
        }
        finally
        {
            report.About(ArticleIds.DefaultCollection);
        }
    }

    static async Task Queues(Report report, RabbitMQ.Client.IConnection connection, string collection, CancellationToken cancellation)
    {
        var counts = new List<string>();
        foreach (var (_, name) in BrokerTopology.Stages(collection))
            counts.Add(await ErrorQueues.Count(connection, name, cancellation) is { } count
                ? $"{name} {count}"
                : $"{name} does not exist yet");
        var missing = counts.Exists(c => c.EndsWith("yet", StringComparison.Ordinal)) ? " ('ingest serve' will create them)" : "";
        report.Ok("queues", $"{string.Join(", ", counts)}{missing}");
        // The dead letters are those of all, and told once.
        foreach (var name in BrokerTopology.Errors(collection).Where(n => collection == ArticleIds.DefaultCollection || n != BrokerTopology.DeadLetters))
            if (await ErrorQueues.Count(connection, name, cancellation) is > 0 and var count)
                report.Look("queues", $"{name} has {Number(count, "message")} that could not be handled; see 'ingest errors list'");
    }

    static async Task Http(Report report, string url, CancellationToken cancellation)
    {
        // The name for all addresses is not one to connect to.
        var address = url.Replace("://0.0.0.0", "://127.0.0.1", StringComparison.Ordinal).Replace("://[::]", "://[::1]", StringComparison.Ordinal);
        using var server = new RemoteServer(new Uri(address), null);
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        patience.CancelAfter(TimeSpan.FromSeconds(10));
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "health/ready");
            using var answer = await server.Send(request, patience.Token);
            if (answer.StatusCode is not (HttpStatusCode.OK or HttpStatusCode.ServiceUnavailable))
                throw new JsonException();
            var state = await JsonSerializer.DeserializeAsync(
                await answer.Content.ReadAsStreamAsync(patience.Token), HttpJson.Default.HealthState, patience.Token);
            if (state is not { Status: "ready" or "not ready" })
                throw new JsonException();
            foreach (var (part, reason) in state.Reasons)
                report.Wrong("http", $"the server at {url} is not ready ({part}): {reason}");
            foreach (var (part, warning) in state.Warnings)
                report.Look("http", $"the server at {url} warns ({part}): {warning}");
            if (state.Reasons.Count == 0)
                report.Ok("http", $"a server is ready at {url}");
        }
        catch (HttpRequestException e) when (e.InnerException is SocketException { SocketErrorCode: SocketError.ConnectionRefused })
        {
            report.Ok("http", $"nothing is listening on {url}; 'ingest serve' can use it");
        }
        catch (Exception e)
            when (e is HttpRequestException or IOException or JsonException
                || e is OperationCanceledException && !cancellation.IsCancellationRequested)
        {
            var reason = e is JsonException ? "it does not answer as Ingest does." : RemoteServer.Reason(e);
            report.Wrong("http", $"another program is listening on {url}: {reason} Stop it, or choose another address with --url.");
        }
    }

    public static string Number(long count, string noun, string? nouns = null) => $"{count} {(count == 1 ? noun : nouns ?? noun + "s")}";

    /// <summary>A line for each finding.</summary>
    sealed class Report(TextWriter output)
    {
        string about = "";

        public bool AnyWrong { get; private set; }

        /// <summary>What follows is about this collection.</summary>
        public void About(string collection) => about = collection == ArticleIds.DefaultCollection ? "" : $"{collection}: ";

        public void Ok(string part, string finding) => Write(part, "ok", finding + ".");

        /// <summary>Nothing is wrong with the service, but somebody should look.</summary>
        public void Look(string part, string finding) => Write(part, "warn", finding + ".");

        public void Wrong(string part, string finding)
        {
            AnyWrong = true;
            Write(part, "WRONG", finding);
        }

        void Write(string part, string word, string finding) => output.WriteLine($"{part,-9} {word,-6} {Terminal.Plain(about + finding)}");
    }
}
