using System.Globalization;
using Ingest.Accuracy.Cleaning;

namespace Ingest.Accuracy;

/// <summary>The figures under which a measurement fails, from <c>floors.txt</c>: "name figure", a line each.</summary>
static class Floors
{
    public static bool Fall(string name, IReadOnlyDictionary<string, WordScore> scores)
    {
        var failed = false;
        foreach (var (dump, score) in scores)
        {
            failed |= Fall($"{name}.{dump}.f1", score.F1);
            failed |= Fall($"{name}.{dump}.recall", score.Recall);
        }

        return failed;
    }

    public static bool Fall(string name, IReadOnlyDictionary<string, double> figures)
    {
        var failed = false;
        foreach (var (figure, value) in figures)
            failed |= Fall($"{name}.{figure}", value);
        return failed;
    }

    static bool Fall(string name, double figure)
    {
        foreach (var line in File.ReadLines(Path.Combine(AppContext.BaseDirectory, "floors.txt")))
        {
            if (!line.StartsWith(name + " ", StringComparison.Ordinal)
                || figure >= double.Parse(line[name.Length..], CultureInfo.InvariantCulture))
                continue;
            Console.Error.WriteLine($"{name} is {figure:0.0000}, under its floor of{line[name.Length..]}");
            return true;
        }

        return false;
    }
}
