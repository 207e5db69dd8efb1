using System.Buffers;
using System.Security.Cryptography;
using System.Text;

namespace Ingest.Core.Articles;

/// <summary>Name-based UUIDs (RFC 9562, version 5): the same name gives the same one, everywhere and for ever.</summary>
public static class NamedId
{
    /// <param name="rest">
    /// How the name goes on: a long text need not be copied behind its beginning. No surrogate pair may be parted between them.
    /// </param>
    public static Guid Of(Guid space, string name, string rest = "")
    {
        var bytes = ArrayPool<byte>.Shared.Rent(16 + Encoding.UTF8.GetMaxByteCount(name.Length) + Encoding.UTF8.GetMaxByteCount(rest.Length));
        space.TryWriteBytes(bytes, bigEndian: true, out _);
        var length = 16 + Encoding.UTF8.GetBytes(name, bytes.AsSpan(16));
        length += Encoding.UTF8.GetBytes(rest, bytes.AsSpan(length));
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

/// <summary>
/// The ids of articles: which submissions are one and the same. An article has one id for ever, whichever command or process takes it in;
/// its story has the id of the story's first article.
/// </summary>
public static class ArticleIds
{
    /// <summary>The collection of an article that names none.</summary>
    public const string DefaultCollection = "default";

    static readonly Guid Space = new("0d3c7a52-9a1e-5c0b-8a77-3c2f5b1e9d40"), Events = new("5b8e2f11-64d3-5e9a-b1c8-7f0a4d2c6e35");

    /// <summary>
    /// The same submitter's id with the same content in the same collection is the same article; with other content it is another. When it was received does not count, nor in
    /// which encoding it came: who reads an article and sends on what was read sends the same one.
    /// </summary>
    /// <param name="raw">What was sent; counts only where nothing could be read of it.</param>
    /// <param name="delivery">
    /// What tells two articles without an id apart although they read alike: an idempotency key or a message id with the place in the
    /// message. Null where nothing does: then alike is the same.
    /// </param>
    public static Guid Of(string collection, RawArticle raw, ReadArticle read, string? delivery)
    {
        // With its length before each part, so that no two submissions have one name by chance or by intent.
        var told = read.Id.Length > 0 ? $"id {read.Id.Length}:{read.Id}" : $"delivery {delivery?.Length}:{delivery}";
        var (known, text) = read.Article is { } article ? ((article.Metadata with { Received = null }).ToJson(), article.Text) : (null, Encoding.UTF8.GetString(raw.Content.Span));
        return NamedId.Of(SpaceOf(collection), $"{told} {known?.Length}:{known} ", text);
    }

    /// <summary>The id of the event about an article's decision, of which there is one.</summary>
    public static Guid EventOf(Guid article) => NamedId.Of(Events, article.ToString("N"));

    /// <summary>Each collection is a name space of its own.</summary>
    static Guid SpaceOf(string collection) => collection == DefaultCollection ? Space : NamedId.Of(Space, collection);
}
