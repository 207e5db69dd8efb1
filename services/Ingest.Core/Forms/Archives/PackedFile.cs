using Ingest.Core.Articles;

namespace Ingest.Core.Forms.Archives;

/// <summary>One file that was packed: it is what is in it, with the same id.</summary>
/// <param name="form">In messages: "a gzip file".</param>
/// <param name="unpack">Of a stream; what it throws is the caller's, as it says of the file that what came before is good.</param>
/// <param name="unpackedName">The name of what is in a file, by the file's.</param>
internal sealed class PackedFile(string form, Func<Stream, InputLimits, Stream> unpack, Func<string, string> unpackedName)
{
    public IEnumerable<RawArticle> Read(Stream content, RawArticle file, InputLimits limits, MemberReader inside)
    {
        if (limits.MaxDepth <= 0)
        {
            yield return Unpacking.TooDeep(file, form);
            yield break;
        }

        var counted = new CountedStream(content);
        using var unpacked = new UnpackedStream(unpack(counted, limits), () => counted.Total, limits, Unpacking.Of(content, limits));
        var member = file with { Name = unpackedName(file.Name) };
        using var each = inside(unpacked, member, limits with { MaxDepth = limits.MaxDepth - 1 }).GetEnumerator();
        while (true)
        {
            string? bomb = null;
            try
            {
                if (!each.MoveNext())
                    yield break;
            }
            catch (PackedTooTightlyException e)
            {
                bomb = e.Message;
            }

            if (bomb is not null)
            {
                yield return file with { Refused = Rejection.Unreadable(form, bomb) };
                yield break;
            }

            // A table calls it as its file is called.
            var article = each.Current;
            yield return article.Name.StartsWith(member.Name, StringComparison.Ordinal)
                ? article with { Name = file.Name + article.Name[member.Name.Length..] }
                : article;
        }
    }

    sealed class CountedStream(Stream inner) : ReadOnlyStream
    {
        public long Total { get; private set; }

        public override int Read(Span<byte> buffer)
        {
            var read = inner.Read(buffer);
            Total += read;
            return read;
        }
    }
}
