using Ingest.Core.Normalisation.Text;

namespace Ingest.Core.Normalisation.Scoring;

/// <summary>The lines of a document with their features and both stages' scores.</summary>
internal sealed class LineScores : IDisposable
{
    readonly Columns table;
    readonly float[] first;
    readonly float[] chances;

    LineScores(Segment[] lines, Columns table)
    {
        Lines = lines;
        this.table = table;
        first = new float[lines.Length];
        chances = new float[lines.Length];
    }

    public Segment[] Lines { get; }

    /// <summary>The chance of each line to be body; it means nothing where a rule has decided.</summary>
    public ReadOnlySpan<float> Chances => chances;

    public Columns Table => table;

    public static LineScores Of(Document document, Segment[] lines, ScorerModel model)
    {
        var scores = new LineScores(lines, new Columns(LineFeatures.Count + StackedFeatures.Count, lines.Length));
        LineFeatures.Fill(document, lines, LexiconFor(document, model), scores.table);
        model.First.Score(scores.table, scores.first);
        StackedFeatures.Fill(lines, scores.first, scores.table);
        model.Second.Score(scores.table, scores.chances);
        foreach (ref var chance in scores.chances.AsSpan())
            chance = StackedFeatures.Chance(chance);
        return scores;
    }

    public static Segment[] LinesOf(Document document)
    {
        var count = 0;
        for (var segment = document.First; segment is not null; segment = segment.Next)
            count++;
        var lines = new Segment[count];
        count = 0;
        for (var segment = document.First; segment is not null; segment = segment.Next)
            lines[count++] = segment;
        return lines;
    }

    /// <summary>The words were learned from English pages: in another language they say nothing, or the wrong thing.</summary>
    public static Lexicon? LexiconFor(Document document, ScorerModel model) => document.Vote.Leads("en") ? model.Lexicon : null;

    public void Dispose() => table.Dispose();
}
