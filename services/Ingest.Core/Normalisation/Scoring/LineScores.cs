using System.Buffers;
using Ingest.Core.Normalisation.Documents;
using Ingest.Core.Normalisation.Lines;

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
        var padded = table.Padded(0).Length;
        first = ArrayPool<float>.Shared.Rent(padded);
        chances = ArrayPool<float>.Shared.Rent(padded);
    }

    public Segment[] Lines { get; }

    /// <summary>The chance of each line to be body; it means nothing where a rule has decided.</summary>
    public ReadOnlySpan<float> Chances => chances.AsSpan(0, Lines.Length);

    public Columns Table => table;

    /// <summary>Scored without the lexicon.</summary>
    public bool Wordless { get; private set; }

    public static LineScores Of(Document document, Segment[] lines, ScorerModel model)
    {
        var scores = new LineScores(lines, new Columns(OwnColumns(document), StackedFeatures.Count, lines.Length));
        scores.Wordless = !IsEnglish(document);
        LineFeatures.Fill(document, lines, scores.Wordless ? null : model.Lexicon, scores.table);
        model.First.Score(scores.table, scores.first.AsSpan(0, scores.table.Padded(0).Length));
        StackedFeatures.Fill(lines, scores.first.AsSpan(0, lines.Length), scores.table);
        model.Second.Score(scores.table, scores.chances.AsSpan(0, scores.table.Padded(0).Length));
        foreach (ref var chance in scores.chances.AsSpan(0, lines.Length))
            chance = StackedFeatures.Chance(chance);
        return scores;
    }

    /// <summary>Of a page its structure is known too.</summary>
    public static int OwnColumns(Document document) => LineFeatures.Count + (document.Page is null or { IsFragment: true } ? 0 : PageFeatures.Count);

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
    public static bool IsEnglish(Document document) => document.Vote.Leads("en");

    public void Dispose()
    {
        table.Dispose();
        ArrayPool<float>.Shared.Return(first);
        ArrayPool<float>.Shared.Return(chances);
    }
}
