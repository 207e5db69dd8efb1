using System.ComponentModel.DataAnnotations;
using Ingest.Ledger;
using Npgsql;

namespace Ingest.Service.Operations;

/// <summary>Settings of the section <c>Ingest:Postgres</c>. With a host, the ledger is there and not in a file.</summary>
sealed class PostgresSettings
{
    public const string Advice = "The password is the setting Ingest:Postgres:Password, or in the file that Ingest:Postgres:PasswordFile names.";

    public string? Host { get; set; }

    [Range(1, 65535)]
    public int Port { get; set; } = NpgsqlConnection.DefaultPort;

    public string Database { get; set; } = "ingest";

    public string Username { get; set; } = "ingest";

    public string? Password { get; set; }

    /// <summary>A file that holds the password, which then stands in no environment.</summary>
    public string? PasswordFile { get; set; }

    /// <summary>The schema of the ledger's tables. That of another collection than the default one has its name: see <see cref="Of"/>.</summary>
    public string Schema { get; set; } = LedgerDatabase.DefaultSchema;

    /// <summary>Whatever else Npgsql takes, in its form: <c>SSL Mode=VerifyFull;Root Certificate=ca.pem</c>.</summary>
    public string? Options { get; set; }

    public bool IsConfigured => !string.IsNullOrWhiteSpace(Host);

    /// <summary>Takes an address such as <c>Host=db;Database=ingest;Username=ingest</c>.</summary>
    /// <exception cref="FormatException">It is none, or holds a password, which other users of the machine would see.</exception>
    public void Read(string address)
    {
        var given = Parsed(address, "takes an address such as \"Host=db;Database=ingest;Username=ingest\"; this is not one");
        if (!string.IsNullOrEmpty(given.Password) || !string.IsNullOrEmpty(given.SslPassword))
            throw new FormatException($"holds a password, which other users of this machine can see among the running processes. {Advice}");
        if (string.IsNullOrWhiteSpace(given.Host))
            throw new FormatException("names no host, as in \"Host=db;Database=ingest;Username=ingest\".");
        (Host, Port) = (given.Host, given.Port);
        (Database, Username) = (given.Database ?? Database, given.Username ?? Username);
        foreach (var key in (string[])["Host", "Port", "Database", "Username"])
            given.Remove(key);
        Options = given.ConnectionString;
    }

    /// <summary>The same server with the schema of a collection: <c>ingest_sport</c> beside <c>ingest</c>.</summary>
    public PostgresSettings Of(string collection)
    {
        var settings = (PostgresSettings)MemberwiseClone();
        settings.Schema = $"{Schema}_{collection.Replace('-', '_')}";
        return settings;
    }

    /// <exception cref="FormatException">The options are none; the message names the setting.</exception>
    public PostgresSettings Validated()
    {
        if (IsConfigured)
            _ = Connection();
        return this;
    }

    /// <summary>In Npgsql's form, with the password.</summary>
    /// <exception cref="FormatException">The options are none.</exception>
    public string Connection()
    {
        var connection = Parsed(Options ?? "", $"{nameof(Options)} cannot be read");
        (connection.Host, connection.Port, connection.Database, connection.Username) = (Host, Port, Database, Username);
        // Who names a server's own file of passwords does not mean that of another server.
        if (Password is not null && connection.Passfile is null)
            connection.Password = Password;
        return connection.ConnectionString;
    }

    static NpgsqlConnectionStringBuilder Parsed(string address, string otherwise)
    {
        try
        {
            return new NpgsqlConnectionStringBuilder(address);
        }
        catch (Exception e) when (e is ArgumentException or FormatException or InvalidCastException or OverflowException)
        {
            // The address is not repeated, and neither is the library's message, which may repeat it: it may hold a password.
            throw new FormatException($"{otherwise}. Its keywords are those of Npgsql, each with '=' and a value, separated by ';'. {Advice}", e);
        }
    }
}
