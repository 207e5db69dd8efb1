namespace Ingest.Service.Run.Parquet;

/// <summary>An element of a file's schema.</summary>
/// <param name="Type">Null for a group.</param>
sealed record SchemaElement(string Name, ColumnType? Type, bool Repeats = false, bool IsList = false)
{
    /// <summary>Of a group; they stand behind it.</summary>
    public int Children { get; set; }
}

/// <summary>
/// What a file holds of a <typeparamref name="T"/>, and how it comes into the columns. A value may be null, a list is never, and an item of a
/// list is a value or a struct.
/// </summary>
sealed class Fields<T>
{
    readonly List<SchemaElement> schema;
    readonly List<Column> columns;
    readonly SchemaElement group;
    readonly string[] path;
    readonly int repetition, definition;
    readonly List<(Action<T, int> Add, Action<int, int> AddNone)> fields = [];

    /// <summary>The fields of a row.</summary>
    public Fields(List<SchemaElement> schema, List<Column> columns)
        : this(schema, columns, new SchemaElement("row", null), [], 0, 0) => schema.Add(group);

    /// <param name="group">The element that they are in, which is in the schema.</param>
    internal Fields(List<SchemaElement> schema, List<Column> columns, SchemaElement group, string[] path, int repetition, int definition) =>
        (this.schema, this.columns, this.group, this.path, this.repetition, this.definition) = (schema, columns, group, path, repetition, definition);

    /// <param name="of">Gives what the type says, or null.</param>
    public void Add(string name, ColumnType type, Func<T, object?> of)
    {
        group.Children++;
        schema.Add(new SchemaElement(name, type));
        var column = new Column([.. path, name], type, repetition, definition);
        columns.Add(column);
        fields.Add(((item, from) => column.Add(of(item), from), column.AddLevels));
    }

    public void Text(string name, Func<T, string?> of) => Add(name, ColumnType.Text, of);

    public void Int(string name, Func<T, int?> of) => Add(name, ColumnType.Int, item => of(item));

    /// <summary>A list of structs.</summary>
    public void List<TItem>(string name, Func<T, IReadOnlyList<TItem>?> of, Action<Fields<TItem>> item) => List(name, of, (repeated, at) =>
    {
        var element = new SchemaElement("element", null);
        repeated.Children++;
        schema.Add(element);
        var items = new Fields<TItem>(schema, columns, element, [.. at, element.Name], repetition + 1, definition + 1);
        item(items);
        return items;
    });

    public void Texts(string name, Func<T, IReadOnlyList<string>?> of) => List(name, of, (repeated, at) =>
    {
        var items = new Fields<string>(schema, columns, repeated, at, repetition + 1, definition + 1);
        items.Text("element", text => text);
        return items;
    });

    /// <summary>The three levels of a list are those that the format asks for.</summary>
    void List<TItem>(string name, Func<T, IReadOnlyList<TItem>?> of, Func<SchemaElement, string[], Fields<TItem>> describe)
    {
        group.Children++;
        var repeated = new SchemaElement("list", null, Repeats: true);
        schema.Add(new SchemaElement(name, null, IsList: true) { Children = 1 });
        schema.Add(repeated);
        var items = describe(repeated, [.. path, name, repeated.Name]);
        fields.Add((Add, items.AddNone));

        void Add(T item, int from)
        {
            var list = of(item) ?? [];
            if (list.Count == 0)
                items.AddNone(from, definition);
            for (var i = 0; i < list.Count; i++)
                items.Add(list[i], i == 0 ? from : repetition + 1);
        }
    }

    /// <param name="from">The level of the list that goes on with it; 0 for a row.</param>
    public void Add(T item, int from)
    {
        foreach (var field in fields)
            field.Add(item, from);
    }

    void AddNone(int from, int defined)
    {
        foreach (var field in fields)
            field.AddNone(from, defined);
    }
}
