using System.Collections.Concurrent;

namespace Ingest.Service.Operations;

/// <summary>What can keep the program from being ready.</summary>
static class HealthReasons
{
    public const string Index = "index", Ledger = "ledger", Broker = "broker", Accept = "accept", Publish = "publish", Waiting = "waiting",
        Blocked = "broker-alarm", LedgerFile = "ledger-file", Stages = "stages";
}

/// <summary>Whether the program is ready, and why not.</summary>
sealed class Health
{
    readonly ConcurrentDictionary<string, string> reasons = new(StringComparer.Ordinal);

    /// <summary>What keeps it from being ready, by part; empty when it is ready.</summary>
    public IReadOnlyDictionary<string, string> Reasons => reasons;

    /// <summary>What is worth an alarm, but keeps nothing from working, by part.</summary>
    public ConcurrentDictionary<string, string> Warnings { get; } = new(StringComparer.Ordinal);

    /// <summary>What can only be mended by a new start, by part.</summary>
    public ConcurrentDictionary<string, string> Deadly { get; } = new(StringComparer.Ordinal);

    /// <returns>True where this is news.</returns>
    public bool NotReady(string part, string reason)
    {
        var news = !reasons.TryGetValue(part, out var before) || before != reason;
        reasons[part] = reason;
        return news;
    }

    public void Ready(string part) => reasons.TryRemove(part, out _);
}
