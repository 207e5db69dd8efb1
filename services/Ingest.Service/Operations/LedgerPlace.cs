using Ingest.Core.Articles;
using Ingest.Ledger;

namespace Ingest.Service.Operations;

/// <summary>Where a ledger is: in a file, or on a server where one is configured.</summary>
/// <param name="Collection">Whose articles it has.</param>
sealed record LedgerPlace(string File, PostgresSettings Postgres, string Collection = ArticleIds.DefaultCollection)
{
    public bool IsFile => !Postgres.IsConfigured;

    /// <summary>Opens the ledger to add articles to it; a new one is made where there is none.</summary>
    /// <exception cref="LedgerException">It cannot be opened, or has the articles of another collection.</exception>
    public LedgerStore Open()
    {
        var opened = Opened();
        try
        {
            LedgerSettings.KeepCollection(opened, Collection);
            return opened;
        }
        catch
        {
            opened.Dispose();
            throw;
        }
    }

    LedgerStore Opened() => IsFile ? LedgerFile.Open(File) : LedgerDatabase.Open(Postgres.Connection(), Postgres.Schema);

    /// <summary>Opens a ledger that is to be the copy of another.</summary>
    /// <exception cref="LedgerException">It cannot be opened.</exception>
    public LedgerStore OpenToCopy() =>
        IsFile ? LedgerFile.Open(File, copying: true) : LedgerDatabase.Open(Postgres.Connection(), Postgres.Schema, copying: true);

    /// <summary>Brings the schema up to date, or makes it.</summary>
    /// <param name="dryRun">Says only what would be done.</param>
    /// <returns>The names of the scripts that ran.</returns>
    /// <exception cref="LedgerException">It cannot be opened, or a newer program made it.</exception>
    public IReadOnlyList<string> Migrate(bool dryRun) =>
        IsFile ? LedgerFile.Migrate(File, dryRun) : LedgerDatabase.Migrate(Postgres.Connection(), dryRun, Postgres.Schema);

    /// <summary>Opens a ledger that must be there.</summary>
    /// <exception cref="LedgerException">There is none, or it cannot be opened.</exception>
    public LedgerStore OpenExisting()
    {
        if (IsFile)
            return LedgerFile.OpenExisting(File);
        LedgerDatabase.OpenUnchanged(Postgres.Connection(), Postgres.Schema).Dispose();
        return Opened();
    }

    /// <summary>Opens a ledger to read it as it is.</summary>
    /// <inheritdoc cref="OpenExisting"/>
    public LedgerStore OpenUnchanged() => IsFile ? LedgerFile.OpenUnchanged(File) : LedgerDatabase.OpenUnchanged(Postgres.Connection(), Postgres.Schema);

    /// <summary>Without the password.</summary>
    public override string ToString() => IsFile ? File : $"{Postgres.Host}:{Postgres.Port}/{Postgres.Database}{(Postgres.Schema == LedgerDatabase.DefaultSchema ? "" : $", schema {Postgres.Schema}")}";
}
