using System.Buffers;
using System.IO.Pipelines;

namespace Ingest.Service.Accept;

/// <param name="Bytes">The line without its break.</param>
/// <param name="TooLong">It was over the limit, and thrown away.</param>
readonly record struct PipeLine(ReadOnlyMemory<byte> Bytes, bool TooLong);

/// <summary>Reads lines from a request as they arrive, and never holds more than a limit of one.</summary>
sealed class LinePipe(PipeReader pipe, long limit)
{
    /// <summary>True where another line is at hand, so that reading it does not wait for the sender.</summary>
    public bool HasMore { get; private set; }

    /// <summary>The next line; null at the end.</summary>
    public async ValueTask<PipeLine?> Read(CancellationToken cancellation)
    {
        var dropped = false;
        while (true)
        {
            var read = await pipe.ReadAsync(cancellation);
            var buffer = read.Buffer;
            if (buffer.PositionOf((byte)'\n') is { } end)
            {
                var line = buffer.Slice(0, end);
                var tooLong = dropped || line.Length > limit;
                var bytes = tooLong ? [] : line.ToArray();
                var rest = buffer.Slice(buffer.GetPosition(1, end));
                HasMore = rest.PositionOf((byte)'\n') is not null;
                pipe.AdvanceTo(rest.Start);
                return new PipeLine(bytes, tooLong);
            }

            HasMore = false;
            if (read.IsCompleted)
            {
                var tooLong = dropped || buffer.Length > limit;
                var bytes = tooLong ? [] : buffer.ToArray();
                pipe.AdvanceTo(buffer.End);
                return bytes.Length > 0 || dropped ? new PipeLine(bytes, tooLong) : null;
            }

            if (buffer.Length > limit)
            {
                dropped = true;
                pipe.AdvanceTo(buffer.End);
            }
            else
            {
                pipe.AdvanceTo(buffer.Start, buffer.End);
            }
        }
    }
}
