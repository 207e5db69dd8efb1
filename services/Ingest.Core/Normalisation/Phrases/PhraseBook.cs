using Ingest.Core.Normalisation.Characters;
using Ingest.Core.Normalisation.Words;

namespace Ingest.Core.Normalisation.Phrases;

/// <summary>Rule <see cref="Rule"/> matched characters <see cref="Start"/> to <see cref="End"/> of the raw text.</summary>
internal readonly record struct PhraseHit(PhraseRule Rule, int Start, int End);

/// <summary>
/// All phrases of <c>phrases.txt</c> as three character tries (for the start of a segment, for anywhere in it, and backwards from its end),
/// walked over folded text. A walk stops at the first character that no phrase has there, so a scan stays linear: at most the longest
/// phrase per word, one or two characters as a rule.
/// </summary>
internal sealed class PhraseBook
{
    /// <summary>Stands for a run of digits in a phrase.</summary>
    const char Number = '\u0001';

    /// <summary>A longer run of digits and signs is no number of a phrase; the bound keeps a walk's length constant.</summary>
    const int NumberLength = 16;

    /// <summary>Signs that may stand before a label, and behind a phrase that is its whole segment.</summary>
    const int SignsBefore = 6;

    /// <summary>Phrases that stand at the start of a segment, anywhere in one, and (backwards) at its end.</summary>
    readonly PhraseTrie opening, inside, closing;

    /// <summary>The signs and digits that begin a phrase of <see cref="inside"/>.</summary>
    readonly HashFilter signs = new();

    /// <summary>
    /// Its first words: those that are a phrase or go on without a space, and those that go on with one and a certain character.
    /// </summary>
    readonly HashFilter words = new(), pairs = new();

    public PhraseBook(IReadOnlyList<PhraseRule> rules)
    {
        var phrases = rules.SelectMany(rule => rule.Phrases.Select(phrase => (Phrase: Key(phrase), Rule: rule))).ToArray();
        opening = new PhraseTrie(phrases.Where(p => p.Rule.Match is PhraseMatch.Start or PhraseMatch.Whole));
        closing = new PhraseTrie(phrases.Where(p => p.Rule.Match == PhraseMatch.End).Select(p => (p.Phrase.Reverse().ToArray(), p.Rule)));
        var anywhere = phrases.Where(p => p.Rule.Match == PhraseMatch.Within || p.Rule.Glued).ToArray();
        inside = new PhraseTrie(anywhere);
        foreach (var (phrase, _) in anywhere)
            AllowInside(phrase);
    }

    public static PhraseBook Default { get; } = new(PhraseRule.Default);

    /// <summary>A cheap first test of a place before <see cref="MatchInside"/>: most words begin no phrase.</summary>
    /// <param name="word">The hash of the word there.</param>
    /// <param name="end">Where it ends.</param>
    public bool MayStartInside(uint word, string text, int end) =>
        words.MayHave(word) || end + 1 < text.Length && pairs.MayHave(Pair(word, Chars.Fold(text[end + 1])));

    public bool MayStartInside(char sign) => signs.MayHave(sign);

    /// <summary>Finds the phrases that begin at <paramref name="at"/>, before which the segment has only signs.</summary>
    /// <param name="start">Where the segment begins.</param>
    /// <param name="end">Where it ends.</param>
    public void MatchOpening(string text, int at, int start, int end, ref List<PhraseHit>? hits)
    {
        // A label may stand behind a bullet, a dash, a bracket or an icon.
        if (at - start <= SignsBefore)
            Walk(opening, text, at, end, ref hits);
    }

    /// <summary>Finds the phrases that may stand anywhere, at <paramref name="at"/>.</summary>
    public void MatchInside(string text, int at, int end, ref List<PhraseHit>? hits) => Walk(inside, text, at, end, ref hits);

    void AllowInside(char[] key)
    {
        if (key[0] == Number)
            for (var digit = '0'; digit <= '9'; digit++)
                signs.Add(digit);
        signs.Add(key[0]);
        // The first word as the scanner sees it: up to a sign that is no apostrophe within; a single character in scripts without spaces.
        var hash = StopWords.HashSeed;
        var i = 0;
        for (; i < key.Length && (IsWord(key[i]) || key[i] == '\'' && i > 0 && i + 1 < key.Length && IsWord(key[i + 1])
            || Chars.Is(key[i], CharClass.Mark)); i++)
        {
            if (!Chars.Is(key[i], CharClass.Mark))
                hash = StopWords.Mix(hash, key[i]);
            if (Chars.Is(key[i], CharClass.Spaceless))
                break;
        }

        // A run of white space in a text is one space in a phrase, and a digit there may be Number here: then the word alone must do.
        if (i + 1 < key.Length && key[i] == ' ' && key[i + 1] != Number)
        {
            pairs.Add(Pair(hash, key[i + 1]));
            pairs.Add(Pair(hash, ' '));
        }
        else
        {
            words.Add(hash);
        }
    }

    static uint Pair(uint hash, char next) => hash + next * 0x9E3779B1;

    static void Walk(PhraseTrie trie, string text, int at, int end, ref List<PhraseHit>? hits)
    {
        var node = 0;
        var i = at;
        while (i < end)
        {
            var c = text[i];
            if (Chars.Is(c, CharClass.Invisible))
            {
                i++;
                continue;
            }

            var next = i + 1;
            var child = 0;
            if (Chars.Is(c, CharClass.Digit) && (child = trie.Step(node, Number)) != 0)
            {
                while (next < end && next - i < NumberLength && (Chars.Is(text[next], CharClass.Digit)
                    || text[next] is '.' or ',' or ':' && next + 1 < end && Chars.Is(text[next + 1], CharClass.Digit)))
                    next++;
            }
            else if ((child = trie.Step(node, Chars.Fold(c))) != 0)
            {
                if (Chars.Is(c, CharClass.Space))
                    while (next < end && Chars.Is(text[next], CharClass.Space))
                        next++;
            }
            else
            {
                return;
            }

            node = child;
            i = next;
            if (trie.RulesAt(node) is { } rules && IsBoundary(text, i, end))
                foreach (var rule in rules)
                    if (rule.Match != PhraseMatch.Whole || OnlySignsAfter(text, i, end))
                        (hits ??= []).Add(new PhraseHit(rule, at, i));
        }
    }

    /// <summary>Finds the phrases with which the segment ends, a final full stop or bracket aside.</summary>
    public void MatchBackward(string text, int start, int end, ref List<PhraseHit>? hits)
    {
        var inner = end;
        while (inner > start && Chars.Is(text[inner - 1], CharClass.Space | CharClass.Invisible | CharClass.Terminal | CharClass.Closer))
            inner--;
        // With and without the closing signs: "(ANSA)." and "… all rights reserved."
        for (var from = end; from >= inner; from = from == inner ? inner - 1 : inner)
            WalkBack(text, from, start, end, ref hits);
    }

    void WalkBack(string text, int from, int start, int end, ref List<PhraseHit>? hits)
    {
        var node = 0;
        for (var i = from - 1; i >= start; i--)
        {
            var c = Chars.Fold(text[i]);
            var child = closing.Step(node, c);
            if (child == 0)
                return;
            while (c == ' ' && i > start && Chars.Is(text[i - 1], CharClass.Space))
                i--;
            node = child;
            if (closing.RulesAt(node) is { } rules && (i == start || !IsWord(text[i - 1]) || !IsWord(text[i])))
                foreach (var rule in rules)
                    (hits ??= []).Add(new PhraseHit(rule, i, end));
        }
    }

    /// <summary>True where a segment that begins at <paramref name="start"/> has only signs before <paramref name="at"/>.</summary>
    internal static bool OnlySignsBefore(string text, int start, int at)
    {
        if (at - start > SignsBefore)
            return false;
        for (var i = start; i < at; i++)
            if (IsWord(text[i]))
                return false;
        return true;
    }

    static bool OnlySignsAfter(string text, int at, int end)
    {
        if (end - at > SignsBefore)
            return false;
        for (var i = at; i < end; i++)
            if (IsWord(text[i]))
                return false;
        return true;
    }

    /// <summary>A phrase ends where its word ends; in scripts without spaces, anywhere.</summary>
    static bool IsBoundary(string text, int at, int end) =>
        at >= end || !IsWord(text[at]) || !IsWord(text[at - 1]) || Chars.Is(text[at - 1], CharClass.Spaceless);

    static bool IsWord(char c) => Chars.Is(c, CharClass.Letter | CharClass.Digit);

    static char[] Key(string phrase) => [.. phrase.Select(c => c == '#' ? Number : c == '＃' ? '#' : Chars.Fold(c))];
}
