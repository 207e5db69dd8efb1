using System.ComponentModel.DataAnnotations;
using Ingest.Ledger;

namespace Ingest.Service.Serve;

/// <summary>Settings of the section <c>Ingest:Retention</c>: how many days things are kept after their decision; for ever where nothing is said.</summary>
sealed class RetentionSettings
{
    /// <summary>The texts of articles, and what was made of them.</summary>
    [Range(1, 36_600)]
    public int? Articles { get; set; }

    /// <summary>The log. Texts are never kept longer.</summary>
    [Range(1, 36_600)]
    public int? Decisions { get; set; }

    public RetentionAges Ages() => new(Days(Articles), Days(Decisions));

    static TimeSpan? Days(int? days) => days is { } some ? TimeSpan.FromDays(some) : null;
}
