using System.Security.Authentication;
using RabbitMQ.Client.Exceptions;

namespace Ingest.Service.Broker;

/// <summary>Why the broker cannot be used, in an operator's words, with the setting to check.</summary>
static class BrokerFaults
{
    /// <summary>
    /// The largest message that the broker takes, in bytes, where a fault says that one was larger; null otherwise. RabbitMQ closes the
    /// channel then, with all that was under way on it, and says "message size 23000123 is larger than configured max size 16777216".
    /// </summary>
    public static long? MostBytes(Exception? fault)
    {
        for (var e = fault; e is not null; e = e.InnerException)
            if (e is OperationInterruptedException { ShutdownReason: { ReplyCode: 406, ReplyText: var text } }
                && text.Contains("message size", StringComparison.Ordinal)
                && text.Split(' ').Select(w => long.TryParse(w, out var size) ? size : -1).Where(s => s >= 0).ToList() is [_, .., var most])
                return most;
        return null;
    }

    /// <param name="bytes">Of the message.</param>
    /// <param name="most">What the broker takes.</param>
    public static string TooLarge(long bytes, long most) =>
        $"The message has {bytes} bytes, and the broker takes {most} at most. Raise max_message_size in its configuration, then retry.";

    public static string Describe(Exception fault, BrokerSettings settings)
    {
        for (var e = fault; e is not null; e = e.InnerException)
        {
            switch (e)
            {
                case AuthenticationFailureException:
                    return $"the broker {settings} refused the credentials: check Ingest:RabbitMq:Username and Password.";
                case AuthenticationException:
                    return $"no trusted TLS connection to {settings}: {e.Message} Check Ingest:RabbitMq:TlsAuthority and TlsServerName.";
                case OperationInterruptedException { ShutdownReason: { ReplyCode: 406 } reason }:
                    return $"the broker {settings} already has a queue with different settings: check Ingest:RabbitMq:QuorumQueues and DeliveryLimit, "
                        + $"or delete the queue once it is empty. ({reason.ReplyText})";
                case OperationInterruptedException { ShutdownReason: { } reason } when reason.ReplyText.Contains("vhost", StringComparison.OrdinalIgnoreCase):
                    return $"the broker {settings} has no such virtual host, or this user may not use it: check Ingest:RabbitMq:VirtualHost. "
                        + $"({reason.ReplyText})";
                case OperationInterruptedException { ShutdownReason: { } reason }:
                    return $"the broker {settings} closed the connection: {reason.ReplyText}";
                case System.Net.Sockets.SocketException:
                    return $"no connection to the broker {settings}: {e.Message}. Check Ingest:RabbitMq:Host and Port, and that the broker is running.";
                case TimeoutException:
                    return $"the broker {settings} did not answer within {settings.PublishTimeoutSeconds} s.";
                default:
                    break;
            }
        }

        return $"the broker {settings} cannot be used: {fault.Message}";
    }
}
