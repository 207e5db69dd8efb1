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

    /// <param name="own">Of what is known of a line itself.</param>
    /// <param name="stacked">Behind them: of the first stage's scores.</param>
    public Columns(int own, int stacked, int rows)
    {
        Own = own;
        var columns = Count = own + stacked;
        Rows = rows;
        stride = (rows + Lanes - 1) / Lanes * Lanes;
        values = ArrayPool<float>.Shared.Rent(Math.Max(1, columns * stride));
        Array.Clear(values, 0, columns * stride);
    }

    public int Count { get; }

    /// <summary>The columns before those of the second stage.</summary>
    public int Own { get; }
    public int Rows { get; }

    public Span<float> this[int column] => values.AsSpan(column * stride, Rows);

    public float At(int column, int row) => values[column * stride + row];

    public Span<float> this[Feature feature] => this[(int)feature];

    /// <summary>A column with its padding.</summary>
    public ReadOnlySpan<float> Padded(int column) => values.AsSpan(column * stride, stride);

    public void Dispose() => ArrayPool<float>.Shared.Return(values);
}
