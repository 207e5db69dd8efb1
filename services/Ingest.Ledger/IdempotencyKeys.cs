namespace Ingest.Ledger;

/// <summary>Keys under which clients sent requests, so that the same key with another content is noticed.</summary>
public static class IdempotencyKeys
{
    /// <summary>How long a key is remembered.</summary>
    public static readonly TimeSpan Kept = TimeSpan.FromDays(30);

    /// <returns>False where the key was used for another content.</returns>
    public static bool Use(LedgerWriter writer, string key, byte[] content, DateTimeOffset now)
    {
        writer.Execute("INSERT INTO idempotency (key, content, used) VALUES (@key, @content, @now) ON CONFLICT (key) DO NOTHING", new { key, content, now = now.ToUnixTimeMilliseconds() });
        return writer.Value<byte[]>("SELECT content FROM idempotency WHERE key = @key", new { key }).AsSpan().SequenceEqual(content);
    }

    /// <summary>Forgets keys that are too old.</summary>
    public static void Forget(LedgerWriter writer, DateTimeOffset now) => writer.Execute("DELETE FROM idempotency WHERE used < @before", new { before = (now - Kept).ToUnixTimeMilliseconds() });
}
