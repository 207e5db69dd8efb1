using Ingest.Core.Articles;
using Ingest.Core.Normalisation.Documents;
using Ingest.Core.Normalisation.Lines;

namespace Ingest.Core.Normalisation.Assembly;

/// <summary>
/// Joins a sentence that something stood inside of: an advertisement between two halves of a paragraph is gone, and the second half goes
/// on in lower case.
/// </summary>
internal static class Continuations
{
    /// <summary>A paragraph to be: its first and last segments, and their characters together.</summary>
    readonly record struct Run(Segment First, Segment Last, int Length);

    public static void Mark(Document document)
    {
        var runs = new List<Run>();
        foreach (var segment in document.CleanText())
            runs.Add(new Run(segment, segment, segment.Length));
        // A joined paragraph may go on in turn: once more, until none does. Nearly always the first round finds nothing.
        while (JoinOnce(document, runs))
        {
        }
    }

    static bool JoinOnce(Document document, List<Run> runs)
    {
        var kept = 0;
        for (var i = 1; i < runs.Count; i++)
        {
            var (run, next) = (runs[kept], runs[i]);
            // What opens the clean text may be a headline, with which nothing goes on.
            if (kept > 0
                && LineReader.GoesOn(document.Text, run.First.Start, run.Last.End, run.Length,
                    next.First.Start, next.Last.End, next.Length))
            {
                var last = next.Last;
                if (run.Last.Next == next.First)
                    last = Merge(document, run.Last, next);
                else
                    next.First.Continues = true;
                runs[kept] = new Run(run.First, last, run.Length + 1 + next.Length);
            }
            else
            {
                runs[++kept] = next;
            }
        }

        var joined = kept + 1 < runs.Count;
        if (joined)
            runs.RemoveRange(kept + 1, runs.Count - kept - 1);
        return joined;
    }

    /// <summary>Makes one segment of two between which nothing stands. Returns the last segment of the run.</summary>
    static Segment Merge(Document document, Segment before, Run next)
    {
        var last = next.Last == next.First ? before : next.Last;
        document.Join(before, next.First);
        return last;
    }
}
