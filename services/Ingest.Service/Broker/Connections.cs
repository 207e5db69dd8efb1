using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using Ingest.Service.Operations;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace Ingest.Service.Broker;

/// <summary>Connections to the broker, for what the bus does not do.</summary>
/// <param name="health">Is told while the broker takes nothing; null where nobody watches.</param>
sealed class Connections(BrokerSettings settings, Health? health = null)
{
    /// <summary>
    /// The most that a broker can be configured to take, in bytes. What it takes is taken: over the client's own limit, 64 MiB, the
    /// connection would end with every attempt.
    /// </summary>
    public const uint LargestMessage = 512 << 20;

    /// <summary>
    /// Opens a connection; the caller closes it. It does not recover by itself: whoever has it knows better what to do again.
    /// </summary>
    /// <exception cref="RabbitMQ.Client.Exceptions.BrokerUnreachableException">There is no broker, or it refuses.</exception>
    public async Task<IConnection> Open(string name, CancellationToken cancellation)
    {
        var connection = await Factory(name).CreateConnectionAsync(cancellation);
        connection.ConnectionBlockedAsync += (_, blocked) =>
        {
            health?.NotReady(
                HealthReasons.Blocked,
                $"the broker {settings} takes no messages at present ({blocked.Reason}): it has a memory or disk alarm. Free what it lacks; sending goes on by itself.");
            return Task.CompletedTask;
        };
        connection.ConnectionUnblockedAsync += (_, _) =>
        {
            Takes();
            return Task.CompletedTask;
        };
        return connection;
    }

    /// <summary>Closes a connection that may be broken: within the time that a broker has to answer, and without a fault.</summary>
    public async Task Close(IConnection connection)
    {
        try
        {
            var limit = TimeSpan.FromSeconds(settings.PublishTimeoutSeconds);
            await connection.AbortAsync().WaitAsync(limit);
            await connection.DisposeAsync().AsTask().WaitAsync(limit);
        }
        catch (Exception e) when (e is IOException or RabbitMQClientException or ObjectDisposedException or TimeoutException)
        {
            // It is gone, which is all that was wanted.
        }
    }

    /// <summary>
    /// Says that the broker has taken a message. A connection that was closed while the broker blocked it is never told that it is free
    /// again: what shows it is that another one could send.
    /// </summary>
    public void Takes() => health?.Ready(HealthReasons.Blocked);

    ConnectionFactory Factory(string name) => new()
    {
        HostName = settings.Host!,
        Port = settings.EffectivePort,
        VirtualHost = settings.VirtualHost,
        UserName = settings.Username,
        Password = settings.Password,
        ClientProvidedName = name,
        AutomaticRecoveryEnabled = false,
        TopologyRecoveryEnabled = false,
        MaxInboundMessageBodySize = LargestMessage,
        RequestedHeartbeat = TimeSpan.FromSeconds(10),
        ContinuationTimeout = TimeSpan.FromSeconds(settings.PublishTimeoutSeconds),
        Ssl = settings.Tls ? new SslOption
        {
            Enabled = true,
            ServerName = settings.TlsServerName ?? settings.Host!,
            CertificateValidationCallback = settings.TlsAuthority is { } authority ? Trusting(authority) : null,
        }
        : new SslOption(),
    };

    /// <summary>Trusts certificates that an authority of the operator's own signed, and no others.</summary>
    public static RemoteCertificateValidationCallback Trusting(string authorityFile)
    {
        var authority = X509CertificateLoader.LoadCertificateFromFile(authorityFile);
        return (_, certificate, _, errors) =>
        {
            if (certificate is null || (errors & ~SslPolicyErrors.RemoteCertificateChainErrors) != SslPolicyErrors.None)
                return false;
            using var chain = new X509Chain();
            chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
            chain.ChainPolicy.CustomTrustStore.Add(authority);
            chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
            using var presented = X509CertificateLoader.LoadCertificate(certificate.GetRawCertData());
            return chain.Build(presented);
        };
    }
}
