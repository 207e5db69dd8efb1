using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace Ingest.Checker;

/// <summary>Those who send articles, and send again whatever they have no answer for.</summary>
sealed class Submitters(Account account, Articles articles)
{
    static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    /// <summary>Sends batches over HTTP until told to stop.</summary>
    public async Task OverHttp(Uri url, int inBatch, TimeSpan every, CancellationToken stop)
    {
        using var http = new HttpClient { BaseAddress = url, Timeout = TimeSpan.FromSeconds(30) };
        while (!stop.IsCancellationRequested)
        {
            var batch = articles.Take(inBatch);
            foreach (var (id, _) in batch)
                account.Try(id);
            // A batch that was begun is brought to its end, so that every article is either accepted or known to be refused.
            while (!await Send(http, batch))
                await Task.Delay(Pause, CancellationToken.None);
            await Task.Delay(every, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    async Task<bool> Send(HttpClient http, IReadOnlyList<(string Id, string Json)> batch)
    {
        try
        {
            using var body = new StringContent(string.Concat(batch.Select(a => a.Json + "\n")),
                Encoding.UTF8, new MediaTypeHeaderValue("application/x-ndjson"));
            using var answer = await http.PostAsync("/v1/articles:batch", body);
            if (!answer.IsSuccessStatusCode)
                return false;
            var all = true;
            foreach (var line in (await answer.Content.ReadAsStringAsync()).Split('\n', StringSplitOptions.RemoveEmptyEntries))
            {
                using var json = JsonDocument.Parse(line);
                if (json.RootElement.GetProperty("status").GetInt32() == 202)
                    account.Accepted(json.RootElement.GetProperty("article").GetProperty("id").GetString()!);
                else
                    all = false;
            }

            return all;
        }
        catch (Exception e) when (e is HttpRequestException or IOException or JsonException or TaskCanceledException)
        {
            // Cut off. Those that were accepted are known by their ids when they come again.
            return false;
        }
    }

    /// <summary>Publishes to the queue, one and several in a message in turns, until told to stop.</summary>
    public async Task OverQueue(Uri broker, TimeSpan every, CancellationToken stop)
    {
        IConnection? connection = null;
        IChannel? channel = null;
        for (var several = false; !stop.IsCancellationRequested; several = !several)
        {
            var batch = articles.Take(several ? 8 : 1);
            foreach (var (id, _) in batch)
                account.Try(id);
            var body = Encoding.UTF8.GetBytes(several ? $"[{string.Join(',', batch.Select(a => a.Json))}]" : batch[0].Json);
            for (var sent = false; !sent;)
            {
                try
                {
                    connection ??= await new ConnectionFactory { Uri = broker, AutomaticRecoveryEnabled = false }
                        .CreateConnectionAsync(CancellationToken.None);
                    channel ??= await connection.CreateChannelAsync(new CreateChannelOptions(true, true), CancellationToken.None);
                    await channel.BasicPublishAsync("", "ingest.accept", mandatory: true,
                        new BasicProperties { DeliveryMode = DeliveryModes.Persistent, MessageId = Guid.NewGuid().ToString() },
                        body, CancellationToken.None);
                    sent = true;
                }
                catch (Exception e) when (e is AlreadyClosedException or BrokerUnreachableException
                    or OperationInterruptedException or PublishException or IOException)
                {
                    if (e is not PublishException && connection is not null)
                    {
                        await connection.DisposeAsync();
                        (connection, channel) = (null, null);
                    }

                    await Task.Delay(Pause, CancellationToken.None);
                }
            }

            foreach (var (id, _) in batch)
                account.Accepted(id);
            await Task.Delay(every, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        if (connection is not null)
            await connection.DisposeAsync();
    }
}
