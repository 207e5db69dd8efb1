using System.CommandLine;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Ingest.Contracts.V1;
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
        var ledger = new Option<string?>("--ledger") { Description = "The ledger's file: ./ingest.db by default.", HelpName = "FILE" };
        var rabbit = new Option<string?>("--rabbitmq") { Description = "Address of a RabbitMQ broker.", HelpName = "amqp://…" };
        var url = new Option<string?>("--url") { Description = "Where HTTP listens: http://127.0.0.1:8080 by default.", HelpName = "URL" };
        var command = new Command("check", "Verify settings, ledger, broker and address as 'ingest serve' would use them, and say what is wrong. Changes nothing.") { ledger, rabbit, url };
        command.SetAction((parsed, cancellation) => Run(new ServeCommand.Overrides(null, parsed.GetValue(ledger), parsed.GetValue(url), parsed.GetValue(rabbit)), cancellation));
        return command;
    }

    static async Task<int> Run(ServeCommand.Overrides given, CancellationToken cancellation)
    {
        using var output = Terminal.Output();
        var report = new Report(output);
        ServiceSettings settings;
        try
        {
            settings = ServeCommand.Settings(given);
            report.Ok("settings", $"stages {Roles.Parse(settings.Roles)}; {(new ApiKeys(settings.Security.ApiKeys).AreAsked ? "an API key is asked for" : "no API key is asked for")}");
        }
        catch (Exception e) when (e is SettingsException or FormatException or IOException or InvalidDataException)
        {
            // Without settings there is nothing to look at.
            report.Wrong("settings", e.Message);
            return CommandLine.Unreadable;
        }

        Ledger(report, settings.Ledger);
        if (settings.RabbitMq.IsConfigured)
            await Broker(report, settings.RabbitMq, cancellation);
        else
            report.Ok("broker", "none is set: everything runs in one process");
        await Http(report, settings.Url, cancellation);
        return report.AnyWrong ? CommandLine.Unreadable : CommandLine.Success;
    }

    static void Ledger(Report report, string path)
    {
        if (!File.Exists(path))
        {
            if (Path.GetDirectoryName(Path.GetFullPath(path)) is { } folder && !Directory.Exists(folder))
                report.Wrong("ledger", $"{path}: the folder {folder} does not exist. Make it, or name another file with --ledger.");
            else
                report.Ok("ledger", $"{path} is not there yet: 'ingest serve' makes it");
            return;
        }

        try
        {
            using var ledger = LedgerFile.OpenExisting(path);
            var found = new LedgerCheck(ledger).Look();
            foreach (var damage in found.Damage)
                report.Wrong("ledger", $"{path} is damaged: {damage}. Put back a copy, or save what is left with sqlite3's .recover.");
            if (found.Unwritable is { } reason)
                report.Wrong("ledger", reason);
            if (found.Damage.Count == 0 && found.Unwritable is null)
                report.Ok("ledger", $"{path}: schema {found.Schema}, sound and writable, {found.Articles} articles");
            Log(report, found);
            Waiting(report, found);
        }
        catch (LedgerException e)
        {
            report.Wrong("ledger", e.Message);
        }
    }

    static void Log(Report report, LedgerReport found)
    {
        if (found.End.Value != found.Decisions)
            report.Wrong("log", $"it ends at position {found.End} and has {found.Decisions} decisions: {found.End.Value - found.Decisions} are missing. Followers of the feed may have seen them; put back a copy of the ledger.");
        if (found.WithoutResult > 0)
            report.Wrong("log", $"{found.WithoutResult} decided articles have no result: they cannot be shown or compared with. Put back a copy of the ledger.");
        if (found.Forgotten > 0)
            report.Wrong("log", $"{found.Forgotten} articles are neither decided nor failed, and wait for nothing. Put back a copy of the ledger, or submit them again under other ids.");
        if (found.Twice > 0)
            report.Wrong("log", $"{found.Twice} decided articles wait for an outcome all the same. Put back a copy of the ledger.");
        if (found.End.Value == found.Decisions && found.WithoutResult + found.Forgotten + found.Twice == 0)
            report.Ok("log", $"{found.Decisions} decisions without gaps, a result for each");
    }

    static void Waiting(Report report, LedgerReport found)
    {
        report.Ok("waiting", $"{found.Unfinished} articles without an outcome yet");
        if (found.Failed > 0)
            report.Look("failed", $"{found.Failed} articles: 'ingest errors list' shows them");
        if (found.Unroutable > 0)
            report.Look("events", $"{found.Unroutable} wait because no queue takes them: bind a queue to their exchanges");
    }

    static async Task Broker(Report report, BrokerSettings settings, CancellationToken cancellation)
    {
        try
        {
            await using var connection = await new Connections(settings).Open("ingest check", cancellation);
            if (BrokerProbe.Unsuitable(connection, settings) is { } fault)
            {
                report.Wrong("broker", fault);
                return;
            }

            report.Ok("broker", $"{settings}: RabbitMQ {BrokerProbe.Version(connection)}, {(settings.QuorumQueues ? "quorum queues" : "classic queues, which are lost with their node")}");
            await Queues(report, connection, cancellation);
        }
        catch (Exception e) when (!cancellation.IsCancellationRequested)
        {
            report.Wrong("broker", BrokerFaults.Describe(e, settings));
        }
    }

    static async Task Queues(Report report, RabbitMQ.Client.IConnection connection, CancellationToken cancellation)
    {
        var counts = new List<string>();
        foreach (var (_, name) in BrokerTopology.Stages)
            counts.Add(await ErrorQueues.Count(connection, name, cancellation) is { } count ? $"{name} {count}" : $"{name} not there yet");
        report.Ok("queues", $"{string.Join(", ", counts)}{(counts.Exists(c => c.EndsWith("yet", StringComparison.Ordinal)) ? " ('ingest serve' makes them)" : "")}");
        foreach (var name in BrokerTopology.Errors)
            if (await ErrorQueues.Count(connection, name, cancellation) is > 0 and var count)
                report.Look("queues", $"{name} has {count} messages that could not be handled: 'ingest errors list' shows them");
    }

    static async Task Http(Report report, string url, CancellationToken cancellation)
    {
        // A name for all addresses is none to connect to.
        using var server = new RemoteServer(new Uri(url.Replace("://0.0.0.0", "://127.0.0.1", StringComparison.Ordinal).Replace("://[::]", "://[::1]", StringComparison.Ordinal)), null);
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        patience.CancelAfter(TimeSpan.FromSeconds(10));
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "health/ready");
            using var answer = await server.Send(request, patience.Token);
            if (answer.StatusCode is not (HttpStatusCode.OK or HttpStatusCode.ServiceUnavailable))
                throw new JsonException();
            var state = await JsonSerializer.DeserializeAsync(await answer.Content.ReadAsStreamAsync(patience.Token), HttpJson.Default.HealthState, patience.Token);
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
            report.Ok("http", $"nothing listens at {url} yet: it is free for 'ingest serve'");
        }
        catch (Exception e) when (e is HttpRequestException or IOException or JsonException || e is OperationCanceledException && !cancellation.IsCancellationRequested)
        {
            report.Wrong("http", $"something that is no 'ingest serve' is at {url}: {(e is JsonException ? "it answers otherwise." : RemoteServer.Reason(e))} End it, or name another address with --url.");
        }
    }

    /// <summary>A line for each finding.</summary>
    sealed class Report(TextWriter output)
    {
        public bool AnyWrong { get; private set; }

        public void Ok(string part, string finding) => Write(part, "ok", finding + ".");

        /// <summary>Nothing is wrong with the service, but somebody should look.</summary>
        public void Look(string part, string finding) => Write(part, "look", finding + ".");

        public void Wrong(string part, string finding)
        {
            AnyWrong = true;
            Write(part, "WRONG", finding);
        }

        void Write(string part, string word, string finding) => output.WriteLine($"{part,-9} {word,-6} {Terminal.Plain(finding)}");
    }
}
