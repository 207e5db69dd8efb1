using System.Text.Json.Nodes;
using Apache.Arrow;
using Apache.Arrow.Types;
using ParquetSharp.Arrow;

namespace Ingest.Service.Tests.Run;

/// <summary>The rows of a Parquet file, as Apache Arrow reads them, as JSON.</summary>
static class ParquetRows
{
    public static List<string> Columns(string file)
    {
        using var reader = new FileReader(file);
        return [.. reader.Schema.FieldsList.Select(f => f.Name)];
    }

    public static List<JsonObject> Read(string file, out int groups)
    {
        using var reader = new FileReader(file);
        groups = reader.NumRowGroups;
        using var batches = reader.GetRecordBatchReader();
        var rows = new List<JsonObject>();
        while (batches.ReadNextRecordBatchAsync().AsTask().GetAwaiter().GetResult() is { } batch)
            using (batch)
                for (var i = 0; i < batch.Length; i++)
                    rows.Add(Object(batch.Schema.FieldsList, batch.Arrays.ToList(), i));
        return rows;
    }

    /// <summary>Those of all columns that have some, as the file says them: Arrow leaves out what it does not trust.</summary>
    public static List<string> Bounds(string file)
    {
        using var stream = File.OpenRead(file);
        var reader = Parquet.ParquetReader.CreateAsync(stream).GetAwaiter().GetResult();
        return
        [
            .. from field in reader.Schema.DataFields
               from groups in reader.RowGroups
               let bounds = groups.GetStatistics(field)
               where bounds.MinValue is not null || bounds.MaxValue is not null
               select $"{field.Path}: {bounds.MinValue} to {bounds.MaxValue}",
        ];
    }

    static JsonObject Object(IReadOnlyList<Field> fields, IReadOnlyList<IArrowArray> columns, int at) =>
        new(fields.Select((f, i) => KeyValuePair.Create(f.Name, Value(columns[i], at))));

    static JsonNode? Value(IArrowArray column, int at) => column.IsNull(at) ? null : column switch
    {
        StringArray texts => texts.GetString(at),
        Int32Array numbers => numbers.GetValue(at),
        DoubleArray numbers => numbers.GetValue(at),
        BooleanArray flags => flags.GetValue(at),
        Date32Array days => days.GetDateTime(at)!.Value.ToString("yyyy-MM-dd"),
        TimestampArray moments when ((TimestampType)moments.Data.DataType).Timezone == "UTC" =>
            moments.GetTimestamp(at)!.Value.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFF'Z'"),
        ListArray lists => new JsonArray([.. Enumerable.Range(lists.ValueOffsets[at], lists.GetValueLength(at)).Select(i => Value(lists.Values, i))]),
        StructArray structs => Object(((StructType)structs.Data.DataType).Fields, structs.Fields, at),
        _ => throw new NotSupportedException(column.GetType().Name),
    };
}
