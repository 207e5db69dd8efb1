namespace Ingest.Core.Normalisation.Text;

/// <summary>Rule <see cref="Rule"/> matched characters <see cref="Start"/> to <see cref="End"/> of the raw text.</summary>
internal readonly record struct PhraseHit(PhraseRule Rule, int Start, int End);

/// <summary>
/// All phrases of <c>phrases.txt</c> as two character tries, forward and backward, walked over folded text. A walk stops at the first
/// character that no phrase has there, so a scan stays linear: at most the longest phrase per word, one or two characters as a rule.
/// </summary>
internal sealed class PhraseBook
{
    const char Number = '\u0001';

    readonly List<Dictionary<char, int>> forward = [[]];
    readonly List<Dictionary<char, int>> backward = [[]];
    readonly Dictionary<int, List<PhraseRule>> forwardEnds = [];
    readonly Dictionary<int, List<PhraseRule>> backwardEnds = [];
    readonly bool[] mayStart = new bool[char.MaxValue + 1];

    /// <summary>Any segment with more words than the wordiest rule allows is only looked at where a rule has no limit.</summary>
    public PhraseBook(IReadOnlyList<PhraseRule> rules)
    {
        foreach (var rule in rules)
            foreach (var phrase in rule.Phrases)
            {
                var key = Key(phrase);
                if (rule.Match == PhraseMatch.End)
                    Insert(backward, backwardEnds, [.. key.Reverse()], rule);
                else
                    Insert(forward, forwardEnds, key, rule);
            }

        for (var c = 0; c <= char.MaxValue; c++)
        {
            var folded = Chars.Fold((char)c);
            mayStart[c] = forward[0].ContainsKey(folded) || Chars.Is((char)c, CharClass.Digit) && forward[0].ContainsKey(Number);
        }
    }

    public static PhraseBook Default { get; } = new(PhraseRule.Default);

    public bool MayStart(char c) => mayStart[c];

    /// <summary>Finds the phrases that begin at <paramref name="at"/>; keeps those whose rule allows that place in the segment.</summary>
    public void MatchForward(string text, int at, Segment segment, ref List<PhraseHit>? hits)
    {
        var node = 0;
        var i = at;
        while (i < segment.End)
        {
            var c = text[i];
            if (Chars.Is(c, CharClass.Invisible))
            {
                i++;
                continue;
            }

            var next = i + 1;
            if (Chars.Is(c, CharClass.Digit) && forward[node].TryGetValue(Number, out var child))
            {
                while (next < segment.End && (Chars.Is(text[next], CharClass.Digit)
                    || text[next] is '.' or ',' or ':' && next + 1 < segment.End && Chars.Is(text[next + 1], CharClass.Digit)))
                    next++;
            }
            else if (forward[node].TryGetValue(Chars.Fold(c), out child))
            {
                if (Chars.Is(c, CharClass.Space))
                    while (next < segment.End && Chars.Is(text[next], CharClass.Space))
                        next++;
            }
            else
            {
                return;
            }

            node = child;
            i = next;
            if (forwardEnds.TryGetValue(node, out var rules) && IsBoundary(text, i, segment.End))
                foreach (var rule in rules)
                    if (Allows(rule, text, at, i, segment))
                        (hits ??= []).Add(new PhraseHit(rule, at, i));
        }
    }

    /// <summary>Finds the phrases with which the segment ends, a final full stop or bracket aside.</summary>
    public void MatchBackward(string text, Segment segment, ref List<PhraseHit>? hits)
    {
        var end = segment.End;
        while (end > segment.Start && Chars.Is(text[end - 1], CharClass.Space | CharClass.Invisible | CharClass.Terminal | CharClass.Closer))
            end--;
        // With and without the closing signs: "(ANSA)." and "… all rights reserved."
        for (var from = segment.End; from >= end; from = from == end ? end - 1 : end)
            WalkBack(text, from, segment, ref hits);
    }

    void WalkBack(string text, int from, Segment segment, ref List<PhraseHit>? hits)
    {
        var node = 0;
        for (var i = from - 1; i >= segment.Start; i--)
        {
            var c = Chars.Fold(text[i]);
            if (!backward[node].TryGetValue(c, out var child))
                return;
            while (c == ' ' && i > segment.Start && Chars.Is(text[i - 1], CharClass.Space))
                i--;
            node = child;
            if (backwardEnds.TryGetValue(node, out var rules) && (i == segment.Start || !IsWord(text[i - 1]) || !IsWord(text[i])))
                foreach (var rule in rules)
                    (hits ??= []).Add(new PhraseHit(rule, i, segment.End));
        }
    }

    static bool Allows(PhraseRule rule, string text, int at, int end, Segment segment) => rule.Match switch
    {
        PhraseMatch.Start => OnlySignsBefore(text, at, segment),
        PhraseMatch.Whole => OnlySignsBefore(text, at, segment) && OnlySignsAfter(text, end, segment),
        _ => true,
    };

    static bool OnlySignsBefore(string text, int at, Segment segment)
    {
        // A label may stand behind a bullet, a dash, a bracket or an icon, not behind a word.
        if (at - segment.Start > 6)
            return false;
        for (var i = segment.Start; i < at; i++)
            if (IsWord(text[i]))
                return false;
        return true;
    }

    static bool OnlySignsAfter(string text, int end, Segment segment)
    {
        if (segment.End - end > 6)
            return false;
        for (var i = end; i < segment.End; i++)
            if (IsWord(text[i]))
                return false;
        return true;
    }

    /// <summary>A phrase ends where its word ends; in scripts without spaces, anywhere.</summary>
    static bool IsBoundary(string text, int at, int end) =>
        at >= end || !IsWord(text[at]) || !IsWord(text[at - 1]) || Chars.Is(text[at - 1], CharClass.Spaceless);

    static bool IsWord(char c) => Chars.Is(c, CharClass.Letter | CharClass.Digit);

    static char[] Key(string phrase)
    {
        var key = new List<char>();
        foreach (var c in phrase)
            key.Add(c == '#' ? Number : c == '＃' ? '#' : Chars.Fold(c));
        return [.. key];
    }

    static void Insert(List<Dictionary<char, int>> trie, Dictionary<int, List<PhraseRule>> ends, char[] key, PhraseRule rule)
    {
        var node = 0;
        foreach (var c in key)
        {
            if (!trie[node].TryGetValue(c, out var next))
            {
                next = trie.Count;
                trie.Add([]);
                trie[node].Add(c, next);
            }

            node = next;
        }

        if (!ends.TryGetValue(node, out var rules))
            ends.Add(node, rules = []);
        if (!rules.Contains(rule))
            rules.Add(rule);
    }
}
