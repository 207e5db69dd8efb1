using System.CommandLine;
using System.Globalization;
using Ingest.Ledger;
using Ingest.Service.Display;
using Ingest.Service.Serve;

namespace Ingest.Service.Cli;

/// <summary><c>ingest backup</c>: a verified copy of the ledger in one file, while the service runs.</summary>
static class BackupCommand
{
    public static Command Create()
    {
        var file = new Argument<string>("FILE") { Description = "The backup to make; the file must not exist." };
        var ledger = new LedgerFlags();
        var overwrite = new Option<bool>("--overwrite") { Description = "Replace FILE if it exists, once the new backup is complete and verified." };
        var command = new Command("backup", "Copy the ledger into one file and verify the copy. The service may keep running.") { file, overwrite };
        ledger.AddTo(command);
        Mistyped.RefuseOptions(file, command);
        command.SetAction(parsed => CommandLine.Guarded(() => Run(parsed.GetValue(file)!, ledger.Overrides(parsed), parsed.GetValue(overwrite))));
        return command;
    }

    static int Run(string file, ServeCommand.Overrides given, bool overwrite)
    {
        try
        {
            var place = ServeCommand.Settings(given).LedgerPlace();
            if (!place.IsFile)
            {
                Terminal.Complain($"the ledger is on {place}: back it up with PostgreSQL's own pg_dump, or copy it into a file with 'ingest copy-ledger'.");
                return CommandLine.Usage;
            }

            var path = place.File;
            if (Refusal(file, path, overwrite) is { } refusal)
            {
                Terminal.Complain(refusal);
                return CommandLine.Usage;
            }

            using var made = new OutputFile(file, overwrite);
            LedgerReport found;
            using (var progress = Progress.Start(wanted: true))
            {
                using (var ledger = LedgerFile.OpenUnchanged(path))
                    LedgerCopy.Whole(ledger, made.WritePath, share => progress.Say(string.Create(CultureInfo.InvariantCulture, $"copying {path}: {share * 100:0} %")));
                found = LedgerCheck.Look(made.WritePath, part => progress.Say($"verifying {part}"));
            }

            if (!found.IsSound)
            {
                foreach (var fault in found.Damage.Concat(found.Faults.Select(CheckCommand.Told)))
                    Terminal.Complain(fault);
                Terminal.Complain($"{path} is not sound, so {file} was not made. 'ingest check' says more. Keep the ledger's files, and restore an earlier backup.");
                return CommandLine.Unreadable;
            }

            made.Complete();
            using var output = Terminal.Output();
            output.WriteLine(Terminal.Plain(
                $"{file}: {CheckCommand.Number(found.Articles, "article")}, {CheckCommand.Number(found.Decisions, "decision")}; verified."));
            return CommandLine.Success;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Terminal.Complain($"cannot write {file}: {e.Message}");
            return CommandLine.Unreadable;
        }
    }

    static string? Refusal(string file, string ledger, bool overwrite) =>
        Clash.WithLedger(file, ledger) ? $"{file} is a file of the ledger {ledger} itself. Choose another file."
        : Clash.OfAnotherLedger(file) ? $"{file} belongs to a ledger that is in use, or was not closed: its log is beside it. Choose another file."
        : !overwrite && Path.Exists(file) ? $"{file} already exists. Choose another file, or replace it with --overwrite."
        : null;
}
