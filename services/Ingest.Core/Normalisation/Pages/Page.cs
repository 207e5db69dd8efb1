using Ingest.Core.Articles;
using Ingest.Core.Normalisation.Lines;

namespace Ingest.Core.Normalisation.Pages;

/// <summary>What the markup says of a line of the text, by its element and what that stands in.</summary>
[Flags]
internal enum PageMark
{
    None = 0,
    Article = 1,
    Main = 2,
    Navigation = 4,
    Aside = 8,
    Footer = 16,
    Header = 32,
    Form = 64,
    Figure = 128,
    Caption = 256,
    List = 512,
    Table = 1024,
    Quote = 2048,
    Hidden = 4096,

    /// <summary>Microdata or an id says: the article's body.</summary>
    ArticleBody = 8192,

    Preformatted = 1 << 14,
}

/// <summary>A count for each <see cref="ClassGroup"/>.</summary>
[System.Runtime.CompilerServices.InlineArray(ClassWords.Groups)]
internal struct ClassCounts
{
    byte first;

    public readonly int this[ClassGroup group] => this[(int)group];

    public void Add(in ClassCounts other)
    {
        for (var i = 0; i < ClassWords.Groups; i++)
            this[i] = (byte)Math.Min(byte.MaxValue, this[i] + other[i]);
    }

    public readonly int AgainstText() => this[(int)ClassGroup.Comment] + this[(int)ClassGroup.Related] + this[(int)ClassGroup.Navigation] + this[(int)ClassGroup.Furniture];
}

/// <summary>An element of a page that lines stand in.</summary>
internal sealed class PageElement(PageElement? parent, string name)
{
    public PageElement? Parent { get; } = parent;

    /// <summary>In lower case.</summary>
    public string Name { get; } = name;
    public int Depth { get; } = parent is null ? 0 : parent.Depth + 1;
    public PageMark Marks { get; set; } = parent?.Marks ?? PageMark.None;

    /// <summary>Words of its class and id, by what they speak for; then those of all elements around it too.</summary>
    public ClassCounts Words { get; set; }

    public ClassCounts AllWords { get; set; } = parent?.AllWords ?? default;

    /// <summary>A hash of its name and classes, and of those of the two elements around it: what looks alike has one.</summary>
    public uint Look { get; set; }

    public uint OwnLook { get; set; }

    /// <summary>Characters inside: of running text, in links, all.</summary>
    public int Prose { get; set; }

    public int Linked { get; set; }

    public int Characters { get; set; }

    /// <summary>Those of the same name and classes in the element around it, this one too, as far as lines stand in them; and its place among them.</summary>
    public SiblingGroup? Siblings { get; set; }

    public int Place { get; set; }

    /// <summary>Levels from the headline up to it; -1 where it does not hold the headline.</summary>
    public int AboveHeadline { get; set; } = -1;

    /// <summary>The social network whose post it is; null for none.</summary>
    public string? Embed { get; set; } = parent?.Embed;
}

/// <summary>Elements that stand beside one another and look alike.</summary>
internal sealed class SiblingGroup
{
    public int Elements { get; set; }

    /// <summary>Characters of running text in them.</summary>
    public int Prose { get; set; }
}

/// <summary>A line of a page's text.</summary>
/// <param name="Element">The nearest element that is a block.</param>
/// <param name="Linked">Characters inside links.</param>
/// <param name="Stressed">Characters in bold or italics.</param>
internal readonly record struct PageLine(int Start, int End, PageElement Element, int Linked, int Stressed)
{
    public int Length => End - Start;
}

/// <summary>What an element may hold beside text, as its classes, microdata and links say.</summary>
[Flags]
internal enum PageRole
{
    None = 0,
    Author = 1,
    Date = 2,

    /// <summary>Said by microdata or by where a link leads, which is meant for nothing else.</summary>
    Sure = 4,
}

/// <summary>A part of the text whose element says what it holds.</summary>
/// <param name="Value">What the element says for machines: a time; null where there is only its text.</param>
internal readonly record struct PageSpan(PageRole Role, int Start, int End, string? Value);

/// <summary>
/// A page of HTML as the rules and the scorer meet it: its visible text is a text of lines, one for each block of the page, and this says what
/// the markup tells of each.
/// </summary>
/// <param name="Lines">In the order of the text; together they hold all of it but the breaks.</param>
/// <param name="Title">Folded words of the title and of what the page calls itself.</param>
/// <param name="ArticleBody">The body that the page's data for machines has; null where there is none.</param>
/// <param name="IsFragment">It is only the part with the article: an entry of a feed, an item of a wire.</param>
/// <param name="IsPaywalled">The page says that not all of the article is there for all.</param>
/// <param name="Signed">Where elements say that they name an author or a date, in the order of the text.</param>
/// <param name="Houses">Whom the page's data name as authors, though they are houses or the names of accounts.</param>
/// <param name="Dates">Dates of publication in the page's data that are written for readers, the best first.</param>
/// <param name="Modified">When its data say that it was last changed.</param>
internal sealed record Page(
    IReadOnlyList<PageLine> Lines, string? Title, string? ArticleBody, bool IsFragment, bool IsPaywalled, IReadOnlyList<PageSpan> Signed, IReadOnlyList<string> Houses, IReadOnlyList<string> Dates, string? Modified)
{
    /// <summary>The line of the headline: see <see cref="PageHeadline"/>.</summary>
    public int Headline { get; init; } = -1;

    /// <summary>The line at a place of the text.</summary>
    public int LineAt(int place)
    {
        int low = 0, high = Lines.Count - 1;
        while (low < high)
        {
            var middle = (low + high + 1) / 2;
            if (Lines[middle].Start <= place)
                low = middle;
            else
                high = middle - 1;
        }

        return low;
    }

    /// <summary>Where lines begin: each is a block of its own, and no hard wrap joins it to the one above.</summary>
    public IEnumerable<int> Starts => Lines.Select(l => l.Start);

    public PageLine Of(Segment segment) => Lines[segment.PageLine];
}

/// <summary>The text of a page and what its markup says of it.</summary>
internal sealed record PageArticle(string Text, ArticleMetadata Metadata, IReadOnlyList<string> Notes, Page Page, string Html) : ArticleText(Text, Metadata, Notes)
{
    public override string? Markup => Html;
}
