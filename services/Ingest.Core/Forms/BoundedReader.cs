namespace Ingest.Core.Forms;

/// <summary>Reads lines of bytes and never holds more than a limit of one.</summary>
public sealed class BoundedReader(Stream stream, long limit) : IDisposable
{
    readonly byte[] buffer = new byte[1 << 16];
    readonly MemoryStream line = new();
    int at, filled;
    bool ended;

    /// <summary>Bytes of a file with one article that are read: UTF-16 takes two where UTF-8 takes one, and each decoded text is measured later.</summary>
    public static long MostOfText(long maxArticle) => maxArticle * 2 + 4;

    /// <summary>Reads a whole stream, unless it has more than <paramref name="limit"/> bytes.</summary>
    public static bool TryReadAll(Stream stream, long limit, out byte[] bytes)
    {
        var all = ReadAll(stream, limit);
        bytes = all?.ToArray() ?? [];
        return all is not null;
    }

    /// <summary>The same without a copy: for a file that is let go when it was read, as its memory may be twice as large as it is.</summary>
    /// <returns>Null where it has more bytes.</returns>
    internal static ReadOnlyMemory<byte>? ReadAll(Stream stream, long limit)
    {
        ArgumentNullException.ThrowIfNull(stream);
        var all = new MemoryStream();
        var chunk = new byte[1 << 16];
        while (stream.Read(chunk) is > 0 and var read)
        {
            if (all.Length + read > Math.Min(limit, Array.MaxLength))
                return null;
            all.Write(chunk, 0, read);
        }

        return all.GetBuffer().AsMemory(0, (int)all.Length);
    }

    public void Dispose() => line.Dispose();

    /// <param name="bytes">The line without its break; valid until the next call.</param>
    /// <param name="tooLong">The line is over the limit: it was read to its end and thrown away.</param>
    public bool TryReadLine(out ReadOnlyMemory<byte> bytes, out bool tooLong)
    {
        line.SetLength(0);
        tooLong = false;
        bytes = default;
        var any = false;
        while (true)
        {
            if (at == filled)
            {
                if (!ended)
                {
                    filled = stream.Read(buffer);
                    at = 0;
                    ended = filled == 0;
                }

                if (ended)
                {
                    bytes = line.GetBuffer().AsMemory(0, (int)line.Length);
                    return any;
                }
            }

            any = true;
            var end = Array.IndexOf(buffer, (byte)'\n', at, filled - at);
            var length = (end < 0 ? filled : end) - at;
            if (line.Length + length > limit)
                tooLong = true;
            else if (!tooLong)
                line.Write(buffer, at, length);
            at = end < 0 ? filled : end + 1;
            if (end >= 0)
            {
                bytes = line.GetBuffer().AsMemory(0, (int)line.Length);
                return true;
            }
        }
    }
}
