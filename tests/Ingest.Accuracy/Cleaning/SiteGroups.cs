namespace Ingest.Accuracy.Cleaning;

/// <summary>
/// Articles of one site: their pages share four lines or more that few other pages have. A site's furniture must not stand in the training
/// and in the test part at once.
/// </summary>
static class SiteGroups
{
    const int MinLength = 20;
    const int MinShared = 4;
    const int MaxPages = 25;

    /// <summary>The fold of each article; groups are dealt out whole, the largest first, each to the smallest fold.</summary>
    public static int[] Folds(IReadOnlyList<string> pages, int folds, int seed)
    {
        return Deal(Groups(pages), folds, seed);
    }

    /// <summary>The fold of each article of a group, as above.</summary>
    public static int[] Deal<T>(IReadOnlyList<T> groups, int folds, int seed)
        where T : notnull
    {
        var order = groups.CountBy(g => g).Select(g => (Group: g.Key, Size: g.Value)).ToArray();
        new Random(seed).Shuffle(order);
        var sizes = new int[folds];
        var foldOf = new Dictionary<T, int>();
        foreach (var (group, size) in order.OrderByDescending(g => g.Size))
        {
            var fold = Array.IndexOf(sizes, sizes.Min());
            foldOf[group] = fold;
            sizes[fold] += size;
        }

        return [.. groups.Select(g => foldOf[g])];
    }

    static int[] Groups(IReadOnlyList<string> pages)
    {
        var pagesOf = new Dictionary<string, SortedSet<int>>();
        for (var page = 0; page < pages.Count; page++)
            foreach (var line in pages[page].Split('\n').Select(l => l.Trim()).Where(l => l.Length >= MinLength))
            {
                if (!pagesOf.TryGetValue(line, out var own))
                    pagesOf[line] = own = [];
                own.Add(page);
            }

        var shared = new Dictionary<(int, int), int>();
        foreach (var own in pagesOf.Values.Where(p => p.Count is >= 2 and <= MaxPages))
            foreach (var first in own)
                foreach (var second in own.Where(p => p > first))
                    shared[(first, second)] = shared.GetValueOrDefault((first, second)) + 1;
        var parent = Enumerable.Range(0, pages.Count).ToArray();
        foreach (var ((first, second), count) in shared)
            if (count >= MinShared)
                parent[Root(parent, first)] = Root(parent, second);
        return [.. parent.Select((_, page) => Root(parent, page))];
    }

    static int Root(int[] parent, int page)
    {
        while (parent[page] != page)
            page = parent[page] = parent[parent[page]];
        return page;
    }
}
