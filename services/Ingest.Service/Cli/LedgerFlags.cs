using System.CommandLine;
using Ingest.Ledger;
using Ingest.Service.Display;
using Ingest.Service.Operations;
using Ingest.Service.Serve;

namespace Ingest.Service.Cli;

/// <summary>The options that say where the ledger is.</summary>
sealed class LedgerFlags
{
    /// <param name="description">Of the option for a file.</param>
    public LedgerFlags(string description = "The ledger file; ./ingest.db by default.") =>
        File = new Option<string?>("--ledger") { Description = description, HelpName = "FILE" };

    public Option<string?> File { get; }

    public Option<string?> Postgres { get; } = new("--postgres")
    {
        Description = "A PostgreSQL server that has the ledger, instead of a file. The password is a setting.",
        HelpName = "\"Host=…\"",
    };

    /// <summary>Which of an installation's ledgers it is: each collection has one.</summary>
    public Option<string?> Collection { get; } = CollectionFlag.Create();

    /// <param name="ofOne">The command is about one collection.</param>
    public void AddTo(Command command, bool ofOne = true)
    {
        command.Add(File);
        command.Add(Postgres);
        if (ofOne)
            command.Add(Collection);
        command.Validators.Add(parsed =>
        {
            if (parsed.GetResult(File) is { Implicit: false } && parsed.GetResult(Postgres) is { Implicit: false })
                parsed.AddError("--ledger and --postgres name two ledgers. Give one of them.");
        });
    }

    /// <summary>Whether either is given.</summary>
    public bool AreGiven(ParseResult parsed) => parsed.GetValue(File) is not null || parsed.GetValue(Postgres) is not null;

    /// <summary>These and nothing else, over the settings of the folder and the environment.</summary>
    public ServeCommand.Overrides Overrides(ParseResult parsed) =>
        new(null, parsed.GetValue(File), null, null) { Postgres = parsed.GetValue(Postgres), Collection = parsed.GetValue(Collection) };

    /// <summary>The settings of the collection that is named, or else of each that is declared.</summary>
    /// <exception cref="SettingsException">One is wrong.</exception>
    public static IEnumerable<ServiceSettings> Each(ServeCommand.Overrides given) => Each(ServeCommand.Settings(given), given.Collection);

    /// <param name="named">Null for all.</param>
    /// <inheritdoc cref="Each(ServeCommand.Overrides)"/>
    public static IEnumerable<ServiceSettings> Each(ServiceSettings settings, string? named)
    {
        try
        {
            return CollectionNames.Among(settings.DeclaredCollections(), named).Select(settings.Of);
        }
        catch (FormatException e)
        {
            throw new SettingsException($"--collection {e.Message}");
        }
    }

    /// <summary>Does something with each, and says of each what could not be done.</summary>
    /// <returns>The exit code.</returns>
    public static int ForEach(IEnumerable<ServiceSettings> collections, Action<ServiceSettings> work)
    {
        var exit = CommandLine.Success;
        foreach (var settings in collections)
        {
            try
            {
                work(settings);
            }
            catch (LedgerException e)
            {
                Terminal.Complain(e.Message);
                exit = CommandLine.Unreadable;
            }
        }

        return exit;
    }

    /// <summary>
    /// For commands that otherwise have no settings: a server's password is one, and a file needs none.
    /// </summary>
    /// <exception cref="SettingsException">A setting is wrong.</exception>
    public LedgerPlace Place(ParseResult parsed, string otherwise) => parsed.GetValue(Postgres) is null
        ? new LedgerPlace(CollectionNames.FileOf(parsed.GetValue(File) ?? otherwise, parsed.Named(Collection)), new PostgresSettings(), parsed.Named(Collection))
        : ServeCommand.Settings(Overrides(parsed)).LedgerPlace();
}
