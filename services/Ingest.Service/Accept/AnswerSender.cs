using System.IO.Pipelines;
using Ingest.Service.Http;
using Microsoft.AspNetCore.Http;

namespace Ingest.Service.Accept;

/// <summary>
/// Sends the answers of a batch while the batch is still read. A client may read none of them before it has sent everything; after
/// that, one that reads nothing for a while is cut off.
/// </summary>
sealed class AnswerSender
{
    /// <summary>The patience while the program stops.</summary>
    static readonly TimeSpan AtStop = TimeSpan.FromSeconds(2);

    readonly HttpContext context;
    readonly Task sending;
    long sent;

    public AnswerSender(PipeReader answers, HttpContext context)
    {
        this.context = context;
        sending = Send(answers);
    }

    /// <summary>Returns when the client has taken everything.</summary>
    /// <exception cref="OperationCanceledException">It was cut off, or has gone.</exception>
    public async Task Finish(CancellationToken closing)
    {
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

    async Task Send(PipeReader answers)
    {
        try
        {
            while (true)
            {
                var read = await answers.ReadAsync(context.RequestAborted);
                foreach (var piece in read.Buffer)
                {
                    await context.Response.BodyWriter.WriteAsync(piece, context.RequestAborted);
                    Interlocked.Add(ref sent, piece.Length);
                }

                answers.AdvanceTo(read.Buffer.End);
                if (read.IsCompleted)
                    return;
            }
        }
        finally
        {
            await answers.CompleteAsync();
        }
    }
}
