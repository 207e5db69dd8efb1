using System.Buffers;

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

    /// <summary>Words for who wrote an article and for when it was published; most of them are furniture too.</summary>
    static readonly (PageRole Role, string[] Words)[] Roles =
    [
        (PageRole.Author, ["author", "authors", "authorname", "autor", "autoren", "auteur", "autore", "byline", "bylines", "writer", "contributor", "contributors", "verfasser", "redakteur", "skribent", "forfatter"]),
        (PageRole.Date, ["date", "dates", "datum", "datetime", "dateline", "time", "timestamp", "published", "pubdate", "publishdate", "postdate", "posted", "fecha", "dato"]),
        (PageRole.Sure, ["name"]),
        (PageRole.None, ["comment", "comments", "reply", "avatar", "bio", "description", "image", "photo", "picture", "social", "read", "reading"]),
    ];

    static readonly Dictionary<string, PageRole>.AlternateLookup<ReadOnlySpan<char>> RoleOfWord =
        Roles.SelectMany(r => r.Words.Select(w => (r.Role, Word: w))).ToDictionary(w => w.Word, w => w.Role, StringComparer.OrdinalIgnoreCase).GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>Most elements have none of these anywhere in their names, and are read no further.</summary>
    static readonly SearchValues<string> Telling = SearchValues.Create([.. Roles[0].Words, .. Roles[1].Words], StringComparison.OrdinalIgnoreCase);

    /// <summary>Adds the words of some names to the counts of their groups.</summary>
    public static void Count(string? names, Span<byte> counts)
    {
        for (var rest = Read(names); TryNext(ref rest, out var word);)
            if (GroupOf.TryGetValue(word, out var group) && counts[(int)group] < byte.MaxValue)
                counts[(int)group]++;
    }

    /// <summary>What names say that an element holds. A word against it ("comment-author", "author-bio") leaves nothing said.</summary>
    public static PageRole RoleOf(string? names)
    {
        var said = PageRole.None;
        if (!Read(names).ContainsAny(Telling))
            return said;
        for (var rest = Read(names); TryNext(ref rest, out var word);)
        {
            if (!RoleOfWord.TryGetValue(word, out var role))
                continue;
            if (role == PageRole.None)
                return PageRole.None;
            said |= role;
        }

        // An "author-name" is meant for nothing else, an "author" also for what stands around it.
        return (said & PageRole.Author) == 0 ? said & ~PageRole.Sure : said;
    }

    static ReadOnlySpan<char> Read(string? names) => names.AsSpan(0, Math.Min(names?.Length ?? 0, Reach));

    /// <summary>A word ends at a sign, a digit, or before a capital: "articleBody".</summary>
    static bool TryNext(ref ReadOnlySpan<char> names, out ReadOnlySpan<char> word)
    {
        var at = 0;
        while (at < names.Length && !char.IsLetter(names[at]))
            at++;
        var end = Math.Min(at + 1, names.Length);
        while (end < names.Length && char.IsLetter(names[end]) && !(char.IsUpper(names[end]) && char.IsLower(names[end - 1])))
            end++;
        word = names[at..end];
        names = names[end..];
        return !word.IsEmpty;
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
