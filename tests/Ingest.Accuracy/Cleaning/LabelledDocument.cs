using Ingest.Core.Articles;
using Ingest.Core.Normalisation;
using Ingest.Core.Normalisation.Documents;
using Ingest.Core.Normalisation.Lines;
using Ingest.Core.Normalisation.Scoring;

namespace Ingest.Accuracy.Cleaning;

/// <summary>
/// A dump as the scorer meets it, after the rules, each line with the share of its words that are words of the true body.
/// </summary>
sealed class LabelledDocument
{
    /// <summary>A true body given as a document of its own: nothing in it may go.</summary>
    public const string Gold = "gold";

    const float Body = 0.5f;

    LabelledDocument(int article, string dump, Document document, int goldWords)
    {
        Article = article;
        Dump = dump;
        Document = document;
        GoldWords = goldWords;
        Lines = LineScores.LinesOf(document);
        Share = new float[Lines.Length];
    }

    public int Article { get; }
    public string Dump { get; }
    public Document Document { get; }
    public Segment[] Lines { get; }
    public float[] Share { get; }
    public int GoldWords { get; }

    public bool IsBody(int line) => Share[line] >= Body;

    public static LabelledDocument Of(int article, string dump, string text, int[] gold)
    {
        var document = Normaliser.BeforeScorer(new ArticleText(text));
        var found = new LabelledDocument(article, dump, document, gold.Length);
        if (dump == Gold)
            Array.Fill(found.Share, 1);
        else
            found.Label(gold);
        return found;
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
