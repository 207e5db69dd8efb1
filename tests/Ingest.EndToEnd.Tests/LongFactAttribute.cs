namespace Ingest.EndToEnd.Tests;

/// <summary>A test that takes minutes: it runs where <c>INGEST_LONG</c> is 1.</summary>
[AttributeUsage(AttributeTargets.Method)]
sealed class LongFactAttribute : FactAttribute
{
    public LongFactAttribute() => Skip = Environment.GetEnvironmentVariable("INGEST_LONG") == "1" ? null : "takes minutes: set INGEST_LONG to 1";
}
