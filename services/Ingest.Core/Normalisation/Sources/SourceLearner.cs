using System.Collections.Frozen;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Ingest.Core.Articles;

namespace Ingest.Core.Normalisation.Sources;

/// <summary>
/// Learns what one source repeats over different articles, from its articles in their order: the same articles give the same knowledge.
/// Articles are different where they do not share their telling passages: copies and versions of one article, which repeat each other's
/// body, count once. Not safe to share among threads.
/// </summary>
internal sealed class SourceLearner
{
    /// <summary>Different articles that a passage remembers.</summary>
    const int MostDifferent = Repeated.MostCounted;

    /// <summary>Passages that are remembered: 50 bytes each.</summary>
    const int Most = 8192;

    /// <summary>Telling passages that stand for an article: its longest.</summary>
    const int MostTelling = 24;

    /// <summary>Groups that another article may join: those that were joined last.</summary>
    const int OpenGroups = 64;

    /// <summary>A version shares so much with the version before it, of the words of the shorter.</summary>
    const double SameShare = 0.5;

    /// <summary>What a version brought is so much of it, at least, before its absence says anything.</summary>
    const double OwnShare = 0.2;

    /// <summary>Where less of what the version before brought is there, the next one is no version of it.</summary>
    const double GoneShare = 0.25;

    readonly Dictionary<ulong, Line> lines = [];
    readonly Dictionary<int, Group> open = [];
    readonly Dictionary<int, string> names = [];
    readonly IReadOnlySet<ulong> known;

    readonly List<Passage> telling = [];
    readonly HashSet<ulong> seen = [];
    readonly Dictionary<int, int> shared = [];

    /// <param name="known">Passages that are known to be repeated, and tell no article apart.</param>
    public SourceLearner(IReadOnlySet<ulong>? known = null) => this.known = known ?? FrozenSet<ulong>.Empty;

    /// <summary>Articles that were learnt.</summary>
    public int Articles { get; private set; }

    /// <summary>Passages that it remembers.</summary>
    public int Passages => lines.Count;

    /// <summary>The passages that different articles have.</summary>
    public IEnumerable<ulong> Repeats => lines.Where(l => l.Value.Different > 1).Select(l => l.Key);

    /// <summary>What is known of a passage. Groups are named by the number of their first article.</summary>
    struct Line
    {
        public int Articles;
        public int Last;
        public int Different;
        public Groups Groups;
    }

    [InlineArray(MostDifferent)]
    struct Groups
    {
        int first;
    }

    /// <summary>Articles that are one. The last of them tells whether another joins.</summary>
    sealed class Group
    {
        public int Last;
        public int Members;
        public int Words;

        /// <summary>Telling passages that its last article was the first to have.</summary>
        public readonly List<(ulong Key, int Words)> Own = [];
    }

    /// <summary>Learns the next article.</summary>
    /// <param name="name">What evidence calls it.</param>
    public void Learn(IReadOnlyList<Passage> passages, string name)
    {
        Articles++;
        var group = Grouped(passages, name);
        seen.Clear();
        foreach (var passage in passages)
        {
            if (passage.Key == 0 || passage.Kind == PassageKind.Inner && !passage.IsTelling)
                continue;
            if (seen.Add(passage.Key))
                Add(passage.Key, group);
            if (passage.Masked != passage.Key && passage.Kind != PassageKind.Inner && seen.Add(passage.Masked))
                Add(passage.Masked, group);
        }

        if (lines.Count > Most)
            Forget();
    }

    /// <summary>What is known now.</summary>
    /// <param name="position">How many articles the source had by then.</param>
    /// <param name="own">The article that is read is among those that were learnt.</param>
    public SourceProfile Profile(int position, bool own = false)
    {
        var less = own ? 1 : 0;
        var repeats = new Dictionary<ulong, Repeat>();
        foreach (var (key, line) in lines)
            if (line.Different > less)
                repeats[key] = new Repeat(line.Different, (float)line.Articles / Articles, line.Different > 1 ? Named(line) : []);
        return new SourceProfile(position, Articles, repeats, own);
    }

    string[] Named(Line line)
    {
        var ids = new string[line.Different];
        for (var i = 0; i < ids.Length; i++)
            ids[i] = names[line.Groups[i]];
        return ids;
    }

    void Add(ulong key, int group)
    {
        ref var line = ref CollectionsMarshal.GetValueRefOrAddDefault(lines, key, out _);
        line.Articles++;
        line.Last = Articles;
        if (group == 0 || line.Different == MostDifferent)
            return;
        for (var i = 0; i < line.Different; i++)
            if (line.Groups[i] == group)
                return;
        line.Groups[line.Different++] = group;
    }

    /// <summary>The group that the article joins or opens; 0 where nothing tells it from others.</summary>
    int Grouped(IReadOnlyList<Passage> passages, string name)
    {
        telling.Clear();
        seen.Clear();
        foreach (var passage in passages)
            if (passage.IsTelling && passage.Kind != PassageKind.Paragraph && !IsRepeated(passage.Key) && seen.Add(passage.Key))
                telling.Add(passage);
        if (telling.Count > MostTelling)
        {
            telling.Sort((a, b) => b.Words != a.Words ? b.Words.CompareTo(a.Words) : a.Start.CompareTo(b.Start));
            telling.RemoveRange(MostTelling, telling.Count - MostTelling);
        }

        if (telling.Count == 0)
            return 0;
        var words = 0;
        foreach (var passage in telling)
            words += passage.Words;
        if (Joined(words) is not { } number)
        {
            number = Articles;
            open[number] = new Group { Last = Articles };
            names[number] = name;
            if (open.Count > OpenGroups)
                open.Remove(open.MinBy(g => g.Value.Last).Key);
        }

        var group = open[number];
        (group.Last, group.Words) = (Articles, words);
        group.Members++;
        group.Own.Clear();
        foreach (var passage in telling)
            if (!lines.ContainsKey(passage.Key))
                group.Own.Add((passage.Key, passage.Words));
        return number;
    }

    bool IsRepeated(ulong key) => known.Contains(key) || lines.TryGetValue(key, out var line) && line.Different > 1;

    int? Joined(int words)
    {
        shared.Clear();
        foreach (var passage in telling)
            if (lines.TryGetValue(passage.Key, out var line) && line.Different > 0)
                CollectionsMarshal.GetValueRefOrAddDefault(shared, line.Groups[0], out _) += passage.Words;
        int? best = null;
        var greatest = 0;
        foreach (var (number, common) in shared)
            if (common > greatest && open.TryGetValue(number, out var group)
                && common >= SameShare * Math.Min(words, group.Words) && GoesOn(group, words))
                (best, greatest) = (number, common);
        return best;
    }

    /// <summary>
    /// A version repeats what the version before it brought; where that is gone and the rest is there, the rest is what the source says
    /// beside every article.
    /// </summary>
    bool GoesOn(Group group, int words)
    {
        if (group.Members < 2)
            return true;
        int own = 0, there = 0;
        foreach (var (key, length) in group.Own)
        {
            own += length;
            foreach (var passage in telling)
                there += passage.Key == key ? length : 0;
        }

        return own < OwnShare * words || there >= GoneShare * own;
    }

    /// <summary>Leaves out half of the passages: first those of one article, and of them those that were not met for longest.</summary>
    void Forget()
    {
        var singles = new List<int>(lines.Count);
        foreach (var line in lines.Values)
            if (line.Different <= 1)
                singles.Add(line.Last);
        singles.Sort();
        var excess = lines.Count - Most / 2;
        // All that were last met together go together.
        var oldest = singles.Count == 0 ? 0 : singles[Math.Min(excess, singles.Count) - 1];
        foreach (var (key, line) in lines)
            if (line.Different <= 1 && line.Last <= oldest)
                lines.Remove(key);
        if (lines.Count > Most)
            foreach (var key in lines.OrderBy(l => l.Value.Last).ThenBy(l => l.Key).Select(l => l.Key).Take(lines.Count - Most / 2).ToList())
                lines.Remove(key);
        var told = new HashSet<int>(open.Keys);
        foreach (var line in lines.Values)
            for (var i = 0; i < line.Different; i++)
                told.Add(line.Groups[i]);
        foreach (var number in names.Keys.Where(n => !told.Contains(n)).ToList())
            names.Remove(number);
    }
}
