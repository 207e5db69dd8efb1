namespace Ingest.Ledger.Sqlite;

/// <summary>Whether a ledger's file is in use.</summary>
public static class FileUse
{
    /// <summary>
    /// The bytes of its file on which SQLite holds a shared lock for as long as it has a database with a write-ahead log open; see its <c>os.h</c>.
    /// </summary>
    const long SharedFirst = 0x40000002, SharedBytes = 510;

    /// <summary>How Linux (EAGAIN) and Windows (a lock's violation) say that somebody else holds a lock, and not that there are none.</summary>
    const int Again = 11, Violation = 33;

    /// <summary>Whether another process has a file open with SQLite now.</summary>
    /// <param name="path">This process must not have it open: closing it here would give up SQLite's own locks on it.</param>
    /// <returns>False, too, where it cannot be known: this process may not write to the file, or the system has no such locks.</returns>
    public static bool ByAnotherProcess(string path)
    {
        if (!OperatingSystem.IsLinux() && !OperatingSystem.IsWindows())
            return false;
        FileStream file;
        try
        {
            file = new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }

        using (file)
        {
            try
            {
                file.Lock(SharedFirst, SharedBytes);
                return false;
            }
            catch (IOException e)
            {
                return (e.HResult & 0xFFFF) is Again or Violation;
            }
            catch (UnauthorizedAccessException)
            {
                // Some systems say so (EACCES): it was opened for writing, so only a lock can be what denies it.
                return true;
            }
        }
    }
}
