using ICSharpCode.SharpZipLib;
using Ingest.Core.Articles;

namespace Ingest.Core.Forms.Archives;

/// <summary>Reads what stands in an archive, whatever it is.</summary>
/// <param name="content">Its bytes, unpacked.</param>
/// <param name="file">Its id and its name.</param>
/// <param name="limits">With one depth less than the archive's own.</param>
internal delegate IEnumerable<RawArticle> MemberReader(Stream content, RawArticle file, InputLimits limits);

/// <summary>
/// What may still be unpacked of a file: one sum for all that it holds, also for archives inside it, which would multiply their limits else.
/// </summary>
internal sealed class Unpacking
{
    readonly long most;
    long left;

    Unpacking(long most) => this.most = left = most;

    /// <summary>That of the file that the content was unpacked from; a new one where nothing was unpacked yet.</summary>
    public static Unpacking Of(Stream content, InputLimits limits) => content switch
    {
        BegunStream begun => Of(begun.Inner, limits),
        UnpackedStream unpacked => unpacked.Unpacking,
        PartStream part => Of(part.Inner, limits),
        _ => new Unpacking(limits.MaxUnpacked),
    };

    /// <exception cref="PackedTooTightlyException">It is too much.</exception>
    public void Count(int bytes)
    {
        if ((left -= bytes) < 0)
            throw new PackedTooTightlyException($"all that is packed in the file has more than {most} bytes, which is the limit.");
    }

    /// <summary>The articles of a member; what is damaged in it, or unpacks to too much, is one that is refused, and ends it.</summary>
    public static IEnumerable<RawArticle> Guarded(RawArticle member, string form, IEnumerable<RawArticle> articles)
    {
        using var each = articles.GetEnumerator();
        while (true)
        {
            string? fault = null;
            try
            {
                if (!each.MoveNext())
                    yield break;
            }
            // What the file's own stream throws, such as a failing disk, is the caller's.
            catch (Exception e) when (e is InvalidDataException or EndOfStreamException or SharpZipBaseException or PackedTooTightlyException)
            {
                fault = e.Message;
            }

            yield return fault is null ? each.Current : member with { Refused = Rejection.Unreadable(form, fault) };
            if (fault is not null)
                yield break;
        }
    }

    public static RawArticle TooDeep(RawArticle file, string form) =>
        file with { Refused = Rejection.Unreadable(form, "it stands in too many archives, one inside another. Unpack it, and send what is in it.") };
}

/// <summary>A few bytes that stand for very many.</summary>
internal sealed class PackedTooTightlyException(string message) : IOException(message);

/// <summary>What is unpacked, counted as it is read.</summary>
/// <param name="packed">The packed bytes of it, or those that were read so far.</param>
/// <param name="checksum">CRC-32 of all of it; null where whoever unpacks it looks at it.</param>
internal sealed class UnpackedStream(Stream inner, Func<long> packed, InputLimits limits, Unpacking unpacking, uint? checksum = null) : ReadOnlyStream
{
    readonly ICSharpCode.SharpZipLib.Checksum.Crc32 crc = new();
    long total;

    public Unpacking Unpacking => unpacking;

    public override int Read(Span<byte> buffer)
    {
        var read = inner.Read(buffer);
        total += read;
        if (total - InputLimits.WithoutRatio > packed() * limits.MaxRatio)
            throw new PackedTooTightlyException($"it unpacks to more than {limits.MaxRatio} times its size, which is the limit.");
        unpacking.Count(read);
        if (checksum is { } declared)
        {
            crc.Update(new ArraySegment<byte>(buffer[..read].ToArray()));
            if (read == 0 && buffer.Length > 0 && crc.Value != declared)
                throw new InvalidDataException("its checksum is another than the archive states: it is damaged.");
        }

        return read;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            inner.Dispose();
        base.Dispose(disposing);
    }
}

/// <summary>The next bytes of a stream, which stays open.</summary>
internal sealed class PartStream(Stream inner, long length) : ReadOnlyStream
{
    public Stream Inner => inner;

    /// <summary>Bytes that were not read.</summary>
    public long Left { get; private set; } = length;

    public override int Read(Span<byte> buffer)
    {
        var wanted = (int)Math.Min(buffer.Length, Left);
        if (wanted == 0)
            return 0;
        var read = inner.Read(buffer[..wanted]);
        if (read == 0)
            throw new EndOfStreamException("it ends before its length.");
        Left -= read;
        return read;
    }
}
