namespace Ingest.Core.Deduplication.Alignment;

/// <summary>What a word or a few of them tell.</summary>
internal enum FactKind : byte
{
    /// <summary>A word like any other, or a pair of characters of a script without blanks.</summary>
    Word,

    /// <summary>A word with a capital letter.</summary>
    Name,

    /// <summary>Digits, those parted by a comma, a point or the like together.</summary>
    Figure,

    /// <summary>The name of a day.</summary>
    Weekday,

    /// <summary>A number beside a month.</summary>
    Date,
}

/// <summary>A word of a text, or several that tell one thing.</summary>
/// <param name="Hash">Equal where it says the same: of a word its own, of a figure and of a date that of the digits.</param>
/// <param name="Second">Of a pair of characters, the hash of the second; 0 for any other.</param>
/// <param name="From">Its first word.</param>
/// <param name="To">The word behind it.</param>
internal readonly record struct Fact(FactKind Kind, ulong Hash, ulong Second, int From, int To);
