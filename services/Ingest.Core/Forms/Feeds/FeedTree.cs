using Ingest.Core.Forms.Text;

namespace Ingest.Core.Forms.Feeds;

/// <summary>The entries of a feed with what is said of all of them, however its tags are closed.</summary>
sealed class FeedTree
{
    /// <summary>Elements inside elements; what is deeper counts as text of the last.</summary>
    const int MostDepth = 64;

    static readonly HashSet<string> Leaves =
    [
        "title", "link", "guid", "pubdate", "author", "category", "comments", "dc:creator", "dc:date", "dc:title", "dc:subject", "atom:title", "atom:link",
        "atom:id", "atom:updated", "atom:published", "atom:category",
    ];

    static readonly HashSet<string> Bodies = ["description", "content:encoded", "atom:content", "atom:summary", "yandex:full-text"];

    /// <summary>What no body holds, not even one whose HTML nobody escaped, which may have a "title" and a "link".</summary>
    static readonly HashSet<string> BehindBodies =
    [
        "guid", "pubdate", "description", "content:encoded", "dc:creator", "dc:date", "atom:id", "atom:updated", "atom:published", "atom:content", "atom:summary",
    ];

    readonly string text;
    readonly FeedNames names = new();
    readonly List<FeedElement> open = [];
    readonly List<(FeedElement Feed, List<FeedElement> Entries)> feeds = [];
    FeedElement feed;
    int beyond;

    FeedTree(string text)
    {
        this.text = text;
        feed = Begin(new FeedElement(text, null, "", "", [], 0));
    }

    /// <summary>
    /// Each feed with its entries; its children are what stands beside these: before them or behind. A file may hold a feed behind another.
    /// </summary>
    public static IReadOnlyList<(FeedElement Feed, List<FeedElement> Entries)> Read(string text) => new FeedTree(text).Read();

    /// <summary>Whether an element begins a feed.</summary>
    public static bool IsRoot(string name) => name is "rss" or "rdf:rdf" or "atom:feed";

    static bool IsEntry(string name) => name is "item" or "atom:entry";

    static bool IsFeed(string name) => IsRoot(name) || name == "channel";

    FeedElement Begin(FeedElement root)
    {
        feeds.Add((root, []));
        return root;
    }

    List<(FeedElement Feed, List<FeedElement> Entries)> Read()
    {
        var parts = new LooseMarkup(text);
        while (parts.Read())
            if (parts.Part == MarkupPart.Start)
                Start(parts);
            else if (parts.Part == MarkupPart.End)
                Close(parts);
        CloseTo(0, text.Length);
        return feeds;
    }

    void Start(LooseMarkup tag)
    {
        var (name, depth) = (names.Open(tag, open.Count), open.Count);
        if (IsEntry(name) || IsRoot(name))
            CloseTo(IsRoot(name) ? 0 : Math.Max(open.FindIndex(o => IsEntry(o.Name)), open.FindLastIndex(o => IsFeed(o.Name)) + 1), tag.Begin);
        else if (UnclosedBefore(name) is >= 0 and var unclosed)
            CloseTo(unclosed, tag.Begin);
        // What it declares went with what it closed.
        if (open.Count < depth)
            names.Open(tag, open.Count);
        var isEmpty = tag.IsEmpty || name is "br" or "img" or "hr";
        if (open.Count >= MostDepth)
        {
            beyond += isEmpty ? 0 : 1;
            names.Close(open.Count);
            return;
        }

        var parent = open.Count > 0 ? open[^1] : null;
        var element = new FeedElement(text, parent, name, tag.Name, [.. tag.Attributes], tag.End);
        if (IsRoot(name))
            feed = Begin(element);
        else if (IsEntry(name))
            feeds[^1].Entries.Add(element);
        else if (parent is not null && !IsFeed(name))
            (IsFeed(parent.Name) ? feed : parent).Children.Add(element);
        open.Add(element);
        if (isEmpty)
            CloseTo(open.Count - 1, tag.End);
    }

    /// <summary>The place of a field that nobody closed, where one begins that cannot stand in it; less than 0 where there is none.</summary>
    int UnclosedBefore(string name) => Leaves.Contains(name) || Bodies.Contains(name)
        ? open.FindLastIndex(o => Leaves.Contains(o.Name) && !(o.Name == "author" && name is "title" or "link") || Bodies.Contains(o.Name) && BehindBodies.Contains(name))
        : -1;

    void Close(LooseMarkup tag)
    {
        var at = open.FindLastIndex(o => o.Written.Equals(tag.Name, StringComparison.OrdinalIgnoreCase));
        // What HTML left open is no reason to miss the end of the field that holds it.
        if (beyond > 0 && (at < 0 || !EndsAll(open[at].Name)))
            beyond--;
        else if (at >= 0)
            CloseTo(at, tag.Begin);
    }

    static bool EndsAll(string name) => IsEntry(name) || IsFeed(name) || Leaves.Contains(name) || Bodies.Contains(name);

    /// <summary>Closes what is open from this depth on.</summary>
    void CloseTo(int depth, int end)
    {
        beyond = 0;
        while (open.Count > depth)
        {
            open[^1].End = Math.Max(open[^1].Start, end);
            open.RemoveAt(open.Count - 1);
            names.Close(open.Count);
        }
    }
}
