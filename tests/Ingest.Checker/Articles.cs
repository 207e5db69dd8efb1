using System.Text.Json;

namespace Ingest.Checker;

/// <summary>Generated articles: new ones, exact and cut copies of the last ones, and now and then one that must be rejected.</summary>
sealed class Articles(string run)
{
    readonly Lock gate = new();
    readonly Random random = new(1);
    readonly List<string> recent = [];
    long next;

    public IReadOnlyList<(string Id, string Json)> Take(int count)
    {
        lock (gate)
            return [.. Enumerable.Range(0, count).Select(_ => One())];
    }

    (string Id, string Json) One()
    {
        var id = $"{run}/{next++}";
        var text = random.Next(100) switch
        {
            < 3 => " ",
            < 25 when recent.Count > 0 => recent[random.Next(recent.Count)],
            < 35 when recent.Count > 0 => recent[random.Next(recent.Count)] is var whole ? whole[..(whole.Length / 2)] : "",
            _ => New(),
        };
        return (id, JsonSerializer.Serialize(new { id, text }));
    }

    string New()
    {
        string Word() => string.Concat(Enumerable.Range(0, random.Next(2, 4))
            .Select(_ => "bdfgklmnprstv"[random.Next(13)].ToString() + "aeiou"[random.Next(5)]));
        string Paragraph() => $"The {string.Join(' ', Enumerable.Range(0, 40).Select(_ => Word()))}.";
        var text = $"Report on {Word()} {Word()} {Word()}\n\n{string.Join("\n\n", Enumerable.Range(0, 6).Select(_ => Paragraph()))}\n";
        if (recent.Count < 100)
            recent.Add(text);
        else
            recent[random.Next(recent.Count)] = text;
        return text;
    }
}
