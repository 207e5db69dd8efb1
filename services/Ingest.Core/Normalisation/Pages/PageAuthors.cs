using System.Collections.Frozen;

namespace Ingest.Core.Normalisation.Pages;

/// <summary>Whom the data of a page name as authors: persons, and apart from them houses and names of accounts, which count where there is no person.</summary>
internal sealed class PageAuthors
{
    const int Most = 20, LongestName = 80;

    /// <summary>What programs write where nobody is named.</summary>
    static readonly FrozenSet<string> Nobody = FrozenSet.Create(StringComparer.OrdinalIgnoreCase, "admin", "administrator", "webmaster", "editor", "user", "guest", "anonymous", "unknown", "undefined", "null", "none", "root", "test");

    readonly List<string> persons = [], houses = [];

    public IReadOnlyList<string> Persons => persons;

    public IReadOnlyList<string> Houses => houses;

    /// <summary>Several names stand in one value where each of them may be a person's.</summary>
    public void Add(string? names)
    {
        if (names is null)
            return;
        // "Weir, Anna", as libraries write it.
        if (names.Split(", ") is [var family, var own] && !family.Contains(' ') && !own.Contains(' '))
            names = $"{own} {family}";
        foreach (var name in names.Split([',', ';'], StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
            AddOne(name);
    }

    void AddOne(string name)
    {
        // Behind a comma stand degrees too: "Anna Weir, MD, FRCS".
        if (name is not { Length: > 2 and < LongestName } || IsDegree(name) && persons.Count > 0 || Nobody.Contains(name) || !name.Any(char.IsLetter) || name.Contains("://", StringComparison.Ordinal) || name.Contains('@') || persons.Count >= Most)
            return;
        foreach (var opening in (string[])["Written by", "Written By:", "Author:", "By", "by", "BY", "Von", "von", "Par", "Por"])
            if (name.StartsWith(opening, StringComparison.Ordinal) && name.Length > opening.Length + 1 && (name[opening.Length] == ' ' || char.IsUpper(name[opening.Length]) && char.IsLower(name[opening.Length - 1])))
                name = name[opening.Length..].Trim();
        // Houses have such words in their names too: only what may be a person's name is one.
        var parts = name.Split([", and ", " and ", " und ", " & ", " et "], StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        foreach (var part in Array.TrueForAll(parts, p => p.Split(' ').Length is 2 or 3) ? parts : [name])
            if (!persons.Contains(part, StringComparer.OrdinalIgnoreCase) && !houses.Contains(part, StringComparer.OrdinalIgnoreCase))
                (IsAccount(part) ? houses : persons).Add(part);
    }

    public static bool IsNobody(string name) => Nobody.Contains(name);

    static bool IsDegree(string name)
    {
        const int Longest = 10;
        if (name.Length > Longest || name.Contains(' '))
            return false;
        var capitals = 0;
        foreach (var c in name)
            if (char.IsUpper(c))
                capitals++;
            else if (char.IsLower(c))
                capitals--;
        return capitals > 0 || name.EndsWith('.');
    }

    /// <summary>"anna.weir", "admin", "kn0w_it", "262588213843476": how somebody logs in.</summary>
    static bool IsAccount(string name) => !name.Contains(' ') && (char.IsLower(name[0]) || char.IsDigit(name[0]) || name.ContainsAny('.', '_'));

    /// <summary>The site itself is no author beside a person.</summary>
    /// <param name="sites">The names that the page has for its site.</param>
    public void Settle(params string?[] sites)
    {
        foreach (var name in persons.ToArray())
            if (sites.Any(s => string.Equals(s, name, StringComparison.OrdinalIgnoreCase)))
            {
                persons.Remove(name);
                houses.Add(name);
            }
    }
}
