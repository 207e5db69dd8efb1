using Ingest.Core.Articles;

namespace Ingest.Core.Normalisation.Phrases;

/// <summary>Where in its segment a phrase must stand.</summary>
internal enum PhraseMatch
{
    /// <summary>The segment is the phrase, signs and bullets aside.</summary>
    Whole,

    /// <summary>The segment begins with it.</summary>
    Start,

    /// <summary>The segment ends with it.</summary>
    End,

    /// <summary>It stands anywhere in the segment.</summary>
    Within,
}

/// <summary>Where in the article the segment must stand.</summary>
internal enum Zone
{
    Any,

    /// <summary>Before the first paragraph of running text.</summary>
    Head,

    /// <summary>Behind the last paragraph of running text, or one segment before it.</summary>
    Tail,

    /// <summary>Head or tail.</summary>
    Edge,
}

/// <summary>A boilerplate rule whose evidence is a phrase: an entry of <c>phrases.txt</c>, where the format is described.</summary>
internal sealed class PhraseRule
{
    public required string Name { get; init; }

    public BlockKind Kind { get; private set; }
    public PhraseMatch Match { get; private set; } = PhraseMatch.Whole;
    public Zone Zone { get; private set; } = Zone.Any;

    /// <summary>Segments with more words are left alone.</summary>
    public int MaxWords { get; private set; } = int.MaxValue;

    /// <summary>The segment must not end like a sentence.</summary>
    public bool Label { get; private set; }

    /// <summary>The segment heads a list: title-like segments behind it go with it.</summary>
    public bool Section { get; private set; }

    /// <summary>The sentence may be cut off the end of a paragraph.</summary>
    public bool Glued { get; private set; }
    public List<string> Phrases { get; } = [];

    /// <summary>Texts of which the rule must decide the marked segment.</summary>
    public List<string> Positives { get; } = [];

    /// <summary>Texts that must stay in the body.</summary>
    public List<string> NearMisses { get; } = [];

    public static IReadOnlyList<PhraseRule> Default { get; } = Parse(Resource.Lines("phrases.txt"));

    /// <summary>The rule of this name, for code that reads it.</summary>
    /// <exception cref="InvalidOperationException">There is none: it was renamed, in the file or in the code alone.</exception>
    public static PhraseRule Named(string name) => Default.FirstOrDefault(r => r.Name == name)
        ?? throw new InvalidOperationException(
            $"phrases.txt has no rule '{name}', which the code reads by that name. Give it the same name in both.");

    /// <summary>The rules whose names begin with this word and a full stop, for code that reads any of them.</summary>
    /// <exception cref="InvalidOperationException">There is none.</exception>
    public static IReadOnlyList<PhraseRule> Group(string name) =>
        Default.Where(r => r.Name.StartsWith(name + ".", StringComparison.Ordinal)).ToArray() is { Length: > 0 } rules
            ? rules
            : throw new InvalidOperationException(
                $"phrases.txt has no rule of the group '{name}', which the code reads by that name. Give it the same name in both.");

    /// <exception cref="FormatException">A line is not of the format; the message names it.</exception>
    public static IReadOnlyList<PhraseRule> Parse(IEnumerable<string> lines)
    {
        var rules = new List<PhraseRule>();
        foreach (var line in lines)
        {
            var space = line.IndexOf(' ');
            var (key, value) = space < 0 ? (line, "") : (line[..space], line[(space + 1)..].Trim());
            if (key == "rule")
            {
                if (rules.Exists(r => r.Name == value))
                    throw new FormatException($"Rule '{value}' is defined twice.");
                rules.Add(new PhraseRule { Name = value });
                continue;
            }

            if (rules.Count == 0)
                throw new FormatException($"'{line}' stands before the first rule.");
            try
            {
                rules[^1].Set(key, value, line);
            }
            catch (Exception e) when (e is ArgumentException or FormatException or OverflowException)
            {
                throw new FormatException($"Rule '{rules[^1].Name}': '{line}': {e.Message}", e);
            }
        }

        return rules;
    }

    void Set(string key, string value, string line)
    {
        switch (key)
        {
            case "kind": Kind = BlockKinds.Parse(value); break;
            case "match": Match = Enum.Parse<PhraseMatch>(value, ignoreCase: true); break;
            case "zone": Zone = Enum.Parse<Zone>(value, ignoreCase: true); break;
            case "words": MaxWords = int.Parse(value); break;
            case "label": Label = true; break;
            case "section": Section = true; break;
            case "glued": Glued = true; break;
            case "yes": Positives.Add(value); break;
            case "no": NearMisses.Add(value); break;
            case { Length: 2 }:
                Phrases.AddRange(value.Split('|', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries));
                break;
            default: throw new FormatException($"Rule '{Name}': '{line}' begins with none of kind, match, zone, words, label, section, rest, glued, yes, no or a two-letter language.");
        }
    }
}
