namespace Ingest.Core.Normalisation.Scoring;

/// <summary>
/// Says why a line scored low: the two groups of features that pulled it down most, in words that a reader of the output understands.
/// </summary>
internal static class Evidence
{
    /// <summary>
    /// The first trees of the first stage move a score most: the rest only refine it, and the second stage repeats its neighbours' reasons.
    /// </summary>
    const int Trees = 12;

    static readonly byte[] GroupOf =
        [.. Enumerable.Range(0, LineFeatures.Count).Select(c => (byte)ReasonOf((Feature)c)), .. Enumerable.Repeat((byte)Reason.Markup, PageFeatures.Count)];

    enum Reason
    {
        Words,
        WordsAround,
        Heading,
        Repeated,
        OffTopic,
        NoBodyBefore,
        NoBodyBehind,
        FarFromBody,
        ShortLines,
        Shape,
        Removed,
        Place,
        Source,
        Comments,
        Markup,
    }

    static readonly string[] Phrases =
    [
        "worded like furniture",
        "words of furniture near it",
        "under a heading of furniture",
        "lines near it stand twice",
        "shares no subject with the text",
        "little text before it",
        "little text behind it",
        "little text around it",
        "short lines around it",
        "the shape of the line",
        "rules removed lines near it",
        "its place in the document",
        "its source repeats lines here",
        "near readers' comments",
        "its place in the markup",
    ];

    /// <summary>Sentences are few, as scores are rounded: they are built once.</summary>
    static readonly string?[] Built = new string?[101 * Phrases.Length * Phrases.Length];

    public static string Of(LineScores scores, int line, ScorerModel model)
    {
        Span<float> reasons = stackalloc float[Phrases.Length];
        reasons.Clear();
        model.First.Contributions(scores.Table, line, Trees, GroupOf, reasons);
        int first = 0, second = -1;
        for (var i = 1; i < reasons.Length; i++)
        {
            if (reasons[i] < reasons[first])
                (first, second) = (i, first);
            else if (second < 0 || reasons[i] < reasons[second])
                second = i;
        }

        var percent = (int)MathF.Round(scores.Chances[line] * 100);
        ref var built = ref Built[(percent * Phrases.Length + first) * Phrases.Length + second];
        return built ??= $"score {percent / 100m:0.00}: {Phrases[first]}, {Phrases[second]}";
    }

    static Reason ReasonOf(Feature feature) => feature switch
    {
        Feature.Lexical => Reason.Words,
        >= Feature.LexicalPrevious and <= Feature.LexicalWordsBehind10 => Reason.WordsAround,
        >= Feature.HeadingWorst10 and <= Feature.HeadingMean10 => Reason.Heading,
        >= Feature.Copies and <= Feature.CopiedBehind8 => Reason.Repeated,
        >= Feature.Shared and <= Feature.SharedBehind8 => Reason.OffTopic,
        Feature.ProseBefore or Feature.ProseShareBefore => Reason.NoBodyBefore,
        Feature.ProseBehind or Feature.ProseShareBehind => Reason.NoBodyBehind,
        Feature.WordsOfPreviousProse or Feature.ProseShare => Reason.FarFromBody,
        >= Feature.EndingNext and <= Feature.RunWords => Reason.ShortLines,
        >= Feature.RemovedBefore5 and <= Feature.ClosingBefore => Reason.Removed,
        Feature.SinceComments or Feature.ProseBeforeComments => Reason.Comments,
        >= Feature.WithHeadline and <= Feature.WithHeadlineBehind5 => Reason.OffTopic,
        Feature.StopWordsBefore5 or Feature.StopWordsBehind5 => Reason.ShortLines,
        Feature.SinceHead or Feature.WordsBefore or Feature.LinesBefore or Feature.LinesBehind or Feature.DatesBefore6 => Reason.Place,
        >= Feature.Repeats and <= Feature.SourceArticles => Reason.Source,
        _ => Reason.Shape,
    };
}
