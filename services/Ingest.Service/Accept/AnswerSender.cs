using System.Diagnostics;
using System.IO.Pipelines;
using Ingest.Service.Http;
using Ingest.Service.Operations;
using Microsoft.AspNetCore.Http;

namespace Ingest.Service.Accept;

/// <summary>
/// Sends the answers of a batch while the batch is still read. A client may read none of them before it has sent everything, as long as
/// there is memory for what waits; after that, one that reads nothing for a while is cut off. For one writer.
/// </summary>
/// <param name="budget">For the answers that wait, of all clients together.</param>
sealed class AnswerSender(HttpContext context, ByteBudget budget) : IDisposable
{
    /// <summary>Bytes that may wait for every client beside the budget, so that those who read are never held up by those who do not.</summary>
    const int Free = 1 << 16;

    /// <summary>How often it is looked whether there is room again.</summary>
    static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(100);

    /// <summary>The patience while the program stops.</summary>
    static readonly TimeSpan AtStop = TimeSpan.FromSeconds(2);

    /// <summary>It never pauses: the budget does, for what all clients have waiting.</summary>
    readonly Pipe answers = new(new PipeOptions(pauseWriterThreshold: 0, minimumSegmentSize: 1 << 14, useSynchronizationContext: false));
    readonly ByteBudget.Share share = budget.Nothing();
    readonly Lock gate = new();
    Task? sending;
    long written, sent;

    /// <summary>Takes the answers: see <see cref="Flush"/>.</summary>
    public PipeWriter Writer => answers.Writer;

    /// <summary>Has what was written sent; waits while more of it than there is memory for is not read.</summary>
    /// <exception cref="OperationCanceledException">The client read nothing for too long, or has gone, or the program stops.</exception>
    public async Task Flush(CancellationToken closing)
    {
        Interlocked.Add(ref written, answers.Writer.UnflushedBytes);
        await answers.Writer.FlushAsync(context.RequestAborted);
        sending ??= Send();
        var (since, before) = (Stopwatch.GetTimestamp(), Interlocked.Read(ref sent));
        while (!HasRoom())
        {
            context.RequestAborted.ThrowIfCancellationRequested();
            var now = Interlocked.Read(ref sent);
            if (now != before)
                (since, before) = (Stopwatch.GetTimestamp(), now);
            if (closing.IsCancellationRequested || Stopwatch.GetElapsedTime(since) > RequestBody.Silence)
            {
                // Else the server itself would wait for it.
                context.Abort();
                throw new OperationCanceledException("The client does not read.");
            }

            await Task.Delay(LookEvery, closing).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>Returns when the client has taken everything.</summary>
    /// <param name="fault">Why there are no more answers; null at the end of the batch.</param>
    /// <exception cref="OperationCanceledException">It was cut off, or has gone.</exception>
    public async Task Finish(CancellationToken closing, Exception? fault = null)
    {
        await answers.Writer.CompleteAsync(fault);
        sending ??= Send();
        var before = -1L;
        while (!sending.IsCompleted)
        {
            var (now, stopping) = (Interlocked.Read(ref sent), closing.IsCancellationRequested);
            if (now == before)
            {
                context.Abort();
                break;
            }

            await sending.WaitAsync(stopping ? AtStop : SlowReaders.Patience, stopping ? default : closing)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            // The stop ends the longer patience, and the shorter begins.
            before = !stopping && closing.IsCancellationRequested ? -1 : now;
        }

        await sending;
    }

    public void Dispose() => share.Dispose();

    /// <summary>Takes what more is needed of the budget, and gives back what is not.</summary>
    bool HasRoom()
    {
        lock (gate)
        {
            var needed = Math.Max(0, Interlocked.Read(ref written) - Interlocked.Read(ref sent) - Free);
            share.ShrinkTo(needed);
            return needed <= share.Bytes || share.TryGrow(needed - share.Bytes);
        }
    }

    async Task Send()
    {
        try
        {
            while (true)
            {
                var read = await answers.Reader.ReadAsync(context.RequestAborted);
                foreach (var piece in read.Buffer)
                {
                    await context.Response.BodyWriter.WriteAsync(piece, context.RequestAborted);
                    Interlocked.Add(ref sent, piece.Length);
                }

                answers.Reader.AdvanceTo(read.Buffer.End);
                HasRoom();
                if (read.IsCompleted)
                    return;
            }
        }
        finally
        {
            await answers.Reader.CompleteAsync();
        }
    }
}
