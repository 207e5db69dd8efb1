using System.Diagnostics;
using System.Globalization;
using Ingest.Contracts.Tests;

namespace Ingest.EndToEnd.Tests;

/// <summary>
/// The real articles and labelled dumps that lie beside the repository, scored by their own program. The floors stand a little under what was
/// measured; what a change of rules gives is measured with tests/Ingest.Accuracy.
/// </summary>
public sealed class LabelledDataTests : IDisposable
{
    readonly Workplace at = new();

    public void Dispose() => at.Dispose();

    [SharedFact("seeds/expected.jsonl")]
    public void The_real_samples_come_out_exactly()
    {
        Assert.Equal(0, at.Run("run", Repository.Shared("seeds")!, "--output", "out.jsonl").Exit);
        Assert.EndsWith("exact 5 of 5\n", Score("seeds/expected.jsonl"), StringComparison.Ordinal);
    }

    [SharedFact("seeds/expected.jsonl")]
    public void The_real_samples_are_five_stories()
    {
        var run = at.Run("run", Repository.Shared("seeds")!, "--output", "-");
        Assert.Equal(["canonical", "canonical", "canonical", "canonical", "canonical"], run.Lines.Select(l => (string)l["outcome"]!));
        Assert.Equal(5, run.Lines.Select(l => (string)l["story"]!["id"]!).Distinct().Count());
    }

    [SharedTheory("data/cleaning/wcxb-gold.jsonl.gz")]
    [InlineData("article", 0.955, 0.98)]
    [InlineData("page", 0.95, 0.975)]
    public void The_labelled_dumps_keep_their_floor(string kind, double f1, double recall)
    {
        Assert.Equal(0, at.Run("run", Repository.Shared($"data/cleaning/wcxb-{kind}.jsonl.gz")!, "--output", "out.jsonl").Exit);
        var words = Score("data/cleaning/wcxb-gold.jsonl.gz").Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        double Figure(string name) => double.Parse(words[Array.IndexOf(words, name) + 1], CultureInfo.InvariantCulture);
        Assert.True(Figure("F1") >= f1 && Figure("recall") >= recall, string.Join(' ', words));
    }

    [SharedFact("data/wirebench-senate.jsonl.gz")]
    public void The_labelled_stories_keep_their_floor()
    {
        const string Gold = "data/wirebench-senate.jsonl.gz";
        Assert.Equal(0, at.Run("run", Repository.Shared(Gold)!, "--output", "out.jsonl").Exit);
        var score = Score(Gold, "score-stories");
        var words = score.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        double Figure(string name) => double.Parse(words[Array.IndexOf(words, name) + 1], CultureInfo.InvariantCulture);
        Assert.True(Figure("ARI") >= 0.99 && Figure("singles") <= 8 && Figure("largest") <= 34, score);
        foreach (var kind in (string[])["abridge", "embed", "house", "insert", "ocr_light", "republish", "trunc_long", "trunc_short"])
            Assert.True(Figure(kind) >= 0.985, $"{kind}: {score}");
        Assert.True(Figure("brief") >= 0.97 && Figure("ocr_heavy") >= 0.97 && Figure("update") >= 0.92, score);
    }

    string Score(string gold, string program = "score-cleaning")
    {
        using var process = Process.Start(new ProcessStartInfo("/usr/bin/python3", [Repository.Shared(program)!, at.PathTo("out.jsonl"), Repository.Shared(gold)!]) { RedirectStandardOutput = true, UseShellExecute = false })!;
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return output;
    }

    /// <summary>Why a test that reads the data beside the repository cannot run; null where it can, and on CI, where it must.</summary>
    static string? Missing(string file) => Repository.Shared(file) is not null || Repository.OnCi
        ? null : $"{file} is not in the folder 'shared' beside the repository.";

    [AttributeUsage(AttributeTargets.Method)]
    sealed class SharedFactAttribute : FactAttribute
    {
        public SharedFactAttribute(string file) => Skip = Missing(file);
    }

    [AttributeUsage(AttributeTargets.Method)]
    sealed class SharedTheoryAttribute : TheoryAttribute
    {
        public SharedTheoryAttribute(string file) => Skip = Missing(file);
    }
}
