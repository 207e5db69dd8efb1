using System.CommandLine;
using System.Diagnostics;
using System.Runtime.InteropServices;
using Ingest.Core.Articles;
using Ingest.Ledger;
using Ingest.Service.Broker;
using Ingest.Service.Deduplicate;
using Ingest.Service.Display;
using Ingest.Service.Http;
using Ingest.Service.Operations;
using Ingest.Service.Serve;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;

namespace Ingest.Service.Cli;

/// <summary><c>ingest serve</c>: the durable service.</summary>
static class ServeCommand
{
    public const string Name = "serve";

    static readonly TimeSpan WaitForServer = TimeSpan.FromSeconds(30);

    public static Command Create()
    {
        var roles = new Option<string?>("--roles")
        {
            Description = $"The stages that this process runs, separated by commas: {string.Join(", ", Roles.Names)}. All by default.",
            HelpName = "ROLES",
        };
        var collections = new Option<string?>("--collections")
        {
            Description = "The collections that this process serves, separated by commas. All that the settings declare by default.",
            HelpName = "NAMES",
        };
        var ledger = new LedgerFlags("The ledger file; created if it does not exist. ./ingest.db by default.");
        var url = new Option<string?>("--url") { Description = "Where HTTP listens; http://127.0.0.1:8080 by default.", HelpName = "URL" };
        var rabbit = new Option<string?>("--rabbitmq")
        {
            Description = "The address of a RabbitMQ broker. Without one, no broker is used.",
            HelpName = "amqp://…",
        };
        var command = new Command(
            Name,
            "Run the service: accept articles over HTTP and RabbitMQ, publish decisions. Set everything else in appsettings.json or the environment.")
        {
            roles, collections, url, rabbit,
        };
        ledger.AddTo(command, ofOne: false);
        command.SetAction((parsed, cancellation) => Run(
            ledger.Overrides(parsed) with
            {
                Roles = parsed.GetValue(roles), Collections = parsed.GetValue(collections), Url = parsed.GetValue(url), RabbitMq = parsed.GetValue(rabbit),
            },
            cancellation));
        return command;
    }

    /// <summary>Settings that the command line gives; null for the others.</summary>
    public sealed record Overrides(string? Roles, string? Ledger, string? Url, string? RabbitMq)
    {
        public string? Postgres { get; init; }

        /// <summary>The collection that the command is about.</summary>
        public string? Collection { get; init; }

        /// <summary>Those that are served.</summary>
        public string? Collections { get; init; }

        /// <summary>The option that gave it.</summary>
        public string PostgresOption { get; init; } = "--postgres";
    }

    /// <summary>The settings of the folder, the environment and the command line.</summary>
    /// <exception cref="SettingsException">One is wrong.</exception>
    public static ServiceSettings Settings(Overrides given)
    {
        var configuration = new ConfigurationBuilder()
            .SetBasePath(Directory.GetCurrentDirectory())
            .AddJsonFile("appsettings.json", optional: true)
            .AddEnvironmentVariables()
            .Build();
        var settings = ServiceSettings.Read(configuration);
        settings.Roles = given.Roles ?? settings.Roles;
        settings.Ledger = given.Ledger ?? settings.Ledger;
        settings.Url = given.Url ?? settings.Url;
        // A file that is named here is meant, whatever server the environment names.
        if (given.Ledger is not null)
            settings.Postgres.Host = null;
        try
        {
            if (given.Postgres is { } server)
                settings.Postgres.Read(server);
        }
        catch (FormatException e)
        {
            throw new SettingsException($"{given.PostgresOption} {e.Message}");
        }

        try
        {
            if (given.RabbitMq is { } address)
                settings.RabbitMq.Read(address);
            if (given.Roles is { } names)
                Operations.Roles.Parse(names);
        }
        catch (FormatException e)
        {
            throw new SettingsException($"{(given.RabbitMq is not null && !settings.RabbitMq.IsConfigured ? "--rabbitmq" : "--roles")} {e.Message}");
        }

        try
        {
            if (given.Collections is { } served)
                CollectionNames.Among(settings.DeclaredCollections(), settings.OnlyCollections = served);
        }
        catch (FormatException e)
        {
            throw new SettingsException($"--collections {e.Message}");
        }

        return settings.Validated().Of(given.Collection ?? ArticleIds.DefaultCollection);
    }

    /// <summary>A server may start at the same time as this: it is waited for. What is wrong is said at once.</summary>
    /// <exception cref="LedgerException">The ledger cannot be opened.</exception>
    static LedgerStore Open(ServiceSettings settings)
    {
        var place = settings.LedgerPlace();
        var (patience, said) = (Stopwatch.StartNew(), "");
        while (true)
        {
            try
            {
                return place.Open();
            }
            catch (LedgerException e) when (e.IsPassing && !place.IsFile && patience.Elapsed < WaitForServer)
            {
                if (said != e.Message)
                    Terminal.Say($"{said = e.Message} Waiting up to {WaitForServer.TotalSeconds:0} s for it.");
                Thread.Sleep(500);
            }
        }
    }

    static LedgerStore OpenToServe(ServiceSettings settings)
    {
        var ledger = Open(settings);
        try
        {
            if (Roles.Parse(settings.Roles).Has(Role.Deduplicate))
                Lane.CheckSettings(ledger, settings.Deduplicate);
        }
        catch (LedgerException e) when (e.IsPassing)
        {
            // Such as a ledger that is locked: the lane looks again, for as long as it takes.
        }
        catch
        {
            ledger.Dispose();
            throw;
        }

        return ledger;
    }

    static async Task<int> Run(Overrides given, CancellationToken cancellation)
    {
        try
        {
            ConnectionLimit.CheckDescriptors();
            var settings = Settings(given);
            if (given.RabbitMq is { } address && BrokerSettings.HasPassword(address))
                Terminal.Complain(
                    "the address after --rabbitmq holds a password, which other users of this machine can see among the running processes. "
                    + "Set Ingest__RabbitMq__Password or Ingest__RabbitMq__PasswordFile instead.");
            using var opened = new Ledgers();
            foreach (var collection in settings.ServedCollections())
                opened.Add(OpenToServe(settings.Of(collection)));

            // A limit on the size of files (ulimit -f) is to the ledger what a full disk is: an error, which
            // passes, not the end of the process.
            const PosixSignal FileTooLarge = (PosixSignal)25;
            using var tooLarge = OperatingSystem.IsLinux() ? PosixSignalRegistration.Create(FileTooLarge, signal => signal.Cancel = true) : null;
            await using var app = Server.Build(settings, opened);
            await app.StartAsync(cancellation);
            var broker = settings.RabbitMq.IsConfigured ? settings.RabbitMq.ToString() : "no broker";
            Terminal.Say(
                $"Ingest listens on {string.Join(", ", app.Urls)} · stages {Roles.Parse(settings.Roles)} · {opened} · {broker}. Press Ctrl+C to stop.");
            await app.WaitForShutdownAsync(cancellation);
            return CommandLine.Success;
        }
        catch (SettingsException e)
        {
            Terminal.Complain(e.Message);
            return CommandLine.Usage;
        }
        catch (InvalidDataException e)
        {
            // The library names the file in the outer message, and what is wrong with it in the inner ones.
            Terminal.Complain($"{e.Message.TrimEnd('.')}: {e.GetBaseException().Message}");
            return CommandLine.Usage;
        }
        catch (Exception e) when (e is LedgerException or IOException or FormatException)
        {
            // Such as an address that is in use.
            Terminal.Complain(e.Message);
            return CommandLine.Unreadable;
        }
    }

    /// <summary>The ledgers of a service, one for each collection that it serves.</summary>
    sealed class Ledgers : List<LedgerStore>, IDisposable
    {
        public void Dispose()
        {
            foreach (var ledger in this)
                ledger.Dispose();
        }

        public override string ToString() => this is [var only]
            ? $"{(only.Collection == ArticleIds.DefaultCollection ? "" : $"collection {only.Collection} · ")}ledger {only.Place}"
            : $"collections {string.Join(", ", this.Select(l => l.Collection))} · ledger {this[0].Place} and {(Count == 2 ? "1 other" : $"{Count - 1} others")}";
    }
}
