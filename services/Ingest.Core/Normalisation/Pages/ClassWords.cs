namespace Ingest.Core.Normalisation.Pages;

/// <summary>The words of class names and ids, from <c>pages.txt</c>.</summary>
internal static class ClassWords
{
    /// <summary>Characters of names that are read; frameworks have classes by the hundred.</summary>
    const int Reach = 300;

    static readonly HashSet<string>.AlternateLookup<ReadOnlySpan<char>> Text = Of("text"), Furniture = Of("furniture");

    /// <summary>Counts the words that speak for text and for furniture.</summary>
    public static (int Text, int Furniture) Count(string? names)
    {
        if (string.IsNullOrEmpty(names))
            return (0, 0);
        var (text, furniture) = (0, 0);
        var read = names.AsSpan(0, Math.Min(names.Length, Reach));
        for (var at = 0; at < read.Length;)
        {
            if (!char.IsLetter(read[at]))
            {
                at++;
                continue;
            }

            // A word ends at a sign, a digit, or before a capital: "articleBody".
            var end = at + 1;
            while (end < read.Length && char.IsLetter(read[end]) && !(char.IsUpper(read[end]) && char.IsLower(read[end - 1])))
                end++;
            var word = read[at..end];
            text += Text.Contains(word) ? 1 : 0;
            furniture += Furniture.Contains(word) ? 1 : 0;
            at = end;
        }

        return (text, furniture);
    }

    static HashSet<string>.AlternateLookup<ReadOnlySpan<char>> Of(string list) =>
        Resource.Lines("pages.txt").Where(l => l.StartsWith(list + ":", StringComparison.Ordinal)).SelectMany(l => l[(list.Length + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .ToHashSet(StringComparer.OrdinalIgnoreCase).GetAlternateLookup<ReadOnlySpan<char>>();
}
