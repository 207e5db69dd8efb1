using System.ComponentModel.DataAnnotations;
using Ingest.Ledger;

namespace Ingest.Service.Broker;

/// <summary>How an event's message is written.</summary>
enum EventFormat
{
    /// <summary>See <see cref="Broker.Envelope"/>.</summary>
    Envelope,

    /// <summary>The event alone, as JSON.</summary>
    Plain,
}

/// <summary>What takes the messages from the queues.</summary>
enum QueueConsumer
{
    /// <summary>MassTransit's receive endpoints.</summary>
    MassTransit,

    /// <summary>See <see cref="QueueLoop"/>.</summary>
    Native,
}

/// <summary>
/// Settings of the section <c>Ingest:RabbitMq</c>. Without a host there is no broker, and everything runs in one process.
/// </summary>
sealed class BrokerSettings
{
    public string? Host { get; set; }

    [Range(1, 65535)]
    public int? Port { get; set; }
    public string VirtualHost { get; set; } = "/";
    public string Username { get; set; } = "guest";

    /// <summary>The password in <c>.env.example</c>, which everybody knows: it is refused.</summary>
    public const string ExamplePassword = "change-me";

    /// <summary>A secret: never written to a log.</summary>
    public string Password { get; set; } = "guest";

    /// <summary>A file that holds the password, as containers are given secrets; it wins over <see cref="Password"/>.</summary>
    public string? PasswordFile { get; set; }

    /// <summary>Encrypts the connection and checks the broker's certificate.</summary>
    public bool Tls { get; set; }

    /// <summary>The name in the broker's certificate, where it is not the host's.</summary>
    public string? TlsServerName { get; set; }

    /// <summary>
    /// A file with the certificate (PEM) of the authority that signed the broker's, where the machine does not trust it already.
    /// </summary>
    public string? TlsAuthority { get; set; }

    /// <summary>
    /// Messages that the broker sends ahead on each queue; as many as the budget of memory has room for, of the largest size, where it is
    /// not set.
    /// </summary>
    [Range(1, 65535)]
    public int? Prefetch { get; set; }

    public QueueConsumer Consumer { get; set; } = QueueConsumer.MassTransit;

    /// <summary>Queues are replicated and safe against the loss of a node; classic durable queues otherwise.</summary>
    public bool QuorumQueues { get; set; } = true;

    /// <summary>Deliveries of one message before it goes to the dead-letter queue; for quorum queues.</summary>
    [Range(1, 1000)]
    public int DeliveryLimit { get; set; } = 20;

    public EventFormat Events { get; set; } = EventFormat.Envelope;

    /// <summary>
    /// Queues that events are sent to directly, beside the exchanges, separated by commas: each at its own pace, from its own position.
    /// </summary>
    public string? EventQueues { get; set; }

    /// <summary>The same broker with other queues for events.</summary>
    public BrokerSettings With(string? eventQueues)
    {
        var settings = (BrokerSettings)MemberwiseClone();
        settings.EventQueues = eventQueues;
        return settings;
    }

    /// <summary>Where events are sent.</summary>
    public IReadOnlyList<Destination> Destinations() =>
    [
        Destination.Exchanges,
        .. (EventQueues ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Distinct(StringComparer.Ordinal)
            .Select(Destination.Queue),
    ];

    /// <summary>Seconds until a broker that does not answer is given up and connected to anew.</summary>
    [Range(1, 600)]
    public int PublishTimeoutSeconds { get; set; } = 15;

    public bool IsConfigured => !string.IsNullOrWhiteSpace(Host);

    public int EffectivePort => Port ?? (Tls ? 5671 : 5672);

    /// <summary>Without the password.</summary>
    public override string ToString() =>
        $"{(Tls ? "amqps" : "amqp")}://{Uri.EscapeDataString(Username)}@{Host}:{EffectivePort}/{Uri.EscapeDataString(VirtualHost)}";

    /// <summary>Whether an address that <see cref="Read"/> takes holds a password.</summary>
    public static bool HasPassword(string address) =>
        Uri.TryCreate(address, UriKind.Absolute, out var uri) && uri.UserInfo.Split(':', 2) is [_, { Length: > 0 }];

    /// <summary>Takes host, port, credentials and virtual host from an address such as <c>amqp://name:secret@host:5672/vhost</c>.</summary>
    /// <exception cref="FormatException">It is no such address.</exception>
    public void Read(string address)
    {
        if (!Uri.TryCreate(address, UriKind.Absolute, out var uri) || uri.Scheme is not ("amqp" or "amqps") || uri.Host.Length == 0)
            // The address is not repeated: it may hold a password.
            throw new FormatException("takes an address such as amqp://name@host:5672/vhost (amqps:// for TLS); this is not one. "
                + "The password is the setting Ingest:RabbitMq:Password, or in the file that Ingest:RabbitMq:PasswordFile names.");
        Host = uri.Host;
        Port = uri.Port > 0 ? uri.Port : null;
        Tls = uri.Scheme == "amqps";
        if (uri.UserInfo.Split(':', 2) is [{ Length: > 0 } name, .. var rest])
            (Username, Password) = (Uri.UnescapeDataString(name), rest is [var secret] ? Uri.UnescapeDataString(secret) : "");
        if (uri.AbsolutePath.Length > 1)
            VirtualHost = Uri.UnescapeDataString(uri.AbsolutePath[1..]);
    }
}
