using System.Buffers;
using System.IO.Pipelines;
using System.Text;
using Ingest.Service.Operations;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;
using Microsoft.Extensions.Primitives;

namespace Ingest.Service.Http;

/// <summary>A body is not what its headers say, or does not come; the fault is what to answer.</summary>
/// <param name="unfinished">What still comes of it is not waited for.</param>
sealed class BodyException(Fault fault, bool unfinished = false) : Exception(fault.Problem.Detail)
{
    public Fault Fault { get; } = fault;

    public bool IsUnfinished => unfinished;

    public Task Write(HttpContext context)
    {
        if (unfinished)
            context.Response.Headers.Connection = "close";
        return Fault.Write(context);
    }
}

/// <summary>
/// A request's body as it was meant: unpacked, in UTF-8, and within a limit of bytes. It is given up where its sender is too slow, and
/// where the service stops before it is complete. For one reader at a time; held in memory is only what the reader has not consumed.
/// </summary>
sealed class RequestBody : IDisposable
{
    /// <summary>
    /// While the reader waits for more of what has begun, so many bytes must come in each window, and a part of what is held already: the
    /// more memory somebody has, the faster it must go on. A mean over the whole would let who sent much at once wait for hours.
    /// </summary>
    public const int LeastBytesPerWindow = 2400, LeastPartPerWindow = 16;

    public static readonly TimeSpan Window = TimeSpan.FromSeconds(10);

    /// <summary>How long nothing may come where nothing has begun, such as between two lines.</summary>
    public static readonly TimeSpan Silence = TimeSpan.FromMinutes(5);

    const int BufferSize = 1 << 14;

    readonly HttpContext context;
    readonly Closing closing;
    readonly TimeProvider time;
    readonly long most;
    readonly Fault tooLarge;
    readonly MemoryBudget memory;
    readonly ByteBudget.Share share;
    readonly ITimer timer;
    readonly CancellationTokenRegistration closed;
    readonly List<Stream> layers = [];
    ByteBudget.Share? unpacking;
    PipeReader pipe;
    ReadOnlySequence<byte> last;
    string? coding;
    long total, held, kept, inWindow;
    TimeSpan waited;
    volatile bool expired;

    RequestBody(HttpContext context, Closing closing, TimeProvider time, MemoryBudget memory, long most, Fault tooLarge)
    {
        (this.memory, share) = (memory, memory.Receiving.Nothing());
        (this.context, this.closing, this.time, this.most, this.tooLarge) = (context, closing, time, most, tooLarge);
        pipe = context.Request.BodyReader;
        timer = time.CreateTimer(_ => Expire(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        closed = closing.Token.UnsafeRegister(_ => pipe.CancelPendingRead(), null);
    }

    /// <param name="charset">The charset of the content type; empty where none is declared: then the bytes are given as they are.</param>
    /// <param name="most">Bytes, unpacked and in UTF-8.</param>
    /// <param name="tooLarge">What to answer beyond it.</param>
    /// <param name="whole">It is read as a whole at once, with <see cref="All"/>.</param>
    /// <exception cref="BodyException">The encoding or the charset is not supported.</exception>
    public static async ValueTask<RequestBody> Open(
        HttpContext context, StringSegment charset, long most, Fault tooLarge, MemoryBudget memory, Closing closing, TimeProvider time,
        bool whole = false)
    {
        var features = context.Features;
        // The limits are ours alone: over the server's it would close the connection on a client that still sends, which then never
        // sees the answer. So it reads on for some seconds, and throws away.
        if (features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
            size.MaxRequestBodySize = null;
        if (features.Get<IHttpMinRequestBodyDataRateFeature>() is { } rate)
            rate.MinDataRate = null;
        var packing = ContentCoding.Of(context.Request.Headers.ContentEncoding);
        var encoding = Charsets.Find(charset);
        if (packing is null && context.Request.ContentLength > most && encoding is null)
            throw new BodyException(tooLarge);
        var body = new RequestBody(context, closing, time, memory, most, tooLarge) { coding = packing };
        try
        {
            if (packing is not null)
                await body.Unpack(whole);
            if (encoding is not null)
                await body.Translate(encoding);
            return body;
        }
        catch
        {
            body.Dispose();
            throw;
        }
    }

    /// <summary>The bytes that are there and not consumed; waits for the first, or for one more than the reader has examined.</summary>
    /// <param name="begun">What comes belongs to something that has begun, which must not take for ever.</param>
    /// <exception cref="BodyException">It is too large, too slow or damaged, or the service stops.</exception>
    /// <exception cref="BadHttpRequestException">The request itself is broken.</exception>
    public async ValueTask<ReadResult> Read(bool begun, CancellationToken cancellation)
    {
        while (true)
        {
            var result = await Next(begun, cancellation);
            if (closing.Token.IsCancellationRequested && !result.IsCompleted)
                throw new BodyException(Faults.Stopping(), unfinished: true);
            var came = result.Buffer.Length - held;
            (total, inWindow, held, last) = (total + came, inWindow + came, result.Buffer.Length, result.Buffer);
            // What was read is let go before either: the server could not read on behind it, and would cut the client off without an answer.
            if (total > most)
                throw LetGo(result, tooLarge);
            if (!Reserve())
                throw LetGo(result, Faults.Busy());
            if (!begun)
                (waited, inWindow) = (TimeSpan.Zero, 0);
            if (came == 0 && expired && !result.IsCompleted && (!begun || inWindow < Least))
                throw new BodyException(Faults.TooSlow(begun), unfinished: true);
            if (waited >= Window)
            {
                if (inWindow < Least && !result.IsCompleted)
                    throw new BodyException(Faults.TooSlow(begun), unfinished: true);
                (waited, inWindow) = (TimeSpan.Zero, 0);
            }

            if (!result.IsCanceled || came > 0 || result.IsCompleted)
                return result;
            // A timer that came late.
            pipe.AdvanceTo(result.Buffer.Start, result.Buffer.End);
        }
    }

    /// <summary>All of it, for which its sender must be fast enough.</summary>
    /// <exception cref="BodyException">See <see cref="Read"/>.</exception>
    public async Task<byte[]> All(CancellationToken cancellation)
    {
        // What is declared of its length is only a promise: memory is taken for what has come.
        while (true)
        {
            var read = await Read(begun: true, cancellation);
            if (!read.IsCompleted)
            {
                AdvanceTo(read.Buffer.Start, read.Buffer.End);
                continue;
            }

            var all = read.Buffer.ToArray();
            AdvanceTo(read.Buffer.End, read.Buffer.End);
            Keep(all.Length);
            return all;
        }
    }

    public void AdvanceTo(SequencePosition consumed, SequencePosition examined)
    {
        held = last.Slice(consumed).Length;
        pipe.AdvanceTo(consumed, examined);
    }

    /// <summary>Says how many bytes the reader keeps of what it has consumed: they count until it keeps fewer.</summary>
    public void Keep(long bytes)
    {
        kept = bytes;
        share.ShrinkTo(Reserved);
    }

    /// <summary>What every request may hold beside the budget, so that small ones need none of it.</summary>
    const long Free = 1 << 16;

    long Reserved => Math.Max(0, held + kept - Free);

    /// <summary>Bytes that must come in a window.</summary>
    long Least => Math.Max(LeastBytesPerWindow, Reserved / LeastPartPerWindow);

    /// <summary>Nobody waits here: who has a part of a body and waits for room to finish it would be waited for by others who do.</summary>
    /// <returns>False where there is no room.</returns>
    bool Reserve()
    {
        if (Reserved > share.Bytes && !share.TryGrow(Reserved - share.Bytes))
            return false;
        share.ShrinkTo(Reserved);
        return true;
    }

    BodyException LetGo(ReadResult result, Fault fault)
    {
        pipe.AdvanceTo(result.Buffer.End);
        return new BodyException(fault);
    }

    public void Dispose()
    {
        share.Dispose();
        closed.Dispose();
        timer.Dispose();
        foreach (var layer in layers)
            layer.Dispose();
        unpacking?.Dispose();
    }

    async ValueTask<ReadResult> Next(bool begun, CancellationToken cancellation)
    {
        try
        {
            if (pipe.TryRead(out var result))
                return result;
            expired = false;
            var from = time.GetTimestamp();
            timer.Change(begun ? TimeSpan.FromTicks(Math.Max(1, (Window - waited).Ticks)) : Silence, Timeout.InfiniteTimeSpan);
            result = await pipe.ReadAsync(cancellation);
            timer.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            waited += time.GetElapsedTime(from);
            return result;
        }
        catch (Exception e) when (coding is not null && ContentCoding.IsDamage(e))
        {
            throw new BodyException(Faults.DamagedCoding(coding!));
        }
        catch (IOException e) when (e.InnerException is OverflowException)
        {
            // So the server's reader of chunks takes a size of sixteen digits.
            throw new BodyException(Faults.BadRequest(new BadHttpRequestException("A chunk's size is too large.")));
        }
    }

    void Expire()
    {
        expired = true;
        pipe.CancelPendingRead();
    }

    async ValueTask Unpack(bool whole)
    {
        if (coding is "br" or "zstd")
            await ReserveWindow(whole);
        var head = coding == "deflate" ? await Peek(2) : [];
        Through(ContentCoding.Unpacked(pipe.AsStream(leaveOpen: true), coding!, head));
    }

    /// <summary>
    /// The window that a Brotli stream declares in its first bits may be 16 MiB, and all of it is taken before anything is unpacked, until the
    /// body is let go; one of Zstandard has several frames with a window each. A small body that is read as a whole has it for a moment only,
    /// when all of it has come.
    /// </summary>
    /// <exception cref="BodyException">There is no room for it for too long.</exception>
    async ValueTask ReserveWindow(bool whole)
    {
        var isSmall = whole && context.Request.ContentLength <= Free;
        var head = await Peek(isSmall ? (int)Free : 1);
        if (head.Length > 0 && !isSmall)
            unpacking = await memory.Unpacking.Within(1L << (coding == "zstd" ? ContentCoding.ZstdWindowBits : WindowBits(head[0])), context.RequestAborted);
    }

    /// <summary>RFC 7932, 9.1. What is no Brotli counts as the largest.</summary>
    static int WindowBits(byte first) =>
        (first & 1) == 0 ? 16
        : (first >> 1 & 7) is > 0 and var large ? 17 + large
        : (first >> 4 & 7) switch { 0 => 17, 1 => 24, var small => 8 + small };

    async ValueTask Translate(Encoding encoding)
    {
        if (Charsets.Marked(encoding, await Peek(3)) is { } marked)
            Through(Encoding.CreateTranscodingStream(pipe.AsStream(leaveOpen: true), marked, new UTF8Encoding(false)));
    }

    void Through(Stream layer)
    {
        layers.Insert(0, layer);
        (pipe, total, held) = (PipeReader.Create(layer, new StreamPipeReaderOptions(bufferSize: BufferSize, leaveOpen: true)), 0, 0);
    }

    /// <summary>The first bytes, fewer only where there are no more; they are not consumed.</summary>
    async ValueTask<byte[]> Peek(int count)
    {
        while (true)
        {
            var read = await Read(begun: true, context.RequestAborted);
            if (read.Buffer.Length >= count || read.IsCompleted)
            {
                var head = read.Buffer.Slice(0, Math.Min(count, read.Buffer.Length)).ToArray();
                AdvanceTo(read.Buffer.Start, read.Buffer.Start);
                return head;
            }

            AdvanceTo(read.Buffer.Start, read.Buffer.End);
        }
    }
}
