using System.Security.Cryptography;
using System.Text;

namespace Ingest.Service.Http;

/// <summary>Settings of the section <c>Ingest:Security</c>.</summary>
sealed class SecuritySettings
{
    /// <summary>
    /// SHA-256 of the keys that may change something, in hexadecimal, separated by commas; <c>ingest key</c> makes one. Without any, no key
    /// is required.
    /// </summary>
    public string? ApiKeys { get; set; }

    /// <summary>Reading asks for a key too.</summary>
    public bool ProtectReading { get; set; }

    /// <summary>
    /// Names that the <c>Host</c> of a request may have beside the usual ones, separated by commas, such as that of a proxy; * for any.
    /// See <see cref="HostGuard"/>.
    /// </summary>
    public string? AllowedHosts { get; set; }
}

/// <summary>Tells whether a key is one of those that are allowed.</summary>
sealed class ApiKeys
{
    readonly byte[][] hashes;

    /// <param name="section">That the setting is in.</param>
    /// <exception cref="FormatException">One is not a hash.</exception>
    public ApiKeys(string? configured, string section = "Ingest")
    {
        hashes = [.. (configured ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(h => Read(h, section))];
    }

    public bool AreAsked => hashes.Length > 0;

    /// <summary>Takes as long for every key: nothing is learned from the time.</summary>
    public bool Allow(string? authorization)
    {
        const string Scheme = "Bearer ";
        if (authorization is null || !authorization.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase))
            return false;
        Span<byte> given = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes(authorization[Scheme.Length..].Trim()), given);
        var allowed = false;
        foreach (var hash in hashes)
            allowed |= CryptographicOperations.FixedTimeEquals(hash, given);
        return allowed;
    }

    static byte[] Read(string hash, string section)
    {
        try
        {
            var bytes = Convert.FromHexString(hash);
            if (bytes.Length == SHA256.HashSizeInBytes)
                return bytes;
        }
        catch (FormatException)
        {
            // Said below.
        }

        throw new FormatException(
            $"{section}:Security:ApiKeys takes SHA-256 hashes of 64 hexadecimal digits, separated by commas; one of its values is not one. "
            + "'ingest key' makes a key and its hash.");
    }
}
