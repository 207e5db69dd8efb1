using System.Text;
using Ingest.Core.Forms.Feeds;

namespace Ingest.Core.Forms.Tables;

/// <summary>
/// The text of a table. One in UTF-8 is read as it is asked for, however large it is; in other encodings all of it is looked at.
/// </summary>
/// <param name="Reader">Null for what is no text, and what is too large to be looked at.</param>
/// <param name="Beginning">Its first characters.</param>
/// <param name="IsOver">Whether it is too large.</param>
sealed record TableText(TextReader? Reader, string Beginning, bool IsOver = false) : IDisposable
{
    const int HeadBytes = 1 << 20;

    public static TableText Open(Stream content, long mostInMemory)
    {
        var head = new byte[HeadBytes];
        head = head[..content.ReadAtLeast(head, HeadBytes, throwOnEndOfStream: false)];
        if (head.Length == HeadBytes && FeedText.IsUtf8(head))
            return new TableText(new StreamReader(new Joined(head, content), Encoding.UTF8), Encoding.UTF8.GetString(head).TrimStart('\ufeff'));
        if (FeedText.ReadAll(new Joined(head, content), mostInMemory) is not { } bytes)
            return new TableText(null, "", IsOver: true);
        return FeedText.Decode(bytes.Span) is { } text ? new TableText(new StringReader(text), text) : new TableText(null, "");
    }

    public void Dispose() => Reader?.Dispose();

    /// <summary>What was read of a stream, and the rest of it. Does not close the stream.</summary>
    sealed class Joined(byte[] head, Stream rest) : Stream
    {
        int at;

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override int Read(Span<byte> buffer)
        {
            if (at == head.Length)
                return rest.Read(buffer);
            var count = Math.Min(buffer.Length, head.Length - at);
            head.AsSpan(at, count).CopyTo(buffer);
            at += count;
            return count;
        }

        public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
