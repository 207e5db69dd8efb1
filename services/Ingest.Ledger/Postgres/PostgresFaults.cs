using Npgsql;

namespace Ingest.Ledger.Postgres;

/// <summary>What PostgreSQL's errors mean for who waits for it. None of them holds a password.</summary>
static class PostgresFaults
{
    /// <summary>What is stored cannot be read: data or an index is corrupted.</summary>
    public static bool IsDamaged(Exception fault) => fault is PostgresException { SqlState: "XX001" or "XX002" };

    /// <summary>The user, the password, the database or the rights are wrong.</summary>
    public static bool IsRefusal(Exception? fault) =>
        fault is PostgresException { SqlState: ['2', '8', ..] or "3D000" or "42501" } or NpgsqlException { IsTransient: false, InnerException: null } and not PostgresException;

    /// <returns>Null for a fault that is not the server's or the connection's.</returns>
    public static LedgerException? Told(Exception fault, string name) => fault switch
    {
        PostgresException e => new LedgerException(Describe(e, name), e, Passes(e)),
        NpgsqlException { InnerException: TimeoutException } e => new LedgerException($"{name} does not answer. Check the server and the network.", e, passing: true),
        NpgsqlException e => new LedgerException($"{name} cannot be reached ({(e.InnerException ?? e).Message.TrimEnd('.')}). Check the server, its address and the network.", e, passing: true),
        _ => null,
    };

    /// <summary>What ends by itself or by an operator's hand, and says nothing against what was to be written.</summary>
    static bool Passes(PostgresException e) => e.SqlState switch
    {
        // Connections, authorisation, rights, resources, intervention, the system, transactions that collide.
        ['0', '8', ..] or ['2', '8', ..] or "42501" or ['5', '3', ..] or ['5', '7', ..] or ['5', '8', ..] or ['4', '0', ..] => true,
        "3D000" or "25006" or "25P03" or "55P03" => true,
        _ => false,
    };

    static string Describe(PostgresException e, string name) => e.SqlState switch
    {
        "28P01" or "28000" => $"{name} refuses the user ({e.MessageText}). Check Ingest:Postgres:Username and the password.",
        "3D000" => $"{name} is not there ({e.MessageText}). Create the database, or name another with Ingest:Postgres:Database.",
        "42501" => $"{name} may not be used by this user ({e.MessageText}). Run 'ingest migrate' as the owner of the database, or grant the rights.",
        "25006" => $"{name} is read-only. Name the primary server.",
        "53100" => $"{name} cannot grow: the server's disk is full. Free some space.",
        "53300" => $"{name} takes no more connections ({e.MessageText}). Raise max_connections, or run fewer processes.",
        "55P03" => $"{name} is held by another process.",
        "57P03" => $"{name} is starting or stopping ({e.MessageText}).",
        "XX001" or "XX002" => $"{name} is damaged ({e.MessageText}). Restore a backup.",
        _ => $"{name} failed: {e.MessageText} (SQLSTATE {e.SqlState}).",
    };
}
