using System.Runtime.InteropServices;

namespace Ingest.Service.Operations;

/// <summary>
/// Memory outside of the garbage-collected heap: SQLite's, for the rows that it reads. The C library keeps what it is given back in pieces
/// of up to 32 MB for each of many threads; with articles of megabytes that came to a gigabyte that no limit of the heap counts.
/// </summary>
static class NativeMemory
{
    /// <summary>M_MMAP_THRESHOLD of glibc's malloc.h.</summary>
    const int MapFrom = -3;

    /// <summary>Its own value at the start, which it raises by itself as long as nobody sets it.</summary>
    const int LargeBlock = 128 * 1024;

    /// <summary>Has large blocks go back to the system when they are given back. Once, before there is any.</summary>
    public static void ReturnLargeBlocks()
    {
        if (!OperatingSystem.IsLinux())
            return;
        try
        {
            _ = SetOption(MapFrom, LargeBlock);
        }
        catch (EntryPointNotFoundException)
        {
            // Another C library, which does without.
        }
    }

    [DllImport("libc", EntryPoint = "mallopt")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    static extern int SetOption(int option, int value);
}
