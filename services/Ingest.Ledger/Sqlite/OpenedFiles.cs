using System.Buffers.Binary;
using Dapper;
using Microsoft.Data.Sqlite;
using Microsoft.Win32.SafeHandles;

namespace Ingest.Ledger.Sqlite;

/// <summary>
/// The files of a ledger that is open: the database, its write-ahead log and the log's index. SQLite goes on with them after they were
/// deleted or replaced, and what it then writes is gone with the process. A connection has to stay open as long as they are watched:
/// without one SQLite itself deletes the last two.
/// </summary>
sealed class OpenedFiles
{
    const int HeaderBytes = 32;
    const uint Magic = 0x377f0682;

    readonly string path, logPath;
    readonly (string Path, FileIdentity Identity)[] files;
    byte[] header = [];
    long logSize;
    bool saved;

    /// <summary>At the last look: the database's size, the pages that SQLite knows, and the log's size; and those that were looked at closely.</summary>
    (long Size, long Pages, long Log) known, examined;

    /// <summary>For good: what grows over the place later is not what was there.</summary>
    LedgerLoss? cut;

    /// <param name="path">The database has been read, so that all its files are there.</param>
    /// <exception cref="IOException">One is not.</exception>
    public OpenedFiles(string path)
    {
        // A path that is relative would mean another file in another folder. The companions stand beside the file that a link leads to.
        this.path = Path.GetFullPath(path);
        (logPath, var index) = (LedgerSource.LogOf(path), FileStatus.Target(path) + "-shm");
        files = [.. new[] { this.path, logPath, index }.Select(p =>
            (p, (FileStatus.Of(p) ?? throw new IOException($"{p} is not there any more.")).Identity))];
        known.Size = SizeOf(this.path);
    }

    /// <summary>Whether all are where they were: a few microseconds.</summary>
    public LedgerLoss? Missing()
    {
        for (var i = 0; i < files.Length; i++)
        {
            var (file, identity) = files[i];
            FileStatus? found;
            try
            {
                found = FileStatus.Of(file);
            }
            catch (IOException)
            {
                // The system does not say, which is no loss yet.
                continue;
            }

            if (found?.Identity != identity)
                return i == 0 ? Database(found is null) : Companion(file, found is null);
        }

        return null;
    }

    /// <summary>
    /// The same, and whether one was cut off. Where only a companion is missing, saves what it held into the database.
    /// </summary>
    /// <param name="connection">Open since before.</param>
    public LedgerLoss? Look(SqliteConnection connection)
    {
        if (Missing() is { } loss)
            return loss.CanSave ? Save(connection, loss) : loss;
        saved = false;
        try
        {
            return cut ??= LogCut(connection) ?? DatabaseCut(connection);
        }
        catch (IOException)
        {
            // Gone in this moment: the next look says so.
            return null;
        }
    }

    LedgerLoss Database(bool gone) => new(
        gone
            ? $"{path} was moved or deleted while this process had it open. Put the same file back, or stop this process and restore a backup."
            // What is in the old log would be written over pages of the new file.
            : $"{path} was replaced by another file while this process had it open. Put the old file back; or stop this process, delete {logPath} and its -shm, and start it with the new file.",
        NeedsRestart: false);

    static LedgerLoss Companion(string file, bool gone) => gone
        ? new LedgerLoss($"{file}, a part of the ledger, was moved or deleted while this process had it open. Restart this process.", NeedsRestart: true)
        {
            CanSave = true,
        }
        : new LedgerLoss(
            $"{file}, a part of the ledger, was replaced by another file while this process had it open. Put the old file back, or stop this process and restore a backup.",
            NeedsRestart: false);

    /// <summary>The process still has what was deleted. Once it is in the database, a restart loses nothing.</summary>
    LedgerLoss Save(SqliteConnection connection, LedgerLoss loss)
    {
        try
        {
            saved = saved || Checkpoint(connection, "FULL").Busy == 0;
        }
        catch (SqliteException e)
        {
            return loss with { Reason = $"{loss.Reason} What it held could not be saved ({e.Message}).", NeedsRestart = false };
        }

        return saved
            ? loss with { Reason = $"{loss.Reason} What it held is saved in {path}." }
            : loss with { Reason = $"{loss.Reason} What it held is still being saved: wait with the restart.", NeedsRestart = false };
    }

    LedgerLoss? DatabaseCut(SqliteConnection connection)
    {
        var (before, found) = (known, SizeOf(path));
        long pages, pageSize;
        try
        {
            (pages, pageSize) = (connection.ExecuteScalar<long>("PRAGMA page_count"), connection.ExecuteScalar<long>("PRAGMA page_size"));
        }
        catch (SqliteException e) when (found < before.Size && (SqliteFaults.IsDamaged(e) || SqliteFaults.IsNoDatabase(e)))
        {
            return Cut(path, found, before.Size);
        }
        catch (SqliteException)
        {
            // Whoever reads says so.
            return null;
        }

        if (pages == 0)
            return Cut(path, found, before.Size);
        known = (found, pages, logSize);
        if (found >= pages * pageSize)
            return null;
        // What the file lacks may be in the log still: looked at once while nothing is written, and whenever the file has become shorter.
        if (found >= before.Size && (known != before || known == examined))
            return null;
        examined = known;
        if (LogHolds(found / pageSize, pages, pageSize))
            return null;
        // Another process may just have moved its pages.
        if (SizeOf(path) < pages * pageSize && Header().SequenceEqual(header))
            return Cut(path, found, pages * pageSize);
        examined = default;
        return null;
    }

    /// <summary>Whether the log has all pages behind one, up to the last.</summary>
    bool LogHolds(long page, long last, long pageSize)
    {
        const int FrameHeaderBytes = 24, Salts = 8, SaltsOfHeader = 16, LockedByte = 0x40000000;
        using var file = OpenLog();
        var (frame, held) = (new byte[FrameHeaderBytes], new HashSet<long>());
        for (var at = (long)HeaderBytes; RandomAccess.Read(file, frame, at) == FrameHeaderBytes; at += FrameHeaderBytes + pageSize)
        {
            // What is left of an earlier log is behind this one.
            if (!frame.AsSpan(Salts, Salts).SequenceEqual(header.AsSpan(SaltsOfHeader, Salts)))
                break;
            if (BinaryPrimitives.ReadUInt32BigEndian(frame) is var number && number > page && number <= last)
                held.Add(number);
        }

        // The page of the byte that SQLite locks is never written.
        if (LockedByte / pageSize + 1 is var locked && locked > page && locked <= last)
            held.Add(locked);
        return held.Count == last - page;
    }

    LedgerLoss? LogCut(SqliteConnection connection)
    {
        var (begun, before) = (header, logSize);
        var (now, size) = (Header(), SizeOf(logPath));
        // A log that is begun anew in this moment has two headers; the next look is at one that stands still.
        if (!Header().SequenceEqual(now))
            return null;
        // By itself SQLite makes it shorter only when nothing is left in it, and begins it with another header then.
        var isCut = size == 0
            ? before > 0 && HoldsAny(connection)
            : now.Length > 0 && (BinaryPrimitives.ReadUInt32BigEndian(now) & ~1u) != Magic || size < before && now.SequenceEqual(begun);
        (header, logSize) = (now, size);
        return isCut ? Cut(logPath, size, before) : null;
    }

    static LedgerLoss Cut(string file, long now, long before) => new(
        $"{file} was cut off while this process had it open: it has {now} bytes instead of {before}. Stop this process and restore a backup.",
        NeedsRestart: false);

    /// <summary>Only the log may be opened beside SQLite: closing one of the others would give up the locks that SQLite has on it.</summary>
    SafeFileHandle OpenLog() => File.OpenHandle(logPath, share: FileShare.ReadWrite | FileShare.Delete);

    static long SizeOf(string file) => FileStatus.Of(file)?.Size ?? 0;

    byte[] Header()
    {
        using var file = OpenLog();
        var bytes = new byte[HeaderBytes];
        return RandomAccess.Read(file, bytes, 0) == HeaderBytes ? bytes : [];
    }

    /// <summary>Whether SQLite looks for anything in a log that has nothing.</summary>
    bool HoldsAny(SqliteConnection connection)
    {
        try
        {
            return Checkpoint(connection, "PASSIVE") is { Busy: 0, Frames: > 0 } && SizeOf(logPath) == 0;
        }
        catch (SqliteException e)
        {
            // It cannot read what should be there.
            return !SqliteFaults.IsBusy(e);
        }
    }

    static (long Busy, long Frames, long Moved) Checkpoint(SqliteConnection connection, string mode) =>
        connection.QuerySingle<(long, long, long)>($"PRAGMA wal_checkpoint({mode})");
}
