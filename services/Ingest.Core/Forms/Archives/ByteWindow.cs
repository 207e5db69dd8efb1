namespace Ingest.Core.Forms.Archives;

/// <summary>
/// The next bytes of a stream, looked at as far ahead as one asks and let go of when one has them. Each byte is read once, and moved a few
/// times at most however often one looks ahead.
/// </summary>
internal sealed class ByteWindow(Stream stream)
{
    byte[] buffer = new byte[1 << 17];
    int start, end;

    /// <summary>Bytes that were moved in memory: what keeps the work linear is that they are a few times those read.</summary>
    internal long Moved { get; private set; }

    /// <summary>All that was looked at and not let go of.</summary>
    public ReadOnlySpan<byte> Span => buffer.AsSpan(start, end - start);

    public ReadOnlyMemory<byte> Copy(int from, int length) => Span.Slice(from, length).ToArray();

    /// <summary>Looks ahead.</summary>
    /// <returns>Whether there are so many.</returns>
    public bool Fill(int count)
    {
        if (count > buffer.Length - start)
            Make(count);
        // As much as there is room for: whoever looks ahead by little asks often.
        if (end - start < count)
            end += stream.ReadAtLeast(buffer.AsSpan(end), count - (end - start), throwOnEndOfStream: false);
        return end - start >= count;
    }

    public void LetGo(int count) => start += count;

    /// <summary>Lets go of bytes that need not be in the window.</summary>
    /// <returns>False where there are fewer.</returns>
    public bool Skip(long count)
    {
        while (count > end - start)
        {
            count -= end - start;
            start = end = 0;
            if (!Fill(1))
                return false;
        }

        LetGo((int)count);
        return true;
    }

    void Make(int count)
    {
        // Twice what is asked for, so that as much is let go of before it is moved again.
        var room = count > buffer.Length / 2 ? new byte[(int)Math.Min(Array.MaxLength, 2L * count)] : buffer;
        Span.CopyTo(room);
        Moved += end - start;
        (buffer, end, start) = (room, end - start, 0);
    }
}
