using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text.Unicode;

namespace Ingest.Ledger.Articles;

/// <summary>Bytes of a blob, gathered in a buffer that is used again.</summary>
sealed class ByteWriter
{
    /// <summary>A larger buffer is given back after its article.</summary>
    const int Kept = 1 << 20;

    byte[] bytes = new byte[4096];
    int length;

    public void Byte(int value)
    {
        if (length == bytes.Length)
            Grow(1);
        bytes[length++] = (byte)value;
    }

    public void Number(long value)
    {
        if (bytes.Length - length < 10)
            Grow(10);
        var rest = (ulong)value;
        for (; rest >= 0x80; rest >>= 7)
            bytes[length++] = (byte)(rest | 0x80);
        bytes[length++] = (byte)rest;
    }

    public void Signed(long value) => Number(value << 1 ^ value >> 63);

    public void Literal(string text)
    {
        // The head comes before the bytes whose number it holds: behind room for the longest head, then moved.
        const int Room = 10;
        Reserve(Room + text.Length * 3L);
        var start = length + Room;
        if (Utf8.FromUtf16(text, bytes.AsSpan(start), out _, out var written, replaceInvalidSequences: false)
            == System.Buffers.OperationStatus.Done)
        {
            Number(((long)written << 3) + (int)TextForm.Utf8);
            bytes.AsSpan(start, written).CopyTo(bytes.AsSpan(length));
            length += written;
            return;
        }

        Number(((long)text.Length << 3) + (int)TextForm.Utf16);
        if (BitConverter.IsLittleEndian)
            MemoryMarshal.AsBytes(text.AsSpan()).CopyTo(bytes.AsSpan(length));
        else
            for (var i = 0; i < text.Length; i++)
                BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(length + 2 * i), text[i]);
        length += 2 * text.Length;
    }

    /// <summary>All bytes since the last call.</summary>
    public byte[] Taken()
    {
        var taken = bytes.AsSpan(0, length).ToArray();
        length = 0;
        if (bytes.Length > Kept)
            bytes = new byte[4096];
        return taken;
    }

    void Reserve(long count)
    {
        if (bytes.Length - length < count)
            Grow(count);
    }

    void Grow(long count) => Array.Resize(ref bytes, (int)Math.Min(Array.MaxLength, Math.Max(2L * bytes.Length, length + count)));
}
