using Ingest.Core.Articles;
using Ingest.Core.Normalisation;
using Ingest.Core.Normalisation.Documents;
using Ingest.Core.Normalisation.Lines;
using Ingest.Core.Normalisation.Scoring;
using Ingest.Core.Normalisation.Sources;

namespace Ingest.Accuracy.Cleaning;

/// <summary>
/// A dump as the scorer meets it, after the rules, each line with the share of its words that are words of the true body.
/// </summary>
sealed class LabelledDocument
{
    /// <summary>A true body given as a document of its own: nothing in it may go.</summary>
    public const string Gold = "gold";

    const float Body = 0.5f;

    LabelledDocument(int article, int fold, string dump, Document document, int goldWords, Knowledge knowledge)
    {
        Fold = fold;
        Knowledge = knowledge;
        Article = article;
        Dump = dump;
        Document = document;
        GoldWords = goldWords;
        Lines = LineScores.LinesOf(document);
        Share = new float[Lines.Length];
        Labelled = new bool[Lines.Length];
        Array.Fill(Labelled, true);
    }

    public int Article { get; }
    public int Fold { get; }
    public string Dump { get; }
    public Knowledge Knowledge { get; }

    /// <summary>The same dump is there with other profiles of its source.</summary>
    public bool IsOfSource { get; private init; }
    public Document Document { get; }
    public Segment[] Lines { get; }
    public float[] Share { get; }
    public int GoldWords { get; }

    /// <summary>False where nothing is known of a line.</summary>
    public bool[] Labelled { get; }

    public bool IsBody(int line) => Share[line] >= Body;

    public static LabelledDocument Of(
        int index, int fold, LabelledArticle article, string dump, string text, int[] gold, SourceProfile source, Knowledge knowledge)
    {
        var document = Normaliser.BeforeScorer(CleaningSet.Read(text, dump), source);
        var found = new LabelledDocument(index, fold, dump, document, gold.Length, knowledge) { IsOfSource = article.Set == CleaningData.Sites };
        if (dump == Gold)
            Array.Fill(found.Share, 1);
        else if (article.Gold is null)
            found.Label(article);
        else
            found.Label(gold);
        return found;
    }

    /// <summary>A line that has a segment is what the segment is.</summary>
    void Label(LabelledArticle article)
    {
        for (var i = 0; i < Lines.Length; i++)
        {
            var line = SegmentScore.Fold(Document.Slice(Lines[i]).ToString());
            var with = article.With.Any(s => SegmentScore.Meet(line, SegmentScore.Fold(s)));
            var without = article.Without.Any(s => SegmentScore.Meet(line, SegmentScore.Fold(s)));
            Labelled[i] = with != without;
            Share[i] = with ? 1 : 0;
        }
    }

    void Label(int[] gold)
    {
        var words = Lines.Select(l => Words.Of(Document.Slice(l))).ToArray();
        var matches = Alignment.Of([.. words.SelectMany(w => w)], gold);
        var at = 0;
        for (var line = 0; line < Lines.Length; line++)
        {
            var own = matches.AsSpan(at, words[line].Length);
            at += own.Length;
            var matched = own.Length - own.Count(-1);
            Share[line] = own.Length == 0 ? 0 : (float)matched / own.Length;
        }

        LabelMoved(words, matches, gold);
    }

    /// <summary>Lines that the true body has in another place: most of their runs of four words are left over in it.</summary>
    void LabelMoved(int[][] words, int[] matches, int[] gold)
    {
        const int Run = 4;
        var used = new bool[gold.Length];
        foreach (var match in matches)
            if (match >= 0)
                used[match] = true;
        var left = new Dictionary<(int, int, int, int), int>();
        for (var i = 0; i + Run <= gold.Length; i++)
            if (!used.AsSpan(i, Run).Contains(true))
                left[Key(gold, i)] = left.GetValueOrDefault(Key(gold, i)) + 1;
        for (var line = 0; line < Lines.Length; line++)
        {
            var own = words[line];
            if (own.Length < 6 || Share[line] >= 0.4f)
                continue;
            var keys = Enumerable.Range(0, own.Length - Run + 1).Select(i => Key(own, i)).ToArray();
            var found = keys.Count(k => left.GetValueOrDefault(k) > 0);
            if (found * 2 < keys.Length)
                continue;
            Share[line] = Math.Max(Share[line], (float)found / keys.Length);
            foreach (var key in keys)
                left[key] = left.GetValueOrDefault(key) - 1;
        }
    }

    static (int, int, int, int) Key(int[] words, int i) => (words[i], words[i + 1], words[i + 2], words[i + 3]);
}
