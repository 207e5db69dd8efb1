using System.Buffers.Binary;

namespace Ingest.Ledger.Sqlite;

/// <summary>A ledger's file before SQLite has it: how it is named to SQLite, and what SQLite would not say about it.</summary>
static class LedgerSource
{
    /// <summary>The address of a file, in which SQLite takes parameters.</summary>
    public static string Of(string path) => path.Length == 0
        ? throw new LedgerException("The ledger's file has no name. Name it with --ledger.")
        : "file:" + string.Join('/', Path.GetFullPath(path).Replace('\\', '/').Split('/').Select(Uri.EscapeDataString));

    /// <summary>
    /// The address of a file that is only read. Without a write-ahead log no process has it open, and nothing is to be made beside it;
    /// otherwise what is in the log must be read too.
    /// </summary>
    public static string Unchanged(string path) => Of(path) + (HasLog(path) ? "?mode=ro" : "?immutable=1");

    /// <summary>The write-ahead log, beside the file that a link leads to.</summary>
    public static string LogOf(string path) => FileStatus.Target(path) + "-wal";

    public static bool HasLog(string path) => File.Exists(LogOf(path));

    /// <exception cref="LedgerException">SQLite would take the file for a new one, although it is what is left of a ledger.</exception>
    public static void CheckBefore(string path)
    {
        _ = Of(path);
        var status = FileStatus.Of(path);
        if (status is { Kind: FileKind.Regular, Names: > 1 and var names })
            throw new LedgerException(
                $"{path} has {names} names (hard links). SQLite keeps the log of a file beside one name, so what is written by another would be lost. Remove the other names, or make a copy with 'ingest backup'.");
        if (status is { Kind: not FileKind.Regular and var kind })
            throw new LedgerException($"The ledger {path} cannot be opened: it is a {kind.ToString().ToLowerInvariant()}. Name a file with --ledger.");
        var (file, log) = (new FileInfo(FileStatus.Target(path)), new FileInfo(LogOf(path)));
        if (log.Exists && log.Length > 0 && (!file.Exists || file.Length == 0))
            throw new LedgerException(
                $"{path} is {(file.Exists ? "empty" : "missing")}, but {log} holds the latest part of a ledger. Put the ledger's file back, or restore a backup. To begin a new ledger, move {log} away first.");
    }

    /// <summary>Whether a file that SQLite refused is smaller than its first page says.</summary>
    public static bool IsCut(string path)
    {
        const int PageSize = 16, ChangeCounter = 24, Pages = 28, PagesValidFor = 92, Bytes = 100;
        try
        {
            using var file = File.OpenRead(path);
            var header = new byte[Bytes];
            if (file.ReadAtLeast(header, Bytes, throwOnEndOfStream: false) < Bytes)
                return false;
            // 1 stands for 65,536, which has no room.
            var size = BinaryPrimitives.ReadUInt16BigEndian(header.AsSpan(PageSize)) is var given && given == 1 ? 65_536 : given;
            return Number(ChangeCounter) == Number(PagesValidFor) && (long)Number(Pages) * size > file.Length;

            uint Number(int at) => BinaryPrimitives.ReadUInt32BigEndian(header.AsSpan(at));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
