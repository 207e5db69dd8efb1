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

    public static int CrossValidate()
    {
        var set = CleaningSet.Read();
        Console.WriteLine($"{"F1 precision recall",-20}{"article",24}{"page",24}{"true body as input",24}");
        var failed = false;
        foreach (var result in CrossValidation.Run(set))
        {
            Console.WriteLine($"{result.Name,-20}{result.Scores[CleaningData.Article],24}{result.Scores[CleaningData.Page],24}{result.Scores[LabelledDocument.Gold],24}");
            failed |= Floors.Fall($"cross-validate.{result.Name.Replace(' ', '-')}", result.Scores);
        }

        return failed ? 1 : 0;
    }

    /// <summary>Scores the shipped model; the figures flatter it, as it has seen these articles.</summary>
    public static int Score()
    {
        var articles = CleaningData.Read();
        var normaliser = new Normaliser();
        var scores = new Dictionary<string, WordScore>();
        foreach (var dump in CleaningData.DumpNames)
        {
            var own = articles.Select(a => (a.Id, Score: WordScore.Of(
                (normaliser.Normalise(new ArticleText(a.Dumps[dump])).Article?.Body ?? []).SelectMany(p => Words.Of(p)),
                Words.Of(a.Gold)))).ToArray();
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
