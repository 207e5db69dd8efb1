using Ingest.Core.Articles;
using Ingest.Core.Deduplication;

namespace Ingest.Ledger.Articles;

/// <summary>
/// What the normaliser made of an article, as a few hundred bytes that lean on the raw text. Exact: what is read equals what was written,
/// field by field. Safe to share among threads.
/// </summary>
/// <remarks>
/// <para>Numbers are LEB128 of up to 64 bits; signed ones zigzag. A text is a number, form + 8 × length, and what its
/// <see cref="TextForm"/> needs: for a place its start, from the end of the last place; for a literal its bytes. A name (of a rule, of a
/// field, the scorer's evidence) is its number by first appearance in this blob, from 1, with its text where it appears first; 0 is none.
/// So no list of rules can change what is stored.</para>
/// <para>Either 128 and the rest packed, see <see cref="Packing"/>, or, in full: version, 1 byte; version of the rules, length and UTF-8; length of the raw text; flags, 1 byte. Blocks: count, and for
/// each kind (1 byte), flags (1 byte), rule, start from the end of the block before (signed), length; then as its flags say text,
/// paragraph, evidence, and the articles that repeat it: how many, how many ids, the ids as names. If there is an article: headline,
/// agency, publisher, version mark, correction, body unless it is the blocks' text, the other fields, and if its flag says so what its sender stated: section, urgency (0 for none), embargo,
    /// usage terms, status; if there is a rejection: reason, detail. Last the notes.</para>
/// </remarks>
public static class StoredResult
{
    /// <summary>
    /// The version that is written. Earlier ones are read too: the first did not say by which rules the result was made, and neither it nor
    /// the second which articles repeat a block; none before this one what an article's sender stated.
    /// </summary>
    public const byte FormatVersion = 4, FirstVersion = 1;

    /// <summary>Stands where the version does: what follows is packed.</summary>
    const byte Packed = 0x80;

    /// <summary>The rules that made what was stored in the first version.</summary>
    internal const string FirstRules = "1";

    [ThreadStatic]
    static ResultWriter? writer;

    /// <summary>Stores a result.</summary>
    /// <param name="text">The raw text that <paramref name="result"/> was made from; the same is needed to read it.</param>
    /// <returns>A few bytes a block, and what does not stand in the text.</returns>
    /// <exception cref="ArgumentException">A span of the result lies outside of the text: it is not the result of this text.</exception>
    public static byte[] Write(NormalisationResult result, string text)
    {
        ArgumentNullException.ThrowIfNull(result);
        ArgumentNullException.ThrowIfNull(text);
        var mine = writer ?? new ResultWriter();
        // Taken away meanwhile: one that failed half-way is not used again.
        writer = null;
        var stored = mine.Write(result, text);
        writer = mine;
        return stored;
    }

    /// <summary>The same in fewer bytes, as a store keeps it; what reads the one reads the other.</summary>
    internal static byte[] Pack(ReadOnlySpan<byte> stored) =>
        stored is not [Packed, ..] && Packing.PackResult(stored) is var packed && packed.Length < stored.Length ? [Packed, .. packed] : stored.ToArray();

    /// <summary>The same in full.</summary>
    /// <exception cref="StoredResultException">What is packed is damaged.</exception>
    internal static ReadOnlySpan<byte> Whole(ReadOnlySpan<byte> stored) => stored is [Packed, ..] ? Packing.Unpack(stored[1..]) : stored;

    /// <summary>The result as it was written.</summary>
    /// <exception cref="StoredResultException">Cut off, corrupt, of an unknown version, or not of this text.</exception>
    public static NormalisationResult Read(ReadOnlySpan<byte> stored, string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return new ResultReader(stored, text).Read();
    }

    /// <summary>What the decision about stories needs, and nothing else: several times as fast as <see cref="Read"/>.</summary>
    /// <param name="arrival">When the article arrived; goes into the result as it is.</param>
    /// <exception cref="StoredResultException">Cut off, corrupt, of an unknown version, or not of this text. What stands behind the fields
    /// that are needed is not looked at.</exception>
    /// <exception cref="InvalidOperationException">It is a rejection: there is no article.</exception>
    public static StoryArticle ReadStoryArticle(ReadOnlySpan<byte> stored, string text, DateTimeOffset arrival)
    {
        ArgumentNullException.ThrowIfNull(text);
        return new ResultReader(stored, text).ReadStoryArticle(arrival);
    }

    /// <summary>
    /// Places may be told of so many characters together, a few times the text; further texts are literal. So a corrupt blob cannot ask for
    /// gigabytes, a whole text for every few bytes.
    /// </summary>
    internal static long MostPlaced(string text) => 4096 + 4L * text.Length;
}

/// <summary>How a text is stored. The numbers are part of the format.</summary>
enum TextForm
{
    /// <summary>Null.</summary>
    Absent = 0,

    /// <summary>Equal to a stretch of the raw text; for a block, to its own span.</summary>
    Place = 1,

    /// <summary>A stretch of the raw text after <see cref="Mending"/>.</summary>
    Mended = 2,

    /// <summary>In full; the length is in bytes.</summary>
    Utf8 = 3,

    /// <summary>In full, little-endian, where a half of a surrogate pair forbids UTF-8; the length is in code units.</summary>
    Utf16 = 4,

    /// <summary>For names only: the line scorer's <see cref="Reasons"/>; the head has the score in percent, and two names follow.</summary>
    Reasons = 5,
}

[Flags]
enum ResultFlags
{
    None = 0,
    Article = 1,
    Rejection = 2,

    /// <summary>The paragraphs of the body are the texts of their blocks, joined by spaces.</summary>
    BodyIsBlocks = 4,
    Truncated = 8,

    /// <summary>What the sender stated beside the text stands behind the article's other fields.</summary>
    Stated = 16,
}

/// <summary>The flags of a block: its <see cref="TextForm"/> in the lowest three bits, then these.</summary>
static class BlockFlags
{
    public const int Form = 0b111;

    /// <summary>None, the one after that of the block before, that of the block before, or a number that follows.</summary>
    public const int NextParagraph = 1 << 3, SameParagraph = 2 << 3, NumberedParagraph = 3 << 3, Paragraph = 3 << 3;
    public const int Uncertain = 1 << 5, Evidence = 1 << 6, Repeated = 1 << 7, Known = (1 << 8) - 1;
}
