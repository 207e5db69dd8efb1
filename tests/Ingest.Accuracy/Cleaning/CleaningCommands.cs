using System.Diagnostics;
using Ingest.Core.Articles;
using Ingest.Core.Normalisation;

namespace Ingest.Accuracy.Cleaning;

/// <summary>What the program does with the cleaning set.</summary>
static class CleaningCommands
{
    const int Worst = 20;

    /// <summary>Trains on all labelled articles and writes the model into the source tree.</summary>
    public static void Train()
    {
        var clock = Stopwatch.StartNew();
        var set = CleaningSet.Read();
        Console.WriteLine($"{set.Articles.Count} articles read and labelled, {clock.Elapsed.TotalSeconds:0} s");
        var model = ScorerTraining.Fit(set.Lexicon, set.Documents);
        var path = ModelPath();
        File.WriteAllLines(path, model.Write().Prepend(
            "# The line scorer. Written by `dotnet run --project tests/Ingest.Accuracy -- train`; see Scoring/ScorerModel.cs for the form."));
        Console.WriteLine($"{path}: {new FileInfo(path).Length / 1024} KB, {clock.Elapsed.TotalSeconds:0} s");
    }

    /// <summary>Trains on all labelled pages of HTML and writes that model into the source tree.</summary>
    public static void TrainPages()
    {
        var clock = Stopwatch.StartNew();
        var set = CleaningSet.ReadPages();
        Console.WriteLine($"{set.Articles.Count} pages read and labelled, {clock.Elapsed.TotalSeconds:0} s");
        var model = ScorerTraining.Fit(set.Lexicon, set.Documents, CleaningData.Html);
        var path = ModelPath().Replace("line-scorer", "page-scorer", StringComparison.Ordinal);
        File.WriteAllLines(path, model.Write().Prepend(
            "# The line scorer for pages of HTML. Written by `dotnet run --project tests/Ingest.Accuracy -- train-pages`; see Scoring/ScorerModel.cs for the form."));
        Console.WriteLine($"{path}: {new FileInfo(path).Length / 1024} KB, {clock.Elapsed.TotalSeconds:0} s");
    }

    /// <summary>Pages of HTML from sites that were not learned.</summary>
    public static int CrossValidatePages()
    {
        var set = CleaningSet.ReadPages();
        var validation = new CrossValidation(set, CleaningData.Html);
        var rules = CrossValidation.Ways[0];
        Tell(set, validation, validation.Clean(CleaningData.Html, rules), rules.Name);
        validation.Train();
        var way = CrossValidation.Ways[1];
        return Tell(set, validation, validation.Clean(CleaningData.Html, way), way.Name) ? 1 : 0;
    }

    static bool Tell(CleaningSet set, CrossValidation validation, NormalisationResult?[] results, string way)
    {
        var failed = false;
        Console.WriteLine($"{way,-40}{"F1     precision recall"}");
        foreach (var own in Enumerable.Range(0, results.Length).Where(i => results[i] is not null).GroupBy(i => set.Articles[i].Set))
        {
            var score = validation.Score(own, results);
            Console.WriteLine($"  {own.Key + ".html",-38}{score}");
            failed |= Floors.Fall($"pages.{way.Replace(' ', '-')}", new Dictionary<string, WordScore> { [$"{own.Key}.html"] = score });
            foreach (var language in own.GroupBy(i => set.Articles[i].Language).OrderBy(l => l.Key, StringComparer.Ordinal))
                Console.WriteLine($"    {language.Key,-36}{validation.Score(language, results)}");
            var fields = new FieldScore();
            foreach (var i in own)
                fields.Add(set.Articles[i], results[i]!.Article);
            if (own.Key == CleaningData.Wcxb)
                Console.WriteLine($"    {fields}");
            if (set.Articles[own.First()].Gold is not null)
                foreach (var (i, one) in own.Select(i => (i, Score: validation.Score([i], results))).OrderBy(s => s.Score.F1).Take(Worst))
                    Console.WriteLine($"      {set.Articles[i].Id}  {one}  {results[i]!.Rejection?.Reason}");
        }

        return failed;
    }

    /// <summary>Every way to clean, by set and dump, and by language; then how many strangers of the sites each joins.</summary>
    public static int CrossValidate()
    {
        var set = CleaningSet.Read();
        var validation = new CrossValidation(set);
        validation.Train();
        var failed = false;
        foreach (var way in CrossValidation.Ways)
        {
            Console.WriteLine($"{way.Name,-40}{"F1     precision recall"}");
            foreach (var dump in CleaningData.DumpNames.Append(LabelledDocument.Gold))
            {
                var results = validation.Clean(dump, way);
                foreach (var own in Enumerable.Range(0, results.Length).Where(i => results[i] is not null).GroupBy(i => set.Articles[i].Set))
                {
                    var score = validation.Score(own, results);
                    var name = $"{own.Key}.{dump}";
                    var joins = own.Key == CleaningData.Sites && dump != LabelledDocument.Gold ? Joins.Of(set, results) : default;
                    Console.WriteLine($"  {name,-38}{score}{(joins.All > 0 ? $"  {joins.All} joined, {joins.Wrong} of them wrong" : "")}");
                    failed |= Floors.Fall($"cross-validate.{way.Name.Replace(' ', '-')}", new Dictionary<string, WordScore> { [name] = score });
                    if (own.Key == CleaningData.Sites && dump != LabelledDocument.Gold)
                        foreach (var language in own.GroupBy(i => set.Articles[i].Language).OrderBy(l => l.Key, StringComparer.Ordinal))
                            Console.WriteLine($"    {language.Key,-36}{validation.Score(language, results)}");
                }
            }
        }

        return failed ? 1 : 0;
    }

    /// <summary>Which rules take words of true bodies, by set and language, with the longest lines that each took.</summary>
    public static int Losses()
    {
        const int Rules = 12, Lines = 4;
        var set = CleaningSet.Read();
        var lost = set.Documents.Where(d => d.Dump != LabelledDocument.Gold && set.Articles[d.Article].Gold is not null && d.Knowledge != Knowledge.Stream)
            .SelectMany(d => d.Lines.Select((l, i) => (Document: d, Line: l, Index: i)))
            .Where(l => l.Line.Rule is not null && l.Line.Kind.IsRemoved() && l.Document.IsBody(l.Index));
        foreach (var group in lost.GroupBy(l => $"{set.Articles[l.Document.Article].Set}.{l.Document.Dump} {set.Articles[l.Document.Article].Language} {l.Document.Knowledge}")
            .OrderBy(g => g.Key, StringComparer.Ordinal))
        {
            var articles = set.Documents.Count(d => $"{set.Articles[d.Article].Set}.{d.Dump} {set.Articles[d.Article].Language} {d.Knowledge}" == group.Key);
            Console.WriteLine($"{group.Key}: {articles} articles; share of each article's body that a rule takes, summed");
            foreach (var rule in group.GroupBy(l => l.Line.Rule!)
                .OrderByDescending(g => g.Sum(l => (double)l.Line.Traits.Words / Math.Max(20, l.Document.GoldWords))).Take(Rules))
            {
                Console.WriteLine($"  {rule.Sum(l => (double)l.Line.Traits.Words / Math.Max(20, l.Document.GoldWords)),8:0.00}  {rule.Key}, {rule.Count()} lines");
                foreach (var (document, line, _) in rule.OrderByDescending(l => l.Line.Traits.Words).Take(Lines))
                {
                    var text = document.Document.TextOf(line);
                    Console.WriteLine($"              {set.Articles[document.Article].Id[..Math.Min(30, set.Articles[document.Article].Id.Length)]}: {text[..Math.Min(text.Length, 160)]}");
                }
            }
        }

        return 0;
    }

    /// <summary>Scores the shipped model; the figures flatter it, as it has seen these articles.</summary>
    public static int Score()
    {
        var articles = CleaningData.Bodies().ToArray();
        var normaliser = new Normaliser();
        var scores = new Dictionary<string, WordScore>();
        foreach (var dump in CleaningData.DumpNames)
        {
            var own = articles.Select(a => (a.Id, Score: WordScore.Of(
                (normaliser.Normalise(new ArticleText(a.Dumps[dump])).Article?.Body ?? []).SelectMany(p => Words.Of(p)),
                Words.Of(a.Gold!)))).ToArray();
            scores[dump] = WordScore.Mean([.. own.Select(o => o.Score)]);
            Console.WriteLine($"{dump}: F1 precision recall {scores[dump]}");
            foreach (var (id, score) in own.OrderBy(o => o.Score.F1).Take(Worst))
                Console.WriteLine($"  {id}  {score}");
        }

        return Floors.Fall("cleaning", scores) ? 1 : 0;
    }

    static string ModelPath()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var candidate = Path.Combine(folder.FullName, "services", "Ingest.Core", "Normalisation", "Scoring");
            if (Directory.Exists(candidate))
                return Path.Combine(candidate, "line-scorer.txt");
        }

        throw new DirectoryNotFoundException("No services/Ingest.Core above this program.");
    }
}
