namespace Ingest.Core.Normalisation.Decoding;

/// <summary>How far a sequence of characters speaks for wrongly read UTF-8.</summary>
internal enum Suspicion : byte
{
    /// <summary>It is none.</summary>
    None,

    /// <summary>
    /// Honest copy has it too: <c>É”</c> ends a quotation in capitals, <c>é »</c> one in French. Mended in the company of its kin only.
    /// </summary>
    Weak,

    /// <summary>Rare in honest copy, as <c>Ã©</c> or <c>Ð¿</c>; two of them are proof.</summary>
    Firm,

    /// <summary>Never seen in honest copy, as <c>â€™</c> or <c>ðŸ˜€</c>; one is proof.</summary>
    Proof,
}

/// <summary>
/// Characters that are the bytes of one UTF-8 character, each read as Windows-1252 (or Latin-1, which differs in 0x80 to 0x9F only).
/// </summary>
/// <param name="Family">Sequences of a family stand for related characters, and vouch for each other.</param>
internal readonly record struct MojibakeSequence(int Length, int CodePoint, int Family, Suspicion Suspicion)
{
    /// <summary>The families are few, so that counts of them fit a small array.</summary>
    public const int Families = 8;

    const int Latin = 0, LatinExtended = 1, Greek = 2, Cyrillic = 3, Semitic = 4, Punctuation = 5, Vietnamese = 6, Asian = 7;

    /// <summary>What 0x80 to 0x9F are in Windows-1252; the five that it leaves out are read as themselves.</summary>
    const string Upper = "€\u0081‚ƒ„…†‡ˆ‰Š‹Œ\u008dŽ\u008f\u0090‘’“”•–—˜™š›œ\u009džŸ";

    /// <summary>What may stand behind an accented capital or a final accented letter in honest copy.</summary>
    const string Honest = "‚„…‰‹‘’“”–—™›†‡•\u00a0«»\u0085";

    /// <summary>The same behind a letter that is common in names of brands and in units.</summary>
    const string HonestMarks = "©®ª°º¹²³";

    /// <summary>The sequence at <paramref name="at"/>; its length is 0 where none is.</summary>
    public static MojibakeSequence At(ReadOnlySpan<char> text, int at)
    {
        var lead = Byte(text[at]);
        var length = lead is >= 0xc2 and <= 0xdf ? 2 : lead is >= 0xe0 and <= 0xef ? 3 : lead is >= 0xf0 and <= 0xf4 ? 4 : 0;
        if (length == 0)
            return default;
        if (at + length > text.Length)
            return Worn(text, at);
        var point = lead & (0xff >> (length + 1));
        for (var i = 1; i < length; i++)
        {
            var next = Byte(text[at + i]);
            if (next is < 0x80 or > 0xbf)
                return Worn(text, at);
            point = point << 6 | (next & 0x3f);
        }

        // Overlong forms, surrogates and what lies beyond Unicode are no UTF-8.
        if (length == 3 && point < 0x800 || length == 4 && point is < 0x10000 or > 0x10ffff || point is >= 0xd800 and <= 0xdfff)
            return default;
        var (family, suspicion) = Judge(lead, text.Slice(at, length));
        return suspicion == Suspicion.None ? default : new MojibakeSequence(length, point, family, suspicion);
    }

    /// <summary>
    /// What is left of the two most frequent sequences when a later step dropped the character that Windows-1252 does not have (the last of
    /// a closing quotation mark), or turned the no-break space inside <c>Ã </c> and <c>Â </c> into a plain one.
    /// </summary>
    static MojibakeSequence Worn(ReadOnlySpan<char> text, int at)
    {
        if (at + 1 >= text.Length)
            return default;
        if (text[at] == 'â' && text[at + 1] == '€' && !(at + 2 < text.Length && text[at + 2] is >= '\u00c2' and <= '\u00f4'))
            return new MojibakeSequence(at + 2 < text.Length && text[at + 2] == '\ufffd' ? 3 : 2, '”', Punctuation, Suspicion.Weak);
        if (text[at + 1] != ' ' || at > 0 && char.IsUpper(text[at - 1]))
            return default;
        return text[at] switch
        {
            'Â' => new MojibakeSequence(2, '\u00a0', Latin, Suspicion.Weak),
            // One space may be all that two were folded to: it is kept before a word.
            'Ã' => new MojibakeSequence(at + 2 < text.Length && char.IsLetterOrDigit(text[at + 2]) ? 1 : 2, 'à', Latin, Suspicion.Weak),
            _ => default,
        };
    }

    /// <summary>The byte that Windows-1252 or Latin-1 reads as this character, or -1.</summary>
    static int Byte(char c) => c <= '\u00ff' ? c : Upper.IndexOf(c, StringComparison.Ordinal) is >= 0 and var at ? 0x80 + at : -1;

    static (int Family, Suspicion Suspicion) Judge(int lead, ReadOnlySpan<char> sequence)
    {
        var last = sequence[^1];
        var ordinary = Honest.Contains(last, StringComparison.Ordinal) ? Suspicion.Weak : Suspicion.Firm;
        var marked = ordinary == Suspicion.Weak || HonestMarks.Contains(last, StringComparison.Ordinal) ? Suspicion.Weak : Suspicion.Firm;
        return lead switch
        {
            0xc2 or 0xc3 => (Latin, ordinary),
            0xc4 or 0xc5 => (LatinExtended, marked),
            // Behind these capitals honest copy has most signs: only ƒơưƠƯ, șțȘȚ and ˆ˜, which living languages and Windows-1252 have.
            0xc6 or 0xc8 or 0xcb when Byte(last) is var low
                && (lead, low) is (0xc6, 0x92 or 0xa0 or 0xa1 or 0xaf or 0xb0) or (0xc8, >= 0x98 and <= 0x9b) or (0xcb, 0x86 or 0x9c) =>
                (LatinExtended, lead == 0xc6 ? marked : Suspicion.Weak),
            0xce or 0xcf => (Greek, marked),
            >= 0xd0 and <= 0xd3 => (Cyrillic, marked),
            >= 0xd7 and <= 0xdb => (Semitic, marked),
            0xe1 => (Vietnamese, marked),
            // General punctuation, currencies and letter-like signs; the other symbols of the block want company.
            0xe2 => (Punctuation, Byte(sequence[1]) is 0x80 or 0x82 or 0x84 ? Suspicion.Proof : Suspicion.Weak),
            // U+FEFF and U+FFFD; else it is one of the leads of Asian scripts, which come in runs.
            0xef when sequence is "ï»¿" or "ï¿½" => (Punctuation, Suspicion.Proof),
            0xe0 or >= 0xe3 and <= 0xef => (Asian, Suspicion.Weak),
            >= 0xf0 => (Punctuation, Byte(sequence[1]) == 0x9f ? Suspicion.Proof : Suspicion.Weak),
            _ => default,
        };
    }

    /// <summary>
    /// True for a weak sequence that touches one that is none, or an Asian one that touches another: honest copy has no such run of signs.
    /// </summary>
    public bool IsRunWith(MojibakeSequence neighbour) =>
        neighbour.Length > 0 && (neighbour.Suspicion >= Suspicion.Firm || Family == Asian && neighbour.Family == Asian);
}
