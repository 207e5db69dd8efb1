using Ingest.Core.Articles;
using Ingest.Core.Normalisation.Rules;
using Ingest.Core.Normalisation.Text;

namespace Ingest.Core.Normalisation.Scoring;

/// <summary>When the scorer acts. All are chances of a line to be body.</summary>
/// <param name="Cap">At this or over it a line always stays.</param>
/// <param name="Clear">A document without any line under this is left alone.</param>
/// <param name="Doubtful">Under this a line that stays is marked uncertain.</param>
internal sealed record ScorerOptions(float Cap = 0.4f, float Clear = 0.05f, float Doubtful = 0.45f);

/// <summary>
/// Removes lines that no rule knows but that look, by their words, their neighbours and their place, like the furniture of a page. It acts
/// only where a document has clear furniture, and spares what may be body: lost text is worse than a leftover line.
/// </summary>
internal sealed class ScorerStep(ScorerModel? model = null, ScorerOptions? options = null) : RuleStep
{
    const string Furniture = "scorer.furniture";

    /// <summary>A longer text is no article; the scorer's memory is bounded by it.</summary>
    const int MaxLines = 1 << 15;

    readonly ScorerOptions limits = options ?? new ScorerOptions();

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
            if (!lines[i].Undecided || scores.Chances[i] >= limits.Doubtful)
                continue;
            lines[i].Evidence = Evidence.Of(scores, i, used);
            if (scores.Chances[i] < threshold)
                lines[i].Decide(BlockKind.Furniture, Furniture);
            else
                lines[i].Uncertain = true;
        }
    }

    /// <summary>The score under which undecided lines go; 0 where no line is clearly furniture.</summary>
    float ThresholdOf(LineScores scores)
    {
        for (var i = 0; i < scores.Lines.Length; i++)
            if (scores.Lines[i].Undecided && scores.Chances[i] < limits.Clear)
                return Threshold.Of(scores, limits.Cap);
        return 0;
    }
}
