using System.Buffers;
using System.Buffers.Binary;
using System.Reflection;

namespace Ingest.Service.Run.Parquet;

/// <summary>
/// A Parquet file of rows, written from its beginning to its end as they come. A row group is written when it is full, so that a file of any
/// length takes the memory of one.
/// </summary>
/// <remarks>
/// The smallest form that all readers know: a column of a row group is one page, plainly encoded, compressed with gzip. Without statistics,
/// as the bounds of a column of texts would be whole articles. Parquet.Net was tried: it writes such bounds four times a page, and by the order
/// of UTF-16, so that DuckDB does not find a row by a text with an emoji.
/// </remarks>
sealed class ParquetFile<T>
{
    /// <summary>Numbers of the format.</summary>
    const int Required = 0, Optional = 1, Repeated = 2, Gzip = 2;

    static readonly byte[] Magic = "PAR1"u8.ToArray();

    readonly Stream output;
    readonly long groupBytes;
    readonly List<SchemaElement> schema = [];
    readonly List<Column> columns = [];
    readonly Fields<T> fields;
    readonly List<RowGroup> groups = [];
    long position;
    int rows;

    /// <param name="output">Stays the caller's. It need not be seekable.</param>
    /// <param name="groupBytes">A row group is written once it has this many bytes, before they are compressed.</param>
    /// <param name="fields">Says what a row has.</param>
    public ParquetFile(Stream output, long groupBytes, Action<Fields<T>> fields)
    {
        (this.output, this.groupBytes) = (output, groupBytes);
        this.fields = new Fields<T>(schema, columns);
        fields(this.fields);
        Write(Magic);
    }

    public void Add(T row)
    {
        fields.Add(row, 0);
        rows++;
        if (columns.Sum(c => (long)c.Bytes) >= groupBytes)
            WriteGroup();
    }

    /// <summary>Writes the rows that are left, and the footer.</summary>
    public void Finish()
    {
        if (rows > 0)
            WriteGroup();
        var footer = new ArrayBufferWriter<byte>();
        WriteFooter(new ThriftWriter(footer));
        Write(footer.WrittenSpan);
        Span<byte> length = stackalloc byte[sizeof(int)];
        BinaryPrimitives.WriteInt32LittleEndian(length, footer.WrittenCount);
        Write(length);
        Write(Magic);
        output.Flush();
    }

    void WriteGroup()
    {
        var pages = new Page[columns.Count];
        Parallel.For(0, pages.Length, i => pages[i] = columns[i].TakePage());
        var chunks = new Chunk[pages.Length];
        for (var i = 0; i < pages.Length; i++)
        {
            chunks[i] = new Chunk(columns[i], position, pages[i].Size, pages[i].SizeInFile, pages[i].Values);
            Write(pages[i].Header.Span);
            Write(pages[i].Content.Span);
        }

        groups.Add(new RowGroup(chunks, rows));
        rows = 0;
    }

    void Write(ReadOnlySpan<byte> bytes)
    {
        output.Write(bytes);
        position += bytes.Length;
    }

    void WriteFooter(ThriftWriter thrift) => thrift.Struct(() =>
    {
        thrift.Int(1, 1);
        thrift.Structs(2, schema, element => Describe(thrift, element));
        thrift.Long(3, groups.Sum(g => (long)g.Rows));
        thrift.Structs(4, groups, group =>
        {
            thrift.Structs(1, group.Chunks, chunk => Describe(thrift, chunk));
            thrift.Long(2, group.Chunks.Sum(c => c.Size));
            thrift.Long(3, group.Rows);
        });
        thrift.Text(6, $"ingest version {Assembly.GetExecutingAssembly().GetName().Version!.ToString(3)}");
    });

    void Describe(ThriftWriter thrift, SchemaElement element)
    {
        if (element.Type is { } physical)
            thrift.Int(1, Physical(physical));
        // The root alone has no repetition.
        if (element != schema[0])
            thrift.Int(3, element.Repeats ? Repeated : element.Type is null ? Required : Optional);
        thrift.Text(4, element.Name);
        if (element.Type is null)
            thrift.Int(5, element.Children);
        // The meaning of a value twice: older readers know the number only.
        if (element.IsList)
            Means(3, 3, () => { });
        switch (element.Type)
        {
            case ColumnType.Text:
                Means(0, 1, () => { });
                break;
            case ColumnType.Day:
                Means(6, 6, () => { });
                break;
            case ColumnType.Moment:
                Means(10, 8, () =>
                {
                    thrift.Yes(1);
                    thrift.Struct(2, () => thrift.Struct(2, () => { }));
                });
                break;
        }

        void Means(int converted, int logical, Action body)
        {
            thrift.Int(6, converted);
            thrift.Struct(10, () => thrift.Struct(logical, body));
        }
    }

    static void Describe(ThriftWriter thrift, Chunk chunk)
    {
        thrift.Long(2, chunk.Position);
        thrift.Struct(3, () =>
        {
            thrift.Int(1, Physical(chunk.Column.Type));
            thrift.Ints(2, Column.Encodings);
            thrift.Texts(3, chunk.Column.Path);
            thrift.Int(4, Gzip);
            thrift.Long(5, chunk.Values);
            thrift.Long(6, chunk.Size);
            thrift.Long(7, chunk.SizeInFile);
            thrift.Long(9, chunk.Position);
        });
    }

    static int Physical(ColumnType type) => type switch
    {
        ColumnType.Flag => 0,
        ColumnType.Int or ColumnType.Day => 1,
        ColumnType.Moment => 2,
        ColumnType.Double => 5,
        _ => 6,
    };

    sealed record RowGroup(IReadOnlyList<Chunk> Chunks, int Rows);

    sealed record Chunk(Column Column, long Position, long Size, long SizeInFile, int Values);
}
