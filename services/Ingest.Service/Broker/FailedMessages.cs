using System.Globalization;
using System.Reflection;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace Ingest.Service.Broker;

/// <summary>
/// Puts messages of a queue whose handling failed into its queue of errors: as they came, with the reason in the headers that MassTransit
/// gives such a message. The queue of errors is declared when there is something for it.
/// </summary>
/// <param name="channel">Confirms what is published.</param>
sealed class FailedMessages(IChannel channel, string queue, BrokerSettings settings)
{
    /// <summary>Characters of a header's text: all headers of a message must fit into a frame.</summary>
    const int MostText = 4096;

    readonly string errors = BrokerTopology.ErrorsOf(queue);

    TimeSpan Limit => TimeSpan.FromSeconds(settings.PublishTimeoutSeconds);

    /// <returns>When the broker has it.</returns>
    /// <exception cref="Exception">It has not.</exception>
    public async Task Add(QueueDelivery delivery, Exception fault)
    {
        var properties = new BasicProperties(delivery.Properties) { Headers = Headers(delivery, fault) };
        // The broker takes it from that user only.
        properties.ClearUserId();
        try
        {
            await Publish();
        }
        catch (PublishException e) when (e.IsReturn)
        {
            await BrokerTopology.DeclareErrors(channel, queue, settings).WaitAsync(Limit);
            await Publish();
        }

        Task Publish() => channel.BasicPublishAsync("", errors, mandatory: true, properties, delivery.Body).AsTask().WaitAsync(Limit);
    }

    Dictionary<string, object?> Headers(QueueDelivery delivery, Exception fault)
    {
        var headers = delivery.Properties.Headers?.ToDictionary(StringComparer.Ordinal) ?? new(StringComparer.Ordinal);
        var program = Assembly.GetExecutingAssembly().GetName();
        foreach (var (name, text) in ((string, string?)[])
        [
            ("MT-Reason", "fault"),
            ("MT-Fault-ExceptionType", fault.GetType().FullName),
            ("MT-Fault-Message", fault.Message),
            ("MT-Fault-StackTrace", fault.StackTrace),
            ("MT-Fault-Timestamp", DateTime.UtcNow.ToString("O", CultureInfo.InvariantCulture)),
            ("MT-Fault-InputAddress", queue),
            ("MT-Host-MachineName", Environment.MachineName),
            ("MT-Host-ProcessName", Path.GetFileNameWithoutExtension(Environment.ProcessPath)),
            ("MT-Host-ProcessId", Environment.ProcessId.ToString(CultureInfo.InvariantCulture)),
            ("MT-Host-Assembly", program.Name),
            ("MT-Host-AssemblyVersion", program.Version?.ToString()),
            ("MT-Host-FrameworkVersion", Environment.Version.ToString()),
            ("MT-Host-OperatingSystemVersion", Environment.OSVersion.VersionString),
        ])
            headers[name] = text is { Length: > MostText } ? text[..MostText] : text ?? "";
        return headers;
    }
}
