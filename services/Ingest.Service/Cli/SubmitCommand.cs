using System.CommandLine;
using Ingest.Core.Forms;
using Ingest.Core.Normalisation;
using Ingest.Core.Normalisation.Reading;
using Ingest.Service.Display;
using Ingest.Service.Outcomes;
using Ingest.Service.Run;

namespace Ingest.Service.Cli;

/// <summary>
/// <c>ingest submit</c>: sends articles to a server, in their order. Each has the id that it has in a run, so that submitting again changes
/// nothing.
/// </summary>
static class SubmitCommand
{
    public static Command Create()
    {
        var paths = new Argument<string[]>("PATH")
        {
            Description = "Files, folders (searched recursively) or - for standard input, read as 'ingest run' reads them.",
            Arity = ArgumentArity.OneOrMore,
        };
        var command = new Command(
            "submit", "Send articles to a server, which stores them. Submitting again is safe: the server recognises what it already has.")
        {
            paths,
        };
        var columns = ColumnsFlag.Create();
        command.Add(columns);
        var remote = new RemoteFlags();
        remote.AddTo(command);
        Mistyped.RefuseOptions(paths, command);
        command.SetAction((parsed, cancellation) => Run(parsed.GetValue(paths)!, parsed.GetValue(columns) ?? ColumnMap.None, () => remote.Read(parsed), cancellation));
        return command;
    }

    static async Task<int> Run(string[] paths, ColumnMap columns, Func<RemoteServer> connect, CancellationToken cancellation)
    {
        var source = new ArticleSource(new NormaliserOptions().MaxBytes, columns);
        if (MissingColumn(paths, columns) is { } mistake)
        {
            Terminal.Complain(mistake);
            return CommandLine.Usage;
        }

        var tally = new SubmitTally();
        var exit = CommandLine.Success;
        try
        {
            using var server = connect();
            using var progress = Progress.Start(wanted: true);
            var submitter = new Submitter(server, tally, progress);
            foreach (var raw in source.Read(paths))
            {
                var read = RawReader.Read(raw);
                if (read.Rejection is { } rejection)
                    tally.Refuse(read.Id, OutcomeMapper.Word(rejection.Reason), Advice.Detail(rejection, Audience.CommandLine));
                else
                    await submitter.Add(read.Id, read.Article!, cancellation);
            }

            await submitter.Finish(cancellation);
        }
        catch (RemoteException e)
        {
            Terminal.Complain(e.Message);
            exit = CommandLine.Unreadable;
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            exit = CommandLine.Interrupted;
        }

        source.Tell();
        if (exit == CommandLine.Success && source.MissingColumn is { } missing)
        {
            Terminal.Complain(missing);
            exit = CommandLine.Usage;
        }

        if (exit == CommandLine.Success || tally.Submitted > 0)
        {
            using var output = Terminal.Output();
            tally.Write(output);
            if (exit != CommandLine.Success)
                output.WriteLine("Not everything was submitted. Run the same command again; the server skips what it already has.");
        }

        return exit == CommandLine.Success && (tally.Refused > 0 || source.Faults.Count > 0) ? CommandLine.Unreadable : exit;
    }

    /// <summary>Where columns are named, all is looked through before the first article is sent, if it can be read again.</summary>
    static string? MissingColumn(string[] paths, ColumnMap columns)
    {
        var source = new ArticleSource(new NormaliserOptions().MaxBytes, columns);
        var inputs = columns.IsEmpty ? [] : source.Find(paths);
        if (inputs.Count == 0 || inputs.Exists(i => i.Path == "-" || i.IsStream))
            return null;
        foreach (var _ in source.Read(inputs))
        {
            // Reading is what shows which columns there are.
        }

        return source.MissingColumn;
    }
}

/// <summary>What became of the articles that were submitted.</summary>
sealed class SubmitTally
{
    /// <summary>Details that are shown of each kind of problem.</summary>
    const int MostDetails = 3;

    readonly SortedDictionary<string, (long Count, List<string> Details)> refused = new(StringComparer.Ordinal);
    long accepted, known;

    public long Refused => refused.Values.Sum(r => r.Count);

    /// <summary>Those that got an answer.</summary>
    public long Submitted => accepted + known + Refused;

    public void Accept(bool wasKnown) => _ = wasKnown ? known++ : accepted++;

    public void Refuse(string id, string kind, string detail)
    {
        var (count, details) = refused.GetValueOrDefault(kind, (0, []));
        if (details.Count < MostDetails)
            details.Add($"{id}: {detail}");
        refused[kind] = (count + 1, details);
    }

    public void Write(TextWriter output)
    {
        var kinds = string.Join(", ", refused.OrderByDescending(r => r.Value.Count).Select(r => $"{r.Key} {r.Value.Count}"));
        var reasons = kinds.Length > 0 ? $" ({Terminal.Plain(kinds)})" : "";
        output.WriteLine($"{Submitted} article{(Submitted == 1 ? "" : "s")}: {accepted} accepted, {known} already known, {Refused} refused{reasons}.");
        foreach (var (kind, (count, details)) in refused)
        {
            foreach (var detail in details)
                output.WriteLine(Terminal.Plain($"  {kind}  {detail}"));
            if (count > details.Count)
                output.WriteLine(Terminal.Plain($"  {kind}  and {count - details.Count} more"));
        }
    }
}
