using System.IO.Compression;
using Parquet;
using Parquet.Schema;

namespace Ingest.Service.Run;

/// <summary>
/// A Parquet file of rows, written from its beginning to its end as they come. A row group is written when it is full, so that a file of any
/// length takes the memory of one.
/// </summary>
/// <remarks>
/// Parquet.Net 6.1 puts bounds beside each column by which readers skip row groups, and cannot be told not to. Some are wrong: texts are ordered by
/// UTF-16 (and copied whole, however long), microseconds are given as milliseconds, and numbers of which there are none lie from 0 to 0. But the
/// bounds are by the type of the values that it is handed, and only their meaning is by the schema of the file. So it is handed texts as
/// bytes, which have no bounds, moments as the numbers that the file has, and none at all as no bytes.
/// </remarks>
sealed class ParquetTable<T>
{
    readonly List<ParquetColumn> columns = [];
    readonly ParquetFields<T> fields;
    readonly Parquet.ParquetWriter file;
    readonly long groupBytes;
    int rows;

    /// <param name="output">Stays the caller's. It need not be seekable.</param>
    /// <param name="groupBytes">A row group is written once its columns hold this many bytes.</param>
    /// <param name="fields">Says what a row has.</param>
    public ParquetTable(Stream output, long groupBytes, Action<ParquetFields<T>> fields)
    {
        this.groupBytes = groupBytes;
        this.fields = new ParquetFields<T>(columns, 0, 0);
        fields(this.fields);
        var schema = new ParquetSchema(this.fields.Schema);
        var bytes = Of(schema, typeof(ReadOnlyMemory<byte>));
        for (var i = 0; i < columns.Count; i++)
            columns[i].WrittenAs(Of(schema, columns[i].Type)[i], bytes[i]);
        var options = new ParquetOptions { CompressionMethod = CompressionMethod.Zstd, CompressionLevel = CompressionLevel.Fastest };
        // Each of the many small writes is waited for, on another thread where nothing buffers: 40 small row groups took 7 s of CPU, and 0.2 s so.
        file = Parquet.ParquetWriter.CreateAsync(schema, new BufferedStream(output, 1 << 20), options).GetAwaiter().GetResult();
    }

    public void Add(T row)
    {
        fields.Add(row, 0);
        rows++;
        if (columns.Sum(c => c.Bytes) >= groupBytes)
            WriteGroup();
    }

    /// <summary>Writes the rows that are left, and the footer.</summary>
    public void Finish()
    {
        if (rows > 0)
            WriteGroup();
        file.DisposeAsync().AsTask().GetAwaiter().GetResult();
    }

    void WriteGroup()
    {
        using var group = file.CreateRowGroup();
        foreach (var column in columns)
            column.WriteAsync(group).GetAwaiter().GetResult();
        rows = 0;
    }

    /// <summary>The fields of the columns as if all had values of that type.</summary>
    static DataField[] Of(ParquetSchema schema, Type type)
    {
        return new ParquetSchema(schema.Fields.Select(With)).DataFields;

        Field With(Field field) => field switch
        {
            ListField list => new ListField(list.Name, With(list.Item)),
            StructField group => new StructField(group.Name, [.. group.Fields.Select(With)]),
            _ => new DataField(field.Name, type, isNullable: true),
        };
    }
}
