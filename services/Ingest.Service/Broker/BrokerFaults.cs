using System.Security.Authentication;
using RabbitMQ.Client.Exceptions;

namespace Ingest.Service.Broker;

/// <summary>Why the broker cannot be used, in an operator's words, with the setting to look at.</summary>
static class BrokerFaults
{
    public static string Describe(Exception fault, BrokerSettings settings)
    {
        for (var e = fault; e is not null; e = e.InnerException)
        {
            switch (e)
            {
                case AuthenticationFailureException:
                    return $"the broker {settings} refused the credentials: look at Ingest:RabbitMq:Username and Password.";
                case AuthenticationException:
                    return $"no trusted TLS connection to {settings}: {e.Message} Look at Ingest:RabbitMq:TlsAuthority and TlsServerName.";
                case OperationInterruptedException { ShutdownReason: { ReplyCode: 406 } reason }:
                    return $"the broker {settings} has a queue that was declared otherwise: look at Ingest:RabbitMq:QuorumQueues and DeliveryLimit, or delete the queue once it is empty. ({reason.ReplyText})";
                case OperationInterruptedException { ShutdownReason: { } reason } when reason.ReplyText.Contains("vhost", StringComparison.OrdinalIgnoreCase):
                    return $"the broker {settings} has no such virtual host, or this user may not use it: look at Ingest:RabbitMq:VirtualHost. ({reason.ReplyText})";
                case OperationInterruptedException { ShutdownReason: { } reason }:
                    return $"the broker {settings} ended the connection: {reason.ReplyText}";
                case System.Net.Sockets.SocketException:
                    return $"no connection to the broker {settings}: {e.Message}. Look at Ingest:RabbitMq:Host and Port, and whether the broker runs.";
                case TimeoutException:
                    return $"the broker {settings} does not answer within {settings.PublishTimeoutSeconds} s.";
                default:
                    break;
            }
        }

        return $"the broker {settings} cannot be used: {fault.Message}";
    }
}
