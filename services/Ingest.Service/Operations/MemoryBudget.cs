using System.ComponentModel.DataAnnotations;

namespace Ingest.Service.Operations;

/// <summary>Settings of the section <c>Ingest:Memory</c>.</summary>
sealed class MemorySettings
{
    /// <summary>Bytes that articles under way may take in memory, all together: see <see cref="MemoryBudget"/>.</summary>
    [Range(64d * (1 << 20), 1L << 40)]
    public long BudgetBytes { get; set; } = 512L << 20;

    /// <summary>Bytes of the messages that the broker sends ahead on each queue.</summary>
    public long Prefetched => BudgetBytes / 2;
}

/// <summary>
/// The one notion of how much is held at once: the setting's bytes, divided among those who hold articles. Counts bound what a hop costs;
/// these bound memory. docs/limits.md has the formula.
/// </summary>
sealed class MemoryBudget(MemorySettings settings)
{
    /// <summary>Articles that are cleaned, or wait for their decision.</summary>
    public ByteBudget Cleaning { get; } = new(settings.BudgetBytes / 2);

    /// <summary>Bodies over HTTP that are not complete.</summary>
    public ByteBudget Receiving { get; } = new(settings.BudgetBytes / 8);

    /// <summary>Articles that came over HTTP, are read and are not yet on the disk.</summary>
    public ByteBudget Accepting { get; } = new(settings.BudgetBytes / 8);

    /// <summary>Articles with all that was decided of them, which are made for readers.</summary>
    public ByteBudget Reading { get; } = new(settings.BudgetBytes / 16);

    /// <summary>The windows of those who unpack bodies that may come slowly.</summary>
    public ByteBudget Unpacking { get; } = new(settings.BudgetBytes / 16);

    /// <summary>Answers of batches that their clients do not read yet.</summary>
    public ByteBudget Answering { get; } = new(settings.BudgetBytes / 16);

    /// <summary>Bytes of decided articles that the lane keeps for comparisons.</summary>
    public long Recent => settings.BudgetBytes / 16;

    /// <summary>Bytes of raw articles that are read from the ledger, decided or sent in one go; a larger one goes alone.</summary>
    public const long InOneGo = 4 << 20;
}
