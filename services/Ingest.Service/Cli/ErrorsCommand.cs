using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using Ingest.Core.Articles;
using Ingest.Core.Deduplication;
using Ingest.Core.Normalisation.Reading;
using Ingest.Ledger;
using Ingest.Ledger.Articles;
using Ingest.Service.Broker;
using Ingest.Service.Deduplicate;
using Ingest.Service.Display;
using Ingest.Service.Serve;
using Spectre.Console;

namespace Ingest.Service.Cli;

/// <summary>
/// <c>ingest errors</c>: articles whose handling failed, and messages that could not be handled; looking at them,
/// trying again, giving up.
/// </summary>
static class ErrorsCommand
{
    /// <summary>Failed articles in a table; characters of a detail there; lines and characters of a text that are shown.</summary>
    const int MostListed = 100, MostDetail = 200, MostLines = 12, MostLine = 400;

    public static Command Create() => new("errors", "Show, retry or discard failed articles and messages in the broker's error queues.")
    {
        List(), Show(), Retry(), Discard(),
    };

    static Command List()
    {
        var (ledger, rabbit) = (new LedgerFlags(), Rabbit());
        var command = new Command("list", "List failed articles, latest first; with a broker, list its error queues too.") { rabbit };
        ledger.AddTo(command);
        command.SetAction((parsed, cancellation) => Guarded(ledger.Overrides(parsed) with { RabbitMq = parsed.GetValue(rabbit) }, async settings =>
        {
            using var output = Terminal.Output();
            // Without a broker the ledger is all there is to look at; with one, this machine may not have it.
            if (!settings.LedgerPlace().IsFile || File.Exists(settings.Ledger) || !settings.RabbitMq.IsConfigured)
            {
                using var file = settings.LedgerPlace().OpenExisting();
                WriteArticles(output, new Errors(file));
                WriteEvents(output, file);
            }

            if (settings.RabbitMq.IsConfigured)
                await WriteQueues(output, new ErrorQueues(settings.RabbitMq, settings.Collection), cancellation);
        }));
        return command;
    }

    static Command Show()
    {
        var (id, ledger) = (Id(), new LedgerFlags());
        var command = new Command("show", "Show why an article failed, and how it begins.") { id };
        ledger.AddTo(command);
        Mistyped.RefuseOptions(id, command);
        command.SetAction((parsed, _) => Guarded(ledger.Overrides(parsed), settings =>
        {
            using var file = settings.LedgerPlace().OpenExisting();
            var error = Failed(file, parsed.GetValue(id));
            using var output = Terminal.Output();
            Write(output, error, new AcceptedArticles(file).Find(error.ArticleId)!);
            return Task.CompletedTask;
        }));
        return command;
    }

    static Command Retry()
    {
        var (id, ledger, rabbit) = (Id(), new LedgerFlags(), Rabbit());
        id.Arity = ArgumentArity.ZeroOrOne;
        var all = new Option<bool>("--all") { Description = "Retry every failed article." };
        var queue = new Option<string?>("--queue")
        {
            Description = $"Return the messages of an error queue ({string.Join(", ", BrokerTopology.Errors(ArticleIds.DefaultCollection))}) to the queues they came from.",
            HelpName = "QUEUE",
        };
        var events = new Option<bool>("--events") { Description = "Retry the events that were too large for the broker, or whose data was damaged." };
        var command = new Command("retry", "Retry a failed article. A running server picks it up within seconds.")
        {
            id, all, events, queue, rabbit,
        };
        ledger.AddTo(command);
        Mistyped.RefuseOptions(id, command);
        command.Validators.Add(r =>
        {
            var ids = r.GetResult(id)?.Tokens.Count ?? 0;
            var given = ids + (r.GetValue(all) ? 1 : 0) + (r.GetValue(events) ? 1 : 0) + (r.GetResult(queue) is { Tokens.Count: > 0 } ? 1 : 0);
            var queues = BrokerTopology.Errors(r.GetValue(ledger.Collection) ?? ArticleIds.DefaultCollection);
            if (r.GetResult(queue) is { Tokens: [var token] } && !queues.Contains(token.Value))
                r.AddError($"--queue takes {string.Join(", ", queues)}, not '{token.Value}'.{Typos.Hint(token.Value, queues)}");
            if (given != 1)
                r.AddError("errors retry needs exactly one of: an article ID, --all, --events or --queue.");
        });
        command.SetAction((parsed, cancellation) => Guarded(ledger.Overrides(parsed) with { RabbitMq = parsed.GetValue(rabbit) }, async settings =>
        {
            if (parsed.GetValue(queue) is { } name)
            {
                if (!settings.RabbitMq.IsConfigured)
                    throw new LedgerException("No broker is configured. Name one with --rabbitmq amqp://… or the setting Ingest:RabbitMq:Host.");
                var (moved, strays) = await new ErrorQueues(settings.RabbitMq, settings.Collection).Return(name, cancellation);
                Terminal.Say($"{moved} message{(moved == 1 ? "" : "s")} returned from {name} to where {(moved == 1 ? "it" : "they")} came from.");
                if (strays > 0)
                    throw new BrokerException($"{strays} message{(strays == 1 ? " in" : "s in")} {name} {(strays == 1 ? "does" : "do")} not say which queue {(strays == 1 ? "it" : "they")} came from, and {(strays == 1 ? "stays" : "stay")} there. Look at {(strays == 1 ? "it" : "them")} with a client for RabbitMQ.");
                return;
            }

            using var file = settings.LedgerPlace().OpenExisting();
            if (parsed.GetValue(events))
            {
                using var publications = new Publications(file);
                var retried = publications.Retry();
                Terminal.Say($"{retried} event{(retried == 1 ? "" : "s")} will be retried. A running server picks {(retried == 1 ? "it" : "them")} up within seconds.");
                return;
            }

            if (parsed.GetValue(all))
            {
                var waiting = new Errors(file).RetryAll();
                var (them, s) = waiting == 1 ? ("it", "") : ("them", "s");
                Terminal.Say($"{waiting} article{s} will be retried. A running server picks {them} up within seconds.");
                return;
            }

            var error = Failed(file, parsed.GetValue(id));
            var state = new Errors(file).Retry(error.Article) ? "will be retried" : "is already queued for a retry";
            Terminal.Say($"{error.ArticleId} {state}. A running server picks it up within seconds.");
        }));
        return command;
    }

    static Command Discard()
    {
        var (id, ledger) = (Id(), new LedgerFlags());
        var command = new Command("discard", "Discard a failed article: it is rejected with the reason 'discarded'.") { id };
        ledger.AddTo(command);
        Mistyped.RefuseOptions(id, command);
        command.SetAction((parsed, _) => Guarded(ledger.Overrides(parsed), settings =>
        {
            using var file = settings.LedgerPlace().OpenExisting();
            var error = Failed(file, parsed.GetValue(id));
            var position = Discard(file, settings.Deduplicate, error)
                ?? throw new LedgerException($"{error.ArticleId} has been decided in the meantime. Nothing was changed.");
            Terminal.Say($"{error.ArticleId} was discarded; it is rejected at position {position} of the log.");
            return Task.CompletedTask;
        }));
        return command;
    }

    /// <summary>A decision like every other: it is made in the lane.</summary>
    /// <returns>Its position; null where the article has its outcome meanwhile.</returns>
    static LogPosition? Discard(LedgerStore file, DeduplicationOptions options, ArticleError error)
    {
        var submission = new AcceptedArticles(file).Find(error.ArticleId)!.Submission;
        var result = NormalisationResult.Rejected(Rejection.Discarded(StageOf(error), $"{error.Fault}: {error.Detail}"));
        using var items = new LaneItems(options);
        using var lane = new Lane(file, options, TimeProvider.System);
        var claim = new LaneClaim(null, error.Article, Discards: true);
        var outcome = lane.Commit([items.Of(claim, submission, result, Arrival.Stated(submission.Read.Metadata.Received), known: default)])[0];
        if (outcome.Failure is { } failure)
            throw new LedgerException($"{error.ArticleId} could not be discarded ({failure.Name}: {failure.Detail}).");
        return outcome.Known ? null : outcome.Position;
    }

    static Option<string?> Rabbit() => new("--rabbitmq")
    {
        Description = "The address of a RabbitMQ broker, to include its error queues.",
        HelpName = "amqp://…",
    };

    static Argument<Guid> Id() => new("ID")
    {
        Description = "The article's UUID.",
        CustomParser = result =>
        {
            if (Guid.TryParse(result.Tokens[0].Value, out var id))
                return id;
            result.AddError($"ID takes the UUID of an article, as shown by 'ingest errors list', not '{result.Tokens[0].Value}'.");
            return default;
        },
    };

    /// <summary>Runs with the settings of a server in this folder; what cannot be done is said.</summary>
    static async Task<int> Guarded(ServeCommand.Overrides given, Func<ServiceSettings, Task> work)
    {
        ServiceSettings? settings = null;
        try
        {
            settings = ServeCommand.Settings(given);
            await work(settings);
            return CommandLine.Success;
        }
        catch (SettingsException e)
        {
            Terminal.Complain(e.Message);
            return CommandLine.Usage;
        }
        catch (Exception e) when (e is LedgerException or IOException or FormatException or BrokerException)
        {
            Terminal.Complain(e.Message);
        }

        return CommandLine.Unreadable;
    }

    /// <exception cref="LedgerException">It has not failed.</exception>
    static ArticleError Failed(LedgerStore file, Guid id)
    {
        if (new Errors(file).Find(id) is { } error)
            return error;
        if (new AcceptedArticles(file).Find(id) is null)
            throw new LedgerException($"{file.Name} has no article {id}. 'ingest errors list' shows the failed ones.");
        throw new LedgerException(new DecisionLog(file).Of(id) is { } entry
            ? string.Create(CultureInfo.InvariantCulture, $"{id} has not failed: it was decided at position {entry.Decision.Position} of the log.")
            : $"{id} has not failed: it is waiting for its outcome.");
    }

    static void WriteArticles(StreamWriter output, Errors errors)
    {
        var count = errors.Count();
        if (count == 0)
        {
            output.WriteLine("No article has failed.");
            return;
        }

        var table = new Table { Border = TableBorder.Rounded };
        table.AddColumn(new TableColumn("Article").Width(36).NoWrap()).AddColumn("Id").AddColumn(new TableColumn("Stage").NoWrap());
        table.AddColumn(new TableColumn("Tries").RightAligned().NoWrap()).AddColumn("Fault");
        var listed = errors.List(MostListed);
        var waiting = listed.Count(e => e.Waits);
        foreach (var error in listed)
        {
            var fault = Terminal.Plain($"{error.Fault}: {error.Detail}");
            table.AddRow(
                new Text($"{error.ArticleId}"), new Text(Terminal.ShortenedPath(error.Id, 20)), new Text(StageOf(error)),
                new Text(string.Create(CultureInfo.InvariantCulture, $"{error.Attempts}{(error.Waits ? " …" : "")}")),
                new Text(Shortened(fault)));
        }

        Terminal.Tables(output, !Console.IsOutputRedirected && Terminal.Coloured, Terminal.Width).Write(table);
        if (count > MostListed)
            output.WriteLine($"… and {count - MostListed} more.");
        var retried = waiting > 0 ? $", {waiting} of them queued for a retry (…)" : "";
        output.WriteLine($"{count} article{(count == 1 ? "" : "s")} failed{retried}. Use 'ingest errors show ID' for details, then retry or discard.");
    }

    /// <summary>What was passed over in publishing; nothing where nothing was.</summary>
    static void WriteEvents(StreamWriter output, LedgerStore file)
    {
        using var publications = new Publications(file);
        var counts = publications.CountUnsent();
        if (counts.Count == 0)
            return;
        var table = new Table { Border = TableBorder.Rounded };
        table.AddColumn(new TableColumn("Events not sent").NoWrap()).AddColumn("To").AddColumn(new TableColumn("Cause").NoWrap());
        table.AddColumn(new TableColumn("Number").RightAligned().NoWrap()).AddColumn(new TableColumn("First").RightAligned().NoWrap()).AddColumn("Detail");
        foreach (var count in counts)
            table.AddRow(
                new Text(count.Type.ToString()), new Text(Terminal.Plain(count.Destination.Name)), new Text(Cause(count.Cause)),
                new Text(count.Events.ToString(CultureInfo.InvariantCulture)), new Text(count.First.ToString()),
                new Text(Terminal.Plain(Shortened(count.Detail))));
        Terminal.Tables(output, !Console.IsOutputRedirected && Terminal.Coloured, Terminal.Width).Write(table);
        output.WriteLine("Unroutable and refused events are retried by themselves. 'ingest errors retry --events' retries the others.");
    }

    static string Cause(UnsentCause cause) => cause switch
    {
        UnsentCause.Unroutable => "unroutable",
        UnsentCause.Refused => "refused",
        UnsentCause.TooLarge => "too-large",
        _ => "damaged",
    };

    static async Task WriteQueues(StreamWriter output, ErrorQueues queues, CancellationToken cancellation)
    {
        var table = new Table { Border = TableBorder.Rounded };
        table.AddColumn(new TableColumn("Queue").NoWrap()).AddColumn(new TableColumn("Messages").RightAligned().NoWrap());
        table.AddColumn("First messages");
        var any = false;
        foreach (var queue in await queues.Look(cancellation))
        {
            any |= queue.Messages > 0;
            table.AddRow(
                new Text(queue.Name), new Text(queue.Messages?.ToString(CultureInfo.InvariantCulture) ?? "no queue"),
                new Text(string.Join('\n', queue.Faults.Select(f => Terminal.Plain(Shortened(f))))));
        }

        Terminal.Tables(output, !Console.IsOutputRedirected && Terminal.Coloured, Terminal.Width).Write(table);
        if (any)
            output.WriteLine("'ingest errors retry --queue QUEUE' returns the messages of a queue to where they came from.");
    }

    static string Shortened(string detail) => detail.Length > MostDetail ? string.Concat(detail.AsSpan(0, MostDetail - 1), "…") : detail;

    static string StageOf(ArticleError error) => error.Stage.ToString().ToLowerInvariant();

    /// <summary>Its text; where none can be read, what was sent.</summary>
    static string Beginning(Submission submission) =>
        submission.Read.Article?.Text ?? System.Text.Encoding.UTF8.GetString(submission.Raw.Content.Span);

    static void Write(StreamWriter output, ArticleError error, AcceptedArticle article)
    {
        Line("article", $"{error.ArticleId}");
        Line("id", error.Id);
        Line("accepted", Moment(article.Submission.Accepted));
        var tries = $"{error.Attempts} {(error.Attempts == 1 ? "try" : "tries")}{(error.Waits ? "; queued for a retry" : "")}";
        Line("failed", $"{Moment(error.Occurred)}, in {StageOf(error)}, {tries}");
        Line("fault", error.Fault);
        Line("detail", error.Detail);
        Line("metadata", article.Submission.Read.Metadata.ToJson() ?? "none");
        output.WriteLine();
        var lines = Beginning(article.Submission).Split('\n');
        foreach (var line in lines.Take(MostLines))
            output.WriteLine(Terminal.Plain(line.Length > MostLine ? string.Concat(line.AsSpan(0, MostLine), "…") : line).TrimEnd());
        if (lines.Length > MostLines)
            output.WriteLine($"… and {lines.Length - MostLines} more lines.");

        void Line(string name, string value) => output.WriteLine($"{name,-10}{Terminal.Plain(value)}");

        static string Moment(DateTimeOffset moment) => moment.ToString("yyyy-MM-dd HH:mm:ss 'UTC'", CultureInfo.InvariantCulture);
    }
}
