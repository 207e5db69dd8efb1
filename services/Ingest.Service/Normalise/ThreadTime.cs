using System.Runtime.InteropServices;

namespace Ingest.Service.Normalise;

/// <summary>
/// Time by the processor that the calling thread has used, for the budget of an article: what becomes of it does not depend on what else the
/// machine does. Only spans between two moments of one thread mean something. Where the system does not say, it is the usual time.
/// </summary>
sealed class ThreadTime : TimeProvider
{
    const int ThreadCpu = 3;
    const long Nanoseconds = 1_000_000_000;

    public static readonly TimeProvider Instance = OperatingSystem.IsLinux() && Read(ThreadCpu, out _) == 0 ? new ThreadTime() : System;

    public override long TimestampFrequency => Nanoseconds;

    public override long GetTimestamp()
    {
        _ = Read(ThreadCpu, out var now);
        return now.Seconds * Nanoseconds + now.Nanoseconds;
    }

    [DllImport("libc", EntryPoint = "clock_gettime")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    static extern int Read(int clock, out Moment moment);

    [StructLayout(LayoutKind.Sequential)]
    struct Moment
    {
        public nint Seconds, Nanoseconds;
    }
}
