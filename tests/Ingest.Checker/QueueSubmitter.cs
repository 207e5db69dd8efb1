using System.Text;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace Ingest.Checker;

/// <summary>Publishes articles to the queue, and again until the broker has confirmed them. No fault of the broker gets out.</summary>
sealed class QueueSubmitter(Account account, Uri broker) : IAsyncDisposable
{
    const string Queue = "ingest.accept";

    static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    IConnection? connection;
    IChannel? channel;

    public ValueTask DisposeAsync() => Close();

    /// <summary>Publishes articles as one message.</summary>
    /// <param name="giveUp">Ends it with the articles unanswered.</param>
    public async Task Settle(IReadOnlyList<Article> together, CancellationToken giveUp)
    {
        foreach (var article in together)
            account.Try(article);
        var body = Encoding.UTF8.GetBytes(together is [var one] ? one.Json : $"[{string.Join(',', together.Select(a => a.Json))}]");
        while (!giveUp.IsCancellationRequested)
        {
            try
            {
                connection ??= await new ConnectionFactory { Uri = broker, AutomaticRecoveryEnabled = false }.CreateConnectionAsync(giveUp);
                channel ??= await connection.CreateChannelAsync(new CreateChannelOptions(true, true), giveUp);
                var properties = new BasicProperties { DeliveryMode = DeliveryModes.Persistent, MessageId = Guid.NewGuid().ToString() };
                await channel.BasicPublishAsync("", Queue, mandatory: true, properties, body, giveUp);
                foreach (var article in together)
                    account.Accepted(article);
                return;
            }
            catch (Exception e)
            {
                // The queue may not be there yet; after any other fault the connection is of no use.
                account.Interrupted(e);
                if (e is not PublishException)
                    await Close();
            }

            await Task.Delay(Pause, giveUp).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    async ValueTask Close()
    {
        var old = connection;
        (connection, channel) = (null, null);
        try
        {
            if (old is not null)
                await old.DisposeAsync();
        }
        catch (Exception e)
        {
            account.Interrupted(e);
        }
    }
}
