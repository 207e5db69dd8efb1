using System.Buffers;
using System.Buffers.Binary;
using System.Data.Common;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Unicode;
using Dapper;
using Ingest.Ledger.Articles;
using Ingest.Ledger.Sqlite;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Ingest.Ledger;

/// <summary>What two stores hold of a table.</summary>
/// <param name="Checksum">SHA-256 over the rows, the same for the same rows in either store.</param>
public sealed record TableComparison(string Table, (long Rows, string Checksum) From, (long Rows, string Checksum) To)
{
    public bool IsSame => From == To;
}

/// <summary>Copies a ledger, or the beginning of one.</summary>
public static class LedgerCopy
{
    /// <summary>Rows, and bytes of them, that are written in one transaction.</summary>
    const int RowsAtOnce = 5000, BytesAtOnce = 16 << 20;

    /// <summary>
    /// Copies all rows into another store, as of one moment: the same articles and decisions under the same numbers, in the same log. Where the
    /// ledger goes on meanwhile, or the copying is broken off, calling it again goes on. Until <see cref="Complete"/> nobody else can open the copy.
    /// </summary>
    /// <param name="to">Opened for this: empty, or what an earlier call has left of the same copy.</param>
    /// <param name="progress">Told what is being copied.</param>
    /// <returns>Rows that were damaged in the source. What could be read of them is copied; what could not is as damaged in the copy.</returns>
    /// <exception cref="LedgerException">The target is another ledger; or something cannot be read or written. What is copied stays.</exception>
    public static IReadOnlyList<string> Rows(LedgerStore from, LedgerStore to, Action<string>? progress = null)
    {
        ArgumentNullException.ThrowIfNull(from);
        ArgumentNullException.ThrowIfNull(to);
        var damaged = new List<string>();
        using var writer = to.OpenWriter();
        from.ReadAtOnce(source =>
        {
            Begin(from, writer);
            foreach (var table in LedgerTable.Growing)
            {
                var done = to.Told(() => Done(table, source, writer));
                var rows = Sound(from, source, table, string.Create(CultureInfo.InvariantCulture, $"WHERE {table.Key} > {done}"), damaged);
                foreach (var some in InParts(rows))
                {
                    writer.Transact(() => Insert(writer, table, some));
                    progress?.Invoke($"{table.Name}, up to number {some[^1][0]}");
                }
            }

            writer.Transact(() =>
            {
                foreach (var table in LedgerTable.Changing)
                {
                    writer.Execute($"DELETE FROM {table.Name} {Counted(table)}");
                    foreach (var some in InParts(Sound(from, source, table, Counted(table), damaged)))
                        Insert(writer, table, some);
                }

                writer.Continue();
                return true;
            });
        });
        return damaged;
    }

    /// <summary>Reads two ledgers to the end.</summary>
    public static IReadOnlyList<TableComparison> Compare(LedgerStore from, LedgerStore to, Action<string>? progress = null)
    {
        ArgumentNullException.ThrowIfNull(from);
        ArgumentNullException.ThrowIfNull(to);
        return [.. LedgerTable.All.Select(table => new TableComparison(table.Name, Sum(from, table), Sum(to, table)))];

        (long, string) Sum(LedgerStore ledger, LedgerTable table)
        {
            progress?.Invoke($"{table.Name} of {ledger.Place}");
            var found = (0L, "");
            ledger.ReadAtOnce(connection => found = Checksum(Sound(ledger, connection, table, Counted(table), damaged: null), table));
            return found;
        }
    }

    /// <summary>Makes a ledger of the copy.</summary>
    public static void Complete(LedgerStore to)
    {
        ArgumentNullException.ThrowIfNull(to);
        using var writer = to.OpenWriter();
        writer.Transact(() => writer.Execute("DELETE FROM settings WHERE name = @Copying", new { LedgerSettings.Copying }));
    }

    /// <summary>Copies all decisions before a position, their articles, the settings that they were made with, and all rulings.</summary>
    /// <param name="to">Holds nothing yet.</param>
    /// <exception cref="LedgerException">Something cannot be read or written.</exception>
    public static void Before(LedgerStore from, LedgerStore to, LogPosition position)
    {
        ArgumentNullException.ThrowIfNull(from);
        ArgumentNullException.ThrowIfNull(to);
        using var writer = to.OpenWriter();
        from.ReadAtOnce(source => writer.Transact(() =>
        {
            foreach (var table in (LedgerTable[])[.. LedgerTable.Growing, LedgerTable.Held])
                foreach (var some in InParts(Sound(from, source, table, table.Before is { } before ? $"WHERE {before(position.Value)}" : "", damaged: null)))
                    Insert(writer, table, some);
            // How far the log is kept, and whose articles they are, holds even where nothing of it is copied.
            var settings = position > LogPosition.Start.Next
                ? $"WHERE name <> '{LedgerSettings.Log}'" : $"WHERE name IN ('{Retention.Texts}', '{Retention.Swept}', '{Retention.Decisions}', '{LedgerSettings.Collection}')";
            foreach (var some in InParts(Sound(from, source, LedgerTable.Settings, settings, damaged: null)))
                Insert(writer, LedgerTable.Settings, some);
            writer.Continue();
            return true;
        }));
    }

    /// <summary>Marks the target, or sees that it is marked.</summary>
    static void Begin(LedgerStore from, Writer writer)
    {
        var log = LedgerSettings.FindLog(from)?.ToString()
            ?? throw new LedgerException($"{from.Name} has no id yet, as an earlier program made it. Run 'ingest migrate' on it first.");
        if (LedgerSettings.IsUnfinished(from))
            throw new LedgerException($"{from.Name} is an unfinished copy itself.");
        writer.Transact(() =>
        {
            var copying = writer.Value<string?>("SELECT value FROM settings WHERE name = @Copying", new { LedgerSettings.Copying });
            if (copying == log)
                return true;
            if (copying is not null)
                throw new LedgerException($"{writer.Ledger.Name} is the unfinished copy of another ledger. Name another place, or delete it first.");
            if (LedgerTable.All.FirstOrDefault(t => t.Name != LedgerTable.Settings.Name && writer.Value<bool>($"SELECT EXISTS (SELECT 1 FROM {t.Name})")) is { } table)
                throw new LedgerException(
                    LedgerSettings.FindLog(writer.Ledger)?.ToString() == log
                        ? $"{writer.Ledger.Name} has this ledger already: it is the same, or a complete copy."
                        : $"{writer.Ledger.Name} is another ledger: it has {table.Name} of its own. Name a place that has none.");
            writer.Execute("INSERT INTO settings (name, value) VALUES (@Copying, @log)", new { LedgerSettings.Copying, log });
            return true;
        });
    }

    /// <summary>
    /// The number up to which the target has a table. Who accepts at once gets numbers in one order and commits in another: where the source has
    /// got rows below it since they were read, the table is copied anew.
    /// </summary>
    static long Done(LedgerTable table, DbConnection source, Writer writer)
    {
        var (last, rows) = writer.Connection.QuerySingle<(long, long)>($"SELECT coalesce(max({table.Key}), 0), count(*) FROM {table.Name}");
        if (last == 0 || source.ExecuteScalar<long>($"SELECT count(*) FROM {table.Name} WHERE {table.Key} <= @last", new { last }) == rows)
            return last;
        return writer.Transact(() =>
        {
            writer.Empty(table);
            return 0L;
        });
    }

    static bool Insert(Writer writer, LedgerTable table, IReadOnlyList<object?[]> rows)
    {
        writer.Insert(table, rows);
        return true;
    }

    /// <summary>The rows that count: the mark of a copy is none.</summary>
    static string Counted(LedgerTable table) => table.Name == LedgerTable.Settings.Name ? $"WHERE name <> '{LedgerSettings.Copying}'" : "";

    static IEnumerable<List<object?[]>> InParts(IEnumerable<object?[]> rows)
    {
        var (part, bytes) = (new List<object?[]>(), 0L);
        foreach (var row in rows)
        {
            part.Add(row);
            bytes += row.Sum(v => v is byte[] some ? some.Length : sizeof(long));
            if (part.Count < RowsAtOnce && bytes < BytesAtOnce)
                continue;
            yield return part;
            (part, bytes) = ([], 0);
        }

        if (part.Count > 0)
            yield return part;
    }

    /// <summary>Rows in the order of their numbers, their texts as the program reads them.</summary>
    /// <param name="damaged">Gets the names of rows that are damaged; null where nobody asks.</param>
    static IEnumerable<object?[]> Sound(LedgerStore ledger, DbConnection connection, LedgerTable table, string where, List<string>? damaged)
    {
        object? last = null;
        using var rows = ledger.Rows(connection, table, where).GetEnumerator();
        while (Next())
        {
            var row = rows.Current;
            last = row[0];
            for (var i = 0; i < row.Length; i++)
                if (Fault(table, i, row, unpack: damaged is not null) is { } fault)
                    damaged?.Add($"{NameOf(table, row[0])}: {fault}");
            yield return row;
        }

        bool Next()
        {
            try
            {
                return rows.MoveNext();
            }
            catch (Exception e) when (ledger.Fault(e) is not null)
            {
                throw new LedgerException(
                    $"{ledger.Fault(e)!.Message} It was reading {table.Name}, {(last is null ? "at the beginning" : $"behind {NameOf(table, last)}")}.", e);
            }
        }
    }

    static string NameOf(LedgerTable table, object? key) =>
        $"{table.Name}, {table.Key} {(key is byte[] text ? Columns.Text(text) : Convert.ToString(key, CultureInfo.InvariantCulture))}";

    /// <summary>What is wrong with a value; one that cannot be a text becomes one.</summary>
    static string? Fault(LedgerTable table, int column, object?[] row, bool unpack)
    {
        var (name, kind) = table.Columns[column];
        if (row[column] is not byte[] bytes)
            // A content may be no longer kept: see Retention.
            return null;
        switch (kind)
        {
            case ColumnKind.Content when unpack:
                try
                {
                    Packing.Unpack(bytes);
                    return null;
                }
                catch (StoredResultException e)
                {
                    return e.Message.TrimEnd('.');
                }

            case ColumnKind.Word or ColumnKind.Text or ColumnKind.Exact:
                var noText = !Utf8.IsValid(bytes) || kind == ColumnKind.Word && bytes.AsSpan().Contains((byte)0);
                if (noText)
                    row[column] = Encoding.UTF8.GetBytes(kind == ColumnKind.Word ? Columns.Text(bytes).Replace('\0', '\ufffd') : Columns.Text(bytes));
                return noText ? $"its {name} is no text" : null;
            default:
                return null;
        }
    }

    /// <summary>The sum of the rows' hashes, so that it does not depend on how a store sorts texts.</summary>
    static (long, string) Checksum(IEnumerable<object?[]> rows, LedgerTable table)
    {
        var (count, sum, bytes) = (0L, new byte[SHA256.HashSizeInBytes], new ArrayBufferWriter<byte>());
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        foreach (var row in rows)
        {
            bytes.ResetWrittenCount();
            for (var i = 0; i < row.Length; i++)
                Add(bytes, row[i], table.Columns[i].Kind);
            SHA256.HashData(bytes.WrittenSpan, hash);
            for (int i = 0, carry = 0; i < hash.Length; i++, carry >>= 8)
                sum[i] = (byte)(carry += sum[i] + hash[i]);
            count++;
        }

        return (count, Convert.ToHexStringLower(sum));
    }

    static void Add(ArrayBufferWriter<byte> bytes, object? value, ColumnKind kind)
    {
        var some = value is byte[] stored ? kind == ColumnKind.Content ? Unpacked(stored) : stored : [];
        var head = bytes.GetSpan(1 + sizeof(long));
        (head[0], var number) = value switch
        {
            null => ((byte)0, 0L),
            long whole => ((byte)1, whole),
            double real => ((byte)2, BitConverter.DoubleToInt64Bits(real)),
            _ => ((byte)3, some.Length),
        };
        BinaryPrimitives.WriteInt64LittleEndian(head[1..], number);
        bytes.Advance(1 + sizeof(long));
        bytes.Write(some);
    }

    /// <summary>What is packed in one version may be packed otherwise in the next. What is damaged counts as it is.</summary>
    static byte[] Unpacked(byte[] content)
    {
        try
        {
            return Packing.Unpack(content);
        }
        catch (StoredResultException)
        {
            return content;
        }
    }

    /// <summary>
    /// Copies a whole ledger, page by page and as of one moment, into one file that needs no other beside it. Other processes may write
    /// to the ledger meanwhile.
    /// </summary>
    /// <param name="to">A file that is not there yet; readable by its owner only.</param>
    /// <param name="progress">Told the share that is done, 0 to 1.</param>
    /// <exception cref="LedgerException">The ledger cannot be read, or the copy cannot be written; what there is of it stays.</exception>
    public static void Whole(LedgerFile from, string to, Action<double>? progress = null)
    {
        ArgumentNullException.ThrowIfNull(from);
        // 4 MB: often enough for whoever watches.
        const int PagesAtOnce = 512;
        LedgerFile.Create(to);
        from.Read(source =>
        {
            // Holds the moment: without it the copy would begin anew after each commit of another process.
            source.Execute("BEGIN DEFERRED");
            try
            {
                source.ExecuteScalar<long>("SELECT count(*) FROM sqlite_schema");
                LedgerFile.Told(to, () => Pages((SqliteConnection)source));
            }
            finally
            {
                source.Execute("ROLLBACK");
            }

            return true;
        });

        bool Pages(SqliteConnection source)
        {
            using var copy = new SqliteConnection(new SqliteConnectionStringBuilder
            {
                DataSource = LedgerSource.Of(to), Mode = SqliteOpenMode.ReadWrite, Pooling = false,
            }.ToString());
            copy.Open();
            using (var backup = raw.sqlite3_backup_init(copy.Handle, "main", source.Handle, "main"))
            {
                if (backup.IsInvalid)
                    SqliteException.ThrowExceptionForRC(raw.sqlite3_errcode(copy.Handle), copy.Handle);
                int result;
                while ((result = raw.sqlite3_backup_step(backup, PagesAtOnce)) == raw.SQLITE_OK)
                    progress?.Invoke(1 - (double)raw.sqlite3_backup_remaining(backup) / Math.Max(1, raw.sqlite3_backup_pagecount(backup)));
                if (result != raw.SQLITE_DONE)
                    SqliteException.ThrowExceptionForRC(result, copy.Handle);
            }

            // One file: it can be moved and read alone. Whoever opens it as a ledger gives it a log again.
            copy.Execute("PRAGMA journal_mode = DELETE");
            return true;
        }
    }
}
