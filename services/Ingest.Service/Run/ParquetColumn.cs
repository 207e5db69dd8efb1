using System.Buffers;
using Parquet;
using Parquet.Schema;

namespace Ingest.Service.Run;

/// <summary>
/// A column of a row group as it fills. Levels are Dremel's: the repetition says which list goes on, the definition how much of the path to
/// the value is there.
/// </summary>
abstract class ParquetColumn
{
    /// <summary>Of its values, as they are handed over.</summary>
    public abstract Type Type { get; }

    public long Bytes { get; protected set; }

    /// <param name="bytes">The field for a row group that has no value.</param>
    public abstract void WrittenAs(DataField field, DataField bytes);

    /// <summary>The column is empty then.</summary>
    public abstract Task WriteAsync(ParquetRowGroupWriter group);
}

/// <param name="definition">The definition level of what a value is in.</param>
/// <param name="size">Of a value, in bytes.</param>
sealed class ParquetColumn<T>(int definition, Func<T, int> size) : ParquetColumn
    where T : struct
{
    readonly ArrayBufferWriter<T> values = new();
    readonly ArrayBufferWriter<int> repetitions = new(), definitions = new();
    DataField? field, bytes;

    public override Type Type => typeof(T);

    /// <param name="from">The level of the list that goes on with it; 0 where a row begins.</param>
    public void Add(T? value, int from)
    {
        AddLevels(from, value is null ? definition : definition + 1);
        if (value is null)
            return;
        values.Write([value.Value]);
        Bytes += size(value.Value);
    }

    /// <summary>Alone they say that there is no value: it is null, or a list around it is empty.</summary>
    public void AddLevels(int from, int defined)
    {
        repetitions.Write([from]);
        definitions.Write([defined]);
        Bytes += 2 * sizeof(int);
    }

    public override void WrittenAs(DataField field, DataField bytes) => (this.field, this.bytes) = (field, bytes);

    public override async Task WriteAsync(ParquetRowGroupWriter group)
    {
        if (values.WrittenCount > 0)
            await group.WriteAllPartsAsync(field!, values.WrittenMemory, definitions.WrittenMemory, repetitions.WrittenMemory, default);
        else
            await group.WriteAllPartsAsync<ReadOnlyMemory<byte>>(bytes!, default, definitions.WrittenMemory, repetitions.WrittenMemory, default);
        values.Clear();
        repetitions.ResetWrittenCount();
        definitions.ResetWrittenCount();
        Bytes = 0;
    }
}
