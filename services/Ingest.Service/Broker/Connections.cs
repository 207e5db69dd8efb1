using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using RabbitMQ.Client;

namespace Ingest.Service.Broker;

/// <summary>Connections to the broker, for what the bus does not do.</summary>
sealed class Connections(BrokerSettings settings)
{
    /// <summary>
    /// Opens a connection; the caller closes it. It does not recover by itself: whoever has it knows better what to do again.
    /// </summary>
    /// <exception cref="RabbitMQ.Client.Exceptions.BrokerUnreachableException">There is no broker, or it refuses.</exception>
    public Task<IConnection> Open(string name, CancellationToken cancellation) => new ConnectionFactory
    {
        HostName = settings.Host!,
        Port = settings.EffectivePort,
        VirtualHost = settings.VirtualHost,
        UserName = settings.Username,
        Password = settings.Password,
        ClientProvidedName = name,
        AutomaticRecoveryEnabled = false,
        TopologyRecoveryEnabled = false,
        RequestedHeartbeat = TimeSpan.FromSeconds(10),
        ContinuationTimeout = TimeSpan.FromSeconds(settings.PublishTimeoutSeconds),
        Ssl = settings.Tls ? new SslOption
        {
            Enabled = true,
            ServerName = settings.TlsServerName ?? settings.Host!,
            CertificateValidationCallback = settings.TlsAuthority is { } authority ? Trusting(authority) : null,
        }
        : new SslOption(),
    }.CreateConnectionAsync(cancellation);

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
