using Ingest.Service.Display;

namespace Ingest.Service.Operations;

/// <summary>The stages of the flow. One word everywhere: folder, queue, role, label.</summary>
enum Role
{
    Accept,
    Normalise,
    Deduplicate,
    Publish,
}

/// <summary>The stages that this process runs.</summary>
sealed record Roles(IReadOnlySet<Role> All)
{
    public static readonly IReadOnlyList<string> Names = [.. Enum.GetNames<Role>().Select(n => n.ToLowerInvariant())];

    public bool Has(Role role) => All.Contains(role);

    /// <summary>Reads <c>accept,normalise</c>; nothing means all.</summary>
    /// <exception cref="FormatException">A name is not that of a stage.</exception>
    public static Roles Parse(string? names) => new(string.IsNullOrWhiteSpace(names?.Replace(',', ' '))
        ? Enum.GetValues<Role>().ToHashSet()
        : names.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(Read).ToHashSet());

    static Role Read(string name) => Names.ToList().IndexOf(name.ToLowerInvariant()) is >= 0 and var at
        ? (Role)at
        : throw new FormatException($"takes {string.Join(", ", Names)}, separated by commas, not '{Secrets.Hidden(name)}'.{Typos.Hint(name, Names)}");

    public override string ToString() => string.Join(",", All.Order().Select(r => r.ToString().ToLowerInvariant()));
}
