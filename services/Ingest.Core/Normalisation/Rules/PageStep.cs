using Ingest.Core.Articles;
using Ingest.Core.Normalisation.Documents;
using Ingest.Core.Normalisation.Lines;
using Ingest.Core.Normalisation.Pages;

namespace Ingest.Core.Normalisation.Rules;

/// <summary>
/// What the markup of a page says by itself: the caption of a figure, the post of a network in the frame that the network gives it. All else
/// that markup says is evidence for the scorer.
/// </summary>
internal sealed class PageStep : RuleStep
{
    const string Caption = "page.caption";
    const string Post = "page.embed";

    /// <summary>A longer one is the story itself: some pages are one figure.</summary>
    const int MostWords = 120;

    const string Story = "<body><h1>Harbour opens again</h1><p>The harbour opened again on Monday after three weeks of repairs, the authority said.</p>{0}<p>Ships were waiting in a long line outside the breakwater.</p></body>";

    static Example In(string markup, string snippet) => new(snippet, string.Format(Story, markup)) { IsHtml = true };

    public override IReadOnlyList<RuleNote> Notes { get; } =
    [
        new(Caption, BlockKind.Caption, In("<figure><img><figcaption>Tugs wait at the east gate on Monday morning.</figcaption></figure>", "Tugs wait"),
            In("<figure><p>Tugs wait at the east gate on Monday morning, as they have for weeks.</p></figure>", "Tugs wait")),
        new(Post, BlockKind.Embed, In("<blockquote class=\"instagram-media\"><p>The gate is open. All of it.</p></blockquote>", "The gate is open"),
            In("<blockquote><p>The gate is open. All of it.</p></blockquote>", "The gate is open")),
    ];

    public override void Apply(Document document)
    {
        if (document.Page is not { } page)
            return;
        // What is not free for all may be cut off, and does not always say so in its text.
        document.Draft.Truncated |= page.IsPaywalled;
        for (var segment = document.First; segment is not null; segment = segment.Next)
        {
            if (!segment.Undecided)
                continue;
            var element = page.Of(segment).Element;
            if ((element.Marks & PageMark.Caption) != 0 && segment.Traits.Words <= MostWords)
            {
                segment.Decide(BlockKind.Caption, Caption);
                document.Draft.Media.Add(new MediaItem(document.TextOf(segment), ""));
            }
            else if (element.Embed is { } network)
            {
                segment = TakePost(document, page, segment, network);
            }
        }
    }

    /// <summary>The lines of one post; the last of them is returned.</summary>
    static Segment TakePost(Document document, Page page, Segment first, string platform)
    {
        var frame = Frame(page.Of(first).Element);
        var (last, texts) = (first, new List<string>());
        for (var segment = first; segment is not null && Frame(page.Of(segment).Element) == frame; segment = segment.Next)
        {
            if (segment.Undecided)
            {
                segment.Decide(BlockKind.Embed, Post);
                texts.Add(document.TextOf(segment));
            }

            last = segment;
        }

        document.Draft.Embeds.Add(new SocialEmbed(platform, null, null, null, string.Join("\n", texts)));
        return last;
    }

    /// <summary>The outermost element of the post.</summary>
    static PageElement? Frame(PageElement element)
    {
        PageElement? frame = null;
        for (var up = element; up?.Embed is not null; up = up.Parent)
            frame = up;
        return frame;
    }
}
