using System.Collections.Concurrent;
using Ingest.Core.Articles;

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
    readonly ConcurrentDictionary<string, string> reasons, warnings, deadly;

    /// <summary>Before the name of a part.</summary>
    readonly string prefix;

    public Health()
    {
        reasons = new(StringComparer.Ordinal);
        warnings = new(StringComparer.Ordinal);
        deadly = new(StringComparer.Ordinal);
        prefix = "";
    }

    Health(Health whole, string collection) =>
        (reasons, warnings, deadly, prefix) = (whole.reasons, whole.warnings, whole.deadly, collection + "/");

    /// <summary>What keeps it from being ready, by part; empty when it is ready.</summary>
    public IReadOnlyDictionary<string, string> Reasons => reasons;

    /// <summary>What is worth an alarm, but keeps nothing from working, by part.</summary>
    public IReadOnlyDictionary<string, string> Warnings => warnings;

    /// <summary>What can only be mended by a new start, by part.</summary>
    public IReadOnlyDictionary<string, string> Deadly => deadly;

    /// <summary>The same program's, in which the parts of a collection have its name: <c>sport/ledger</c>.</summary>
    public Health Of(string collection) => collection == ArticleIds.DefaultCollection ? this : new Health(this, collection);

    /// <returns>True where this is news.</returns>
    public bool NotReady(string part, string reason)
    {
        var news = !reasons.TryGetValue(prefix + part, out var before) || before != reason;
        reasons[prefix + part] = reason;
        return news;
    }

    public bool IsReady(string part) => !reasons.ContainsKey(prefix + part);

    public void Ready(string part) => reasons.TryRemove(prefix + part, out _);

    /// <param name="warning">Null where there is none any more.</param>
    public void Warn(string part, string? warning) => Set(warnings, part, warning);

    /// <param name="reason">Null where it mended itself.</param>
    public void Dead(string part, string? reason) => Set(deadly, part, reason);

    void Set(ConcurrentDictionary<string, string> told, string part, string? text)
    {
        if (text is null)
            told.TryRemove(prefix + part, out _);
        else
            told[prefix + part] = text;
    }
}
