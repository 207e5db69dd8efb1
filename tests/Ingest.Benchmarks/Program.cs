using System.Globalization;
using BenchmarkDotNet.Running;
using Ingest.Benchmarks;
using Ingest.Benchmarks.Load;

switch (args)
{
    // Time against length of the normaliser.
    case ["growth"]:
        Growth.Print();
        break;

    // The same of pages of HTML, and pages a second beside another extractor.
    case ["pages"]:
        Pages.Print();
        break;

    // Text to fingerprint, each kernel of this machine.
    case ["fingerprints"]:
        Fingerprints.Print();
        break;

    // The cost of decisions and the memory of the window, up to so many articles.
    case ["decide"]:
        Decisions.Print(1_000_000);
        break;
    case ["decide", var articles]:
        Decisions.Print(int.Parse(articles, CultureInfo.InvariantCulture));
        break;

    // Size and time of results as the ledger stores them.
    case ["stored"]:
        Stored.Print();
        break;

    // How long the window takes to be built again from the log of so many decisions.
    case ["restore"]:
        Restore.Print(1_000_000);
        break;
    case ["restore", var articles]:
        Restore.Print(int.Parse(articles, CultureInfo.InvariantCulture));
        break;

    // The same from a ledger, as at a start of the service.
    case ["restore-ledger"]:
        LedgerRestore.Print(1_000_000);
        break;
    case ["restore-ledger", "postgres"]:
        LedgerRestore.PrintServer(1_000_000);
        break;
    case ["restore-ledger", var articles]:
        LedgerRestore.Print(int.Parse(articles, CultureInfo.InvariantCulture));
        break;

    // The whole program under load, beside what a broker and its clients reach alone.
    case ["load"]:
        await LoadRun.Print(50_000);
        break;
    case ["load", "run"]:
        Console.WriteLine(LoadRun.IntoLedger(50_000));
        break;
    case ["load", "queue"]:
        await LoadRun.OverBroker(25_000, 2);
        break;
    case ["load", "queue", var messages, var rounds]:
        await LoadRun.OverBroker(int.Parse(messages, CultureInfo.InvariantCulture), int.Parse(rounds, CultureInfo.InvariantCulture));
        break;
    // The ledger on PostgreSQL.
    case ["load", "postgres"]:
        await ServerRun.Print(30_000);
        break;
    case ["load", "collections"]:
        await ServerRun.PrintCollections(20_000);
        break;
    case ["load", "postgres", var articles]:
        await ServerRun.Print(int.Parse(articles, CultureInfo.InvariantCulture));
        break;
    case ["load", "http"]:
        Console.WriteLine(await LoadRun.OverHttp(50_000));
        break;
    case ["load", var articles]:
        await LoadRun.Print(int.Parse(articles, CultureInfo.InvariantCulture));
        break;

    // What it is compared with; started by the run.
    case ["relay", var broker]:
        await Relay.Run(new Uri(broker));
        break;

    // Generated articles as JSON Lines, to be run by hand.
    case ["feed", var file, var articles]:
        WireFeed.Write(file, "feed", int.Parse(articles, CultureInfo.InvariantCulture));
        break;

    // For example --filter '*Normaliser*'.
    default:
        BenchmarkSwitcher.FromAssembly(typeof(Growth).Assembly).Run(args);
        break;
}
