using System.Text;
using Parquet.Schema;

namespace Ingest.Service.Run;

/// <summary>
/// What a file holds of a <typeparamref name="T"/>, and how it comes into the columns. A value may be null, a list is never, and an item of a
/// list is a value or a struct.
/// </summary>
/// <param name="columns">Of the file, in the order of its schema.</param>
/// <param name="repetition">The level of the innermost list that they are in.</param>
/// <param name="definition">The level at which what they are in is there.</param>
sealed class ParquetFields<T>(List<ParquetColumn> columns, int repetition, int definition)
{
    readonly List<(Action<T, int> Add, Action<int, int> AddNone)> fields = [];

    public List<Field> Schema { get; } = [];

    public void Text(string name, Func<T, string?> of) => Add<ReadOnlyMemory<byte>>(
        new DataField<string>(name), item => of(item) is { } text ? Encoding.UTF8.GetBytes(text) : default(ReadOnlyMemory<byte>?), value => value.Length);

    public void Int(string name, Func<T, int?> of) => Add(new DataField<int>(name, nullable: true), of, _ => sizeof(int));

    public void Double(string name, Func<T, double?> of) => Add(new DataField<double>(name, nullable: true), of, _ => sizeof(double));

    public void Flag(string name, Func<T, bool?> of) => Add(new DataField<bool>(name, nullable: true), of, _ => sizeof(bool));

    public void Day(string name, Func<T, DateOnly?> of) => Add(new DataField<DateOnly>(name, nullable: true), of, _ => sizeof(int));

    public void Moment(string name, Func<T, DateTimeOffset?> of) => Add<long>(
        new DateTimeDataField(name, DateTimeFormat.Timestamp, isAdjustedToUTC: true, DateTimeTimeUnit.Micros, isNullable: true),
        item => (of(item)?.UtcTicks - DateTime.UnixEpoch.Ticks) / TimeSpan.TicksPerMicrosecond, _ => sizeof(long));

    /// <summary>A list of structs.</summary>
    public void List<TItem>(string name, Func<T, IReadOnlyList<TItem>?> of, Action<ParquetFields<TItem>> item)
    {
        // A list, its items and the fields of a struct each may be null in the library's schema.
        var items = new ParquetFields<TItem>(columns, repetition + 1, definition + 3);
        item(items);
        List(name, of, items, new StructField(ListField.ElementName, [.. items.Schema]));
    }

    public void Texts(string name, Func<T, IReadOnlyList<string>?> of)
    {
        var items = new ParquetFields<string>(columns, repetition + 1, definition + 2);
        items.Text(ListField.ElementName, text => text);
        List(name, of, items, items.Schema[0]);
    }

    /// <param name="from">The level of the list that goes on with it; 0 for a row.</param>
    public void Add(T item, int from)
    {
        foreach (var field in fields)
            field.Add(item, from);
    }

    void Add<TValue>(DataField field, Func<T, TValue?> of, Func<TValue, int> size)
        where TValue : struct
    {
        var column = new ParquetColumn<TValue>(definition, size);
        columns.Add(column);
        Schema.Add(field);
        fields.Add(((item, from) => column.Add(of(item), from), column.AddLevels));
    }

    void List<TItem>(string name, Func<T, IReadOnlyList<TItem>?> of, ParquetFields<TItem> items, Field item)
    {
        Schema.Add(new ListField(name, item));
        fields.Add((Add, items.AddNone));

        void Add(T item, int from)
        {
            var list = of(item) ?? [];
            // There, and without an item.
            if (list.Count == 0)
                items.AddNone(from, definition + 1);
            for (var i = 0; i < list.Count; i++)
                items.Add(list[i], i == 0 ? from : repetition + 1);
        }
    }

    void AddNone(int from, int defined)
    {
        foreach (var field in fields)
            field.AddNone(from, defined);
    }
}
