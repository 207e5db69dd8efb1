using System.Globalization;
using BenchmarkDotNet.Running;
using Ingest.Benchmarks;

switch (args)
{
    // Time against length of the normaliser.
    case ["growth"]:
        Growth.Print();
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

    // For example --filter '*Normaliser*'.
    default:
        BenchmarkSwitcher.FromAssembly(typeof(Growth).Assembly).Run(args);
        break;
}
