using System.CommandLine;
using Ingest.Ledger;
using Ingest.Service.Display;
using Ingest.Service.Serve;

namespace Ingest.Service.Cli;

/// <summary><c>ingest migrate</c>: brings the schema of the ledgers of all collections up to date, as 'ingest serve' would.</summary>
static class MigrateCommand
{
    public static Command Create()
    {
        var ledger = new LedgerFlags();
        var dryRun = new Option<bool>("--dry-run") { Description = "Say which scripts would run, and change nothing." };
        var command = new Command("migrate", "Bring the ledger's schema up to date, or make it.") { dryRun };
        ledger.AddTo(command);
        command.SetAction(parsed => CommandLine.Guarded(() => Run(ledger.Overrides(parsed), parsed.GetValue(dryRun))));
        return command;
    }

    static int Run(ServeCommand.Overrides given, bool dryRun)
    {
        using var output = Terminal.Output();
        return LedgerFlags.ForEach(LedgerFlags.Each(given), settings =>
        {
            var place = settings.LedgerPlace();
            var scripts = place.Migrate(dryRun);
            foreach (var script in scripts)
                output.WriteLine(Terminal.Plain($"{place}: {script} {(dryRun ? "would run" : "ran")}."));
            if (scripts.Count == 0)
                output.WriteLine(Terminal.Plain($"{place} is up to date."));
        });
    }
}
