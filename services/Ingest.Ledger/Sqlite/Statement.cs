using System.Buffers;
using System.Text;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Ingest.Ledger.Sqlite;

/// <summary>
/// A prepared statement for what runs for every article. It calls SQLite directly: through the library's commands and parameters an insert
/// takes five times as long, and there are four for each article. Elsewhere Dapper is short and quick enough.
/// </summary>
sealed class Statement : IDisposable
{
    readonly sqlite3 database;
    readonly sqlite3_stmt statement;

    public Statement(SqliteConnection connection, string text)
    {
        database = connection.Handle!;
        SqliteException.ThrowExceptionForRC(raw.sqlite3_prepare_v2(database, text, out statement), database);
    }

    /// <summary>Sets the parameter with this number, counted from 1, as do those below.</summary>
    public void Set(int parameter, long? value) =>
        Check(value is { } number ? raw.sqlite3_bind_int64(statement, parameter, number) : raw.sqlite3_bind_null(statement, parameter));

    public void Set(int parameter, double? value) =>
        Check(value is { } number ? raw.sqlite3_bind_double(statement, parameter, number) : raw.sqlite3_bind_null(statement, parameter));

    public void Set(int parameter, ReadOnlySpan<byte> value) =>
        // An empty span has no address, which would be NULL.
        Check(value.IsEmpty ? raw.sqlite3_bind_zeroblob(statement, parameter, 0) : raw.sqlite3_bind_blob(statement, parameter, value));

    public void Set(int parameter, Guid id)
    {
        Span<byte> bytes = stackalloc byte[16];
        id.TryWriteBytes(bytes, bigEndian: true, out _);
        Set(parameter, bytes);
    }

    public void Set(int parameter, string? value)
    {
        if (value is null or "")
        {
            Check(value is null ? raw.sqlite3_bind_null(statement, parameter) : raw.sqlite3_bind_text(statement, parameter, ""));
            return;
        }

        var bytes = ArrayPool<byte>.Shared.Rent(Encoding.UTF8.GetMaxByteCount(value.Length));
        Check(raw.sqlite3_bind_text(statement, parameter, bytes.AsSpan(0, Encoding.UTF8.GetBytes(value, bytes))));
        ArrayPool<byte>.Shared.Return(bytes);
    }

    public void SetText(int parameter, ReadOnlySpan<byte> utf8) =>
        Check(utf8.IsEmpty ? raw.sqlite3_bind_text(statement, parameter, "") : raw.sqlite3_bind_text(statement, parameter, utf8));

    /// <returns>Rows that were changed.</returns>
    public int Run()
    {
        var result = raw.sqlite3_step(statement);
        Reset();
        if (result is not (raw.SQLITE_DONE or raw.SQLITE_ROW))
            SqliteException.ThrowExceptionForRC(result, database);
        return raw.sqlite3_changes(database);
    }

    /// <summary>
    /// Goes to the first row; true where there is one. Its columns are counted from 0 and valid until <see cref="Reset"/>.
    /// </summary>
    public bool Read()
    {
        var result = raw.sqlite3_step(statement);
        if (result == raw.SQLITE_ROW)
            return true;
        Reset();
        if (result != raw.SQLITE_DONE)
            SqliteException.ThrowExceptionForRC(result, database);
        return false;
    }

    public bool IsNull(int column) => raw.sqlite3_column_type(statement, column) == raw.SQLITE_NULL;

    public double Real(int column) => raw.sqlite3_column_double(statement, column);

    public long Number(int column) => raw.sqlite3_column_int64(statement, column);

    public ReadOnlySpan<byte> Blob(int column) => raw.sqlite3_column_blob(statement, column);

    /// <summary>A text, whole: the library's own reading of texts ends at U+0000.</summary>
    public string Text(int column) => Encoding.UTF8.GetString(Blob(column));

    public void Reset() => raw.sqlite3_reset(statement);

    public void Dispose() => statement.Dispose();

    void Check(int result)
    {
        if (result != raw.SQLITE_OK)
            SqliteException.ThrowExceptionForRC(result, database);
    }
}
