using Ingest.Core.Normalisation.Documents;
using Ingest.Core.Normalisation.Lines;
using Ingest.Core.Normalisation.Pages;
using Ingest.Core.Normalisation.Phrases;
using Ingest.Core.Normalisation.Words;

namespace Ingest.Core.Normalisation.Scoring;

/// <summary>What the scorer knows of a line of a page by its markup, a column each behind those of <see cref="Feature"/>.</summary>
internal enum PageFeature
{
    /// <summary>Its block: see <see cref="PageFeatures"/>.</summary>
    Block,
    Depth,

    /// <summary>Share of its characters in links, and in bold or italics.</summary>
    Linked,
    Stressed,

    // What it stands in; 1 or 0.
    InArticle,
    InMain,
    InNavigation,
    InAside,
    InFooter,
    InHeader,
    InForm,
    InFigure,
    InList,
    InTable,
    InQuote,
    Hidden,
    InArticleBody,

    // Words of classes and ids: of its block, of the one around that, of all.
    TextWords,
    WordsAgainst,
    TextWordsAround,
    WordsAgainstAround,
    AllTextWords,
    AllCommentWords,
    AllRelatedWords,
    AllNavigationWords,
    AllFurnitureWords,

    /// <summary>Share of the page's running text in the element around its block, in the one around that, and so on.</summary>
    Prose1,
    Prose2,
    Prose3,
    Prose4,
    Prose6,

    /// <summary>Share of the characters in links, of its block, of the element around that, and so on.</summary>
    Linked0,
    Linked1,
    Linked2,
    Linked3,

    /// <summary>Lines since the page's first heading of the first order; -1 before it, -2 without one.</summary>
    SinceHeading,

    /// <summary>Elements up to the nearest that holds half of the running text.</summary>
    LevelsToText,

    /// <summary>Share of the running text that looks like it: the same elements with the same classes.</summary>
    LookProse,
    LookLines,
    LookLinked,

    /// <summary>1 where the data for machines has the line in its body, 0 where it has another body, -1 where it has none.</summary>
    InBodyOfData,

    /// <summary>Share of its words that stand in the page's title; -1 without one.</summary>
    InTitle,

    LinkedBefore5,
    LinkedBehind5,
    AgainstBefore5,
    AgainstBehind5,
    LookNext,
    LookPrevious,
    ProseNext,
    ProsePrevious,

    /// <summary>Its element says that it holds an author, or a date; 1 or 0.</summary>
    Author,
    Date,

    /// <summary>Lines since the last date on the page, dates so far, and the share of all dates that are above.</summary>
    SinceDate,
    DatesAbove,
    ShareOfDatesAbove,

    // Of the elements around it that do not hold most of the running text: what parts it from the story, if it is not in it.
    /// <summary>How many of the same name and classes stand beside one of these in the same element, and the place of its own among them.</summary>
    Siblings,
    SiblingPlace,

    /// <summary>Share of the running text in these siblings.</summary>
    SiblingProse,
    AsideCommentWords,
    AsideRelatedWords,
    AsideFurnitureWords,

    // The nearest element that holds both the line and the headline: levels up to it from each, and its share of the running text. -1 without a headline.
    LevelsToHeadline,
    LevelsFromHeadline,
    HeadlineProse,

    /// <summary>Lines since the headline; negative above it.</summary>
    SinceHeadline,

    /// <summary>Characters of running text between the headline and the line, in hundreds.</summary>
    ProseSinceHeadline,
}

/// <summary>Fills the columns of <see cref="PageFeature"/>.</summary>
internal static class PageFeatures
{
    public const int Count = (int)PageFeature.ProseSinceHeadline + 1;

    /// <summary>Words of a run by which a line is found in the body of the page's data.</summary>
    const int Run = 4;

    const int MostLevels = 12;

    public static void Fill(Document document, ReadOnlySpan<Segment> lines, Columns table, Span<float> against)
    {
        var page = document.Page!;
        var looks = Looks(page);
        var all = Math.Max(1, looks.Values.Sum(l => l.Prose));
        var body = page.ArticleBody is { } data ? Runs(WordsOf(data)) : null;
        var title = page.Title is { } said ? new HashSet<uint>(WordsOf(said)) : null;
        var heading = page.Lines.Any(l => l.Element.Name == "h1") ? -1 : -2;
        for (var i = 0; i < lines.Length; i++)
        {
            var line = page.Of(lines[i]);
            var element = line.Element;
            var look = looks[element.Look];
            float length = Math.Max(1, line.Length);
            var words = document.Words.Of(lines[i].Words);
            At(table, PageFeature.Block)[i] = Block(element);
            At(table, PageFeature.Depth)[i] = element.Depth;
            At(table, PageFeature.Linked)[i] = line.Linked / length;
            At(table, PageFeature.Stressed)[i] = line.Stressed / length;
            for (var mark = 0; mark < Marks.Length; mark++)
                At(table, PageFeature.InArticle + mark)[i] = (element.Marks & Marks[mark]) != 0 ? 1 : 0;
            var around = element.Parent?.Words ?? default;
            around.Add(element.Parent?.Parent?.Words ?? default);
            At(table, PageFeature.TextWords)[i] = element.Words[ClassGroup.Text];
            At(table, PageFeature.WordsAgainst)[i] = element.Words.AgainstText();
            At(table, PageFeature.TextWordsAround)[i] = around[ClassGroup.Text];
            At(table, PageFeature.WordsAgainstAround)[i] = around.AgainstText();
            for (var group = 0; group < ClassWords.Groups; group++)
                At(table, PageFeature.AllTextWords + group)[i] = element.AllWords[(ClassGroup)group];
            against[i] = element.AllWords.AgainstText();
            heading = heading >= 0 ? heading + 1 : element.Name == "h1" ? 0 : heading;
            At(table, PageFeature.SinceHeading)[i] = heading;
            FillAround(element, all, i, table);
            At(table, PageFeature.LookProse)[i] = (float)look.Prose / all;
            At(table, PageFeature.LookLines)[i] = look.Lines;
            At(table, PageFeature.LookLinked)[i] = (float)look.Linked / Math.Max(1, look.Characters);
            At(table, PageFeature.InBodyOfData)[i] = body is null ? -1 : ShareOfRuns(words, body);
            At(table, PageFeature.InTitle)[i] = title is null || words.Length is 0 or > 40 ? -1 : ShareOf(words, title);
        }

        FillSigned(page, lines, table);
        FillSiblings(page, lines, all, table);
        FillHeadline(page, lines, page.Headline, all, table);
        Windows.MeanBefore(At(table, PageFeature.Linked), 5, At(table, PageFeature.LinkedBefore5));
        Windows.MeanBehind(At(table, PageFeature.Linked), 5, At(table, PageFeature.LinkedBehind5));
        Windows.MeanBefore(against, 5, At(table, PageFeature.AgainstBefore5));
        Windows.MeanBehind(against, 5, At(table, PageFeature.AgainstBehind5));
        Windows.Shift(At(table, PageFeature.LookProse), 1, -1, At(table, PageFeature.LookNext));
        Windows.Shift(At(table, PageFeature.LookProse), -1, -1, At(table, PageFeature.LookPrevious));
        Windows.Shift(At(table, PageFeature.Prose1), 1, -1, At(table, PageFeature.ProseNext));
        Windows.Shift(At(table, PageFeature.Prose1), -1, -1, At(table, PageFeature.ProsePrevious));
    }

    /// <summary>In the order of <see cref="PageFeature.InArticle"/> and those behind it.</summary>
    static readonly PageMark[] Marks =
    [
        PageMark.Article, PageMark.Main, PageMark.Navigation, PageMark.Aside, PageMark.Footer, PageMark.Header, PageMark.Form, PageMark.Figure | PageMark.Caption, PageMark.List, PageMark.Table,
        PageMark.Quote, PageMark.Hidden, PageMark.ArticleBody,
    ];

    /// <summary>Teasers and comments have an author and a date each, the article has them once.</summary>
    static void FillSigned(Page page, ReadOnlySpan<Segment> lines, Columns table)
    {
        var roles = new PageRole[page.Lines.Count];
        foreach (var span in page.Signed)
            roles[page.LineAt(span.Start)] |= span.Role;
        var dates = Math.Max(1, roles.Count(r => (r & PageRole.Date) != 0));
        int line = 0, above = 0, last = -1;
        for (var i = 0; i < lines.Length; i++)
        {
            for (; line < lines[i].PageLine; line++)
                if ((roles[line] & PageRole.Date) != 0)
                    (above, last) = (above + 1, line);
            var role = roles[lines[i].PageLine];
            At(table, PageFeature.Author)[i] = (role & PageRole.Author) != 0 ? 1 : 0;
            At(table, PageFeature.Date)[i] = (role & PageRole.Date) != 0 ? 1 : 0;
            At(table, PageFeature.SinceDate)[i] = last < 0 ? -1 : Math.Min(60, line - last);
            At(table, PageFeature.DatesAbove)[i] = Math.Min(30, above);
            At(table, PageFeature.ShareOfDatesAbove)[i] = (float)above / dates;
        }
    }

    /// <summary>The story stands beside its headline, however much more text of other stories is on the page.</summary>
    static void FillHeadline(Page page, ReadOnlySpan<Segment> lines, int headline, int all, Columns table)
    {
        const int Far = 60;
        var prose = new int[page.Lines.Count + 1];
        for (var i = 0; i < page.Lines.Count; i++)
            prose[i + 1] = prose[i] + (PageProse.IsProse(page.Lines[i]) ? page.Lines[i].Length : 0);
        for (var i = 0; i < lines.Length; i++)
        {
            var line = lines[i].PageLine;
            var (up, own) = (page.Lines[line].Element, 0);
            while (headline >= 0 && up.AboveHeadline < 0)
                (up, own) = (up.Parent!, own + 1);
            At(table, PageFeature.LevelsToHeadline)[i] = headline < 0 ? -1 : own;
            At(table, PageFeature.LevelsFromHeadline)[i] = up.AboveHeadline;
            At(table, PageFeature.HeadlineProse)[i] = headline < 0 ? -1 : (float)up.Prose / all;
            At(table, PageFeature.SinceHeadline)[i] = headline < 0 ? Far + 1 : Math.Clamp(line - headline, -Far, Far);
            At(table, PageFeature.ProseSinceHeadline)[i] = headline < 0 ? -1 : Math.Clamp((prose[line] - prose[headline]) / 100, -Far, 10 * Far);
        }
    }

    static void FillSiblings(Page page, ReadOnlySpan<Segment> lines, int all, Columns table)
    {
        for (var i = 0; i < lines.Length; i++)
        {
            var (most, place, prose) = (1, 0, 0);
            ClassCounts aside = default;
            // A line's own element is no container: the paragraphs of the story are siblings too.
            for (var up = page.Of(lines[i]).Element; up is not null && up.Prose * 2 <= all; up = up.Parent)
            {
                aside.Add(up.Words);
                if (up != page.Of(lines[i]).Element && up.Siblings is { } group && group.Elements > most)
                    (most, place, prose) = (group.Elements, up.Place, group.Prose);
            }

            At(table, PageFeature.Siblings)[i] = Math.Min(40, most);
            At(table, PageFeature.SiblingPlace)[i] = Math.Min(40, place);
            At(table, PageFeature.SiblingProse)[i] = (float)prose / all;
            At(table, PageFeature.AsideCommentWords)[i] = aside[ClassGroup.Comment];
            At(table, PageFeature.AsideRelatedWords)[i] = aside[ClassGroup.Related];
            At(table, PageFeature.AsideFurnitureWords)[i] = aside[ClassGroup.Furniture] + aside[ClassGroup.Navigation];
        }
    }

    sealed class Alike
    {
        public int Lines, Characters, Linked, Prose;
    }

    static Dictionary<uint, Alike> Looks(Page page)
    {
        var looks = new Dictionary<uint, Alike>();
        foreach (var line in page.Lines)
        {
            if (!looks.TryGetValue(line.Element.Look, out var alike))
                looks[line.Element.Look] = alike = new Alike();
            alike.Lines++;
            alike.Characters += line.Length;
            alike.Linked += line.Linked;
            alike.Prose += PageProse.IsProse(line) ? line.Length : 0;
        }

        return looks;
    }

    static void FillAround(PageElement element, int all, int row, Columns table)
    {
        var (up, levels) = (element.Parent, MostLevels + 1);
        for (var level = 1; level <= MostLevels; level++)
        {
            var share = up is null ? 1 : (float)up.Prose / all;
            if (levels > MostLevels && share >= 0.5f)
                levels = level;
            if (level is <= 4 or 6)
                At(table, level == 6 ? PageFeature.Prose6 : PageFeature.Prose1 + (level - 1))[row] = share;
            up = up?.Parent;
        }

        At(table, PageFeature.LevelsToText)[row] = levels;
        up = element;
        for (var level = PageFeature.Linked0; level <= PageFeature.Linked3; level++, up = up?.Parent)
            At(table, level)[row] = up is null ? 0 : (float)up.Linked / Math.Max(1, up.Characters);
    }

    /// <summary>Text first, then what holds text or furniture, then what hardly holds any.</summary>
    static float Block(PageElement element) => element.Name switch
    {
        "p" => 0,
        "blockquote" => 1,
        "pre" => 2,
        "h1" => 3,
        "h2" => 4,
        "h3" or "h4" or "h5" or "h6" => 5,
        "li" => 6,
        "dd" or "dt" => 7,
        "tr" or "td" or "th" => 8,
        "article" or "section" or "main" => 9,
        "div" or "body" => 10,
        "figcaption" or "figure" or "caption" => 11,
        "header" or "footer" or "aside" or "nav" => 12,
        _ => 13,
    };

    static uint[] WordsOf(string text)
    {
        var words = new WordList(text.Length / 5 + 16);
        new Scanner(PhraseBook.Default, StopWords.Default, new LanguageVote(StopWords.Default), words).Scan(text, new Segment(0, text.Length));
        return [.. words.Of(new WordRange(0, words.Count))];
    }

    static HashSet<ulong> Runs(uint[] words)
    {
        var runs = new HashSet<ulong>();
        for (var i = 0; i + Run <= words.Length; i++)
            runs.Add(Key(words.AsSpan(i, Run)));
        return runs;
    }

    /// <summary>Half where the line is too short to tell.</summary>
    static float ShareOfRuns(ReadOnlySpan<uint> words, HashSet<ulong> runs)
    {
        if (words.Length < Run)
            return 0.5f;
        var found = 0;
        for (var i = 0; i + Run <= words.Length; i++)
            found += runs.Contains(Key(words.Slice(i, Run))) ? 1 : 0;
        return (float)found / (words.Length - Run + 1);
    }

    static ulong Key(ReadOnlySpan<uint> words)
    {
        var key = 17UL;
        foreach (var word in words)
            key = (key ^ word) * 0x9e3779b97f4a7c15 ^ key >> 29;
        return key;
    }

    static float ShareOf(ReadOnlySpan<uint> words, HashSet<uint> title)
    {
        var found = 0;
        foreach (var word in words)
            found += title.Contains(word) ? 1 : 0;
        return (float)found / words.Length;
    }

    static Span<float> At(Columns table, PageFeature feature) => table[LineFeatures.Count + (int)feature];
}
