using System.Buffers;
using Ingest.Core.Normalisation.Lines;

namespace Ingest.Core.Normalisation.Scoring;

/// <summary>
/// Fills the columns of <see cref="StackedFeature"/>, which stand behind those of <see cref="Feature"/>, from the first stage's scores.
/// </summary>
internal static class StackedFeatures
{
    public const int Count = (int)StackedFeature.BestBehind5 + 1;
    const float Surest = 9;

    /// <param name="logits">The first stage's scores. What the rules have removed is set to the surest furniture.</param>
    public static void Fill(ReadOnlySpan<Segment> lines, Span<float> logits, Columns table)
    {
        var floats = ArrayPool<float>.Shared.Rent(lines.Length * 2);
        var chances = floats.AsSpan(0, lines.Length);
        var weights = floats.AsSpan(lines.Length, lines.Length);
        ReadOnlySpan<float> words = table[Feature.Words];
        for (var i = 0; i < lines.Length; i++)
        {
            logits[i] = lines[i].InBody ? Math.Clamp(logits[i], -Surest, Surest) : -Surest;
            chances[i] = Chance(logits[i]);
            weights[i] = words[i] + 0.5f;
        }

        ReadOnlySpan<float> own = logits;
        own.CopyTo(At(table, StackedFeature.Own));
        for (var by = 1; by <= 3; by++)
        {
            Windows.Shift(own, -by, 0, At(table, StackedFeature.Previous1 - (by - 1)));
            Windows.Shift(own, by, 0, At(table, StackedFeature.Next1 + (by - 1)));
        }

        ReadOnlySpan<int> reaches = [3, 8, 20, 60];
        for (var k = 0; k < reaches.Length; k++)
        {
            Windows.MeanBefore(chances, weights, reaches[k], At(table, StackedFeature.MeanBefore3 + 2 * k));
            Windows.MeanBehind(chances, weights, reaches[k], At(table, StackedFeature.MeanBehind3 + 2 * k));
        }

        Kept(chances, words, table);
        Windows.Greatest(own, 5, -1, -Surest, At(table, StackedFeature.BestBefore5));
        Windows.Greatest(own, 5, 1, -Surest, At(table, StackedFeature.BestBehind5));
        ArrayPool<float>.Shared.Return(floats);
    }

    public static float Chance(float logit) => 1 / (1 + MathF.Exp(-logit));

    /// <summary>How the words that are expected to stay lie around each line.</summary>
    static void Kept(ReadOnlySpan<float> chances, ReadOnlySpan<float> words, Columns table)
    {
        float kept = 0, all = 0;
        for (var i = 0; i < words.Length; i++)
        {
            kept += chances[i] * words[i];
            all += words[i];
        }

        float before = 0, sum = Math.Max(kept, 1e-3f);
        Span<float> keptBefore = At(table, StackedFeature.KeptBefore), keptBehind = At(table, StackedFeature.KeptBehind);
        At(table, StackedFeature.KeptShare).Fill(kept / Math.Max(1, all));
        for (var i = 0; i < words.Length; i++)
        {
            var own = chances[i] * words[i];
            keptBefore[i] = before / sum;
            keptBehind[i] = Math.Max(0, kept - before - own) / sum;
            before += own;
        }
    }

    static Span<float> At(Columns table, StackedFeature feature) => table[table.Own + (int)feature];
}
