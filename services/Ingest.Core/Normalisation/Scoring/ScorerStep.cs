using Ingest.Core.Articles;
using Ingest.Core.Normalisation.Documents;
using Ingest.Core.Normalisation.Rules;

namespace Ingest.Core.Normalisation.Scoring;

/// <summary>When the scorer acts. All but the last are chances of a line to be body.</summary>
/// <param name="Cap">At this or over it a line always stays; under it, one that stays is marked uncertain.</param>
/// <param name="Low">The scorer acts on a document only if it has several lines under this: one may be a subhead between posts.</param>
/// <param name="Several">How many are several.</param>
/// <param name="Sentence">A sentence behind a paragraph that stays must be under this to go.</param>
internal sealed record ScorerOptions(float Cap = 0.4f, float Low = 0.1f, int Several = 3, float Sentence = 0.2f)
{
    /// <summary>
    /// Where the words say nothing the rest must be surer. A cap of 0.3 or 0.4 here gives F1 .937 and .938 on the dumps of sites in five
    /// languages, instead of .935, and loses a third to a half more of their text.
    /// </summary>
    public static ScorerOptions Wordless { get; } = new(0.25f, Low: 0.05f, Several: 2, Sentence: 0.05f);

    /// <summary>
    /// Markup is evidence in every language, and one line of a menu is clear furniture. A cap of .5 without mercy for sentences gives the same F1
    /// on pages, and loses more text.
    /// </summary>
    public static ScorerOptions Pages { get; } = new(Several: 1);
}

/// <summary>
/// Removes lines that no rule knows but that look, by their words, their neighbours and their place, like the furniture of a page. It acts
/// only where a document has clear furniture, and spares what may be body: lost text is worse than a leftover line.
/// </summary>
internal sealed class ScorerStep(ScorerModel? model = null, ScorerOptions? options = null, ScorerModel? pages = null) : RuleStep
{
    public const string Furniture = "scorer.furniture";

    /// <summary>A longer text is no article; the scorer's memory is bounded by it.</summary>
    const int MaxLines = 1 << 15;

    readonly ScorerOptions english = options ?? new ScorerOptions();

    const string Story = "Harbour opens again\n\nThe harbour opened again on Monday after three weeks of repairs, the authority said.\n\nShips were waiting in a long line outside the breakwater, and the first of them, a tanker from Oslo, came in at noon.\n\n{0}The authority said that all of the work had been paid for by the city, which will also build a new east gate.";

    const string Shop = "\n\nOur Services\n\nCase Studies\n\nPricing Plans\n\nCustomer Stories\n\nView all products\n\nRequest a demo\n\nAsk a question\n\nBrowse the collection\n\nAdd to cart\n\nGift cards\n\nStore locator\n\nTrack your order";

    public override IReadOnlyList<RuleNote> Notes { get; } =
    [
        new(Furniture, BlockKind.Furniture, new("Browse the collection", string.Format(Story, "") + Shop),
            new("A new gate", string.Format(Story, "A new gate\n\n"))),
    ];

    public override void Apply(Document document)
    {
        var lines = LineScores.LinesOf(document);
        if (lines.Length > MaxLines)
            return;
        var used = document.Page is null or { IsFragment: true } ? model ?? ScorerModel.Default : pages ?? ScorerModel.Pages;
        using var scores = LineScores.Of(document, lines, used);
        var limits = scores.Table.Own > LineFeatures.Count ? ScorerOptions.Pages : scores.Wordless ? ScorerOptions.Wordless : english;
        var threshold = ThresholdOf(scores, limits);
        for (var i = 0; i < lines.Length; i++)
        {
            if (!lines[i].Undecided || scores.Chances[i] >= limits.Cap)
                continue;
            if (scores.Chances[i] >= (FollowsText(scores, i, limits) ? Math.Min(threshold, limits.Sentence) : threshold))
            {
                lines[i].Uncertain = true;
                continue;
            }

            lines[i].Decide(BlockKind.Furniture, Furniture);
            lines[i].Evidence = Evidence.Of(scores, i, used);
        }
    }

    /// <summary>
    /// A whole sentence directly behind a paragraph that stays: most often the story's own short paragraph, its last one too.
    /// </summary>
    static bool FollowsText(LineScores scores, int i, ScorerOptions limits)
    {
        var (line, before) = (scores.Lines[i], i == 0 ? null : scores.Lines[i - 1]);
        return before is { Undecided: true } && scores.Chances[i - 1] >= limits.Cap && LineFeatures.IsProse(before)
            && line.Traits is { EndsSentence: true, Words: >= 3 and <= 40, HasUrl: false, StartsLower: false };
    }

    /// <summary>The score under which undecided lines go; 0 where the document has no clear furniture, as clean copy has none.</summary>
    static float ThresholdOf(LineScores scores, ScorerOptions limits)
    {
        var low = 0;
        for (var i = 0; i < scores.Lines.Length; i++)
        {
            if (!scores.Lines[i].Undecided)
                continue;
            low += scores.Chances[i] < limits.Low ? 1 : 0;
            if (low == limits.Several)
                return Threshold.Of(scores, limits.Cap);
        }

        return 0;
    }
}
