using System.Globalization;

namespace Ingest.Ledger;

/// <summary>Counts accepted articles. The store gives it; later ones are larger, and some may be missing.</summary>
public readonly record struct ArticleNumber(long Value) : IComparable<ArticleNumber>
{
    public int CompareTo(ArticleNumber other) => Value.CompareTo(other.Value);

    public static bool operator >(ArticleNumber one, ArticleNumber other) => one.Value > other.Value;

    public static bool operator <(ArticleNumber one, ArticleNumber other) => one.Value < other.Value;

    public static bool operator >=(ArticleNumber one, ArticleNumber other) => one.Value >= other.Value;

    public static bool operator <=(ArticleNumber one, ArticleNumber other) => one.Value <= other.Value;

    public override string ToString() => Value.ToString(CultureInfo.InvariantCulture);
}

/// <summary>
/// Counts the articles that have a story, in the order of their decisions, from 1 without gaps. It is how the deduplicator names them; a
/// story has the number of its first article.
/// </summary>
public readonly record struct StoryNumber(long Value)
{
    public override string ToString() => Value.ToString(CultureInfo.InvariantCulture);
}

/// <summary>A decision's place in the log, from 1 without gaps. The default is the place before the first.</summary>
public readonly record struct LogPosition(long Value) : IComparable<LogPosition>
{
    public static readonly LogPosition Start;

    public LogPosition Next => new(Value + 1);

    public LogPosition Before => new(Value - 1);

    public int CompareTo(LogPosition other) => Value.CompareTo(other.Value);

    public static bool operator >(LogPosition one, LogPosition other) => one.Value > other.Value;

    public static bool operator <(LogPosition one, LogPosition other) => one.Value < other.Value;

    public static bool operator >=(LogPosition one, LogPosition other) => one.Value >= other.Value;

    public static bool operator <=(LogPosition one, LogPosition other) => one.Value <= other.Value;

    public override string ToString() => Value.ToString(CultureInfo.InvariantCulture);
}

/// <summary>Where the log ends: its last position, and the last number among those that have a story.</summary>
public readonly record struct LogEnd(LogPosition Position, StoryNumber Number);
