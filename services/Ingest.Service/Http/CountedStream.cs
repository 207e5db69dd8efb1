using Ingest.Core.Forms;

namespace Ingest.Service.Http;

/// <summary>A stream that is read once, and counted as it is read.</summary>
/// <param name="look">Told of all bytes so far; it may throw.</param>
sealed class CountedStream(Stream inner, Action<long>? look = null) : ReadOnlyStream
{
    public long Total { get; private set; }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var read = await inner.ReadAsync(buffer, cancellationToken);
        Total += read;
        look?.Invoke(Total);
        return read;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(Span<byte> buffer) => throw new NotSupportedException("A body is never waited for.");

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            inner.Dispose();
        base.Dispose(disposing);
    }
}
