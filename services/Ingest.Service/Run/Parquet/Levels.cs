using System.Buffers;

namespace Ingest.Service.Run.Parquet;

/// <summary>
/// The levels of a column in Parquet's RLE encoding. Of its two kinds of runs only the repeated value is written: what packing bits would
/// save, the compression of the page saves too.
/// </summary>
/// <param name="most">The highest level; where it is 0, a page has none at all.</param>
sealed class Levels(int most)
{
    readonly ArrayBufferWriter<byte> runs = new();
    int level, times;

    public int Bytes => runs.WrittenCount;

    public bool IsNeeded => most > 0;

    public void Add(int next)
    {
        if (next != level)
            EndRun();
        level = next;
        times++;
    }

    /// <summary>All runs since it was cleared.</summary>
    public ReadOnlyMemory<byte> Written()
    {
        EndRun();
        return runs.WrittenMemory;
    }

    public void Clear() => runs.ResetWrittenCount();

    void EndRun()
    {
        if (times == 0 || !IsNeeded)
            return;
        ThriftWriter.Unsigned(runs, (ulong)times << 1);
        runs.Write<byte>([(byte)level]);
        times = 0;
    }
}
