namespace Ingest.Accuracy.Cleaning;

/// <summary>Word F1, precision and recall of a body against the true one: bags of words, as <c>score-cleaning</c> counts them.</summary>
readonly record struct WordScore(double F1, double Precision, double Recall)
{
    public static WordScore Of(IEnumerable<int> found, IReadOnlyCollection<int> gold)
    {
        var left = new Dictionary<int, int>();
        foreach (var word in gold)
            left[word] = left.GetValueOrDefault(word) + 1;
        int all = 0, common = 0;
        foreach (var word in found)
        {
            all++;
            if (left.TryGetValue(word, out var count) && count > 0)
            {
                left[word] = count - 1;
                common++;
            }
        }

        var precision = (double)common / Math.Max(1, all);
        var recall = (double)common / Math.Max(1, gold.Count);
        return new WordScore(2 * precision * recall / Math.Max(1e-12, precision + recall), precision, recall);
    }

    public static WordScore Mean(IReadOnlyCollection<WordScore> scores) =>
        new(scores.Average(s => s.F1), scores.Average(s => s.Precision), scores.Average(s => s.Recall));

    public override string ToString() => $"{F1:0.0000} {Precision:0.0000} {Recall:0.0000}";
}
