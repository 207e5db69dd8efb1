using Ingest.Core.Normalisation.Lines;
using Ingest.Core.Normalisation.Scoring;
using Ingest.Core.Normalisation.Words;

namespace Ingest.Accuracy.Cleaning;

/// <summary>A line to learn words from: its items by number, what it is, and its weight.</summary>
sealed record LexiconRow(int[] Items, bool Body, float Weight);

/// <summary>The lines of a page as rows for the two regressions, taken once; items that few lines of all pages have are left out.</summary>
sealed class LexiconRows
{
    const int MinLines = 6;

    /// <summary>How many lines under a short one say what it is a heading of.</summary>
    const int Under = 15;

    LexiconRows(IReadOnlyDictionary<LabelledDocument, LexiconRow[]> lines,
        IReadOnlyDictionary<LabelledDocument, LexiconRow[]> headings, uint[] items)
    {
        Lines = lines;
        Headings = headings;
        Items = items;
    }

    public IReadOnlyDictionary<LabelledDocument, LexiconRow[]> Lines { get; }
    public IReadOnlyDictionary<LabelledDocument, LexiconRow[]> Headings { get; }

    /// <summary>The items by their numbers.</summary>
    public uint[] Items { get; }

    public static LexiconRows Of(IReadOnlyList<LabelledDocument> pages)
    {
        var found = pages.Select(p => p.Lines.Select(l => ItemsOf(p, l)).ToArray()).ToArray();
        var items = found.SelectMany(p => p.SelectMany(l => l)).CountBy(i => i)
            .Where(c => c.Value >= MinLines).Select(c => c.Key).Order().ToArray();
        var numberOf = new Dictionary<uint, int>(items.Select((item, number) => KeyValuePair.Create(item, number)));
        var lines = new Dictionary<LabelledDocument, LexiconRow[]>();
        var headings = new Dictionary<LabelledDocument, LexiconRow[]>();
        for (var page = 0; page < pages.Count; page++)
        {
            var numbers = found[page].Select(l => l.Where(numberOf.ContainsKey).Select(i => numberOf[i]).ToArray()).ToArray();
            lines[pages[page]] = [.. LinesOf(pages[page], numbers)];
            headings[pages[page]] = [.. HeadingsOf(pages[page], numbers)];
        }

        return new LexiconRows(lines, headings, items);
    }

    static uint[] ItemsOf(LabelledDocument page, Segment line)
    {
        Span<uint> items = stackalloc uint[Lexicon.MaxItems];
        return items[..Lexicon.Items(page.Document.Words.Of(line.Words), items)].ToArray();
    }

    static IEnumerable<LexiconRow> LinesOf(LabelledDocument page, int[][] items) =>
        page.Lines.Select((l, i) =>
            new LexiconRow(items[i], page.IsBody(i), (Math.Min(l.Traits.Words, 30) + 4f) / Math.Max(100, page.GoldWords)));

    static IEnumerable<LexiconRow> HeadingsOf(LabelledDocument page, int[][] items)
    {
        for (var i = 0; i < page.Lines.Length; i++)
        {
            if (!LineFeatures.IsHeading(page.Lines[i], LineFeatures.IsProse(page.Lines[i])))
                continue;
            float kept = 0, all = 0;
            for (var j = i + 1; j <= i + Under && j < page.Lines.Length; j++)
            {
                kept += page.Share[j] * page.Lines[j].Traits.Words;
                all += page.Lines[j].Traits.Words;
            }

            yield return new LexiconRow(items[i], all > 0 && kept * 2 >= all, 1 / MathF.Sqrt(page.Lines.Length));
        }
    }
}
