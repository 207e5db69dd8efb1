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

/// <summary><c>ingest errors</c>: articles whose handling failed, and messages that could not be handled; looking at them, trying again, giving up.</summary>
static class ErrorsCommand
{
    /// <summary>Failed articles in a table; characters of a detail there; lines and characters of a text that are shown.</summary>
    const int MostListed = 100, MostDetail = 200, MostLines = 12, MostLine = 400;

    public static Command Create() => new("errors", "Articles whose handling failed, and messages in the error queues of a broker: show them, try them again, or give them up.")
    {
        List(), Show(), Retry(), Discard(),
    };

    static Command List()
    {
        var (ledger, rabbit) = (Ledger(), Rabbit());
        var command = new Command("list", "List failed articles, the latest first; with a broker, its error queues too.") { ledger, rabbit };
        command.SetAction((parsed, cancellation) => Guarded(parsed.GetValue(ledger), parsed.GetValue(rabbit), async settings =>
        {
            using var output = Terminal.Output();
            // Without a broker the ledger is all there is to look at; with one, this machine may not have it.
            if (File.Exists(settings.Ledger) || !settings.RabbitMq.IsConfigured)
            {
                using var file = LedgerFile.OpenExisting(settings.Ledger);
                WriteArticles(output, new Errors(file));
            }

            if (settings.RabbitMq.IsConfigured)
                await WriteQueues(output, new ErrorQueues(settings.RabbitMq), cancellation);
        }));
        return command;
    }

    static Command Show()
    {
        var (id, ledger) = (Id(), Ledger());
        var command = new Command("show", "Show why an article failed, and its beginning.") { id, ledger };
        Mistyped.RefuseOptions(id, command);
        command.SetAction((parsed, _) => Guarded(parsed.GetValue(ledger), null, settings =>
        {
            using var file = LedgerFile.OpenExisting(settings.Ledger);
            var error = Failed(file, parsed.GetValue(id));
            using var output = Terminal.Output();
            Write(output, error, new AcceptedArticles(file).Find(error.ArticleId)!);
            return Task.CompletedTask;
        }));
        return command;
    }

    static Command Retry()
    {
        var (id, ledger, rabbit) = (Id(), Ledger(), Rabbit());
        id.Arity = ArgumentArity.ZeroOrOne;
        var all = new Option<bool>("--all") { Description = "Every article that failed." };
        var queue = new Option<string?>("--queue") { Description = $"The messages of an error queue instead ({string.Join(", ", BrokerTopology.Errors)}): each goes back to the queue that it came from.", HelpName = "QUEUE" };
        queue.Validators.Add(r =>
        {
            if (r.Tokens is [var token] && !BrokerTopology.Errors.Contains(token.Value))
                r.AddError($"--queue takes {string.Join(", ", BrokerTopology.Errors)}, not '{token.Value}'.{Typos.Hint(token.Value, BrokerTopology.Errors)}");
        });
        var command = new Command("retry", "Let a failed article be tried again; a server that runs takes it up within half a minute.") { id, all, queue, ledger, rabbit };
        Mistyped.RefuseOptions(id, command);
        command.Validators.Add(r =>
        {
            var given = (r.GetResult(id)?.Tokens.Count ?? 0) + (r.GetValue(all) ? 1 : 0) + (r.GetResult(queue) is { Tokens.Count: > 0 } ? 1 : 0);
            if (given != 1)
                r.AddError($"errors retry takes one of these: the ID of an article, --all, or --queue.{(given == 0 ? " None is given." : "")}");
        });
        command.SetAction((parsed, cancellation) => Guarded(parsed.GetValue(ledger), parsed.GetValue(rabbit), async settings =>
        {
            if (parsed.GetValue(queue) is { } name)
            {
                if (!settings.RabbitMq.IsConfigured)
                    throw new LedgerException("There is no broker: name one with --rabbitmq amqp://… or the setting Ingest:RabbitMq:Host.");
                var moved = await new ErrorQueues(settings.RabbitMq).Return(name, cancellation);
                Terminal.Say($"{moved} message{(moved == 1 ? "" : "s")} of {name} went back to where {(moved == 1 ? "it" : "they")} came from.");
                return;
            }

            using var file = LedgerFile.OpenExisting(settings.Ledger);
            if (parsed.GetValue(all))
            {
                var waiting = new Errors(file).RetryAll();
                Terminal.Say($"{waiting} article{(waiting == 1 ? " waits" : "s wait")} for another try. {TakenUp}");
                return;
            }

            var error = Failed(file, parsed.GetValue(id));
            Terminal.Say(new Errors(file).Retry(error.Article) ? $"{error.ArticleId} waits for another try. {TakenUp}" : $"{error.ArticleId} waits already. {TakenUp}");
        }));
        return command;
    }

    static Command Discard()
    {
        var (id, ledger) = (Id(), Ledger());
        var command = new Command("discard", "Give a failed article up: its outcome is then rejected, with the reason discarded.") { id, ledger };
        Mistyped.RefuseOptions(id, command);
        command.SetAction((parsed, _) => Guarded(parsed.GetValue(ledger), null, settings =>
        {
            using var file = LedgerFile.OpenExisting(settings.Ledger);
            var error = Failed(file, parsed.GetValue(id));
            var position = Discard(file, settings.Deduplicate, error) ?? throw new LedgerException($"{error.ArticleId} got its outcome meanwhile. Nothing was done.");
            Terminal.Say($"{error.ArticleId} is rejected as discarded, at position {position} of the log.");
            return Task.CompletedTask;
        }));
        return command;
    }

    /// <summary>A decision like every other: it is made in the lane.</summary>
    /// <returns>Its position; null where the article has its outcome meanwhile.</returns>
    static LogPosition? Discard(LedgerFile file, DeduplicationOptions options, ArticleError error)
    {
        var submission = new AcceptedArticles(file).Find(error.ArticleId)!.Submission;
        var result = NormalisationResult.Rejected(Rejection.Discarded(StageOf(error), $"{error.Fault}: {error.Detail}"));
        using var items = new LaneItems(options);
        using var lane = new Lane(file, options, TimeProvider.System);
        var outcome = lane.Commit([items.Of(new LaneClaim(null, error.Article, Discards: true), submission, result, submission.Accepted)])[0];
        if (outcome.Failure is { } failure)
            throw new LedgerException($"{error.ArticleId} could not be discarded ({failure.Name}: {failure.Detail}).");
        return outcome.Known ? null : outcome.Position;
    }

    const string TakenUp = "A server that runs takes it up within half a minute.";

    static Option<string?> Ledger() => new("--ledger") { Description = "The ledger's file: ./ingest.db by default.", HelpName = "FILE" };

    static Option<string?> Rabbit() => new("--rabbitmq") { Description = "Address of a RabbitMQ broker, for its error queues.", HelpName = "amqp://…" };

    static Argument<Guid> Id() => new("ID")
    {
        Description = "The article's UUID.",
        CustomParser = result =>
        {
            if (Guid.TryParse(result.Tokens[0].Value, out var id))
                return id;
            result.AddError($"ID takes the UUID of an article, as 'ingest errors list' shows it, not '{result.Tokens[0].Value}'.");
            return default;
        },
    };

    /// <summary>Runs with the settings of a server in this folder; what cannot be done is said.</summary>
    static async Task<int> Guarded(string? ledger, string? rabbit, Func<ServiceSettings, Task> work)
    {
        ServiceSettings? settings = null;
        try
        {
            settings = ServeCommand.Settings(new ServeCommand.Overrides(null, ledger, null, rabbit));
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
    static ArticleError Failed(LedgerFile file, Guid id)
    {
        if (new Errors(file).Find(id) is { } error)
            return error;
        if (new AcceptedArticles(file).Find(id) is null)
            throw new LedgerException($"{file.Name} has no article {id}. 'ingest errors list' shows those that failed.");
        throw new LedgerException(new DecisionLog(file).Of(id) is { } entry
            ? string.Create(CultureInfo.InvariantCulture, $"{id} has not failed: it has its outcome, at position {entry.Decision.Position} of the log.")
            : $"{id} has not failed: it waits for its outcome.");
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
        table.AddColumn(new TableColumn("Article").Width(36).NoWrap()).AddColumn("Id").AddColumn(new TableColumn("Stage").NoWrap()).AddColumn(new TableColumn("Tries").RightAligned().NoWrap()).AddColumn("Fault");
        var listed = errors.List(MostListed);
        var waiting = listed.Count(e => e.Waits);
        foreach (var error in listed)
        {
            var fault = Terminal.Plain($"{error.Fault}: {error.Detail}");
            table.AddRow(
                new Text($"{error.ArticleId}"), new Text(Terminal.ShortenedPath(error.Id, 20)), new Text(StageOf(error)),
                new Text(string.Create(CultureInfo.InvariantCulture, $"{error.Attempts}{(error.Waits ? " …" : "")}")), new Text(fault.Length > MostDetail ? string.Concat(fault.AsSpan(0, MostDetail - 1), "…") : fault));
        }

        Terminal.Tables(output, !Console.IsOutputRedirected && Terminal.Coloured, Terminal.Width).Write(table);
        if (count > MostListed)
            output.WriteLine($"… and {count - MostListed} more.");
        output.WriteLine($"{count} article{(count == 1 ? "" : "s")} failed{(waiting > 0 ? $", {waiting} of them wait{(waiting == 1 ? "s" : "")} for another try (…)" : "")}. 'ingest errors show ID' tells more; see also retry and discard.");
    }

    static async Task WriteQueues(StreamWriter output, ErrorQueues queues, CancellationToken cancellation)
    {
        var table = new Table { Border = TableBorder.Rounded };
        table.AddColumn(new TableColumn("Queue").NoWrap()).AddColumn(new TableColumn("Messages").RightAligned().NoWrap()).AddColumn("The first of them");
        var any = false;
        foreach (var queue in await queues.Look(cancellation))
        {
            any |= queue.Messages > 0;
            table.AddRow(
                new Text(queue.Name), new Text(queue.Messages?.ToString(CultureInfo.InvariantCulture) ?? "no queue"),
                new Text(string.Join('\n', queue.Faults.Select(f => Terminal.Plain(f.Length > MostDetail ? string.Concat(f.AsSpan(0, MostDetail - 1), "…") : f)))));
        }

        Terminal.Tables(output, !Console.IsOutputRedirected && Terminal.Coloured, Terminal.Width).Write(table);
        if (any)
            output.WriteLine("'ingest errors retry --queue QUEUE' lets the messages of a queue go back to where they came from.");
    }

    static string StageOf(ArticleError error) => error.Stage.ToString().ToLowerInvariant();

    /// <summary>Its text; where none can be read, what was sent.</summary>
    static string Beginning(Submission submission) => submission.Read.Article?.Text ?? System.Text.Encoding.UTF8.GetString(submission.Raw.Content.Span);

    static void Write(StreamWriter output, ArticleError error, AcceptedArticle article)
    {
        Line("article", $"{error.ArticleId}");
        Line("id", error.Id);
        Line("accepted", Moment(article.Submission.Accepted));
        Line("failed", $"{Moment(error.Occurred)}, in {StageOf(error)}, {error.Attempts} {(error.Attempts == 1 ? "try" : "tries")}{(error.Waits ? "; waits for another" : "")}");
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
