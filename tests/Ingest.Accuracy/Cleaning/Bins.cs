using Ingest.Core.Normalisation.Scoring;

namespace Ingest.Accuracy.Cleaning;

/// <summary>Numbers as bins: at most 255 a column, with borders so that about as many rows fall into each.</summary>
sealed class Bins
{
    const int MaxBins = 255;
    const int SampleRows = 40_000;

    readonly byte[][] binOf;
    readonly float[][] bordersOf;

    Bins(byte[][] bins, float[][] borders)
    {
        binOf = bins;
        bordersOf = borders;
    }

    public int Columns => binOf.Length;

    public byte[] this[int column] => binOf[column];

    public int Count(int column) => bordersOf[column].Length + 1;

    /// <summary>The value over which a number falls behind a bin.</summary>
    public float Border(int column, int bin) => bin < bordersOf[column].Length ? bordersOf[column][bin] : float.MaxValue;

    public static Bins Of(IReadOnlyList<Columns> tables, int columns)
    {
        var rows = tables.Sum(t => t.Rows);
        var bins = new byte[columns][];
        var borders = new float[columns][];
        Parallel.For(0, columns, new ParallelOptions { MaxDegreeOfParallelism = 2 }, column =>
        {
            var values = new float[rows];
            var at = 0;
            foreach (var table in tables)
            {
                table[column].CopyTo(values.AsSpan(at));
                at += table.Rows;
            }

            borders[column] = Borders(values);
            bins[column] = new byte[rows];
            for (var row = 0; row < rows; row++)
                bins[column][row] = (byte)Bin(borders[column], values[row]);
        });
        return new Bins(bins, borders);
    }

    static float[] Borders(float[] values)
    {
        var step = Math.Max(1, values.Length / SampleRows);
        var sample = new List<float>();
        for (var i = 0; i < values.Length; i += step)
            sample.Add(values[i]);
        sample.Sort();
        var borders = new List<float>();
        for (var bin = 1; bin < MaxBins; bin++)
        {
            var at = (int)((long)bin * sample.Count / MaxBins);
            // Between two values, rounded to few digits where that still parts them: the model is a text.
            var next = sample.FindIndex(at, v => v > sample[at]);
            if (next < 0)
                break;
            var border = Short(sample[at], sample[next]);
            if (borders.Count == 0 || border > borders[^1])
                borders.Add(border);
        }

        return [.. borders];
    }

    static float Short(float low, float high)
    {
        var middle = (low + high) / 2;
        for (var digits = 2; digits < 9; digits++)
        {
            var rounded = float.Parse(middle.ToString($"G{digits}"));
            if (rounded >= low && rounded < high)
                return rounded;
        }

        return low;
    }

    static int Bin(float[] borders, float value)
    {
        int low = 0, high = borders.Length;
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (value > borders[middle])
                low = middle + 1;
            else
                high = middle;
        }

        return low;
    }
}
