using Ingest.Core.Forms.Text;
using Ingest.Core.Normalisation.Characters;

namespace Ingest.Core.Forms.Feeds;

/// <summary>An element of a feed: where its content stands. Nothing of it is read before it is asked for.</summary>
/// <param name="Name">In lower case, with the prefix that its namespace has by custom: see <see cref="FeedNames"/>.</param>
/// <param name="Written">As it stands in the file.</param>
/// <param name="Start">Where its content begins in the source.</param>
sealed record FeedElement(string Source, FeedElement? Parent, string Name, string Written, IReadOnlyList<(string Name, string Value)> Attributes, int Start)
{
    /// <summary>Where its content ends.</summary>
    public int End { get; set; } = Start;

    public List<FeedElement> Children { get; } = [];

    /// <summary>Its text and that of all elements in it; entities are read once.</summary>
    public string Text => PlainText.In(Source, Start, End);

    /// <summary>Its content where that is markup, and not text that is markup.</summary>
    public string Html => PlainText.ToHtml(Source, Start, End);

    /// <summary>The value of an attribute; null where it has none.</summary>
    public string? this[string attribute]
    {
        get
        {
            foreach (var (name, value) in Attributes)
                if (name.Equals(attribute, StringComparison.OrdinalIgnoreCase))
                    return value;
            return null;
        }
    }

    /// <summary>The children of these names: those of the first name first.</summary>
    public IEnumerable<FeedElement> All(params IEnumerable<string> names) => names.SelectMany(n => Children.Where(c => c.Name == n));

    /// <summary>The first text of children of these names that is not blank.</summary>
    public string? First(params IEnumerable<string> names) => All(names).Select(c => Chars.OneLine(c.Text)).FirstOrDefault(t => t is not null);

    /// <summary>An attribute of this element and of those around it: the nearest first.</summary>
    public IEnumerable<string> Inherited(string attribute)
    {
        for (var at = this; at is not null; at = at.Parent)
            if (at[attribute] is { } value)
                yield return value;
    }
}
