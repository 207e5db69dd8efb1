using Ingest.Core.Normalisation.Characters;

namespace Ingest.Core.Normalisation.Rules;

/// <summary>The news agencies, photo banks and wires of press releases of <c>agencies.txt</c>, found by any of their names.</summary>
internal static class Agencies
{
    enum Kind
    {
        News,
        Photo,
        Release,
    }

    static readonly Dictionary<string, (string Name, Kind Of)> ByAlias = Load();
    static readonly Dictionary<string, (string Name, Kind Of)>.AlternateLookup<ReadOnlySpan<char>> Lookup =
        ByAlias.GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>
    /// The usual short name of the news agency called <paramref name="name"/>, or null. Case decides only for names of two letters.
    /// </summary>
    public static string? News(ReadOnlySpan<char> name) => Find(name) is { Of: Kind.News } found ? found.Name : null;

    /// <summary>True for a news agency or a photo bank: a name that may stand in a picture credit.</summary>
    public static bool IsPictureSource(ReadOnlySpan<char> name) => Find(name) is { Of: not Kind.Release };

    /// <summary>True for a wire of press releases: it signs a dateline, and is no agency.</summary>
    public static bool IsReleaseWire(ReadOnlySpan<char> name) => Find(name) is { Of: Kind.Release };

    static (string Name, Kind Of)? Find(ReadOnlySpan<char> name)
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

    static Dictionary<string, (string Name, Kind Of)> Load()
    {
        var found = new Dictionary<string, (string Name, Kind Of)>(StringComparer.Ordinal);
        foreach (var line in Resource.Lines("agencies.txt"))
        {
            var kind = line.StartsWith("photo ", StringComparison.Ordinal) ? Kind.Photo
                : line.StartsWith("release ", StringComparison.Ordinal) ? Kind.Release
                : Kind.News;
            var names = (kind == Kind.News ? line : line[(line.IndexOf(' ') + 1)..]).Split('|', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
            foreach (var name in names)
            {
                var folded = string.Concat(name.Select(Chars.Fold));
                found.TryAdd(folded, (names[0], kind));
            }
        }

        return found;
    }
}
