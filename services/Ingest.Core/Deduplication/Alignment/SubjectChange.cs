namespace Ingest.Core.Deduplication.Alignment;

/// <summary>What parts two texts of one form that are about different subjects.</summary>
/// <param name="Before">The earlier text's subject as written: a name that the later one never has, or its day.</param>
/// <param name="After">What the later text has instead, and the earlier one never.</param>
/// <param name="IsDay">They are days: what happened again on another day.</param>
/// <param name="Facts">Other facts that are replaced, each counted once: figures, names, days.</param>
public sealed record SubjectChange(string Before, string After, bool IsDay, int Facts);
