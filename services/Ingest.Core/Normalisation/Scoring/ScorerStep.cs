using Ingest.Core.Articles;
using Ingest.Core.Normalisation.Rules;
using Ingest.Core.Normalisation.Text;

namespace Ingest.Core.Normalisation.Scoring;

/// <summary>
/// Removes lines that no rule knows but that look, by their words, their neighbours and their place, like the furniture of a page. It acts
/// only where a document has clear furniture, and spares what may be body: lost text is worse than a leftover line.
/// </summary>
internal sealed class ScorerStep(ScorerModel? model = null) : RuleStep
{
    const string Furniture = "scorer.furniture";

    /// <summary>A longer text is no article; the scorer's memory is bounded by it.</summary>
    const int MaxLines = 1 << 15;

    /// <summary>Over this chance of being body a line always stays.</summary>
    const float Cap = 0.4f;

    /// <summary>Under this chance of being body a line that stays is marked uncertain.</summary>
    const float Doubtful = 0.45f;

    /// <summary>A document without any line under this is left alone.</summary>
    const float Clear = 0.05f;

    public override IReadOnlyList<RuleNote> Notes { get; } = [];

    public override void Apply(Document document)
    {
        var lines = LineScores.LinesOf(document);
        if (lines.Length > MaxLines)
            return;
        var used = model ?? ScorerModel.Default;
        using var scores = LineScores.Of(document, lines, used);
        var threshold = ThresholdOf(scores);
        for (var i = 0; i < lines.Length; i++)
        {
            if (!lines[i].Undecided || scores.Chances[i] >= Doubtful)
                continue;
            lines[i].Evidence = Evidence.Of(scores, i, used);
            if (scores.Chances[i] < threshold)
                lines[i].Decide(BlockKind.Furniture, Furniture);
            else
                lines[i].Uncertain = true;
        }
    }

    /// <summary>The score under which undecided lines go; 0 where the document is left alone.</summary>
    public static float ThresholdOf(LineScores scores)
    {
        var lines = scores.Lines;
        var chances = new float[lines.Length];
        var weights = new float[lines.Length];
        var count = 0;
        var clear = false;
        for (var i = 0; i < lines.Length; i++)
        {
            if (!lines[i].Undecided)
                continue;
            chances[count] = scores.Chances[i];
            weights[count++] = lines[i].Traits.Words + 0.5f;
            clear |= scores.Chances[i] < Clear;
        }

        return clear ? Threshold.Of(chances.AsSpan(0, count), weights.AsSpan(0, count), Cap) : 0;
    }
}
