using System.CommandLine;
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

    public void AddTo(Command command)
    {
        command.Add(File);
        command.Add(Postgres);
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
        new(null, parsed.GetValue(File), null, null) { Postgres = parsed.GetValue(Postgres) };

    /// <summary>
    /// For commands that otherwise have no settings: a server's password is one, and a file needs none.
    /// </summary>
    /// <exception cref="SettingsException">A setting is wrong.</exception>
    public LedgerPlace Place(ParseResult parsed, string otherwise) => parsed.GetValue(Postgres) is null
        ? new LedgerPlace(parsed.GetValue(File) ?? otherwise, new PostgresSettings())
        : ServeCommand.Settings(Overrides(parsed)).LedgerPlace();
}
