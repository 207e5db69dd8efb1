namespace Ingest.Core.Normalisation.Phrases;

/// <summary>
/// A frozen character trie. Nodes are numbered breadth first, so that edge n leads to node n + 1 and the edges of a node lie side by side
/// in one array of characters, sorted: a step is a short search in a cache line. (Tried as one hash table of all edges: twice as slow, for
/// every step missed the cache.) Node 0 is the root.
/// </summary>
internal sealed class PhraseTrie
{
    readonly char[] edges;
    readonly int[] firstEdge;
    readonly PhraseRule[]?[] rulesAt;

    /// <summary>The root's child by character: nearly every walk takes this step and no other.</summary>
    readonly int[] root = new int[char.MaxValue + 1];

    public PhraseTrie(IEnumerable<(char[] Phrase, PhraseRule Rule)> phrases)
    {
        var top = new Node();
        foreach (var (phrase, rule) in phrases)
        {
            var node = top;
            foreach (var c in phrase)
                node = node.Children.TryGetValue(c, out var child) ? child : node.Children[c] = new Node();
            if (!node.Rules.Contains(rule))
                node.Rules.Add(rule);
        }

        var ordered = new List<Node> { top };
        List<char> characters = [];
        List<int> firsts = [];
        for (var i = 0; i < ordered.Count; i++)
        {
            firsts.Add(characters.Count);
            foreach (var (c, child) in ordered[i].Children)
            {
                characters.Add(c);
                ordered.Add(child);
            }
        }

        firsts.Add(characters.Count);
        edges = [.. characters];
        firstEdge = [.. firsts];
        rulesAt = [.. ordered.Select(n => n.Rules.Count > 0 ? n.Rules.ToArray() : null)];
        for (var edge = 0; edge < firstEdge[1]; edge++)
            root[edges[edge]] = edge + 1;
    }

    /// <summary>The node behind <paramref name="node"/> by <paramref name="edge"/>, or 0 where no phrase goes on so.</summary>
    public int Step(int node, char edge)
    {
        if (node == 0)
            return root[edge];
        var first = firstEdge[node];
        var found = edges.AsSpan(first, firstEdge[node + 1] - first).IndexOf(edge);
        return found < 0 ? 0 : first + found + 1;
    }

    /// <summary>The rules of the phrases that end at a node, or null.</summary>
    public PhraseRule[]? RulesAt(int node) => rulesAt[node];

    sealed class Node
    {
        public SortedDictionary<char, Node> Children { get; } = [];
        public List<PhraseRule> Rules { get; } = [];
    }
}
