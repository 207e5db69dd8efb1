using System.Buffers;
using System.Runtime.InteropServices;
using Ingest.Core.Articles;

namespace Ingest.Ledger.Articles;

/// <summary>Writes results, one after the other; keeps its buffers. The format is told at <see cref="StoredResult"/>.</summary>
sealed partial class ResultWriter
{
    /// <summary>A place is as long as such a literal, and looking for short texts costs more than it saves.</summary>
    const int Shortest = 8;

    /// <summary>So much of a longer text is looked for before the rest is compared: looking for more is quadratic in bad cases.</summary>
    const int LongestProbe = 64;

    readonly ByteWriter to = new();
    readonly Dictionary<string, int> names = [];
    readonly Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> namesBySpan;
    string text = "";

    /// <summary>The name before, by reference: neighbours mostly have the same rule.</summary>
    string? lastName;
    int lastNumber;

    /// <summary>Characters that places may still be told of, and that may still be looked through.</summary>
    long mayPlace, maySearch;

    /// <summary>Blocks that may still be compared, and the one from which to go on: fields and blocks have the same order.</summary>
    long mayCompare;
    int nextBlock;
    int lastEnd;

    public ResultWriter() => namesBySpan = names.GetAlternateLookup<ReadOnlySpan<char>>();

    /// <exception cref="ArgumentException">A span of the result lies outside of the text.</exception>
    public byte[] Write(NormalisationResult result, string raw)
    {
        var blocks = Span(result.Blocks);
        Start(raw, blocks.Length);
        var article = result.Article;
        var bodyIsBlocks = article is not null && IsBlocks(article.Body, blocks);
        to.Byte(StoredResult.FormatVersion);
        to.Literal(result.Normaliser);
        to.Number(raw.Length);
        to.Byte((int)((article is null ? 0 : ResultFlags.Article) | (result.Rejection is null ? 0 : ResultFlags.Rejection)
            | (bodyIsBlocks ? ResultFlags.BodyIsBlocks : 0) | (article is { Truncated: true } ? ResultFlags.Truncated : 0)
            | (article is not null && IsStated(article) ? ResultFlags.Stated : 0)));
        Blocks(blocks);
        lastEnd = 0;
        if (article is not null)
            Article(article, bodyIsBlocks, blocks);
        if (result.Rejection is { } rejection)
        {
            to.Byte(StoredNumbers.Of(StoredNumbers.Reasons, rejection.Reason));
            Plain(rejection.Detail);
        }

        to.Number(result.Notes.Count);
        foreach (var note in Span(result.Notes))
            Plain(note);
        text = "";
        return to.Taken();
    }

    void Start(string raw, int blocks)
    {
        text = raw;
        names.Clear();
        lastName = null;
        mayPlace = StoredResult.MostPlaced(raw);
        maySearch = 1024 + 8L * raw.Length;
        mayCompare = 256 + 16L * blocks;
        nextBlock = 0;
    }

    /// <summary>True where every paragraph is its blocks' texts with spaces between, and paragraphs and blocks have one order.</summary>
    static bool IsBlocks(IReadOnlyList<string> body, ReadOnlySpan<Block> blocks)
    {
        var paragraphs = Span(body);
        var last = -1;
        var at = 0;
        foreach (var block in blocks)
        {
            if (block.Paragraph is not { } paragraph)
                continue;
            if (paragraph == last + 1 && paragraph < paragraphs.Length && (last < 0 || at == paragraphs[last].Length))
                (last, at) = (paragraph, 0);
            else if (paragraph == last && last >= 0 && at < paragraphs[last].Length && paragraphs[last][at] == ' ')
                at++;
            else
                return false;
            if (!paragraphs[last].AsSpan(at).StartsWith(block.Text))
                return false;
            at += block.Text.Length;
        }

        return last == paragraphs.Length - 1 && (last < 0 || at == paragraphs[last].Length);
    }

    void Blocks(ReadOnlySpan<Block> blocks)
    {
        to.Number(blocks.Length);
        lastEnd = 0;
        int? paragraph = null;
        foreach (var block in blocks)
        {
            CheckInside(block.Span);
            var form = FormOf(block);
            var flags = (int)form | (block.Uncertain ? BlockFlags.Uncertain : 0) | (block.Evidence is null ? 0 : BlockFlags.Evidence)
                | (block.Repeated is null ? 0 : BlockFlags.Repeated);
            if (block.Paragraph is { } own)
                flags |= own == (paragraph ?? -1) + 1 ? BlockFlags.NextParagraph
                    : own == paragraph ? BlockFlags.SameParagraph
                    : BlockFlags.NumberedParagraph;
            to.Byte(StoredNumbers.Of(StoredNumbers.Kinds, block.Kind));
            to.Byte(flags);
            Name(block.Rule);
            to.Signed(block.Span.Start - lastEnd);
            to.Number(block.Span.Length);
            lastEnd = block.Span.End;
            if (form == TextForm.Utf8)
                to.Literal(block.Text);
            if ((flags & BlockFlags.Paragraph) == BlockFlags.NumberedParagraph)
                to.Signed(block.Paragraph!.Value);
            paragraph = block.Paragraph ?? paragraph;
            if (block.Evidence is { } evidence)
                Name(evidence);
            if (block.Repeated is { } repeated)
                Repeated(repeated);
        }
    }

    void Repeated(Repeated repeated)
    {
        to.Number(repeated.Articles);
        to.Number(repeated.Ids.Count);
        foreach (var id in Span(repeated.Ids))
            Name(id);
    }

    /// <summary><see cref="TextForm.Utf8"/> stands for both literals: which it is is told with the text.</summary>
    TextForm FormOf(Block block)
    {
        var span = block.Span;
        if (block.Text.Length > span.Length || span.Length > mayPlace)
            return TextForm.Utf8;
        var form = FormOf(text.AsSpan(span.Start, span.Length), block.Text);
        if (form != TextForm.Utf8)
            mayPlace -= span.Length;
        return form;
    }

    internal static TextForm FormOf(ReadOnlySpan<char> raw, string text) =>
        raw.SequenceEqual(text) ? TextForm.Place : IsMended(raw, text) ? TextForm.Mended : TextForm.Utf8;

    static bool IsMended(ReadOnlySpan<char> raw, string text)
    {
        var built = ArrayPool<char>.Shared.Rent(raw.Length);
        var same = built.AsSpan(0, Mending.Mend(raw, built)).SequenceEqual(text);
        ArrayPool<char>.Shared.Return(built);
        return same;
    }

    void Article(Article article, bool bodyIsBlocks, ReadOnlySpan<Block> blocks)
    {
        Text(article.Headline, blocks);
        Plain(article.Agency);
        Plain(article.Publisher);
        Text(article.Version, blocks);
        Text(article.Correction, blocks);
        if (!bodyIsBlocks)
            Texts(article.Body, blocks);
        to.Byte(StoredNumbers.Of(StoredNumbers.Profiles, article.Profile));
        to.Number(article.Bylines.Count);
        foreach (var byline in Span(article.Bylines))
        {
            Text(byline.Name, blocks);
            Text(byline.Organization, blocks);
        }

        Text(article.Dateline, blocks);
        Plain(article.Published);
        Plain(article.Language);
        Text(article.Url, blocks);
        Text(article.Slugline, blocks);
        Texts(article.EditorNotes, blocks);
        Text(article.CopyrightNotice, blocks);
        to.Number(article.Media.Count);
        foreach (var media in Span(article.Media))
        {
            Text(media.Caption, blocks);
            Text(media.Credit, blocks);
        }

        to.Number(article.Embeds.Count);
        foreach (var embed in Span(article.Embeds))
        {
            Name(embed.Platform);
            Plain(embed.Author);
            Plain(embed.Handle);
            Plain(embed.Date);
            Text(embed.Text, blocks);
        }

        Texts(article.RelatedLinks, blocks);
        Texts(article.Tags, blocks);
        Evidence(Span(article.Evidence));
        if (IsStated(article))
            Stated(article, blocks);
    }

    /// <summary>What senders state beside the text; most state nothing.</summary>
    static bool IsStated(Article article) =>
        (article.Section ?? article.Embargo ?? article.UsageTerms ?? article.Status) is not null || article.Urgency is not null;

    void Stated(Article article, ReadOnlySpan<Block> blocks)
    {
        Text(article.Section, blocks);
        to.Number(article.Urgency ?? 0);
        Plain(article.Embargo);
        Text(article.UsageTerms, blocks);
        Plain(article.Status);
    }

    void Evidence(ReadOnlySpan<FieldEvidence> evidence)
    {
        to.Number(evidence.Length);
        var last = 0;
        foreach (var item in evidence)
        {
            Name(item.Field);
            Name(item.Rule);
            to.Byte(item.Span is null ? 0 : 1);
            if (item.Span is not { } span)
                continue;
            CheckInside(span);
            to.Signed(span.Start - last);
            to.Number(span.Length);
            last = span.End;
        }
    }

    void Texts(IReadOnlyList<string> texts, ReadOnlySpan<Block> blocks)
    {
        to.Number(texts.Count);
        foreach (var item in Span(texts))
            Text(item, blocks);
    }

    void CheckInside(Span span)
    {
        if (span.Start < 0 || span.Length < 0 || span.Start > text.Length - span.Length)
            throw new ArgumentException($"The result has a span at {span.Start} of {span.Length} characters, outside of the text of {text.Length}. Give the text that the result was made from.", nameof(span));
    }

    static ReadOnlySpan<T> Span<T>(IReadOnlyList<T> list) => list switch
    {
        T[] array => array,
        List<T> many => CollectionsMarshal.AsSpan(many),
        { Count: 0 } => [],
        _ => list.ToArray(),
    };
}
