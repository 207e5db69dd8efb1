using Ingest.Core.Forms.Text;

namespace Ingest.Core.Forms.Feeds;

/// <summary>
/// The names of elements, whatever their prefixes are in a file: "content:encoded", "atom:entry"; RSS has none. A prefix that is not declared
/// means what it means by custom.
/// </summary>
sealed class FeedNames
{
    /// <summary>Declarations that hold at one place.</summary>
    const int Most = 100;

    /// <summary>What stands in a namespace's address, and its prefix. The longer before the shorter.</summary>
    static readonly (string Within, string Prefix)[] Spaces =
    [
        ("purl.org/rss/1.0/modules/content", "content"), ("purl.org/dc/elements", "dc"), ("purl.org/dc/terms", "dcterms"),
        ("w3.org/2005/atom", "atom"), ("purl.org/atom/ns", "atom"), ("search.yahoo.com/mrss", "media"), ("1999/02/22-rdf-syntax-ns", "rdf"),
        ("w3.org/1999/xhtml", "html"), ("itunes.com/dtds", "itunes"), ("news.yandex.ru", "yandex"), ("rssnamespace.org/feedburner", "feedburner"),
        ("purl.org/rss/1.0/modules", "module"), ("purl.org/rss/1.0", ""), ("netscape.com/rdf", ""), ("backend.userland.com", ""), ("law.harvard.edu", ""),
    ];

    readonly List<(int Depth, string Prefix, string Space)> declared = [];

    /// <summary>The name of an element that opens so deep, with what its tag declares.</summary>
    public string Open(LooseMarkup tag, int depth)
    {
        foreach (var (name, value) in tag.Attributes)
            if (declared.Count < Most && name.StartsWith("xmlns", StringComparison.OrdinalIgnoreCase) && name.Length is 5 or > 6)
                declared.Add((depth, name.Length == 5 ? "" : name[6..], value));
        return Of(tag.Name);
    }

    /// <summary>Forgets what was declared as deep as this or deeper.</summary>
    public void Close(int depth)
    {
        while (declared.Count > 0 && declared[^1].Depth >= depth)
            declared.RemoveAt(declared.Count - 1);
    }

    string Of(string written)
    {
        var colon = written.IndexOf(':');
        var (prefix, name) = (colon < 0 ? "" : written[..colon], written[(colon + 1)..].ToLowerInvariant());
        var space = declared.FindLast(d => d.Prefix.Equals(prefix, StringComparison.OrdinalIgnoreCase)).Space;
        var known = space is null ? Custom(prefix, name) : Array.Find(Spaces, s => space.Contains(s.Within, StringComparison.OrdinalIgnoreCase)).Prefix ?? Custom(prefix, name);
        return known.Length == 0 ? name : $"{known}:{name}";
    }

    static string Custom(string prefix, string name) => prefix.ToLowerInvariant() switch
    {
        "" => name is "feed" or "entry" ? "atom" : "",
        "rss" => "",
        "xhtml" or "xh" => "html",
        var other => other,
    };
}
