namespace Ingest.Service.Operations;

/// <summary>How a stage gives an article to the next one.</summary>
enum HandOver
{
    /// <summary>The next stage runs in this process.</summary>
    Memory,

    /// <summary>It runs in another, which a message reaches.</summary>
    Broker,

    /// <summary>It runs in another, and there is no broker: that process finds what waits in the ledger that both have open.</summary>
    Ledger,
}

/// <summary>Which stages this process runs and how each hands on: the one place where that is decided.</summary>
/// <param name="HasBroker">A broker is configured.</param>
/// <param name="HasServer">The ledger is on a server, where cleaned articles can wait too.</param>
sealed record Topology(Roles Roles, bool HasBroker, bool HasServer)
{
    /// <exception cref="FormatException">A stage has no successor; the message says what to add.</exception>
    public static Topology Of(Roles roles, bool hasBroker, bool hasServer)
    {
        if (roles.Has(Role.Normalise) && !roles.Has(Role.Deduplicate) && !hasBroker && !hasServer)
            throw new FormatException(
                "has normalise without deduplicate, and neither a broker nor a PostgreSQL server is configured: cleaned articles would go nowhere. "
                + "Add deduplicate to the roles, or name a broker with --rabbitmq or a server with --postgres. "
                + "(Without a broker, a process with accept alone works: the process with the later stages takes its articles from the ledger.)");
        return new Topology(roles, hasBroker, hasServer);
    }

    /// <summary>Articles are cleaned here. Without a broker or a server nobody can clean for the process that decides.</summary>
    public bool Cleans => Roles.Has(Role.Normalise) || Roles.Has(Role.Deduplicate) && !HasBroker && !HasServer;

    /// <summary>From accepting to cleaning.</summary>
    public HandOver AfterAccept => Cleans ? HandOver.Memory : HasBroker ? HandOver.Broker : HandOver.Ledger;

    /// <summary>From cleaning to deciding.</summary>
    public HandOver AfterNormalise => Roles.Has(Role.Deduplicate) ? HandOver.Memory : HasBroker ? HandOver.Broker : HandOver.Ledger;

    /// <summary>This process looks in the ledger for articles that wait to be brought on their way.</summary>
    public bool TakesUp => Cleans || TakesUpCleaned || Roles.Has(Role.Accept) && HasBroker;

    /// <summary>It looks there for articles that another process has cleaned.</summary>
    public bool TakesUpCleaned => Roles.Has(Role.Deduplicate) && HasServer && !HasBroker;

    /// <summary>It also takes up what another process accepted and left behind: by its end, or because nobody read its message.</summary>
    public bool TakesUpLeftBehind => TakesUp && (Roles.Has(Role.Accept) || !HasBroker);

    /// <summary>Which of the stages that every article goes through no process has.</summary>
    /// <param name="present">The roles of each process that uses the ledger.</param>
    public static IReadOnlyList<string> Missing(IEnumerable<string> present)
    {
        var there = present.SelectMany(roles => roles.Split(',')).ToHashSet(StringComparer.Ordinal);
        return [.. new[] { Role.Accept, Role.Normalise, Role.Deduplicate }.Select(r => r.ToString().ToLowerInvariant()).Where(r => !there.Contains(r))];
    }

    /// <summary>Who must take what waits, for an operator who looks for the reason why nobody does.</summary>
    public string Successor => AfterAccept switch
    {
        HandOver.Ledger when HasServer => "they are in the ledger: check that processes with the stages normalise and deduplicate use it and are ready.",
        HandOver.Broker => "they are on the broker: check that a process with the stage normalise is running and ready.",
        HandOver.Ledger => "they are in the ledger: start 'ingest serve --roles normalise,deduplicate,publish' with the same ledger, or name a broker with --rabbitmq.",
        _ when AfterNormalise == HandOver.Broker => "they are on the broker: check that a process with the stage deduplicate is running and ready.",
        _ when AfterNormalise == HandOver.Ledger => "they are in the ledger: check that a process with the stage deduplicate uses it and is ready.",
        _ => "check this process's log.",
    };
}
