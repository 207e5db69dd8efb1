using System.Text;
using Ingest.EndToEnd.Tests;
using RabbitMQ.Client;

namespace Ingest.Broker.Tests.Faults;

/// <summary>
/// A submitter that goes on over faults: it sends article after article over the queue, over HTTP, or both in turn, and each again until somebody has said yes. Then it is in
/// the account.
/// </summary>
sealed class Load : IAsyncDisposable
{
    readonly Desk desk;
    readonly CancellationTokenSource ending = new();
    readonly Task sending;
    int accepted;

    Load(Desk desk, string word, Func<IReadOnlyList<Serving>> servers, bool queue)
    {
        this.desk = desk;
        sending = Task.Run(() => SendAsync(word, servers, queue));
    }

    public int Accepted => Volatile.Read(ref accepted);

    /// <param name="servers">Those to post to; none for the queue alone.</param>
    public static Load On(Desk desk, string word, Func<IReadOnlyList<Serving>>? servers = null, bool queue = true) => new(desk, word, servers ?? (() => []), queue);

    /// <summary>Sends until the last article is accepted, and no further.</summary>
    public async Task EndAsync()
    {
        await ending.CancelAsync();
        await sending.WaitAsync(TimeSpan.FromMinutes(2));
    }

    public async ValueTask DisposeAsync()
    {
        await ending.CancelAsync();
        await Task.WhenAny(sending, Task.Delay(TimeSpan.FromSeconds(5)));
        ending.Dispose();
    }

    async Task SendAsync(string word, Func<IReadOnlyList<Serving>> servers, bool queue)
    {
        IConnection? connection = null;
        IChannel? channel = null;
        try
        {
            for (var n = 1; !ending.IsCancellationRequested; n++)
            {
                var id = $"{word}-{n}";
                var record = desk.Record(id);
                var messageId = Guid.NewGuid().ToString();
                while (true)
                {
                    try
                    {
                        var over = servers();
                        if (over.Count > 0 && (!queue || n % 2 == 0))
                        {
                            using var answer = await over[n / 2 % over.Count].Http.PostAsync("/v1/articles", new StringContent(record, Encoding.UTF8, "application/json"));
                            answer.EnsureSuccessStatusCode();
                        }
                        else
                        {
                            if (channel is not { IsOpen: true })
                            {
                                if (connection is not null)
                                    await connection.DisposeAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(5));
                                connection = await desk.Broker.ConnectAsync(desk.Address);
                                channel = await Publishing.OpenAsync(connection);
                            }

                            await channel.BasicPublishAsync("", Desk.Accept, mandatory: true, new BasicProperties { Persistent = true, MessageId = messageId }, Encoding.UTF8.GetBytes(record)).AsTask().WaitAsync(TimeSpan.FromSeconds(5));
                        }

                        break;
                    }
                    catch (Exception)
                    {
                        // Nobody said yes. The broker or the server is away; perhaps it has the article all the same.
                        channel = null;
                        await Task.Delay(200);
                    }
                }

                desk.Account.Submit(id);
                Interlocked.Increment(ref accepted);
                await Task.Delay(2);
            }
        }
        finally
        {
            if (connection is not null)
                await connection.DisposeAsync();
        }
    }
}
