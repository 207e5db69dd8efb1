namespace Ingest.Core.Normalisation.Text;

/// <summary>
/// A character trie whose edges lie in one open-addressed table: a step costs one probe. Node 0 is the root, whose edges have an array of
/// their own, as nearly every walk ends there.
/// </summary>
internal sealed class PhraseTrie
{
    readonly int[] root = new int[char.MaxValue + 1];
    ulong[] keys = new ulong[1 << 12];
    int[] children = new int[1 << 12];
    readonly List<PhraseRule[]?> rulesAt = [null];
    int edges;

    /// <summary>The node behind <paramref name="node"/> by <paramref name="edge"/>, or 0 where no phrase goes on so.</summary>
    public int Step(int node, char edge)
    {
        if (node == 0)
            return root[edge];
        var key = Key(node, edge);
        for (var slot = Slot(key); keys[slot] != 0; slot = (slot + 1) & (keys.Length - 1))
            if (keys[slot] == key)
                return children[slot];
        return 0;
    }

    /// <summary>The rules of the phrases that end at a node, or null.</summary>
    public PhraseRule[]? RulesAt(int node) => rulesAt[node];

    public void Insert(IEnumerable<char> phrase, PhraseRule rule)
    {
        var node = 0;
        foreach (var c in phrase)
        {
            var next = Step(node, c);
            if (next == 0)
            {
                next = rulesAt.Count;
                rulesAt.Add(null);
                AddEdge(node, c, next);
            }

            node = next;
        }

        if (rulesAt[node] is not { } rules)
            rulesAt[node] = [rule];
        else if (!rules.Contains(rule))
            rulesAt[node] = [.. rules, rule];
    }

    void AddEdge(int node, char edge, int child)
    {
        if (node == 0)
        {
            root[edge] = child;
            return;
        }

        if (++edges * 2 > keys.Length)
            Grow();
        Place(Key(node, edge), child);
    }

    void Grow()
    {
        var (oldKeys, oldChildren) = (keys, children);
        keys = new ulong[oldKeys.Length * 2];
        children = new int[keys.Length];
        for (var i = 0; i < oldKeys.Length; i++)
            if (oldKeys[i] != 0)
                Place(oldKeys[i], oldChildren[i]);
    }

    void Place(ulong key, int child)
    {
        var slot = Slot(key);
        while (keys[slot] != 0)
            slot = (slot + 1) & (keys.Length - 1);
        keys[slot] = key;
        children[slot] = child;
    }

    static ulong Key(int node, char edge) => (ulong)node << 16 | edge;

    int Slot(ulong key) => (int)(key * 0x9E3779B97F4A7C15 >> 40) & (keys.Length - 1);
}
