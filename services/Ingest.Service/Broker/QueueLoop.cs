using System.Threading.Channels;
using Ingest.Service.Operations;
using Microsoft.Extensions.Logging;
using RabbitMQ.Client;

namespace Ingest.Service.Broker;

/// <summary>
/// Takes the messages of one queue, from a connection of its own: as many at once as the broker sends ahead, each acknowledged when its
/// handler has ended. One whose handler fails goes to the queue's errors; one whose handler is cancelled goes back. When the connection, the
/// channel or the consumer ends, all three are opened anew; the broker has then given back what was not acknowledged.
/// </summary>
/// <param name="roles">The stages of this process, whose queues are declared with each connection.</param>
/// <param name="collections">Those whose queues are declared with each connection.</param>
sealed class QueueLoop(
    string queue, Func<QueueDelivery, Task> handle, ushort prefetch, Connections connections, BrokerSettings settings, Roles roles, IReadOnlyList<string> collections, ILogger logger)
{
    static readonly TimeSpan Retry = TimeSpan.FromSeconds(2);

    /// <param name="stopping">Nothing more is taken; what was is finished.</param>
    /// <param name="giveUp">The time for that is over: what is not finished goes back to the queue.</param>
    public async Task Run(CancellationToken stopping, CancellationToken giveUp)
    {
        while (!stopping.IsCancellationRequested)
        {
            try
            {
                await Consume(stopping, giveUp);
            }
            catch (Exception e) when (!stopping.IsCancellationRequested)
            {
                logger.Interrupted(queue, BrokerFaults.Describe(e, settings));
            }
            catch (Exception)
            {
                // What was not finished goes back with the connection.
                return;
            }

            await Task.Delay(Retry, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>
    /// Until the program stops or something ends. Once connected, no call of the client is given a token that may be cancelled, and each has a
    /// limit of our own: after a broker's restart the client itself may hang (rabbitmq-dotnet-client#1930, open with 7.2.2).
    /// </summary>
    async Task Consume(CancellationToken stopping, CancellationToken giveUp)
    {
        var connection = await connections.Open($"ingest {queue}", stopping);
        try
        {
            await Limited(BrokerTopology.Declare(connection, settings, roles, collections, CancellationToken.None));
            var channel = await Limited(connection.CreateChannelAsync());
            var errors = new FailedMessages(await Limited(connection.CreateChannelAsync(new CreateChannelOptions(true, true))), queue, settings);
            var consumer = new Consumer(channel, handle, settings, errors, queue, logger, giveUp);
            await Limited(channel.BasicQosAsync(0, prefetch, global: false));
            var tag = await Limited(channel.BasicConsumeAsync(queue, autoAck: false, consumer));
            var settling = consumer.Settle();
            try
            {
                await consumer.Ended.WaitAsync(stopping);
            }
            catch (OperationCanceledException) when (stopping.IsCancellationRequested)
            {
                await Limited(channel.BasicCancelAsync(tag));
                await consumer.Drained().WaitAsync(giveUp);
            }
            finally
            {
                await consumer.Leave(settling);
            }
        }
        finally
        {
            await connections.Close(connection);
        }
    }

    Task Limited(Task task) => task.WaitAsync(TimeSpan.FromSeconds(settings.PublishTimeoutSeconds));

    Task<T> Limited<T>(Task<T> task) => task.WaitAsync(TimeSpan.FromSeconds(settings.PublishTimeoutSeconds));

    /// <summary>One channel's consumer.</summary>
    sealed class Consumer : AsyncDefaultBasicConsumer
    {
        readonly Channel<QueueDelivery> ended = System.Threading.Channels.Channel.CreateUnbounded<QueueDelivery>(new UnboundedChannelOptions { SingleReader = true });
        readonly TaskCompletionSource end = new(TaskCreationOptions.RunContinuationsAsynchronously), drained = new(TaskCreationOptions.RunContinuationsAsynchronously);
        readonly Settlements settlements = new();
        readonly Func<QueueDelivery, Task> handle;
        readonly TimeSpan limit;
        readonly FailedMessages errors;
        readonly string queue;
        readonly ILogger logger;
        readonly CancellationToken giveUp;

        /// <summary>Messages that are not settled, and one for the consumer until it stops.</summary>
        int open = 1;

        public Consumer(
            IChannel channel, Func<QueueDelivery, Task> handle, BrokerSettings settings, FailedMessages errors, string queue, ILogger logger, CancellationToken giveUp)
            : base(channel)
        {
            (this.handle, this.errors, this.queue, this.logger, this.giveUp) = (handle, errors, queue, logger, giveUp);
            limit = TimeSpan.FromSeconds(settings.PublishTimeoutSeconds);
            channel.ChannelShutdownAsync += (_, reason) =>
            {
                end.TrySetException(reason.Exception ?? new RabbitMQ.Client.Exceptions.OperationInterruptedException(reason));
                return Task.CompletedTask;
            };
        }

        /// <summary>Fails when the channel ends, or the consumer, or something that the broker was told.</summary>
        public Task Ended => end.Task;

        public override Task HandleBasicDeliverAsync(
            string consumerTag, ulong deliveryTag, bool redelivered, string exchange, string routingKey, IReadOnlyBasicProperties properties, ReadOnlyMemory<byte> body,
            CancellationToken cancellationToken = default)
        {
            if (drained.Task.IsCompleted)
                return Task.CompletedTask;
            Interlocked.Increment(ref open);
            // The client takes the body's memory back when this returns.
            var delivery = new QueueDelivery(deliveryTag, properties, body.ToArray());
            settlements.Add(delivery);
            _ = Task.Run(() => Handle(delivery), CancellationToken.None);
            return Task.CompletedTask;
        }

        /// <summary>The broker ends the consumer, as when its queue is deleted.</summary>
        public override Task HandleBasicCancelAsync(string consumerTag, CancellationToken cancellationToken = default)
        {
            end.TrySetException(new BrokerException($"the broker ended the consumer of {queue}"));
            return Task.CompletedTask;
        }

        /// <summary>When all that came is settled, or the channel is at its end.</summary>
        public Task<Task> Drained()
        {
            Finished(1);
            return Task.WhenAny(drained.Task, end.Task);
        }

        /// <summary>Nothing more is told to the broker.</summary>
        public async Task Leave(Task settling)
        {
            end.TrySetCanceled(CancellationToken.None);
            drained.TrySetResult();
            ended.Writer.TryComplete();
            _ = end.Task.Exception;
            await settling;
        }

        /// <summary>Tells the broker what has ended, as much as there is at a time.</summary>
        public async Task Settle()
        {
            var some = new List<QueueDelivery>();
            try
            {
                while (await ended.Reader.WaitToReadAsync(CancellationToken.None))
                {
                    while (ended.Reader.TryRead(out var delivery))
                        some.Add(delivery);
                    foreach (var (tag, multiple, givesBack) in settlements.Settle(some))
                    {
                        var telling = givesBack ? Channel.BasicNackAsync(tag, multiple, requeue: true, CancellationToken.None) : Channel.BasicAckAsync(tag, multiple, CancellationToken.None);
                        if (!telling.IsCompletedSuccessfully)
                            await telling.AsTask().WaitAsync(limit, CancellationToken.None);
                    }

                    Finished(some.Count);
                    some.Clear();
                }
            }
            catch (Exception e)
            {
                end.TrySetException(e);
            }
        }

        async Task Handle(QueueDelivery delivery)
        {
            try
            {
                await handle(delivery);
                delivery.State = DeliveryState.Handled;
            }
            catch (OperationCanceledException)
            {
                delivery.State = DeliveryState.GivenBack;
            }
            catch (Exception e)
            {
                // When the program gives up, that is what fails.
                if (giveUp.IsCancellationRequested || end.Task.IsCompleted)
                    return;
                logger.HandlerFailed(queue, BrokerTopology.ErrorsOf(queue), e.GetType().Name, e.Message);
                try
                {
                    await errors.Add(delivery, e);
                }
                catch (Exception unmoved)
                {
                    end.TrySetException(unmoved);
                    return;
                }

                delivery.State = DeliveryState.Handled;
            }

            ended.Writer.TryWrite(delivery);
        }

        void Finished(int count)
        {
            if (Interlocked.Add(ref open, -count) == 0)
                drained.TrySetResult();
        }
    }
}
