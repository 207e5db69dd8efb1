using System.Collections.Frozen;
using Ingest.Core.Articles;
using Ingest.Core.Normalisation.Characters;
using Ingest.Core.Normalisation.Decoding;

namespace Ingest.Core.Normalisation.Rules;

/// <summary>
/// Reads byline lines: "By X and Y for AFP", "- By X", "Von X", "By X, Press Association",
/// "Tom Davies - Associated Press - Friday, April 28, 2023".
/// </summary>
internal static class BylineReader
{
    /// <summary>Longer lines, in characters, are text.</summary>
    const int MaxLength = 240;

    static readonly OpeningWords Openers = new(Wording.Of("byline.opener").Select(w => w + " "));

    static readonly string[] Joiners = [.. Wording.Of("byline.joiner").Select(Between)];

    static readonly string[] OrganisationJoiners = [.. Wording.Of("byline.for").Concat(Wording.Of("byline.with")).Select(Between)];

    static readonly FrozenSet<string> JobWords = Wording.SetOf("byline.job", StringComparer.Ordinal);

    static readonly string[] Titles = Wording.Of("byline.title");

    /// <summary>What stands behind a name: "M.D." is no part of it, "Jr." is.</summary>
    static readonly FrozenSet<string> Degrees = Wording.SetOf("byline.degree", StringComparer.Ordinal),
        Generations = Wording.SetOf("byline.generation", StringComparer.Ordinal);

    /// <summary>What stands between a name and the place that somebody reports from.</summary>
    static readonly string[] PlaceJoiners = [.. Wording.Of("byline.in").Select(Between)];

    static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> PlaceParticles =
        Wording.SetOf("name.place", StringComparer.Ordinal).GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>Words in lower case in the name of a house.</summary>
    static readonly FrozenSet<string> HouseParticles = Wording.SetOf("name.house", StringComparer.Ordinal);

    /// <summary>What a byline says.</summary>
    /// <param name="Date">A date that stands at the line's end.</param>
    internal readonly record struct Line(IReadOnlyList<Byline> Bylines, string? Agency, DateFound? Date);

    /// <summary>Reads a line that opens with a byline word, and names persons.</summary>
    public static bool TryReadOpened(ReadOnlySpan<char> line, out Line found)
    {
        found = default;
        return line.Length > 5 && Openers.Open(line) && TryRead(line, out found) && found.Bylines.Count > 0;
    }

    /// <summary>What stands behind the word that opens a byline; all of a text that opens with none.</summary>
    public static ReadOnlySpan<char> WithoutOpener(ReadOnlySpan<char> line) => line[Math.Min(line.Length, Openers.LengthAt(string.Concat(line, " ")))..].TrimStart(" :");

    /// <summary>"Senior Reporter, HarbourPost", "Harbour Press Staff Writer": a job, with or without the house; no person.</summary>
    public static bool IsJobLine(ReadOnlySpan<char> line)
    {
        if (line.Length > 60 || Chars.WordsIn(line) > 7 || line.Contains('.'))
            return false;
        var job = false;
        foreach (var range in line.SplitAny(',', '|', '·', '-', '–'))
        {
            var part = line[range].Trim().ToString();
            if (IsJob(part))
                job = true;
            else if (part.Length > 0 && !IsOrganisation(part) && !Outlets.Is(part))
                return false;
        }

        return job;
    }

    /// <summary>Reads a line that opens with a byline word, with or without a dash before it.</summary>
    public static bool TryRead(ReadOnlySpan<char> line, out Line found)
    {
        found = default;
        if (line.Length is < 5 or > MaxLength)
            return false;
        var rest = line.TrimStart("-–—•|· \u00a0");
        var dashed = rest.Length < line.Length;
        var opener = Openers.LengthAt(rest);
        if (opener == rest.Length)
            opener = 0;
        rest = rest[opener..].TrimStart();
        if (opener == 0 && !dashed)
            return TryReadDashed(line, out found);
        // A dash or a bullet alone opens sentences of every kind.
        if (opener == 0 && Chars.Is(line[^1], CharClass.Terminal))
            return false;
        // "de", "da", "di", "e" open far more sentences than bylines: they want names and nothing else behind them.
        if (!TryReadPeople(rest, out found))
            return false;
        return opener > 0 || found.Bylines.Count > 0;
    }

    /// <summary>"Tom Davies - Associated Press - Friday, April 28, 2023".</summary>
    static bool TryReadDashed(ReadOnlySpan<char> line, out Line found)
    {
        found = default;
        var dash = line.IndexOf(" - ");
        if (dash < 0)
            dash = line.IndexOf(" | ");
        if (dash < 0 || !Names.IsPerson(line[..dash]))
            return false;
        var rest = line[(dash + 3)..];
        var second = rest.IndexOfAny('-', '|');
        var organisation = (second > 0 ? rest[..second] : rest).Trim();
        DateFound? date = second > 0 ? Dates.FindIn(rest[(second + 1)..]) : null;
        if (Agencies.News(organisation) is not { } agency)
            return false;
        found = new Line([new Byline(line[..dash].Trim().ToString(), organisation.ToString())], agency, date);
        return true;
    }

    /// <summary>A list of names with organisations: everything must be a name, an organisation or a job.</summary>
    public static bool TryReadPeople(ReadOnlySpan<char> text, out Line found)
    {
        found = default;
        if (text.Length > MaxLength)
            return false;
        text = WithoutAddress(text.Trim(" \t\r\n=_").TrimEnd("|,;"));
        // A name may be parted by a hard wrap.
        var list = text.ToString().Replace('\n', ' ').Replace(PartedWords.Wrap, ' ');
        DateFound? date = null;
        // "By X | Friday, April 28, 2023", "By X - 3 May 2021".
        var bar = list.AsSpan().IndexOfAny("|•·");
        if (bar < 0)
            bar = list.IndexOf(" - ", StringComparison.Ordinal);
        string? organisation = null, agency = null;
        if (bar > 0)
        {
            var behind = list[(bar + 1)..].Trim(' ', '-', '|', '•', '·');
            if (Dates.TryReadLine(behind, out var dateLine))
            {
                date = dateLine.Date;
                list = list[..bar].Trim();
            }
            else if (Agencies.News(behind) is { } named)
            {
                agency = named;
                organisation = behind;
                list = list[..bar].Trim();
            }
        }

        foreach (var joiner in OrganisationJoiners)
        {
            var at = list.IndexOf(joiner, StringComparison.OrdinalIgnoreCase);
            if (at <= 0)
                continue;
            var behind = list[(at + joiner.Length)..].Trim();
            if (behind.Length is 0 or > 60 || !IsOrganisation(behind))
                continue;
            organisation = behind;
            agency ??= Agencies.News(behind);
            list = list[..at].Trim();
            break;
        }

        var bylines = new List<Byline>();
        foreach (var piece in Split(list))
        {
            var part = WithoutPlace(WithoutRole(WithoutTitle(piece)));
            if (part.Length == 0)
                continue;
            if (bylines.Count > 0 && part.Length <= 6 && part.ToLowerInvariant().Replace(".", "", StringComparison.Ordinal) is var suffix)
            {
                if (Degrees.Contains(suffix))
                    continue;
                if (Generations.Contains(suffix))
                {
                    bylines[^1] = bylines[^1] with { Name = $"{bylines[^1].Name}, {part}" };
                    continue;
                }
            }

            if (Agencies.News(part) is { } named)
            {
                agency ??= named;
                organisation ??= part;
            }
            else if (AgencyBehind(part, out var reporter, out var employer))
            {
                agency ??= Agencies.News(employer);
                bylines.Add(new Byline(reporter, employer));
            }
            else if (ShoutedBehind(part, out var person, out var house))
            {
                bylines.Add(new Byline(person, house));
            }
            else if (IsJob(part))
            {
                organisation ??= part;
            }
            else if (Names.IsPerson(part) && !OpensSentence(part))
            {
                bylines.Add(new Byline(part));
            }
            else if (SlashedAgency(part, out var name, out var source))
            {
                agency ??= Agencies.News(source);
                bylines.Add(new Byline(name, source));
            }
            else if (Outlets.Is(part))
            {
                organisation ??= part;
            }
            else if (bylines.Count == 0 || !IsPlace(part))
            {
                return false;
            }
        }

        if (bylines.Count == 0 && agency is null && (organisation is null || list.Length > 0 && !IsOrganisation(list)))
            return false;
        if (organisation is not null)
            for (var i = 0; i < bylines.Count; i++)
                bylines[i] = bylines[i] with { Organization = bylines[i].Organization ?? organisation };
        found = new Line(bylines, agency, date);
        return true;
    }

    /// <summary>A bare name, or several, with nothing else on the line.</summary>
    public static bool IsNames(ReadOnlySpan<char> line, out Line found)
    {
        found = default;
        return line.Length <= 120 && !line.ContainsAnyInRange('0', '9') && TryReadPeople(line, out found) && found.Bylines.Count > 0;
    }

    /// <summary>"Corinne Falk Associated Press": an agency as the last one to three words behind a name.</summary>
    static bool AgencyBehind(string part, out string name, out string agency)
    {
        name = agency = "";
        var at = part.Length;
        for (var words = 1; words <= 3 && at > 0; words++)
        {
            at = part.LastIndexOf(' ', at - 1);
            if (at <= 0)
                return false;
            if (Agencies.News(part.AsSpan(at + 1)) is null || !Names.IsPerson(part.AsSpan(0, at)))
                continue;
            name = part[..at];
            agency = part[(at + 1)..];
            return true;
        }

        return false;
    }

    /// <summary>"Gwendolyn Parrish THE SPOKESMAN-REVIEW": the name in mixed case, the house or the job in capitals.</summary>
    static bool ShoutedBehind(string part, out string name, out string house)
    {
        name = house = "";
        var at = part.Length;
        while (part.LastIndexOf(' ', at - 1) is var space and > 0 && IsShouted(part.AsSpan(space + 1, at - space - 1)))
            at = space;
        if (at == part.Length || IsShouted(part.AsSpan(0, part.IndexOf(' ', StringComparison.Ordinal)))
            || !Names.IsPerson(part.AsSpan(0, at)))
            return false;
        name = part[..at];
        house = part[(at + 1)..];
        return true;
    }

    static bool IsShouted(ReadOnlySpan<char> word)
    {
        var letters = 0;
        foreach (var c in word)
        {
            if (Chars.Is(c, CharClass.Lower))
                return false;
            letters += Chars.Is(c, CharClass.Letter) ? 1 : 0;
        }

        return letters >= 2;
    }

    /// <summary>Korean, Japanese and Chinese put the reporter's title behind the name.</summary>
    static string WithoutTitle(string name)
    {
        foreach (var title in Titles)
            if (name.Length > title.Length + 1 && name.EndsWith(title, StringComparison.Ordinal))
                return name[..^title.Length].TrimEnd();
        return name;
    }

    /// <summary>"onze redacteur Bram Kuijper", "Senior Reporter Anna Weir": the words before a name that say what its bearer does.</summary>
    static string WithoutRole(string part)
    {
        var name = part.AsSpan();
        var job = false;
        while (name.IndexOf(' ') is var space and > 0 && (Chars.Is(name[0], CharClass.Lower) || JobWords.Contains(name[..space].ToString().ToLowerInvariant())))
        {
            job |= JobWords.Contains(name[..space].ToString().ToLowerInvariant());
            name = name[(space + 1)..].TrimStart();
        }

        return job && Names.IsPerson(name) ? name.ToString() : part;
    }

    /// <summary>"Carl Otis in Hull": the name without the place.</summary>
    static string WithoutPlace(string part)
    {
        foreach (var joiner in PlaceJoiners)
            if (part.IndexOf(joiner, StringComparison.OrdinalIgnoreCase) is var at and > 0
                && Names.IsPerson(part.AsSpan(0, at)) && IsPlace(part.AsSpan(at + joiner.Length)))
                return part[..at];
        return part;
    }

    /// <summary>Up to three words with a capital: a town behind a reporter's name.</summary>
    static bool IsPlace(ReadOnlySpan<char> text)
    {
        text = text.Trim();
        if (text.Length is < 2 or > 40 || Chars.WordsIn(text) > 3)
            return false;
        foreach (var range in text.Split(' '))
            if (text[range] is { IsEmpty: false } word && !Chars.Is(word[0], CharClass.Upper) && !PlaceParticles.Contains(word))
                return false;
        return Chars.Is(text[0], CharClass.Upper) && Chars.Any(text, CharClass.Letter) && !Dates.IsDateWord(text) && !text.ContainsAnyInRange('0', '9');
    }

    /// <summary>The line without an e-mail address at its end.</summary>
    static ReadOnlySpan<char> WithoutAddress(ReadOnlySpan<char> line)
    {
        var space = line.LastIndexOf(' ');
        return space > 0 && line[space..].Contains('@') ? line[..space].TrimEnd(" ,|") : line;
    }

    static bool SlashedAgency(string part, out string name, out string source)
    {
        var slash = part.IndexOfAny(['/', '(']);
        name = source = "";
        if (slash <= 0)
            return false;
        name = part[..slash].Trim();
        source = part[(slash + 1)..].Trim(' ', ')');
        return Names.IsPerson(name) && Outlets.Is(source);
    }

    /// <summary>A word with its blanks; none behind an apostrophe.</summary>
    static string Between(string word) => word.EndsWith('\'') ? $" {word}" : $" {word} ";

    static string[] Split(string list)
    {
        foreach (var joiner in Joiners)
            list = list.Replace(joiner, ",", StringComparison.OrdinalIgnoreCase);
        return list.Split([',', ';', '，', '、'], StringSplitOptions.TrimEntries);
    }

    static bool IsJob(string part)
    {
        foreach (var word in part.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            if (JobWords.Contains(word.ToLowerInvariant().Trim('.', '\'')))
                return part.Length <= 60 && !part.Contains('.', StringComparison.Ordinal);
        return false;
    }

    static bool IsOrganisation(string text)
    {
        if (Agencies.News(text) is not null || IsJob(text))
            return true;
        // The Moscow Times, Harbour Post: capitalised words, articles aside.
        var words = text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return words.Length <= 6 && Array.TrueForAll(words, w => Chars.Is(w[0], CharClass.Upper) || HouseParticles.Contains(w))
            && !Dates.IsDateWord(words[^1].TrimEnd(','));
    }

    /// <summary>"By Wednesday Evening": a weekday opens prose. A month may be a name: Jan, April, Marta.</summary>
    static bool OpensSentence(string part)
    {
        var space = part.IndexOf(' ', StringComparison.Ordinal);
        return Dates.IsWeekday(space < 0 ? part : part[..space]);
    }
}
