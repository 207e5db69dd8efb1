using Ingest.Core.Normalisation.Characters;
using Ingest.Core.Normalisation.Lines;
using Ingest.Core.Normalisation.Phrases;
using Ingest.Core.Normalisation.Words;

namespace Ingest.Core.Normalisation.Documents;

/// <summary>
/// The single pass over a segment's characters: traits, words, phrase hits and the language vote. Linear in the segment; every rule reads
/// what this found instead of scanning again.
/// </summary>
internal sealed class Scanner(PhraseBook phrases, StopWords stopWords, LanguageVote vote, WordList words)
{
    const CharClass InWord = CharClass.Letter | CharClass.Digit | CharClass.Mark | CharClass.Invisible;

    public void Scan(string text, Segment segment)
    {
        var traits = new Traits();
        List<PhraseHit>? hits = null;
        var afterTerminal = false;
        var firstWord = words.Count;
        var i = segment.Start;
        while (i < segment.End)
        {
            var c = text[i];
            var class_ = Chars.Class(c);
            if ((class_ & CharClass.Space) != 0)
            {
                if (afterTerminal)
                    traits.Sentences++;
                afterTerminal = false;
                i++;
                continue;
            }

            if ((class_ & (CharClass.Letter | CharClass.Digit)) == 0)
            {
                if ((class_ & (CharClass.Invisible | CharClass.Mark)) == 0)
                {
                    Sign(text, i, c, class_, segment, ref traits, ref hits);
                    // A closer keeps a terminal alive: he said "no." She left.
                    afterTerminal = (class_ & CharClass.Terminal) != 0 || afterTerminal && (class_ & CharClass.Closer) != 0;
                }

                i++;
                continue;
            }

            if (afterTerminal && Sentences.IsGlued(text, i, segment.Start))
                traits.Glued++;
            afterTerminal = false;
            if (traits.First == 0)
                traits.First = c;
            if (traits.Letters + traits.Digits == 0)
                phrases.MatchOpening(text, i, segment.Start, segment.End, ref hits);
            var start = i;
            i = (class_ & CharClass.Spaceless) != 0 ? Character(c, i, ref traits) : Word(text, i, segment.End, ref traits);
            if (phrases.MayStartInside(words.Last, text, i) || (class_ & CharClass.Digit) != 0 && phrases.MayStartInside(c))
                phrases.MatchInside(text, start, segment.End, ref hits);
            traits.Final = traits.Last = text[i - 1];
        }

        if (afterTerminal)
            traits.Sentences++;
        traits.Words += traits.Spaceless / 2;
        phrases.MatchBackward(text, segment.Start, segment.End, ref hits);
        segment.Traits = traits;
        segment.Hits = hits;
        segment.Words = words.Since(firstWord);
        segment.Lexical = default;
    }

    /// <summary>A character of a script without spaces: it stands for half a word.</summary>
    int Character(char c, int i, ref Traits traits)
    {
        traits.Letters++;
        traits.Spaceless++;
        words.Add(StopWords.Mix(StopWords.HashSeed, c), false, false);
        return i + 1;
    }

    /// <summary>A run of letters and digits, apostrophes inside it included. Returns the place behind it.</summary>
    int Word(string text, int i, int end, ref Traits traits)
    {
        var start = i;
        int letters = 0, upper = 0, digits = 0;
        var hash = StopWords.HashSeed;
        var startsUpper = Chars.Is(text[i], CharClass.Upper);
        while (i < end)
        {
            var entry = Chars.Entry(text[i]);
            var class_ = (CharClass)entry;
            if ((class_ & InWord) == 0)
            {
                // "don't" is one word.
                if (entry >> 16 != '\'' || i == start || i + 1 >= end || !Chars.Is(text[i + 1], CharClass.Letter))
                    break;
                hash = StopWords.Mix(hash, '\'');
                i++;
                continue;
            }

            if ((class_ & CharClass.Spaceless) != 0)
                break;
            if ((class_ & CharClass.Letter) != 0)
            {
                letters++;
                if ((class_ & CharClass.Upper) != 0)
                    upper++;
                hash = StopWords.Mix(hash, (char)(entry >> 16));
            }
            else if ((class_ & CharClass.Digit) != 0)
            {
                digits++;
                hash = StopWords.Mix(hash, (char)(entry >> 16));
            }

            i++;
        }

        traits.Letters += letters;
        traits.Upper += upper;
        traits.Digits += digits;
        traits.Words++;
        if (startsUpper)
            traits.Capitalised++;
        if (letters >= 2 && upper == letters)
            traits.Shouted++;
        var group = stopWords.Find(hash);
        words.Add(hash, digits > 0, letters >= 4 && group == 0);
        if (group != 0)
        {
            traits.StopWords++;
            vote.Add(group);
        }

        return i;
    }

    void Sign(string text, int at, char c, CharClass class_, Segment segment, ref Traits traits, ref List<PhraseHit>? hits)
    {
        if (traits.First == 0 && (class_ & CharClass.Opener) == 0)
            traits.First = c;
        traits.Final = c;
        if ((class_ & CharClass.Closer) == 0)
            traits.Last = c;
        if ((class_ & CharClass.Quote) != 0)
            traits.Quotes++;
        if ((class_ & CharClass.Bullet) != 0)
            traits.Separators++;
        switch (c)
        {
            case ',' or '，' or '、' or '،' or '؛' or ';':
                traits.Commas++;
                break;
            case '|' or '/' or '›' or '>' or '→' or '#':
                traits.Separators++;
                break;
            case '@':
                traits.HasHandle = true;
                break;
            case ':' when at + 2 < segment.End && text[at + 1] == '/' && text[at + 2] == '/':
                traits.HasUrl = true;
                break;
            case '.' when at - 3 >= segment.Start && text.AsSpan(at - 3, 3) is "www" or "WWW":
                traits.HasUrl = true;
                break;
        }

        // Phrases may begin with a sign: © 【 [ ( #
        if (traits.Letters + traits.Digits == 0)
            phrases.MatchOpening(text, at, segment.Start, segment.End, ref hits);
        if (phrases.MayStartInside(Chars.Fold(c)))
            phrases.MatchInside(text, at, segment.End, ref hits);
    }
}
