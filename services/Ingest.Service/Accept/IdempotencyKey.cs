namespace Ingest.Service.Accept;

/// <summary>What a client names a request by, so that it may send it again.</summary>
/// <param name="Content">Hash of the body.</param>
sealed record IdempotencyKey(string Key, byte[] Content)
{
    public const int MostLength = 255;
}

/// <summary>A key came with another body than before.</summary>
sealed class IdempotencyKeyReusedException(string key) : Exception($"The Idempotency-Key '{key}' was used for a request with another body. Send a new key with a new article.");
