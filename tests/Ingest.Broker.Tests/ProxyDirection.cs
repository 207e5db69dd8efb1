using System.Net.Sockets;
using System.Threading.Channels;

namespace Ingest.Broker.Tests;

/// <summary>One of the two ways through a <see cref="LoopbackProxy"/>, for all its connections.</summary>
sealed class ProxyDirection
{
    readonly Lock change = new();
    TaskCompletionSource open = Opened();
    long received;
    long passed;

    /// <summary>Bytes that came from the sender, held ones too.</summary>
    public long Received => Interlocked.Read(ref received);

    /// <summary>Bytes that were given to the receiver.</summary>
    public long Passed => Interlocked.Read(ref passed);

    /// <summary>From now on nothing gets through. A piece that is on its way already may.</summary>
    public void Hold()
    {
        lock (change)
        {
            if (open.Task.IsCompleted)
                open = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }

    /// <summary>What was held gets through, and all that comes after it.</summary>
    public void Pass()
    {
        lock (change)
            open.TrySetResult();
    }

    /// <summary>Carries bytes until the sender ends, and passes its end on. A sender that ends while its bytes are held takes them with it: the connection is reset.</summary>
    internal async Task CarryAsync(Socket from, Socket to)
    {
        var pieces = Channel.CreateUnbounded<byte[]>();
        var reading = ReadAsync(from, pieces.Writer);
        await foreach (var piece in pieces.Reader.ReadAllAsync())
        {
            await GateAsync(reading);
            // One call may send a part only.
            for (var sent = 0; sent < piece.Length;)
                sent += await to.SendAsync(piece.AsMemory(sent));
            Interlocked.Add(ref passed, piece.Length);
        }

        await reading;
        await GateAsync(reading);
        to.Shutdown(SocketShutdown.Send);
    }

    async Task GateAsync(Task reading)
    {
        Task gate;
        lock (change)
            gate = open.Task;
        await Task.WhenAny(gate, reading);
        if (!gate.IsCompleted)
            throw new SocketException((int)SocketError.ConnectionReset);
    }

    async Task ReadAsync(Socket from, ChannelWriter<byte[]> pieces)
    {
        var buffer = new byte[64 * 1024];
        try
        {
            while (await from.ReceiveAsync(buffer) is > 0 and var count)
            {
                Interlocked.Add(ref received, count);
                await pieces.WriteAsync(buffer[..count]);
            }
        }
        finally
        {
            pieces.Complete();
        }
    }

    static TaskCompletionSource Opened()
    {
        var opened = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        opened.SetResult();
        return opened;
    }
}
