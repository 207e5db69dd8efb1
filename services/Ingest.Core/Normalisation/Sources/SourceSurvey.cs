namespace Ingest.Core.Normalisation.Sources;

/// <summary>
/// What the sources of a finished set of articles repeat, known once all of it was looked over: so the first article of a source is
/// cleaned with what the last one showed. Not safe to share among threads while it learns.
/// </summary>
public sealed class SourceSurvey
{
    /// <summary>Passages that are kept of all sources, to learn them twice: 32 bytes each.</summary>
    const int MostKept = 4_000_000;

    readonly Dictionary<string, Surveyed> sources = new(StringComparer.Ordinal);
    int kept;

    sealed class Surveyed
    {
        public SourceLearner Learner { get; set; } = new();

        /// <summary>All articles so far; null once they are too many to be learnt twice.</summary>
        public List<(SourceText Text, string Id)>? Articles { get; set; } = [];
        public SourceProfile? Profile { get; set; }
    }

    /// <param name="source">Null where the article has none.</param>
    /// <param name="id">What evidence calls the article.</param>
    public void Learn(string? source, SourceText text, string id)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (source is null)
            return;
        if (!sources.TryGetValue(source, out var surveyed))
            sources[source] = surveyed = new Surveyed();
        surveyed.Learner.Learn(text.Passages, id);
        if (surveyed.Articles is not { } articles)
            return;
        if (articles.Count == SourceHistory.Generation || kept + text.Passages.Count > MostKept)
        {
            kept -= articles.Sum(a => a.Text.Passages.Count);
            surveyed.Articles = null;
            return;
        }

        articles.Add((text, id));
        kept += text.Passages.Count;
    }

    /// <summary>What is known of a source, now that all is.</summary>
    public SourceProfile ProfileOf(string? source) =>
        source is not null && sources.TryGetValue(source, out var surveyed) ? surveyed.Profile ?? SourceProfile.Unknown : SourceProfile.Unknown;

    /// <summary>No more articles come.</summary>
    public void Complete()
    {
        foreach (var surveyed in sources.Values)
        {
            // Learnt once more, so that the first articles are told apart by what only the last have shown.
            if (surveyed.Articles is { } articles)
            {
                var again = new SourceLearner(surveyed.Learner.Repeats.ToHashSet());
                foreach (var (text, id) in articles)
                    again.Learn(text.Passages, id);
                surveyed.Learner = again;
                surveyed.Articles = null;
            }

            surveyed.Profile = surveyed.Learner.Profile(surveyed.Learner.Articles, own: true);
        }
    }
}
