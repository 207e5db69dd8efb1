namespace Ingest.Core.Forms;

/// <summary>A stream whose first bytes were looked at and are given once more.</summary>
internal sealed class BegunStream : ReadOnlyStream
{
    readonly ReadOnlyMemory<byte> head;
    int given;

    BegunStream(Stream inner, ReadOnlyMemory<byte> head) => (Inner, this.head) = (inner, head);

    public Stream Inner { get; }

    /// <summary>The same content from its first byte on, to read in place of the stream.</summary>
    /// <param name="head">Its first bytes, fewer than <paramref name="count"/> where it has no more.</param>
    public static Stream Of(Stream stream, int count, out ReadOnlyMemory<byte> head)
    {
        var bytes = new byte[count];
        var read = stream.ReadAtLeast(bytes, count, throwOnEndOfStream: false);
        head = bytes.AsMemory(0, read);
        if (!stream.CanSeek)
            return new BegunStream(stream, head);
        stream.Seek(-read, SeekOrigin.Current);
        return stream;
    }

    public override int Read(Span<byte> buffer)
    {
        if (given == head.Length)
            return Inner.Read(buffer);
        var take = Math.Min(buffer.Length, head.Length - given);
        head.Span.Slice(given, take).CopyTo(buffer);
        given += take;
        return take;
    }
}
