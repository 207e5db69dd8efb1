using System.CommandLine;
using Ingest.Ledger;
using Ingest.Ledger.Sqlite;
using Ingest.Service.Display;
using Ingest.Service.Operations;
using Ingest.Service.Serve;

namespace Ingest.Service.Cli;

/// <summary><c>ingest copy-ledger</c>: takes a ledger to another store, row by row, and compares the two.</summary>
static class CopyLedgerCommand
{
    /// <summary>Damaged rows that are named; the others are counted.</summary>
    const int MostNamed = 20;

    /// <summary>Digits of a checksum that are shown; all of them are compared.</summary>
    const int DigitsShown = 16;

    public static Command Create()
    {
        var from = new Option<string>("--from") { Description = "The ledger to copy; it is not changed. Stop what uses it.", Required = true, HelpName = "PLACE" };
        var to = new Option<string>("--to") { Description = "Where to: a file, or a database that has no ledger yet; or an unfinished copy.", Required = true, HelpName = "PLACE" };
        var command = new Command("copy-ledger", "Copy a ledger between a file and a PostgreSQL server, or go on with it, and compare the copy. A place is a FILE or \"Host=…\".") { from, to };
        var collection = CollectionFlag.Create();
        command.Add(collection);
        command.SetAction(parsed => CommandLine.Guarded(() => Run(parsed.GetValue(from)!, parsed.GetValue(to)!, parsed.Named(collection))));
        return command;
    }

    static int Run(string from, string to, string collection)
    {
        var (source, target) = (Place(from, "--from", collection), Place(to, "--to", collection));
        // Nothing is made for a ledger that is not there.
        Source(source).Dispose();
        IReadOnlyList<string> damaged;
        IReadOnlyList<TableComparison> tables;
        IReadOnlyList<string> users;
        using (var copy = target.OpenToCopy())
        using (var progress = Progress.Start(wanted: true))
        {
            using (var ledger = Source(source))
                damaged = LedgerCopy.Rows(ledger, copy, part => progress.Say($"copying {part}"));
            // Before and after: who stops meanwhile has left something behind that the comparison may have passed already.
            users = Users(source);
            // Opened again: what was opened without its log does not see what a server has written since.
            using (var ledger = Source(source))
                tables = LedgerCopy.Compare(ledger, copy, part => progress.Say($"comparing {part}"));
            // Whoever goes on in the source would give its next positions to other articles than the copy does.
            users = [.. users.Union(Users(source), StringComparer.Ordinal)];
            if (tables.All(t => t.IsSame) && users.Count == 0)
                LedgerCopy.Complete(copy);
        }

        return Report(source, target, damaged, tables, users);
    }

    static int Report(
        LedgerPlace source, LedgerPlace target, IReadOnlyList<string> damaged, IReadOnlyList<TableComparison> tables, IReadOnlyList<string> users)
    {
        foreach (var row in damaged.Take(MostNamed))
            Terminal.Complain($"{row}. The row is in the copy as the program reads it.");
        if (damaged.Count > MostNamed)
            Terminal.Complain($"… and {damaged.Count - MostNamed} more damaged.");
        using var output = Terminal.Output();
        foreach (var table in tables)
            output.WriteLine($"{table.Table,-13} {table.From.Rows,10} {table.From.Checksum[..DigitsShown]} {(table.IsSame ? "the same" : $"but {table.To.Rows} {table.To.Checksum[..DigitsShown]} in the copy")}");
        if (users.Count > 0)
        {
            Terminal.Complain(
                $"{source} is in use by {string.Join(", ", users)}, so {target} is no ledger yet. Stop every process that uses {source} and repeat the command, which copies the rest.");
            return CommandLine.Unreadable;
        }

        if (!tables.All(t => t.IsSame))
        {
            Terminal.Complain(
                $"{target} differs from {source}, and is no ledger yet. If a server has used {source} meanwhile, stop it and repeat the command, which copies the rest. If that does not help, delete the copy and begin anew.");
            return CommandLine.Unreadable;
        }

        output.WriteLine(Terminal.Plain($"{target} has all of {source}. It is the same log: from now on let only one of them be used."));
        return CommandLine.Success;
    }

    /// <summary>Who uses a ledger now, in words. Called while this process has it closed.</summary>
    static IReadOnlyList<string> Users(LedgerPlace place)
    {
        if (place.IsFile)
            return FileUse.ByAnotherProcess(place.File) ? [$"another process ('fuser {place.File}' says which)"] : [];
        using var ledger = (LedgerDatabase)place.OpenUnchanged();
        return [.. LedgerHandOver.Present(ledger).Select(p => $"{p.Name} ({p.Roles})")];
    }

    static LedgerStore Source(LedgerPlace place)
    {
        var ledger = place.OpenUnchanged();
        try
        {
            ledger.MustBeCurrent();
            return ledger;
        }
        catch
        {
            ledger.Dispose();
            throw;
        }
    }

    /// <summary>A server is told from a file by its host; settings have the rest of it, and its password.</summary>
    static LedgerPlace Place(string place, string option, string collection)
    {
        if (place.Length == 0)
            throw new FormatException($"{option} is empty. Name a file, or a server as \"Host=…\".");
        return place.Split(';').Any(part => part.TrimStart().StartsWith("Host=", StringComparison.OrdinalIgnoreCase))
            ? ServeCommand.Settings(new ServeCommand.Overrides(null, null, null, null) { Postgres = place, PostgresOption = option, Collection = collection }).LedgerPlace()
            : new LedgerPlace(CollectionNames.FileOf(place, collection), new PostgresSettings(), collection);
    }
}
