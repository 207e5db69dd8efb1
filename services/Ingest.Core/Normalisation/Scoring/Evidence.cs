namespace Ingest.Core.Normalisation.Scoring;

/// <summary>Says why a line scored low: the two groups of features that pulled it down most, in words that a reader of the output understands.</summary>
internal static class Evidence
{
    /// <summary>The first trees of a stage move a score most; the rest only refine it.</summary>
    const int Trees = 40;

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
        FewWords,
        Removed,
        Place,
    }

    static readonly string[] Phrases =
    [
        "worded like furniture",
        "words of furniture near it",
        "under a heading of furniture",
        "lines near it stand twice",
        "shares no subject with the text",
        "no text before it",
        "no text behind it",
        "little text around it",
        "short lines around it",
        "the shape of the line",
        "few words",
        "rules removed lines near it",
        "its place in the document",
    ];

    /// <summary>Sentences are few, as scores are rounded: they are built once.</summary>
    static readonly string?[] Built = new string?[101 * 13 * 13];

    public static string Of(LineScores scores, int line, ScorerModel model)
    {
        Span<float> reasons = stackalloc float[Phrases.Length];
        reasons.Clear();
        Collect(scores.Table, line, model, reasons);
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

    /// <summary>Both stages' own reasons. What the second took from the first's scores is left out: it only repeats them.</summary>
    static void Collect(Columns table, int line, ScorerModel model, Span<float> reasons)
    {
        Span<float> moved = stackalloc float[LineFeatures.Count + StackedFeatures.Count];
        moved.Clear();
        model.First.Contributions(table, line, Trees, moved);
        model.Second.Contributions(table, line, Trees, moved);
        for (var column = 0; column < moved.Length; column++)
            if (ReasonOf(table, line, column) is { } reason)
                reasons[(int)reason] += moved[column];
    }

    static Reason? ReasonOf(Columns table, int line, int column)
    {
        if (column >= LineFeatures.Count)
            return null;
        return (Feature)column switch
        {
            Feature.Lexical => Reason.Words,
            >= Feature.LexicalPrevious and <= Feature.LexicalWordsBehind10 => Reason.WordsAround,
            >= Feature.HeadingWorst10 and <= Feature.HeadingMean10 => Reason.Heading,
            >= Feature.Copies and <= Feature.CopiedBehind8 => Reason.Repeated,
            >= Feature.Shared and <= Feature.SharedBehind8 => Reason.OffTopic,
            >= Feature.ProseShare and <= Feature.ProseShareBehind => Missing(table[Feature.ProseShareBefore][line], table[Feature.ProseShareBehind][line]),
            Feature.WordsOfPreviousProse => Reason.FarFromBody,
            >= Feature.EndingNext and <= Feature.RunWords => Reason.ShortLines,
            >= Feature.RemovedBefore5 and <= Feature.RemovedBehind15 or Feature.SinceClosing or Feature.ClosingBefore => Reason.Removed,
            Feature.SinceHead or Feature.WordsBefore or Feature.LinesBefore or Feature.LinesBehind or Feature.DatesBefore6 => Reason.Place,
            _ => table[Feature.Words][line] <= 6 ? Reason.FewWords : Reason.Shape,
        };
    }

    static Reason Missing(float before, float behind) => before < 0.02f ? Reason.NoBodyBefore : behind < 0.02f ? Reason.NoBodyBehind : Reason.FarFromBody;
}
