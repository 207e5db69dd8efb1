namespace Ingest.Accuracy.Stories;

/// <summary>How well found stories agree with the true ones; the figures of <c>shared/score-stories</c>.</summary>
/// <param name="Ari">Adjusted Rand index of the two ways to divide the articles: 1 for the same, 0 for chance.</param>
/// <param name="Joined">Articles that truly stand alone and were joined to anything.</param>
/// <param name="Kinds">For each kind of copy, the share that stands in its original's story.</param>
sealed record StoryScore(
    double Precision, double Recall, double Ari, int Joined, int Largest, int Stories, SortedDictionary<string, double> Kinds)
{
    /// <param name="found">The story that each article was put into, any number for each story.</param>
    public static StoryScore Of(IReadOnlyList<StreamArticle> articles, IReadOnlyList<long> found)
    {
        var foundSizes = found.CountBy(s => s).ToDictionary();
        var trueSizes = articles.CountBy(a => a.Story).ToDictionary();
        var together = Pairs(articles.Zip(found).CountBy(p => (p.First.Story, p.Second)).Select(c => c.Value));
        var (claimed, actual, all) = (Pairs(foundSizes.Values), Pairs(trueSizes.Values), articles.Count * (articles.Count - 1.0) / 2);
        var chance = claimed * actual / all;
        var originals = articles.Zip(found).Where(p => p.First.Kind == "original").ToDictionary(p => p.First.Story, p => p.Second);
        var kinds = articles.Zip(found).Where(p => p.First.IsCopy && originals.ContainsKey(p.First.Story))
            .GroupBy(p => p.First.Kind)
            .ToDictionary(g => g.Key, g => g.Average(p => originals[p.First.Story] == p.Second ? 1.0 : 0));
        return new StoryScore(
            together / Math.Max(1, claimed),
            together / Math.Max(1, actual),
            (together - chance) / Math.Max(1e-12, (claimed + actual) / 2 - chance),
            articles.Zip(found).Count(p => trueSizes[p.First.Story] == 1 && foundSizes[p.Second] > 1),
            foundSizes.Values.Max(),
            foundSizes.Count,
            new SortedDictionary<string, double>(kinds, StringComparer.Ordinal));
    }

    static double Pairs(IEnumerable<int> sizes) => sizes.Sum(n => n * (n - 1.0) / 2);

    public override string ToString() =>
        $"{Ari,7:f4}{Precision,8:f4}{Recall,8:f4}{Joined,7}{Largest,8}{Stories,8}  {string.Join(" ", Kinds.Select(k => $"{k.Value,11:f3}"))}";

    /// <summary>What stands above the columns of <see cref="ToString"/>.</summary>
    public string Heading =>
        $"{"ARI",7}{"prec.",8}{"recall",8}{"joined",7}{"largest",8}{"stories",8}  {string.Join(" ", Kinds.Select(k => $"{k.Key,11}"))}";
}
