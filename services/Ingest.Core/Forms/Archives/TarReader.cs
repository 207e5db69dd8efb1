using System.Text;
using Ingest.Core.Articles;

namespace Ingest.Core.Forms.Archives;

/// <summary>
/// A tar archive (ustar, pax, GNU and what came before): each of its members is a file of its own. Read by hand, as .NET's own reader takes
/// memory for what a header declares before it has seen it.
/// </summary>
internal static class TarReader
{
    const string Form = "a tar archive";
    const int Block = 512;

    /// <summary>Bytes of a member's long name and what else is said of it.</summary>
    const int MostSaid = 1 << 16;

    public static bool Recognises(InputStart start) =>
        start.Beginning.Length >= Block && HasChecksum(start.Beginning.Span[..Block]);

    public static IEnumerable<RawArticle> Read(Stream content, RawArticle file, InputLimits limits, MemberReader inside) =>
        limits.MaxDepth <= 0 ? [Unpacking.TooDeep(file, Form)] : Unpacking.Guarded(file, Form, Members(content, file, limits, inside));

    static IEnumerable<RawArticle> Members(Stream content, RawArticle file, InputLimits limits, MemberReader inside)
    {
        var header = new byte[Block];
        string? longName = null;
        for (var number = 1; content.ReadAtLeast(header, Block, throwOnEndOfStream: false) is > 0 and var read;)
        {
            if (read < Block)
                throw new InvalidDataException("it was cut off.");
            // Two blocks of zeros are its end; what stands behind it is padding.
            if (!header.AsSpan().ContainsAnyExcept((byte)0))
                yield break;
            if (!HasChecksum(header) || Number(header.AsSpan(124, 12)) is not { } size)
                throw new InvalidDataException($"the header of its file {number} is damaged.");
            using var part = new PartStream(content, size);
            switch ((char)header[156])
            {
                case 'L':
                    longName = Text(Said(part));
                    break;
                case 'x':
                    longName = PaxPath(Said(part)) ?? longName;
                    break;
                case '0' or '7' or '\0':
                    var member = Member.Of(file, longName ?? Name(header), number++);
                    longName = null;
                    foreach (var article in Unpacking.Guarded(member, Form, inside(part, member, limits with { MaxDepth = limits.MaxDepth - 1 })))
                        yield return article;
                    break;
                default:
                    // A folder, a link, a device: there is nothing in it.
                    longName = null;
                    break;
            }

            Skip(content, part.Left + (Block - size % Block) % Block);
        }
    }

    static byte[] Said(PartStream part) =>
        BoundedReader.TryReadAll(part, MostSaid, out var bytes) ? bytes : throw new InvalidDataException("the name of a file is too long.");

    static void Skip(Stream content, long count)
    {
        var buffer = new byte[(int)Math.Min(count, 1 << 16)];
        while (count > 0)
        {
            var read = content.Read(buffer, 0, (int)Math.Min(count, buffer.Length));
            if (read == 0)
                throw new EndOfStreamException("it was cut off.");
            count -= read;
        }
    }

    static string Name(ReadOnlySpan<byte> header)
    {
        var name = Text(header[..100]);
        // GNU has times where the standard has the rest of a path.
        var prefix = header.Slice(257, 6).SequenceEqual("ustar\0"u8) ? Text(header.Slice(345, 155)) : "";
        return prefix.Length > 0 ? $"{prefix}/{name}" : name;
    }

    /// <summary>The path of <c>LENGTH path=VALUE</c>, one of several lines.</summary>
    static string? PaxPath(ReadOnlySpan<byte> said)
    {
        while (said.IndexOf((byte)' ') is > 0 and var space
            && int.TryParse(said[..space], out var length) && length > space && length <= said.Length)
        {
            var line = said[(space + 1)..length];
            if (line.StartsWith("path="u8))
                return Text(line[5..].TrimEnd((byte)'\n'));
            said = said[length..];
        }

        return null;
    }

    static string Text(ReadOnlySpan<byte> field) => Encoding.UTF8.GetString(field.IndexOf((byte)0) is >= 0 and var end ? field[..end] : field);

    static bool HasChecksum(ReadOnlySpan<byte> header)
    {
        var sum = 8 * ' ';
        for (var i = 0; i < Block; i++)
            sum += i is >= 148 and < 156 ? 0 : header[i];
        return Number(header.Slice(148, 8)) == sum;
    }

    /// <summary>In octal digits, or with its first bit set in bytes; null for neither.</summary>
    static long? Number(ReadOnlySpan<byte> field)
    {
        long number = 0;
        if (field[0] == 0x80)
        {
            foreach (var b in field[^8..])
                number = number << 8 | b;
            return number >= 0 ? number : null;
        }

        field = field.Trim(" \0"u8);
        foreach (var b in field)
        {
            if (b is < (byte)'0' or > (byte)'7')
                return null;
            number = number << 3 | (uint)(b - '0');
        }

        return field.IsEmpty ? null : number;
    }
}
