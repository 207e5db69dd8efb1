using Ingest.Broker.Tests;

namespace Ingest.Checker;

/// <summary>
/// What is checked: a service that runs somewhere, or one of our own, which may then be killed. One of our own is one process, or processes
/// with some of the stages each, over the same ledger and broker.
/// </summary>
sealed class Deployment : IDisposable
{
    readonly Account account;
    readonly Random random = new(1);
    readonly ServedProcess[] whole = [], split = [];
    readonly Uri laneUrl;
    ServedProcess[] running = [];

    /// <param name="url">The service; null to start one.</param>
    /// <param name="broker">For one of our own.</param>
    /// <param name="server">For its ledger; null for a file.</param>
    /// <param name="environment">Settings of one of our own.</param>
    public Deployment(Account account, Uri? url, Uri? broker, PostgresServer? server, IReadOnlyDictionary<string, string> environment)
    {
        this.account = account;
        Url = url ?? Free();
        laneUrl = Url;
        if (url is not null)
            return;
        laneUrl = Free();
        var folder = Directory.CreateTempSubdirectory("ingest-checker-").FullName;
        Folder = folder;
        string[] beside = [.. broker is null ? (string[])[] : ["--rabbitmq", broker.ToString()], .. server is null ? (string[])[] : ["--postgres", server.AddressWithoutPassword]];
        if (server is not null)
            environment = new Dictionary<string, string>(environment, StringComparer.Ordinal) { ["Ingest__Postgres__Password"] = PostgresServer.Password };
        ServedProcess With(string name, string roles, Uri at) =>
            new(name, folder, environment, ["serve", "--roles", roles, "--url", at.ToString(), .. beside]);
        whole = [With("serve", "accept,normalise,deduplicate,publish", Url)];
        // Without a broker or a server nobody can clean for the process that decides.
        split = server is not null
            ? [With("accept", "accept", Url), With("normalise", "normalise", Free()), With("lane", "deduplicate,publish", laneUrl), With("lane-2", "deduplicate,publish", Free())]
            : broker is null ? [With("accept", "accept", Url), With("lane", "normalise,deduplicate,publish", laneUrl)]
            : [With("accept", "accept", Url), With("normalise", "normalise", Free()), With("lane", "deduplicate,publish", laneUrl)];
    }

    /// <summary>Where articles are sent.</summary>
    public Uri Url { get; }

    /// <summary>Where the feed is read.</summary>
    public Uri FeedUrl => running == split ? laneUrl : Url;

    /// <summary>The ledger and logs of one of our own.</summary>
    public string? Folder { get; }

    /// <summary>On a server, as several processes from the beginning: that is what it is for.</summary>
    public void Start() => Start(split.Length > 3 ? split : whole);

    /// <summary>Kills a process as a power cut would, and starts it again.</summary>
    /// <param name="mayChange">
    /// Now and then all are killed, and the service is started as one process instead of several, or the other way.
    /// </param>
    public void Disturb(bool mayChange)
    {
        if (mayChange && random.Next(4) == 0)
        {
            foreach (var process in running)
                Kill(process);
            Start(running == whole ? split : whole);
        }
        else
        {
            var process = running[random.Next(running.Length)];
            Kill(process);
            process.Start();
        }
    }

    /// <summary>A process that ended by itself is a fault; it is started again.</summary>
    public void Watch()
    {
        foreach (var process in running)
        {
            if (process.Fallen is not { } code)
                continue;
            account.Unexpected($"the process '{process.Name}' ended by itself with {code}");
            process.Kill();
            process.Start();
        }
    }

    public void Dispose()
    {
        foreach (var process in running)
            process.Dispose();
    }

    void Kill(ServedProcess process)
    {
        Watch();
        process.Kill();
        account.Killed();
    }

    void Start(ServedProcess[] processes)
    {
        running = processes;
        foreach (var process in processes)
            process.Start();
    }

    static Uri Free() => new($"http://127.0.0.1:{LoopbackPorts.Free()}");
}
