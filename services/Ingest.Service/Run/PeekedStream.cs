namespace Ingest.Service.Run;

/// <summary>A stream whose first visible byte can be looked at before it is read.</summary>
sealed class PeekedStream(Stream inner) : Stream
{
    readonly byte[] head = new byte[64];
    int filled, given;

    /// <summary>The first byte that is neither white space nor part of a byte-order mark, or -1.</summary>
    public int Peek()
    {
        while (filled < head.Length)
        {
            var read = inner.Read(head, filled, head.Length - filled);
            if (read == 0)
                break;
            filled += read;
            foreach (var b in head.AsSpan(0, filled))
                if (b is not ((byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n' or 0xef or 0xbb or 0xbf))
                    return b;
        }

        return -1;
    }

    public override int Read(byte[] buffer, int offset, int count)
    {
        if (given == filled)
            return inner.Read(buffer, offset, count);
        var take = Math.Min(count, filled - given);
        head.AsSpan(given, take).CopyTo(buffer.AsSpan(offset));
        given += take;
        return take;
    }

    public override bool CanRead => true;
    public override bool CanSeek => false;
    public override bool CanWrite => false;
    public override long Length => throw new NotSupportedException();
    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }
    public override void Flush() { }
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();
    public override void SetLength(long value) => throw new NotSupportedException();
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
