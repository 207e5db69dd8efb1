using System.Buffers;
using System.Buffers.Binary;
using System.IO.Compression;
using System.Runtime.InteropServices;
using System.Text;

namespace Ingest.Service.Run.Parquet;

/// <summary>What the values of a column are.</summary>
enum ColumnType
{
    /// <summary>A <see cref="string"/>.</summary>
    Text,

    /// <summary>An <see cref="int"/>.</summary>
    Int,

    /// <summary>A <see cref="double"/>.</summary>
    Double,

    /// <summary>A <see cref="bool"/>.</summary>
    Flag,

    /// <summary>A <see cref="DateTimeOffset"/>: microseconds in UTC.</summary>
    Moment,

    /// <summary>A <see cref="DateOnly"/>.</summary>
    Day,
}

/// <summary>A page as it stands in the file.</summary>
/// <param name="Size">Of header and content before the content was compressed.</param>
/// <param name="Values">Nulls count.</param>
sealed record Page(ReadOnlyMemory<byte> Header, ReadOnlyMemory<byte> Content, long Size, int Values)
{
    public long SizeInFile => Header.Length + Content.Length;
}

/// <summary>
/// The values of a column, encoded as they come, since the row group before. A value may always be null. Levels are Dremel's: the
/// repetition says which list goes on, the definition how much of the path to the value is there.
/// </summary>
/// <param name="path">The names from the root to the value.</param>
/// <param name="definition">The definition level of what the value is in.</param>
sealed class Column(IReadOnlyList<string> path, ColumnType type, int repetition, int definition)
{
    /// <summary>Numbers of the format.</summary>
    const int DataPage = 0, Plain = 0, Rle = 3;

    readonly ArrayBufferWriter<byte> values = new();
    readonly Levels repetitions = new(repetition), definitions = new(definition + 1);
    int count, flags;

    public IReadOnlyList<string> Path => path;

    public ColumnType Type => type;

    public int Bytes => values.WrittenCount + repetitions.Bytes + definitions.Bytes;

    public static IReadOnlyList<int> Encodings { get; } = [Plain, Rle];

    /// <param name="value">What the type says, or null.</param>
    /// <param name="from">The level of the list that goes on with it; 0 where a row begins.</param>
    public void Add(object? value, int from)
    {
        AddLevels(from, value is null ? definition : definition + 1);
        switch (value)
        {
            case null:
                break;
            case string text:
                var size = Encoding.UTF8.GetByteCount(text);
                BinaryPrimitives.WriteInt32LittleEndian(values.GetSpan(sizeof(int)), size);
                values.Advance(sizeof(int));
                Encoding.UTF8.GetBytes(text, values);
                break;
            case int number:
                BinaryPrimitives.WriteInt32LittleEndian(values.GetSpan(sizeof(int)), number);
                values.Advance(sizeof(int));
                break;
            case double number:
                BinaryPrimitives.WriteDoubleLittleEndian(values.GetSpan(sizeof(double)), number);
                values.Advance(sizeof(double));
                break;
            case DateTimeOffset moment:
                BinaryPrimitives.WriteInt64LittleEndian(values.GetSpan(sizeof(long)), (moment.UtcTicks - DateTime.UnixEpoch.Ticks) / TimeSpan.TicksPerMicrosecond);
                values.Advance(sizeof(long));
                break;
            case DateOnly day:
                BinaryPrimitives.WriteInt32LittleEndian(values.GetSpan(sizeof(int)), day.DayNumber - DateOnly.FromDateTime(DateTime.UnixEpoch).DayNumber);
                values.Advance(sizeof(int));
                break;
            case bool flag:
                Add(flag);
                break;
            default:
                throw new ArgumentException($"{value.GetType()} is no type of a column.", nameof(value));
        }
    }

    /// <summary>Alone they say that there is no value: it is null, or a list around it is empty.</summary>
    public void AddLevels(int from, int defined)
    {
        repetitions.Add(from);
        definitions.Add(defined);
        count++;
    }

    /// <summary>All values so far as a page; the column is empty then.</summary>
    public Page TakePage()
    {
        var content = new MemoryStream();
        var size = 0;
        using (var packed = new GZipStream(content, CompressionLevel.Fastest, leaveOpen: true))
        {
            Span<byte> length = stackalloc byte[sizeof(int)];
            foreach (var levels in (Levels[])[repetitions, definitions])
            {
                if (!levels.IsNeeded)
                    continue;
                var runs = levels.Written();
                BinaryPrimitives.WriteInt32LittleEndian(length, runs.Length);
                packed.Write(length);
                packed.Write(runs.Span);
                size = checked(size + length.Length + runs.Length);
                levels.Clear();
            }

            packed.Write(values.WrittenSpan);
            size = checked(size + values.WrittenCount);
        }

        var header = new ArrayBufferWriter<byte>();
        var thrift = new ThriftWriter(header);
        thrift.Struct(() =>
        {
            thrift.Int(1, DataPage);
            thrift.Int(2, size);
            thrift.Int(3, (int)content.Length);
            thrift.Struct(5, () =>
            {
                thrift.Int(1, count);
                thrift.Int(2, Plain);
                thrift.Int(3, Rle);
                thrift.Int(4, Rle);
            });
        });
        var page = new Page(header.WrittenMemory, content.GetBuffer().AsMemory(0, (int)content.Length), header.WrittenCount + size, count);
        values.ResetWrittenCount();
        (count, flags) = (0, 0);
        return page;
    }

    /// <summary>A bit each, the lowest first.</summary>
    void Add(bool flag)
    {
        if (flags % 8 == 0)
            values.Write<byte>([0]);
        if (flag)
            MemoryMarshal.AsMemory(values.WrittenMemory).Span[^1] |= (byte)(1 << (flags % 8));
        flags++;
    }
}
