using System.Buffers;

namespace Ingest.Service.Http;

/// <param name="Bytes">The line without its break.</param>
/// <param name="TooLong">It was over the limit, and thrown away.</param>
readonly record struct PipeLine(ReadOnlyMemory<byte> Bytes, bool TooLong);

/// <summary>Reads lines from a request as they arrive, and never holds more than a limit of one.</summary>
sealed class LinePipe(RequestBody body, long limit)
{
    /// <summary>Bytes of the line that has begun in which no break is.</summary>
    long searched;

    /// <summary>True where another line is at hand, so that reading it does not wait for the sender.</summary>
    public bool HasMore { get; private set; }

    /// <summary>The next line; null at the end.</summary>
    /// <exception cref="BodyException">See <see cref="RequestBody.Read"/>.</exception>
    public async ValueTask<PipeLine?> Read(CancellationToken cancellation)
    {
        var dropped = false;
        while (true)
        {
            var read = await body.Read(begun: dropped || searched > 0, cancellation);
            var buffer = read.Buffer;
            if (buffer.Slice(searched).PositionOf((byte)'\n') is { } end)
            {
                var line = buffer.Slice(0, end);
                var tooLong = dropped || line.Length > limit;
                var bytes = tooLong ? [] : line.ToArray();
                var rest = buffer.Slice(buffer.GetPosition(1, end));
                (HasMore, searched) = (rest.PositionOf((byte)'\n') is not null, 0);
                body.AdvanceTo(rest.Start, rest.Start);
                return new PipeLine(bytes, tooLong);
            }

            HasMore = false;
            if (read.IsCompleted)
            {
                var tooLong = dropped || buffer.Length > limit;
                var bytes = tooLong ? [] : buffer.ToArray();
                searched = 0;
                body.AdvanceTo(buffer.End, buffer.End);
                return bytes.Length > 0 || dropped ? new PipeLine(bytes, tooLong) : null;
            }

            if (buffer.Length > limit)
            {
                (dropped, searched) = (true, 0);
                body.AdvanceTo(buffer.End, buffer.End);
            }
            else
            {
                searched = buffer.Length;
                body.AdvanceTo(buffer.Start, buffer.End);
            }
        }
    }
}
