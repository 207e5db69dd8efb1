using System.CommandLine;
using Ingest.Core;
using Ingest.Core.Articles;
using Ingest.Core.Deduplication;
using Ingest.Core.Forms;
using Ingest.Core.Normalisation;
using Ingest.Core.Normalisation.Reading;
using Ingest.Ledger;
using Ingest.Service.Display;
using Ingest.Service.Operations;
using Ingest.Service.Run;
using Ingest.Service.Serve;

namespace Ingest.Service.Cli;

enum OutputFormat
{
    Jsonl,
    Text,
    Ninjs,
    Pairs,
    Parquet,
}

/// <summary>
/// <c>ingest run</c>: reads articles, cleans them in parallel, joins copies into stories and writes outcomes, both
/// in the order of the inputs.
/// </summary>
static class RunCommand
{
    /// <summary>Articles cleaned together: enough to keep every core busy, few enough to stay small in memory.</summary>
    const int BatchSize = 256;

    public static Command Create()
    {
        var paths = new Argument<string[]>("PATH")
        {
            Description = "Files, folders (searched recursively) or - for standard input. "
                + "A file is text, HTML, JSON Lines, a mail, or an archive of them (.zip, .tar, .gz, .warc); docs/inputs.md has all forms.",
            Arity = ArgumentArity.OneOrMore,
        };
        var output = new Option<string?>("--output", "-o") { Description = "Write to FILE, or - for standard output.", HelpName = "FILE|-" };
        var format = new Option<OutputFormat?>("--format")
        {
            Description = "jsonl (default with --output): one outcome per line. text: the clean articles. ninjs: IPTC ninjs 3.1, one article per line. "
                + "pairs: one line for each article that is a copy or a version of an earlier one. "
                + "parquet: a table with one row for each article, for DuckDB, pandas, Spark and the like.",
            HelpName = "jsonl|text|ninjs|pairs|parquet",
            CustomParser = ParseFormat,
        };
        var explain = new Option<bool>("--explain") { Description = "Show each raw block with its kind, whether it was kept and the rule that decided." };
        var maxSize = new Option<long>("--max-size")
        {
            Description = "Largest article in bytes; larger ones are rejected.",
            DefaultValueFactory = _ => new NormaliserOptions().MaxBytes,
            HelpName = "BYTES",
        };
        var budget = new Option<int>("--time-budget")
        {
            Description = "Longest time for one article in milliseconds.",
            DefaultValueFactory = _ => (int)NormaliserOptions.DefaultTimeBudget.TotalMilliseconds,
            HelpName = "MS",
        };
        var (leastSize, mostSize) = OptionRange.Of<NormaliserOptions, long>(nameof(NormaliserOptions.MaxBytes));
        var (leastTime, mostTime) = OptionRange.Of<NormaliserOptions, TimeSpan>(nameof(NormaliserOptions.TimeBudget));
        maxSize.Validators.Add(r =>
        {
            if (Number(r) < leastSize || Number(r) > mostSize)
                r.AddError($"--max-size takes {leastSize} to {mostSize} bytes, not {Number(r)}.");
        });
        budget.Validators.Add(r =>
        {
            if (Number(r) < leastTime.TotalMilliseconds || Number(r) > mostTime.TotalMilliseconds)
                r.AddError($"--time-budget takes {leastTime.TotalMilliseconds} to {mostTime.TotalMilliseconds} ms, not {Number(r)}.");
        });
        var ledger = new LedgerFlags(
            "Keep articles and decisions in the ledger FILE, which 'ingest serve' can continue. Articles it already has are not decided again.");
        var noLearning = new Option<bool>("--no-learning")
        {
            Description = "Do not look the input over first for what its sources repeat beside different articles.",
        };
        var stream = new Option<bool>("--stream")
        {
            Description = "Learn what a source repeats only from the articles before, as 'ingest serve' does. The input is read once.",
        };
        var sourceFrom = new Option<string?>("--source-from")
        {
            Description = "folder: an article that names no feed, publisher or URL has the name of its folder as its source.",
            HelpName = "folder",
        };
        sourceFrom.AcceptOnlyFromAmong("folder");
        var columns = ColumnsFlag.Create();
        var command = new Command("run", "Clean articles, join copies of one text into stories and print the outcome.")
        {
            paths, output, format, explain, noLearning, stream, sourceFrom, columns, maxSize, budget,
        };
        ledger.AddTo(command);
        var deduplication = new DeduplicationFlags();
        deduplication.AddTo(command, stream: true);
        Mistyped.RefuseOptions(paths, command);
        command.Validators.Add(r =>
        {
            if (r.GetValue(explain) && r.GetValue(format) is not null)
                r.AddError("--explain and --format cannot be combined.");
            if (r.GetValue(noLearning) && r.GetValue(stream))
                r.AddError("--no-learning and --stream cannot be combined: one learns nothing, the other as it goes.");
        });
        command.SetAction(parsed => Run(
            parsed.GetValue(paths)!,
            parsed.GetValue(output),
            parsed.GetValue(format),
            parsed.GetValue(explain),
            ledger.AreGiven(parsed) ? () => ledger.Place(parsed, "") : null,
            parsed.Named(ledger.Collection),
            new RunSources(
                parsed.GetValue(noLearning) ? Learning.None : parsed.GetValue(stream) ? Learning.Stream : Learning.Whole,
                byFolder: parsed.GetValue(sourceFrom) is not null),
            new NormaliserOptions(parsed.GetValue(maxSize), TimeSpan.FromMilliseconds(parsed.GetValue(budget))),
            deduplication.Read(parsed, stream: true),
            parsed.GetValue(columns) ?? ColumnMap.None));
        return command;
    }

    /// <summary>The number that was given; null for a word, which the library refuses by itself.</summary>
    static long? Number(System.CommandLine.Parsing.OptionResult result) =>
        result.Tokens is [var token] && long.TryParse(token.Value, out var number) ? number : null;

    static OutputFormat? ParseFormat(System.CommandLine.Parsing.ArgumentResult result)
    {
        var given = result.Tokens[0].Value;
        var names = Enum.GetNames<OutputFormat>().Select(n => n.ToLowerInvariant()).ToList();
        if (names.IndexOf(given) is >= 0 and var at)
            return (OutputFormat)at;
        result.AddError($"--format takes {string.Join(", ", names.SkipLast(1))} or {names[^1]}, not '{given}'.{Typos.Hint(given, names)}");
        return null;
    }

    static int Run(
        string[] paths, string? output, OutputFormat? format, bool explain, Func<LedgerPlace>? kept, string collection, RunSources sources, NormaliserOptions options,
        DeduplicationOptions deduplication, ColumnMap columns)
    {
        if (output is "/dev/stdout" or "/dev/fd/1" or "/proc/self/fd/1")
            output = "-";
        LedgerPlace? ledger;
        try
        {
            ledger = kept?.Invoke();
        }
        catch (SettingsException e)
        {
            Terminal.Complain(e.Message);
            return CommandLine.Usage;
        }

        var toFile = output is not null and not "-";
        if (format == OutputFormat.Parquet && !toFile && !Console.IsOutputRedirected)
        {
            Terminal.Complain("--format parquet is not for a screen. Give --output FILE, or redirect standard output.");
            return CommandLine.Usage;
        }

        using var spool = sources.Learning == Learning.Whole && paths.Contains("-") ? new SpooledInput() : null;
        var source = Source();
        // All of them before anything is written: what is written then is none of them.
        var inputs = source.Find(paths);
        if (Clash.Of(inputs, output, ledger is { IsFile: true } ? ledger.File : null) is { } clash)
        {
            Terminal.Complain(clash);
            return CommandLine.Usage;
        }

        if (sources.Learning == Learning.Whole && inputs.Find(i => i.IsStream) is { } once)
        {
            Terminal.Complain($"{once.Path} can be read only once: what its sources repeat is learnt from the articles before, as with --stream.");
            sources = sources.OfStream();
        }

        try
        {
            using var made = toFile && !OutputFile.IsDirect(output!) ? new OutputFile(output!, overwrite: true) : null;
            using (var destination = toFile ? new StreamWriter(made?.Create() ?? File.Create(output!), Terminal.Utf8, 1 << 16) : Terminal.Output())
            {
                var writer = Writer(destination, output, format, explain);
                using var progress = Progress.Start(toFile || writer is TableWriter);
                using var file = ledger is null ? LedgerFile.Temporary() : ledger.Open();
                using var stories = new RunStories(file, collection, options, deduplication, TimeProvider.System);
                if (ledger is not null)
                    sources.Heed(file);
                if (sources.Learning == Learning.Whole && Survey(Source(), inputs, sources, progress) is { } missing)
                    return Refused(progress, missing);
                Decide(source, inputs, sources, stories, writer, progress);
                if (source.MissingColumn is { } unknown)
                    return Refused(progress, unknown);
                progress.Dispose();
                writer.Finish();
            }

            made?.Complete();
        }
        catch (LedgerException e)
        {
            Terminal.Complain(e.Message);
            return CommandLine.Unreadable;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Terminal.Complain($"cannot write {(toFile ? $"--output {output}" : "to standard output")}: {e.Message}");
            return CommandLine.Unreadable;
        }

        source.Tell();
        return source.Faults.Count > 0 ? CommandLine.Unreadable : CommandLine.Success;

        ArticleSource Source() => new(options.MaxBytes, columns, spool is null ? null : spool.Open);
    }

    static int Refused(Progress progress, string mistake)
    {
        progress.Dispose();
        Terminal.Complain(mistake);
        return CommandLine.Usage;
    }

    /// <summary>What cannot be read is told when it is read again.</summary>
    /// <returns>A mistake in the command line that only the inputs show.</returns>
    static string? Survey(ArticleSource source, List<ArticleFile> inputs, RunSources sources, Progress progress)
    {
        var articles = 0;
        InStep(source, inputs, sources.Look, looked =>
        {
            sources.Survey(looked);
            progress.Say($"looking over {articles += looked.Length} articles");
        });
        sources.Complete();
        return source.MissingColumn;
    }

    /// <summary>
    /// Reads inputs in batches and works at them on all cores; meanwhile concludes the batch before, and reads the one behind. What is
    /// concluded is so in order. Each input is divided into its articles where it is read anyway: to look first whether it is several cost a
    /// reading more, on the one thread that all others wait for.
    /// </summary>
    static void InStep<T>(ArticleSource source, List<ArticleFile> inputs, Func<RawArticle[], T[]> work, Action<T[]> conclude)
    {
        var working = Task.FromResult<T[]>([]);
        foreach (var batch in source.ReadWhole(inputs).InPortions(BatchSize, MemoryBudget.InOneGo, a => a.Content.Length))
        {
            var worked = working.GetAwaiter().GetResult();
            working = Task.Run(() => work(batch));
            conclude(worked);
        }

        conclude(working.GetAwaiter().GetResult());
    }

    static void Decide(
        ArticleSource source, List<ArticleFile> inputs, RunSources sources, RunStories stories, IOutcomeWriter writer, Progress progress)
    {
        InStep(source, inputs, batch => Clean(batch, sources, stories), cleaned =>
        {
            writer.Write(stories.Decide(cleaned));
            progress.Add(cleaned.Length);
        });
    }

    static Cleaned[] Clean(RawArticle[] batch, RunSources sources, RunStories stories)
    {
        var came = new IReadOnlyList<Submission>[batch.Length];
        Parallel.For(0, batch.Length, i => came[i] = stories.Take(batch[i]));
        Submission[] taken = [.. came.SelectMany(c => c)];
        var profiles = sources.ProfilesOf(taken);
        var cleaned = new Cleaned[taken.Length];
        Parallel.For(0, taken.Length, i => cleaned[i] = stories.Clean(taken[i], profiles[i]));
        return cleaned;
    }

    static IOutcomeWriter Writer(StreamWriter destination, string? output, OutputFormat? format, bool explain)
    {
        var terminal = output is null or "-" && !Console.IsOutputRedirected;
        return (explain, format, output) switch
        {
            (true, _, _) => new ExplainWriter(destination, terminal && Terminal.Coloured),
            (_, OutputFormat.Text, _) => new TextWriterOfArticles(destination, terminal),
            (_, OutputFormat.Ninjs, _) => new NinjsWriter(destination),
            (_, OutputFormat.Pairs, _) => new PairsWriter(destination),
            // Nothing goes through the writer of text around it.
            (_, OutputFormat.Parquet, _) => new ParquetWriter(destination.BaseStream),
            (_, OutputFormat.Jsonl, _) or (_, _, not null) => new JsonlWriter(destination),
            _ => new TableWriter(destination, terminal && Terminal.Coloured, Terminal.Width),
        };
    }
}
