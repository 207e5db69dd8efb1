using System.Buffers;
using System.Text;

namespace Ingest.Service.Run.Parquet;

/// <summary>Thrift's compact protocol, as far as the metadata of a Parquet file needs it. The fields of a struct are written in ascending order.</summary>
sealed class ThriftWriter(IBufferWriter<byte> output)
{
    const int True = 1, Int32 = 5, Int64 = 6, Binary = 8, List = 9, Structure = 12;

    /// <summary>The number of the field before, in the struct that is being written.</summary>
    int last;

    public void Int(int field, int value)
    {
        Header(field, Int32);
        Signed(value);
    }

    public void Long(int field, long value)
    {
        Header(field, Int64);
        Signed(value);
    }

    public void Text(int field, string value)
    {
        Header(field, Binary);
        Text(value);
    }

    public void Yes(int field) => Header(field, True);

    public void Struct(int field, Action body)
    {
        Header(field, Structure);
        Struct(body);
    }

    /// <summary>A struct by itself, or one of a list.</summary>
    public void Struct(Action body)
    {
        var outer = last;
        last = 0;
        body();
        Byte(0);
        last = outer;
    }

    public void Structs<T>(int field, IReadOnlyCollection<T> values, Action<T> body) =>
        Values(field, Structure, values, value => Struct(() => body(value)));

    public void Ints(int field, IReadOnlyCollection<int> values) => Values(field, Int32, values, value => Signed(value));

    public void Texts(int field, IReadOnlyCollection<string> values) => Values(field, Binary, values, Text);

    void Values<T>(int field, int type, IReadOnlyCollection<T> values, Action<T> write)
    {
        Header(field, List);
        if (values.Count < 15)
            Byte((values.Count << 4) | type);
        else
        {
            Byte(0xf0 | type);
            Unsigned(output, (ulong)values.Count);
        }

        foreach (var value in values)
            write(value);
    }

    /// <summary>The step from the field before has four bits: no struct of Parquet's that is written here leaves out more.</summary>
    void Header(int field, int type)
    {
        Byte(checked((byte)((field - last) << 4)) | type);
        last = field;
    }

    void Text(string value)
    {
        Unsigned(output, (ulong)Encoding.UTF8.GetByteCount(value));
        Encoding.UTF8.GetBytes(value, output);
    }

    void Signed(long value) => Unsigned(output, (ulong)((value << 1) ^ (value >> 63)));

    void Byte(int value) => output.Write<byte>([(byte)value]);

    /// <summary>Seven bits a byte, the lowest first.</summary>
    public static void Unsigned(IBufferWriter<byte> output, ulong value)
    {
        for (; value >= 0x80; value >>= 7)
            output.Write<byte>([(byte)(value | 0x80)]);
        output.Write<byte>([(byte)value]);
    }
}
