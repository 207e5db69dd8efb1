using System.Buffers;
using System.Security.Cryptography;
using System.Text;
using Ingest.Core.Articles;

namespace Ingest.Service.Accept;

/// <summary>Name-based UUIDs (RFC 9562, version 5): the same name gives the same one, everywhere and for ever.</summary>
static class NamedId
{
    public static Guid Of(Guid space, string name)
    {
        var bytes = ArrayPool<byte>.Shared.Rent(16 + Encoding.UTF8.GetMaxByteCount(name.Length));
        space.TryWriteBytes(bytes, bigEndian: true, out _);
        var length = 16 + Encoding.UTF8.GetBytes(name, bytes.AsSpan(16));
        Span<byte> hash = stackalloc byte[SHA1.HashSizeInBytes];
#pragma warning disable CA5350 // Version 5 of the standard is made with SHA-1; nothing is kept safe by it.
        SHA1.HashData(bytes.AsSpan(0, length), hash);
#pragma warning restore CA5350
        ArrayPool<byte>.Shared.Return(bytes);
        hash[6] = (byte)((hash[6] & 0x0F) | 0x50);
        hash[8] = (byte)((hash[8] & 0x3F) | 0x80);
        return new Guid(hash[..16], bigEndian: true);
    }
}

/// <summary>The ids of articles: which submissions are one and the same.</summary>
static class ArticleIds
{
    static readonly Guid Space = new("0d3c7a52-9a1e-5c0b-8a77-3c2f5b1e9d40"), Events = new("5b8e2f11-64d3-5e9a-b1c8-7f0a4d2c6e35");

    /// <summary>
    /// The same submitter's id with the same content is the same article; with other content it is another. When it was received does not count.
    /// </summary>
    /// <param name="metadata">The record's other fields as stored, without the time of receipt.</param>
    /// <param name="delivery">
    /// What tells two articles without an id apart although they read alike: an idempotency key or a message id with the place in the message. Null where nothing
    /// does: then alike is the same.
    /// </param>
    public static Guid Of(RawArticle article, string? metadata, string? delivery)
    {
        // With its length before each part, so that no two submissions have one name by chance or by intent.
        var told = article.Id.Length > 0 ? $"id {article.Id.Length}:{article.Id}" : $"delivery {delivery?.Length}:{delivery}";
        return NamedId.Of(Space, $"{told} {metadata?.Length}:{metadata} {article.Text}");
    }

    /// <summary>The id of the event about an article's decision, of which there is one.</summary>
    public static Guid EventOf(Guid article) => NamedId.Of(Events, article.ToString("N"));
}
