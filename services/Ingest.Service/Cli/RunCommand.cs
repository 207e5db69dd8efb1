using System.CommandLine;
using Ingest.Core.Normalisation;
using Ingest.Service.Accept;

namespace Ingest.Service.Cli;

enum OutputFormat
{
    Jsonl,
    Text,
    Ninjs,
}

/// <summary><c>ingest run</c>: reads articles, cleans them in parallel and writes outcomes in the order of the inputs.</summary>
static class RunCommand
{
    /// <summary>Articles cleaned together: enough to keep every core busy, few enough to stay small in memory.</summary>
    const int BatchSize = 256;

    public static Command Create()
    {
        var paths = new Argument<string[]>("PATH")
        {
            Description = "Files, folders (walked recursively) or - for standard input. Text files hold one article each, .jsonl files one a line; .gz of either is read as it is.",
            Arity = ArgumentArity.OneOrMore,
        };
        var output = new Option<string?>("--output", "-o") { Description = "Write to FILE, or - for standard output.", HelpName = "FILE|-" };
        var format = new Option<OutputFormat?>("--format") { Description = "jsonl (default with --output): an outcome a line. text: the clean articles. ninjs: IPTC ninjs 3.1, an article a line.", HelpName = "jsonl|text|ninjs" };
        var explain = new Option<bool>("--explain") { Description = "Show each raw block with its kind, whether it was kept and the rule that decided." };
        var maxSize = new Option<long>("--max-size") { Description = "Largest article in bytes; larger ones are rejected.", DefaultValueFactory = _ => new NormaliserOptions().MaxBytes, HelpName = "BYTES" };
        var budget = new Option<int>("--time-budget") { Description = "Longest time for one article in milliseconds.", DefaultValueFactory = _ => (int)NormaliserOptions.DefaultTimeBudget.TotalMilliseconds, HelpName = "MS" };
        maxSize.Validators.Add(r => { if (r.GetValueOrDefault<long>() is < 1 or > 1 << 30) r.AddError($"--max-size takes 1 to {1 << 30} bytes, not {r.GetValueOrDefault<long>()}."); });
        budget.Validators.Add(r => { if (r.GetValueOrDefault<int>() < 1) r.AddError($"--time-budget takes at least 1 ms, not {r.GetValueOrDefault<int>()}."); });
        var command = new Command("run", "Clean articles and print what became of them.") { paths, output, format, explain, maxSize, budget };
        command.Validators.Add(r =>
        {
            if (r.GetValue(explain) && r.GetValue(format) is not null)
                r.AddError("--explain shows decisions and --format writes articles: give one of them.");
        });
        command.SetAction(parsed => Run(
            parsed.GetValue(paths)!,
            parsed.GetValue(output),
            parsed.GetValue(format),
            parsed.GetValue(explain),
            new NormaliserOptions(parsed.GetValue(maxSize), TimeSpan.FromMilliseconds(parsed.GetValue(budget)))));
        return command;
    }

    static int Run(string[] paths, string? output, OutputFormat? format, bool explain, NormaliserOptions options)
    {
        using var destination = OpenOutput(output, out var failed);
        if (failed)
            return CommandLine.Unreadable;
        IOutcomeWriter writer = (explain, format, output) switch
        {
            (true, _, _) => new ExplainWriter(destination, colour: output is null && !Console.IsOutputRedirected),
            (_, OutputFormat.Text, _) => new TextWriterOfArticles(destination),
            (_, OutputFormat.Ninjs, _) => new NinjsWriter(destination),
            (_, OutputFormat.Jsonl, _) or (_, _, not null) => new JsonlWriter(destination),
            _ => new TableWriter(),
        };
        var source = new ArticleSource(options.MaxBytes);
        var normaliser = new Normaliser(options, TimeProvider.System);
        using var progress = Progress.Start(output is not null && output != "-" || writer is TableWriter);
        foreach (var batch in source.Read(paths).Chunk(BatchSize))
        {
            var outcomes = new Outcome[batch.Length];
            Parallel.For(0, batch.Length, i => outcomes[i] = batch[i].Rejection is { } rejection
                ? Outcome.Rejected(batch[i], rejection)
                : new Outcome(batch[i], normaliser.Normalise(batch[i].Article!)));
            foreach (var outcome in outcomes)
                writer.Write(outcome);
            progress.Add(batch.Length);
        }

        progress.Dispose();
        writer.Finish();
        foreach (var fault in source.Faults)
            Console.Error.WriteLine($"ingest: {fault}");
        return source.Faults.Count > 0 ? CommandLine.Unreadable : CommandLine.Success;
    }

    static TextWriter OpenOutput(string? output, out bool failed)
    {
        failed = false;
        if (output is null or "-")
            return new StreamWriter(Console.OpenStandardOutput(), new System.Text.UTF8Encoding(false), 1 << 16);
        try
        {
            return new StreamWriter(output, append: false, new System.Text.UTF8Encoding(false));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Console.Error.WriteLine($"ingest: cannot write --output {output}: {e.Message}");
            failed = true;
            return TextWriter.Null;
        }
    }
}
