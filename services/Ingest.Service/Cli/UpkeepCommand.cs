using System.CommandLine;
using Ingest.Ledger;
using Ingest.Service.Display;
using Ingest.Service.Serve;

namespace Ingest.Service.Cli;

/// <summary><c>ingest upkeep</c>: lets go now what is older than the settings say, or says what would go.</summary>
static class UpkeepCommand
{
    public static Command Create()
    {
        var ledger = new LedgerFlags();
        var dryRun = new Option<bool>("--dry-run") { Description = "Say what would go, and change nothing." };
        var command = new Command("upkeep", "Let go of texts and decisions that are older than Ingest:Retention says, and give their space back. The service may keep running.") { dryRun };
        ledger.AddTo(command);
        command.SetAction(parsed => CommandLine.Guarded(() => Run(ledger.Overrides(parsed), parsed.GetValue(dryRun))));
        return command;
    }

    static int Run(ServeCommand.Overrides given, bool dryRun)
    {
        ServiceSettings[] each = [.. LedgerFlags.Each(given).Where(s => !s.Retention.Ages().AreForEver)];
        if (each.Length == 0)
        {
            Terminal.Complain("everything is kept for ever: Ingest:Retention:Articles and Ingest:Retention:Decisions are not set.");
            return CommandLine.Usage;
        }

        return LedgerFlags.ForEach(each, settings => Run(settings, dryRun));
    }

    static void Run(ServiceSettings settings, bool dryRun)
    {
        var place = settings.LedgerPlace();
        using var ledger = dryRun ? place.OpenUnchanged() : place.OpenExisting();
        ledger.MustBeCurrent();
        var retention = new Retention(ledger);
        var plan = retention.Plan(settings.Retention.Ages(), TimeProvider.System.GetUtcNow());
        if (!dryRun)
        {
            using var progress = Progress.Start(wanted: true);
            foreach (var articles in retention.Run(plan))
                progress.Add(articles);
        }

        using var output = Terminal.Output();
        if (settings.DeclaredCollections().Count > 1)
            output.WriteLine(Terminal.Plain($"{place}:"));
        var verb = dryRun ? "would go" : "went";
        output.WriteLine(Terminal.Plain($"Texts: {Told(plan.Before.Texts, plan.After.Texts, verb)}"));
        output.WriteLine(Terminal.Plain($"Decisions: {Told(plan.Before.Decisions, plan.After.Decisions, verb)}"));
        foreach (var held in plan.Held)
            output.WriteLine(Terminal.Plain($"Kept longer: {held}"));
        if (!dryRun)
            output.WriteLine($"No step held the ledger longer than {retention.Longest.TotalMilliseconds:0} ms.");
    }

    static string Told(LogPosition before, LogPosition after, string verb) =>
        (after > before ? $"those of positions {before.Next} to {after} {verb}, but for what is still needed" : "nothing " + verb)
        + $"; kept from position {after.Next} on.";
}
