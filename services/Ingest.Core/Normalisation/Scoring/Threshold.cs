namespace Ingest.Core.Normalisation.Scoring;

/// <summary>
/// Under which score a line goes, for one document: where the expected F1 of what is kept is greatest, but never above a cap.
/// </summary>
internal static class Threshold
{
    const int Bins = 512;

    public static float Of(LineScores scores, float cap)
    {
        // Lines in the order of their chance, which bins give in linear time.
        Span<float> words = stackalloc float[Bins];
        Span<float> body = stackalloc float[Bins];
        words.Clear();
        body.Clear();
        float expected = 0;
        for (var i = 0; i < scores.Lines.Length; i++)
        {
            if (!scores.Lines[i].Undecided)
                continue;
            var chance = scores.Chances[i];
            var weight = scores.Lines[i].Traits.Words + 0.5f;
            var bin = Math.Clamp((int)(chance * Bins), 0, Bins - 1);
            words[bin] += weight;
            body[bin] += weight * chance;
            expected += weight * chance;
        }

        float kept = 0, right = 0, best = 0;
        for (var bin = Bins - 1; bin >= 0; bin--)
        {
            kept += words[bin];
            right += body[bin];
            best = Math.Max(best, 2 * right / (kept + expected + 1e-6f));
        }

        return Math.Min(cap, best / 2);
    }
}
