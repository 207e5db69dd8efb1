using System.Buffers;
using System.Buffers.Binary;
using System.Text;
using System.Text.Unicode;
using Ingest.Core.Articles;

namespace Ingest.Ledger.Articles;

/// <summary>
/// Reads numbers, places and texts, and trusts none: whatever the bytes are, it ends in a value or a <see cref="StoredResultException"/>.
/// </summary>
ref struct StoredReader(ReadOnlySpan<byte> bytes, string text)
{
    readonly ReadOnlySpan<byte> bytes = bytes;
    int at;
    long mayPlace = StoredResult.MostPlaced(text);

    public readonly bool AtEnd => at == bytes.Length;

    public int Byte() => at < bytes.Length ? bytes[at++] : throw Fault("is cut off");

    public long Number()
    {
        // Nearly all are of one byte.
        if (at < bytes.Length && bytes[at] < 0x80)
            return bytes[at++];
        ulong value = 0;
        for (var shift = 0; shift < 63; shift += 7)
        {
            var next = Byte();
            value |= (ulong)(next & 0x7f) << shift;
            if (next < 0x80)
                return (long)value;
        }

        throw Fault("has a number without end");
    }

    public long Signed()
    {
        var value = (ulong)Number();
        return (long)(value >> 1) ^ -(long)(value & 1);
    }

    /// <summary>A number of items, each of at least <paramref name="bytesEach"/> bytes: no more than the blob can hold.</summary>
    public int Count(int bytesEach)
    {
        var count = Number();
        return count <= (bytes.Length - at) / bytesEach ? (int)count : throw Fault($"promises {count} items, more than it can hold");
    }

    /// <summary>A span that begins a signed number behind <paramref name="lastEnd"/>.</summary>
    public Span Span(ref int lastEnd)
    {
        var start = Signed();
        return Inside(start, Number(), ref lastEnd);
    }

    /// <summary>Null where it is absent.</summary>
    public string? Text(ref int lastEnd)
    {
        var head = Number();
        var length = head >> 3;
        switch ((TextForm)(head & 7))
        {
            case TextForm.Absent when length == 0:
                return null;
            case TextForm.Place:
                return Placed(TextForm.Place, Inside(Signed(), length, ref lastEnd));
            case TextForm.Mended:
                return Placed(TextForm.Mended, Inside(Signed(), length, ref lastEnd));
            case TextForm.Utf8:
                var utf8 = Bytes(length);
                return Utf8.IsValid(utf8) ? Encoding.UTF8.GetString(utf8) : throw Fault("has a text that is not UTF-8");
            case TextForm.Utf16:
                var utf16 = Bytes(length > int.MaxValue ? length : length * 2);
                return string.Create((int)length, utf16, static (chars, from) =>
                {
                    for (var i = 0; i < chars.Length; i++)
                        chars[i] = (char)BinaryPrimitives.ReadUInt16LittleEndian(from[(2 * i)..]);
                });
            default:
                throw Fault($"has a text of unknown form {head & 7}");
        }
    }

    public string Required(ref int lastEnd) => Text(ref lastEnd) ?? throw Fault("lacks a text");

    /// <summary>True, with the score, where the head of <see cref="TextForm.Reasons"/> stands here; else nothing is read.</summary>
    public bool IsReasons(out int percent)
    {
        var before = at;
        var head = Number();
        percent = (int)Math.Min(head >> 3, 1000);
        if ((TextForm)(head & 7) != TextForm.Reasons)
            at = before;
        else if (percent > 999)
            throw Fault("has a score above 9.99");
        return at != before;
    }

    /// <summary>A text in full.</summary>
    public string Literal()
    {
        var before = at;
        SkipLiteral();
        at = before;
        var none = 0;
        return Required(ref none);
    }

    /// <summary>Passes over a literal.</summary>
    public void SkipLiteral()
    {
        var head = Number();
        if ((TextForm)(head & 7) is not (TextForm.Utf8 or TextForm.Utf16) and var form)
            throw Fault($"has a text of form {(int)form} where one in full is expected");
        Bytes((head & 7) == (int)TextForm.Utf16 && head >> 3 <= int.MaxValue ? head >> 3 << 1 : head >> 3);
    }

    public string Placed(TextForm form, Span span)
    {
        Take(span.Length);
        var raw = text.AsSpan(span.Start, span.Length);
        if (form == TextForm.Place)
            return span.Length == text.Length ? text : raw.ToString();
        var built = ArrayPool<char>.Shared.Rent(raw.Length);
        var mended = built.AsSpan(0, Mending.Mend(raw, built)).ToString();
        ArrayPool<char>.Shared.Return(built);
        return mended;
    }

    /// <summary>Counts characters that a place makes.</summary>
    public void Take(int characters)
    {
        mayPlace -= characters;
        if (mayPlace < 0)
            throw Fault("repeats the text many times over");
    }

    /// <summary>A member of one of <see cref="StoredNumbers"/>' lists.</summary>
    public T Member<T>(ReadOnlySpan<T> members)
    {
        var number = Byte();
        return number < members.Length ? members[number] : throw Fault($"has {typeof(T).Name} {number}, which this program does not know");
    }

    readonly Span Inside(long ahead, long length, ref int lastEnd)
    {
        if (length > text.Length || ahead < -lastEnd || ahead > text.Length - length - lastEnd)
            throw Fault($"refers to {length} characters {ahead} after {lastEnd}, outside the text of {text.Length}");
        var span = new Span((int)(lastEnd + ahead), (int)length);
        lastEnd = span.End;
        return span;
    }

    ReadOnlySpan<byte> Bytes(long count)
    {
        if (count > bytes.Length - at)
            throw Fault($"is cut off: a text of {count} bytes is expected");
        at += (int)count;
        return bytes.Slice(at - (int)count, (int)count);
    }

    public readonly StoredResultException Fault(string what) => new($"The stored result {what}, before byte {at} of {bytes.Length}. The ledger's row is damaged, or belongs to another text.");
}
