namespace Ingest.Core.Normalisation.Pages;

/// <summary>What a class name speaks for, in the order of the lists of <c>pages.txt</c>.</summary>
internal enum ClassGroup
{
    Text,
    Comment,
    Related,
    Navigation,
    Furniture,
}

/// <summary>The words of class names and ids, from <c>pages.txt</c>.</summary>
internal static class ClassWords
{
    public const int Groups = (int)ClassGroup.Furniture + 1;

    /// <summary>Characters of names that are read; frameworks have classes by the hundred.</summary>
    const int Reach = 300;

    static readonly Dictionary<string, ClassGroup>.AlternateLookup<ReadOnlySpan<char>> GroupOf = Load().GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>Adds the words of some names to the counts of their groups.</summary>
    public static void Count(string? names, Span<byte> counts)
    {
        if (string.IsNullOrEmpty(names))
            return;
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
            if (GroupOf.TryGetValue(read[at..end], out var group) && counts[(int)group] < byte.MaxValue)
                counts[(int)group]++;
            at = end;
        }
    }

    static Dictionary<string, ClassGroup> Load()
    {
        var groups = new Dictionary<string, ClassGroup>(StringComparer.OrdinalIgnoreCase);
        foreach (var line in Resource.Lines("pages.txt"))
        {
            var colon = line.IndexOf(':');
            var group = Enum.Parse<ClassGroup>(line[..colon], ignoreCase: true);
            foreach (var word in line[(colon + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries))
                groups.Add(word, group);
        }

        return groups;
    }
}
