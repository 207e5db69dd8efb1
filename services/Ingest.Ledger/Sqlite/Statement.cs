using Microsoft.Data.Sqlite;

namespace Ingest.Ledger.Sqlite;

/// <summary>A prepared statement with numbered parameters, for what runs for every article; elsewhere Dapper is short and quick enough.</summary>
sealed class Statement : IDisposable
{
    readonly SqliteCommand command;

    public Statement(SqliteConnection connection, string text, int parameters)
    {
        command = connection.CreateCommand();
        command.CommandText = text;
        for (var i = 1; i <= parameters; i++)
            command.Parameters.Add(new SqliteParameter { ParameterName = $"?{i}", Value = DBNull.Value });
        command.Prepare();
    }

    /// <summary>Sets the parameter with this number, counted from 1. Null is NULL.</summary>
    public object? this[int parameter]
    {
        set => command.Parameters[parameter - 1].Value = value ?? DBNull.Value;
    }

    /// <returns>Rows that were changed.</returns>
    public int Run() => command.ExecuteNonQuery();

    public SqliteDataReader Query() => command.ExecuteReader();

    /// <summary>The first column of the first row; null where there is none.</summary>
    public object? Value() => command.ExecuteScalar() is { } value and not DBNull ? value : null;

    public void Dispose() => command.Dispose();
}
