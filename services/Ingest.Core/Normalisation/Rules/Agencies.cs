using Ingest.Core.Normalisation.Characters;

namespace Ingest.Core.Normalisation.Rules;

/// <summary>The news agencies and photo banks of <c>agencies.txt</c>, found by any of their names.</summary>
internal static class Agencies
{
    static readonly Dictionary<string, (string Name, bool News)> ByAlias = Load();
    static readonly Dictionary<string, (string Name, bool News)>.AlternateLookup<ReadOnlySpan<char>> Lookup =
        ByAlias.GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>
    /// The usual short name of the news agency called <paramref name="name"/>, or null. Case decides only for names of two letters.
    /// </summary>
    public static string? News(ReadOnlySpan<char> name) => Find(name) is { News: true } found ? found.Name : null;

    /// <summary>True for a news agency or a photo bank: a name that may stand in a picture credit.</summary>
    public static bool IsPictureSource(ReadOnlySpan<char> name) => Find(name) is not null;

    static (string Name, bool News)? Find(ReadOnlySpan<char> name)
    {
        while (name.Length > 0 && !Chars.Is(name[0], CharClass.Letter | CharClass.Digit))
            name = name[1..];
        while (name.Length > 0 && !Chars.Is(name[^1], CharClass.Letter | CharClass.Digit | CharClass.Mark))
            name = name[..^1];
        if (name.Length is 0 or > 40)
            return null;
        Span<char> folded = stackalloc char[name.Length];
        for (var i = 0; i < name.Length; i++)
            folded[i] = Chars.Fold(name[i]);
        if (!Lookup.TryGetValue(folded, out var found))
            return null;
        // "AP", "PA" and their like are words or syllables in lower case.
        return name.Length <= 2 && name.ContainsAnyInRange('a', 'z') ? null : found;
    }

    static Dictionary<string, (string Name, bool News)> Load()
    {
        var found = new Dictionary<string, (string Name, bool News)>(StringComparer.Ordinal);
        foreach (var line in Resource.Lines("agencies.txt"))
        {
            var photo = line.StartsWith("photo ", StringComparison.Ordinal);
            var names = (photo ? line[6..] : line).Split('|', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
            foreach (var name in names)
            {
                var folded = string.Concat(name.Select(Chars.Fold));
                found.TryAdd(folded, (names[0], !photo));
            }
        }

        return found;
    }
}
