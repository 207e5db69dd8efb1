namespace Ingest.Accuracy.Cleaning;

/// <summary>
/// Which words of a dump are words of the true body, in order: anchors are runs of words that stand once in both, the longest chain of them
/// in order is kept and grown, and what lies between is aligned in the same way.
/// </summary>
sealed class Alignment
{
    const int MaxCells = 3_000_000;

    readonly int[] dump;
    readonly int[] body;
    readonly int[] matches;

    Alignment(int[] dump, int[] body)
    {
        this.dump = dump;
        this.body = body;
        matches = new int[dump.Length];
        Array.Fill(matches, -1);
    }

    /// <summary>For each word of the dump its place in the body, or -1.</summary>
    public static int[] Of(int[] dump, int[] body)
    {
        var alignment = new Alignment(dump, body);
        alignment.Align(0, dump.Length, 0, body.Length);
        return alignment.matches;
    }

    void Align(int dumpStart, int dumpEnd, int bodyStart, int bodyEnd)
    {
        if (dumpStart >= dumpEnd || bodyStart >= bodyEnd)
            return;
        foreach (var length in (ReadOnlySpan<int>)[8, 5, 3])
        {
            var chain = Chain(Anchors(dumpStart, dumpEnd, bodyStart, bodyEnd, length));
            if (chain.Count == 0)
                continue;
            int a = dumpStart, b = bodyStart;
            foreach (var (i, j) in chain)
            {
                if (i < a || j < b)
                    continue;
                int from = i, to = i, shift = j - i;
                while (from > a && from + shift > b && dump[from - 1] == body[from - 1 + shift])
                    from--;
                while (to < dumpEnd && to + shift < bodyEnd && dump[to] == body[to + shift])
                    to++;
                for (var k = from; k < to; k++)
                    matches[k] = k + shift;
                Align(a, from, b, from + shift);
                (a, b) = (to, to + shift);
            }

            Align(a, dumpEnd, b, bodyEnd);
            return;
        }

        if ((long)(dumpEnd - dumpStart) * (bodyEnd - bodyStart) <= MaxCells)
            Blocks(dumpStart, dumpEnd, bodyStart, bodyEnd);
    }

    List<(int Dump, int Body)> Anchors(int dumpStart, int dumpEnd, int bodyStart, int bodyEnd, int length)
    {
        var inBody = Single(body, bodyStart, bodyEnd, length);
        var inDump = Single(dump, dumpStart, dumpEnd, length);
        var anchors = new List<(int, int)>();
        foreach (var (key, i) in inDump)
            if (i >= 0 && inBody.TryGetValue(key, out var j) && j >= 0)
                anchors.Add((i, j));
        anchors.Sort();
        return anchors;
    }

    /// <summary>Runs of words and where they stand; -1 for those that stand more than once.</summary>
    static Dictionary<long, int> Single(int[] words, int start, int end, int length)
    {
        var found = new Dictionary<long, int>();
        for (var i = start; i + length <= end; i++)
        {
            var key = 17L;
            for (var k = i; k < i + length; k++)
                key = (key ^ words[k]) * 0x5851f42d4c957f2d + (key >>> 29);
            found[key] = found.ContainsKey(key) ? -1 : i;
        }

        return found;
    }

    /// <summary>The longest chain whose places rise in both.</summary>
    static List<(int Dump, int Body)> Chain(List<(int Dump, int Body)> anchors)
    {
        var tails = new List<int>();
        var previous = new int[anchors.Count];
        for (var k = 0; k < anchors.Count; k++)
        {
            int low = 0, high = tails.Count;
            while (low < high)
            {
                var middle = (low + high) / 2;
                if (anchors[tails[middle]].Body < anchors[k].Body)
                    low = middle + 1;
                else
                    high = middle;
            }

            previous[k] = low == 0 ? -1 : tails[low - 1];
            if (low == tails.Count)
                tails.Add(k);
            else
                tails[low] = k;
        }

        var chain = new List<(int, int)>();
        for (var k = tails.Count == 0 ? -1 : tails[^1]; k >= 0; k = previous[k])
            chain.Add(anchors[k]);
        chain.Reverse();
        return chain;
    }

    /// <summary>The longest common run, then what lies before and behind it.</summary>
    void Blocks(int dumpStart, int dumpEnd, int bodyStart, int bodyEnd)
    {
        if (dumpStart >= dumpEnd || bodyStart >= bodyEnd)
            return;
        var width = bodyEnd - bodyStart;
        int[] above = new int[width + 1], row = new int[width + 1];
        int best = 0, bestDump = 0, bestBody = 0;
        for (var i = dumpStart; i < dumpEnd; i++)
        {
            for (var j = 0; j < width; j++)
            {
                row[j + 1] = dump[i] == body[bodyStart + j] ? above[j] + 1 : 0;
                if (row[j + 1] > best)
                    (best, bestDump, bestBody) = (row[j + 1], i + 1, bodyStart + j + 1);
            }

            (above, row) = (row, above);
        }

        if (best == 0)
            return;
        for (var k = 1; k <= best; k++)
            matches[bestDump - k] = bestBody - k;
        Blocks(dumpStart, bestDump - best, bodyStart, bestBody - best);
        Blocks(bestDump, dumpEnd, bestBody, bodyEnd);
    }
}
