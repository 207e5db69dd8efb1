using System.Security.Cryptography;
using System.Text;

namespace Ingest.Broker.Tests;

/// <summary>What differs from a plain broker.</summary>
sealed record BrokerSettings
{
    /// <summary>How long a delivery may stay unacknowledged before its channel is closed; null for RabbitMQ's own, 30 minutes.</summary>
    public TimeSpan? ConsumerTimeout { get; init; }

    /// <summary>A second listener with TLS; see <see cref="Broker.Certificates"/>.</summary>
    public bool Tls { get; init; }

    /// <summary>The management plugin with its HTTP interface. Adds seconds to a start.</summary>
    public bool Management { get; init; }

    /// <summary>Further lines of rabbitmq.conf.</summary>
    public IReadOnlyList<string> Lines { get; init; } = [];
}

/// <summary>The ports of one broker, all on 127.0.0.1. Chosen once, so that a restart comes back where its clients look.</summary>
sealed record BrokerPorts
{
    public int Amqp { get; } = LoopbackPorts.Free();

    public int Tls { get; } = LoopbackPorts.Free();

    public int Management { get; } = LoopbackPorts.Free();

    /// <summary>Where <c>erl_call</c> reaches the node.</summary>
    public int Distribution { get; } = LoopbackPorts.Free();

    /// <summary>Erlang's own directory of nodes.</summary>
    public int Names { get; } = LoopbackPorts.Free();
}

/// <summary>The files and the environment from which RabbitMQ reads the settings; nothing under /etc/rabbitmq is read.</summary>
static class BrokerFiles
{
    // channel_tick_interval: how often a channel looks whether a delivery has waited too long; a minute by default.
    // quorum_tick_interval: how often a quorum queue renews the counts that the broker shows; 5 s by default.
    const string Advanced = "[{rabbit, [{channel_tick_interval, 1000}, {quorum_tick_interval, 200}]}].\n";

    // Few schedulers make a start quicker and leave the machine to the tests.
    const string Erlang = "-kernel inet_dist_use_interface {127,0,0,1} +S 2:2 +SDcpu 1:1 +A 4";

    public static void Write(string folder, BrokerSettings settings, BrokerPorts ports, ThrowAwayCertificates? certificates)
    {
        var conf = new StringBuilder();
        conf.AppendLine($"listeners.tcp.1 = 127.0.0.1:{ports.Amqp}");
        // A test machine may be short of disk; the alarm would block every publisher.
        conf.AppendLine("disk_free_limit.absolute = 1MB");
        if (settings.ConsumerTimeout is { } timeout)
            conf.AppendLine($"consumer_timeout = {(long)timeout.TotalMilliseconds}");
        if (certificates is not null)
        {
            conf.AppendLine($"listeners.ssl.1 = 127.0.0.1:{ports.Tls}");
            conf.AppendLine($"ssl_options.cacertfile = {certificates.AuthorityFile}");
            conf.AppendLine($"ssl_options.certfile = {certificates.ServerFile}");
            conf.AppendLine($"ssl_options.keyfile = {certificates.ServerKeyFile}");
            conf.AppendLine("ssl_options.verify = verify_none");
            conf.AppendLine("ssl_options.fail_if_no_peer_cert = false");
        }

        if (settings.Management)
            conf.AppendLine("management.tcp.ip = 127.0.0.1").AppendLine($"management.tcp.port = {ports.Management}");
        foreach (var line in settings.Lines)
            conf.AppendLine(line);
        File.WriteAllText(Path.Combine(folder, "rabbitmq.conf"), conf.ToString());
        File.WriteAllText(Path.Combine(folder, "advanced.config"), Advanced);
        File.WriteAllText(Path.Combine(folder, "enabled_plugins"), settings.Management ? "[rabbitmq_management].\n" : "[].\n");
        File.WriteAllText(Path.Combine(folder, "environment"), "");
        // Erlang makes one where there is none; of two programs that begin at the same time, one was seen to read it before it was written, and ended. Only its owner may read it.
        var cookie = Path.Combine(folder, ".erlang.cookie");
        File.WriteAllText(cookie, Convert.ToHexString(RandomNumberGenerator.GetBytes(10)));
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(cookie, UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }

    public static Dictionary<string, string> Environment(string folder, string node, BrokerPorts ports) => new(StringComparer.Ordinal)
    {
        ["PATH"] = "/usr/bin:/bin",
        ["LANG"] = "C.UTF-8",
        // A dump of a crash would land where the tests run.
        ["ERL_CRASH_DUMP_SECONDS"] = "0",
        // The cookie, by which a node knows its friends, lies in HOME.
        ["HOME"] = folder,
        ["ERL_EPMD_PORT"] = $"{ports.Names}",
        ["ERL_EPMD_ADDRESS"] = "127.0.0.1",
        ["RABBITMQ_NODENAME"] = node,
        ["RABBITMQ_DIST_PORT"] = $"{ports.Distribution}",
        ["RABBITMQ_MNESIA_BASE"] = Path.Combine(folder, "data"),
        ["RABBITMQ_LOG_BASE"] = Path.Combine(folder, "log"),
        ["RABBITMQ_CONFIG_FILE"] = Path.Combine(folder, "rabbitmq.conf"),
        ["RABBITMQ_ADVANCED_CONFIG_FILE"] = Path.Combine(folder, "advanced.config"),
        ["RABBITMQ_ENABLED_PLUGINS_FILE"] = Path.Combine(folder, "enabled_plugins"),
        ["RABBITMQ_CONF_ENV_FILE"] = Path.Combine(folder, "environment"),
        ["RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS"] = Erlang,
        // Makes the script replace itself with the broker, so that the id on the leash is the broker's.
        ["RUNNING_UNDER_SYSTEMD"] = "true",
    };
}
