using System.Diagnostics;
using System.Text;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;
using RabbitMQ.Client.Exceptions;

namespace Ingest.Broker.Tests;

/// <summary>The harness itself, where its broker stays whole.</summary>
[Collection(nameof(ClientsBroker))]
public sealed class BrokerTests(SharedBroker shared)
{
    Broker Broker => shared.Broker;

    [BrokerFact]
    public void Nothing_listens_beyond_loopback()
    {
        string[] loopback = ["0100007F", "00000000000000000000000001000000"];
        var listeners = Listeners.Of(Broker.Pids);
        Assert.Contains(("0100007F", Broker.Port), listeners);
        Assert.All(listeners, l => Assert.Contains(l.Address, loopback));
    }

    [BrokerFact]
    public async Task Ready_and_unacknowledged_messages_are_counted_and_shown_without_taking_them()
    {
        await using var connection = await Broker.ConnectAsync();
        await using var channel = await Publishing.OpenAsync(connection);
        var queue = await Publishing.DeclareAsync(channel, "counted");
        await Publishing.PublishAsync(channel, queue, "first", "second", "third");
        Assert.Equal(3, await Broker.ReadyAsync(queue));
        Assert.Equal(["first", "second", "third"], (await Broker.PeekAsync(queue)).Select(m => m.Text));

        await channel.BasicGetAsync(queue, autoAck: false);
        Assert.Equal(new QueueCounts(2, 1), await Broker.WaitForAsync(queue, c => c.Unacknowledged == 1));
        Assert.Equal(new QueueCounts(0, 0), await Broker.CountAsync("no such queue"));
    }

    [BrokerFact]
    public async Task A_user_enters_its_virtual_host_with_its_password_only()
    {
        await Broker.AddVirtualHostAsync("desk");
        await Broker.AddUserAsync("editor", "open sesame", "desk");
        Uri With(string password) => new UriBuilder(Broker.AddressOf("desk")) { UserName = "editor", Password = Uri.EscapeDataString(password) }.Uri;
        await using (await Broker.ConnectAsync(With("open sesame")))
        await using (await Broker.ConnectAsync(Broker.AddressOf("desk")))
        {
        }

        var refused = await Assert.ThrowsAsync<BrokerUnreachableException>(() => Broker.ConnectAsync(With("wrong")));
        Assert.IsType<AuthenticationFailureException>(refused.InnerException);
    }

    [BrokerFact]
    public async Task An_acknowledgement_that_never_arrives_leads_to_a_second_delivery()
    {
        await using var proxy = new LoopbackProxy(Broker.Port);
        await using var direct = await Broker.ConnectAsync();
        await using var publisher = await Publishing.OpenAsync(direct);
        var queue = await Publishing.DeclareAsync(publisher, "held");
        await using (var connection = await Broker.ConnectAsync(proxy.Before(Broker.Address)))
        await using (var channel = await connection.CreateChannelAsync())
        {
            var acknowledged = new TaskCompletionSource();
            var consumer = new AsyncEventingBasicConsumer(channel);
            consumer.ReceivedAsync += async (_, delivery) =>
            {
                await channel.BasicAckAsync(delivery.DeliveryTag, multiple: false);
                acknowledged.TrySetResult();
            };
            await channel.BasicConsumeAsync(queue, autoAck: false, consumer);
            proxy.ToBroker.Hold();
            await Publishing.PublishAsync(publisher, queue, "once");
            await acknowledged.Task.WaitAsync(TimeSpan.FromSeconds(10));
            proxy.Cut();
        }

        await Broker.WaitForAsync(queue, c => c.Ready == 1);
        Assert.True((await publisher.BasicGetAsync(queue, autoAck: true))!.Redelivered);
    }

    [BrokerFact]
    public async Task A_confirm_that_is_held_leaves_the_publisher_waiting_although_the_message_is_there()
    {
        await using var proxy = new LoopbackProxy(Broker.Port);
        await using var connection = await Broker.ConnectAsync(proxy.Before(Broker.Address));
        await using var channel = await Publishing.OpenAsync(connection);
        var queue = await Publishing.DeclareAsync(channel, "unconfirmed");
        proxy.ToClient.Hold();
        var publishing = Publishing.PublishAsync(channel, queue, "there");
        await Broker.WaitForAsync(queue, c => c.Ready == 1);
        Assert.False(publishing.IsCompleted);
        proxy.ToClient.Pass();
        await publishing.WaitAsync(TimeSpan.FromSeconds(10));
    }
}

/// <summary>The harness itself, where its broker is stopped or has settings.</summary>
public sealed class OwnBrokerTests
{
    [BrokerFact]
    public async Task A_confirmed_message_survives_a_kill_a_stop_and_a_pause()
    {
        await using var broker = await Broker.StartNewAsync();
        string queue;
        await using (var connection = await broker.ConnectAsync())
        {
            await using var channel = await Publishing.OpenAsync(connection);
            queue = await Publishing.DeclareAsync(channel, "durable");
            await broker.SettleAsync();
            await Publishing.PublishAsync(channel, queue, "confirmed");
            broker.Kill();
        }

        await Assert.ThrowsAsync<BrokerUnreachableException>(() => broker.ConnectAsync());
        await broker.StartAsync();
        await broker.WaitForAsync(queue, c => c.Ready == 1);

        await broker.RestartAsync();
        await broker.WaitForAsync(queue, c => c.Ready == 1);

        broker.Pause();
        var reading = broker.ReadyAsync(queue);
        await Task.Delay(TimeSpan.FromSeconds(1));
        Assert.False(reading.IsCompleted);
        broker.Continue();
        Assert.Equal(1, await reading);
    }

    [BrokerFact]
    public async Task Nothing_is_left_of_a_broker_after_its_end()
    {
        var broker = await Broker.StartNewAsync();
        // The broker, its two helpers or more, and the directory of names.
        Assert.True(broker.Pids.Count >= 3);
        await broker.DisposeAsync();
        Assert.Empty(broker.Pids);
        Assert.False(Directory.Exists(broker.Folder));
    }

    [BrokerFact]
    public async Task A_broker_that_cannot_start_says_why()
    {
        var fault = await Assert.ThrowsAsync<InvalidOperationException>(() => Broker.StartNewAsync(new BrokerSettings { Lines = ["no_such_setting = 1"] }));
        Assert.True(fault.Message.Contains("no_such_setting", StringComparison.Ordinal), fault.Message);
    }

    [BrokerFact]
    public async Task The_second_listener_speaks_TLS_with_a_certificate_of_its_own_authority()
    {
        await using var broker = await Broker.StartNewAsync(new BrokerSettings { Tls = true });
        await using var connection = await broker.ConnectAsync(broker.TlsAddress);
        Assert.True(connection.IsOpen);
        // The machine's authorities do not know ours.
        await Assert.ThrowsAsync<BrokerUnreachableException>(() => new ConnectionFactory { Uri = broker.TlsAddress }.CreateConnectionAsync());
    }

    [BrokerFact]
    public async Task A_delivery_that_is_never_acknowledged_closes_its_channel()
    {
        await using var broker = await Broker.StartNewAsync(new BrokerSettings { ConsumerTimeout = TimeSpan.FromSeconds(2) });
        await using var connection = await broker.ConnectAsync();
        await using var channel = await Publishing.OpenAsync(connection);
        var closed = new TaskCompletionSource<ShutdownEventArgs>();
        channel.ChannelShutdownAsync += (_, reason) =>
        {
            closed.TrySetResult(reason);
            return Task.CompletedTask;
        };
        var queue = await Publishing.DeclareAsync(channel, "forgotten");
        await Publishing.PublishAsync(channel, queue, "waits");
        var clock = Stopwatch.StartNew();
        await channel.BasicConsumeAsync(queue, autoAck: false, new AsyncEventingBasicConsumer(channel));
        Assert.Equal(Constants.PreconditionFailed, (await closed.Task.WaitAsync(TimeSpan.FromSeconds(20))).ReplyCode);
        Assert.True(clock.Elapsed > TimeSpan.FromSeconds(2));
        await broker.WaitForAsync(queue, c => c.Ready == 1);
    }
}

/// <summary>Queues that survive and publishes that are confirmed.</summary>
static class Publishing
{
    public static Task<IChannel> OpenAsync(IConnection connection) =>
        connection.CreateChannelAsync(new CreateChannelOptions(publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: true));

    /// <summary>A durable quorum queue, with a name of its own after the word.</summary>
    public static async Task<string> DeclareAsync(IChannel channel, string word)
    {
        var arguments = new Dictionary<string, object?>(StringComparer.Ordinal) { ["x-queue-type"] = "quorum" };
        return (await channel.QueueDeclareAsync($"{word}-{Guid.NewGuid():N}", durable: true, exclusive: false, autoDelete: false, arguments)).QueueName;
    }

    /// <summary>Returns when the broker has confirmed all.</summary>
    public static async Task PublishAsync(IChannel channel, string queue, params string[] texts)
    {
        foreach (var text in texts)
            await channel.BasicPublishAsync("", queue, mandatory: true, new BasicProperties { Persistent = true }, Encoding.UTF8.GetBytes(text));
    }
}
