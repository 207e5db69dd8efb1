namespace Ingest.Service.Display;

/// <summary>The word that was probably meant.</summary>
static class Typos
{
    /// <summary>" Did you mean 'X'?", or nothing where no candidate is near.</summary>
    public static string Hint(string word, IEnumerable<string> candidates)
    {
        var (name, distance) = candidates.Select(c => (Name: c, Distance: Distance(word, c))).MinBy(c => c.Distance);
        return name is not null && distance <= Math.Max(1, Math.Min(word.Length, name.Length) / 3) ? $" Did you mean '{name}'?" : "";
    }

    /// <summary>Insertions, deletions, replacements and swaps of neighbours that turn one word into the other.</summary>
    static int Distance(string a, string b)
    {
        if (a.Length > 40)
            return a.Length;
        var table = new int[a.Length + 1, b.Length + 1];
        for (var i = 0; i <= a.Length; i++)
            for (var j = 0; j <= b.Length; j++)
            {
                if (i == 0 || j == 0)
                {
                    table[i, j] = i + j;
                    continue;
                }

                var replaced = table[i - 1, j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
                table[i, j] = Math.Min(replaced, Math.Min(table[i - 1, j], table[i, j - 1]) + 1);
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                    table[i, j] = Math.Min(table[i, j], table[i - 2, j - 2] + 1);
            }

        return table[a.Length, b.Length];
    }
}
