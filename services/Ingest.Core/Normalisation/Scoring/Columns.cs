using System.Buffers;

namespace Ingest.Core.Normalisation.Scoring;

/// <summary>
/// A table of numbers, a row a line, column by column in one rented array; columns are padded so that lines can be scored eight at a time.
/// </summary>
internal sealed class Columns : IDisposable
{
    public const int Lanes = 8;

    readonly float[] values;
    readonly int stride;

    public Columns(int columns, int rows)
    {
        Count = columns;
        Rows = rows;
        stride = (rows + Lanes - 1) / Lanes * Lanes;
        values = ArrayPool<float>.Shared.Rent(Math.Max(1, columns * stride));
        Array.Clear(values, 0, columns * stride);
    }

    public int Count { get; }
    public int Rows { get; }

    public Span<float> this[int column] => values.AsSpan(column * stride, Rows);

    public float At(int column, int row) => values[column * stride + row];

    public Span<float> this[Feature feature] => this[(int)feature];

    /// <summary>A column with its padding.</summary>
    public ReadOnlySpan<float> Padded(int column) => values.AsSpan(column * stride, stride);

    public void Dispose() => ArrayPool<float>.Shared.Return(values);
}
