using Ingest.Core.Articles;

namespace Ingest.Core.Normalisation.Decoding;

/// <summary>
/// Where each character of a mended text stands in the text it was mended from: pairs of offsets behind each replacement, in order.
/// Between two of them both texts run alike.
/// </summary>
internal sealed class SourceMap(IReadOnlyList<int> mended, IReadOnlyList<int> original)
{
    readonly int[] mended = [.. mended];
    readonly int[] original = [.. original];

    /// <summary>The offset in the original text; for the inside of a replacement, one inside of what it replaced.</summary>
    public int ToOriginal(int offset)
    {
        var at = Array.BinarySearch(mended, offset);
        if (at < 0)
            at = ~at - 1;
        return at < 0 ? offset : original[at] + offset - mended[at];
    }

    /// <summary>
    /// The result with its spans in the original text. A replacement may be white space (a mended no-break space), which no block holds,
    /// while what stood in its place is not: the block before it takes it, so that the blocks still tile the text.
    /// </summary>
    public NormalisationResult Translate(NormalisationResult result, string originalText)
    {
        var blocks = new Block[result.Blocks.Count];
        for (var i = 0; i < blocks.Length; i++)
        {
            var span = ToOriginal(result.Blocks[i].Span);
            var start = i == 0 ? FirstInk(originalText, 0, span.Start) : span.Start;
            var next = i + 1 < blocks.Length ? ToOriginal(result.Blocks[i + 1].Span.Start) : originalText.Length;
            blocks[i] = result.Blocks[i] with { Span = new Span(start, LastInk(originalText, span.End, next) - start) };
        }

        var article = result.Article is null ? null : result.Article with
        {
            Evidence = [.. result.Article.Evidence.Select(e => e.Span is { } span ? e with { Span = ToOriginal(span) } : e)],
        };
        return result with { Article = article, Blocks = blocks };
    }

    Span ToOriginal(Span span)
    {
        var start = ToOriginal(span.Start);
        return new Span(start, ToOriginal(span.End) - start);
    }

    static int FirstInk(string text, int from, int to)
    {
        while (from < to && char.IsWhiteSpace(text[from]))
            from++;
        return from;
    }

    static int LastInk(string text, int from, int to)
    {
        while (to > from && char.IsWhiteSpace(text[to - 1]))
            to--;
        return to;
    }
}
