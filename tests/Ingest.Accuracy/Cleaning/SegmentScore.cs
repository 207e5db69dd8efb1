namespace Ingest.Accuracy.Cleaning;

/// <summary>Annotated segments that stand in the bodies, and those that do not, as <c>score-segments</c> counts them.</summary>
sealed class SegmentScore
{
    int found, wrong, lost;

    public void Add(LabelledArticle article, IEnumerable<string> body)
    {
        var text = Fold(string.Join('\n', body));
        foreach (var segment in article.With)
            _ = text.Contains(Fold(segment), StringComparison.Ordinal) ? found++ : lost++;
        foreach (var segment in article.Without)
            wrong += text.Contains(Fold(segment), StringComparison.Ordinal) ? 1 : 0;
    }

    public WordScore Score => new(
        2.0 * found / Math.Max(1, 2 * found + wrong + lost), (double)found / Math.Max(1, found + wrong), (double)found / Math.Max(1, found + lost));

    /// <summary>White space as one blank, no soft hyphens.</summary>
    public static string Fold(string text) =>
        string.Join(' ', text.Replace("\u00ad", "").Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));

    /// <summary>A line has a segment, or is a good part of one.</summary>
    public static bool Meet(string line, string segment) =>
        line.Contains(segment, StringComparison.Ordinal) || line.Length >= 20 && segment.Contains(line, StringComparison.Ordinal);
}
