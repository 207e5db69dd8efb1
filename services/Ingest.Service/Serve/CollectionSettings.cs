using Ingest.Core.Deduplication;
using Ingest.Service.Accept;

namespace Ingest.Service.Serve;

/// <summary>
/// Settings of the section <c>Ingest:Collections:NAME</c>, which declares a collection. What it does not set is as in the section <c>Ingest</c>.
/// </summary>
sealed class CollectionSettings
{
    public AcceptSettings Accept { get; set; } = new();
    public DeduplicationOptions Deduplicate { get; set; } = new();
    public RetentionSettings Retention { get; set; } = new();
    public CollectionSecurity Security { get; set; } = new();

    /// <summary>See <see cref="Broker.BrokerSettings.EventQueues"/>: those of the section <c>Ingest</c> are the default collection's.</summary>
    public string? EventQueues { get; set; }
}

/// <summary>Settings of the section <c>Ingest:Collections:NAME:Security</c>; see <see cref="Http.SecuritySettings"/>.</summary>
sealed class CollectionSecurity
{
    public string? ApiKeys { get; set; }
    public bool ProtectReading { get; set; }
}
