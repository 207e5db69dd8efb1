using System.Runtime.CompilerServices;

namespace Ingest.Core.Normalisation.Text;

/// <summary>
/// The single pass over a segment's characters: traits, phrase hits and the language vote. Linear in the segment; every rule reads what
/// this found instead of scanning again.
/// </summary>
internal sealed class Scanner(PhraseBook phrases, StopWords stopWords)
{
    public void Scan(string text, Segment segment, LanguageVote vote)
    {
        var traits = new Traits();
        List<PhraseHit>? hits = null;
        var previous = CharClass.Space;
        int word = -1, upperInWord = 0, lettersInWord = 0;
        uint hash = 0;
        for (var i = segment.Start; i < segment.End; i++)
        {
            var c = text[i];
            var class_ = Chars.Class(c);
            if ((class_ & (CharClass.Invisible | CharClass.Mark)) != 0)
                continue;
            if ((class_ & (CharClass.Letter | CharClass.Digit)) != 0)
            {
                if ((class_ & CharClass.Letter) != 0)
                {
                    traits.Letters++;
                    lettersInWord++;
                    if ((class_ & CharClass.Upper) != 0)
                    {
                        traits.Upper++;
                        upperInWord++;
                    }
                }
                else
                {
                    traits.Digits++;
                }

                var spaceless = (class_ & CharClass.Spaceless) != 0;
                if (spaceless)
                    traits.Spaceless++;
                if (word < 0 || spaceless)
                {
                    if (word < 0)
                    {
                        word = i;
                        hash = StopWords.HashSeed;
                        if ((class_ & CharClass.Upper) != 0)
                            traits.Capitalised++;
                    }

                    if (phrases.MayStart(c))
                        phrases.MatchForward(text, i, segment, ref hits);
                }

                hash = StopWords.Mix(hash, Chars.Fold(c));
            }
            else
            {
                if (word >= 0)
                {
                    // An apostrophe inside a word belongs to it: "don't" is one word.
                    if (Chars.Fold(c) == '\'' && i + 1 < segment.End && Chars.Is(text[i + 1], CharClass.Letter))
                    {
                        hash = StopWords.Mix(hash, '\'');
                        previous = class_;
                        continue;
                    }

                    EndWord(ref traits, hash, lettersInWord, upperInWord, vote);
                    word = -1;
                    upperInWord = lettersInWord = 0;
                }

                if ((class_ & CharClass.Space) == 0)
                    Punctuation(text, i, c, class_, segment, ref traits, ref hits);
            }

            if ((class_ & CharClass.Space) == 0)
            {
                if (traits.First == 0 && (class_ & CharClass.Opener) == 0)
                    traits.First = c;
                traits.Final = c;
                if ((class_ & CharClass.Closer) == 0)
                    traits.Last = c;
            }

            if ((class_ & CharClass.Space) != 0 && (previous & CharClass.Terminal) != 0)
                traits.Sentences++;
            // A closer keeps a terminal alive: he said "no." She left.
            if ((class_ & CharClass.Closer) == 0 || (previous & CharClass.Terminal) == 0)
                previous = class_;
        }

        if (word >= 0)
            EndWord(ref traits, hash, lettersInWord, upperInWord, vote);
        if ((previous & CharClass.Terminal) != 0)
            traits.Sentences++;
        traits.Words += traits.Spaceless / 2;
        phrases.MatchBackward(text, segment, ref hits);
        segment.Traits = traits;
        segment.Hits = hits;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    void EndWord(ref Traits traits, uint hash, int letters, int upper, LanguageVote vote)
    {
        traits.Words++;
        if (letters >= 2 && upper == letters)
            traits.Shouted++;
        var languages = stopWords.Find(hash);
        if (languages != 0)
        {
            traits.StopWords++;
            vote.Add(languages);
        }
    }

    void Punctuation(string text, int at, char c, CharClass class_, Segment segment, ref Traits traits, ref List<PhraseHit>? hits)
    {
        if ((class_ & CharClass.Quote) != 0)
            traits.Quotes++;
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

        if ((class_ & CharClass.Bullet) != 0)
            traits.Separators++;
        // Phrases may begin with a sign: © 【 [ ( #
        if (phrases.MayStart(c))
            phrases.MatchForward(text, at, segment, ref hits);
    }
}
