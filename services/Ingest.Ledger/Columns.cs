using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Ingest.Ledger.Sqlite;

namespace Ingest.Ledger;

/// <summary>The forms in which columns hold what SQLite has no type for.</summary>
static partial class Columns
{
    public static byte[] Bytes(Guid id) => id.ToByteArray(bigEndian: true);

    /// <summary>
    /// Never throws: what stands beside a damaged id is to be told too. See <see cref="ArticleRow.Article"/> and <see cref="LedgerCheck"/>.
    /// </summary>
    public static Guid Id(byte[] bytes)
    {
        if (!IsId(bytes))
            Array.Resize(ref bytes, IdLength);
        return new Guid(bytes, bigEndian: true);
    }

    public const int IdLength = 16;

    public static bool IsId(byte[] bytes) => bytes.Length == IdLength;

    /// <summary>A text that was selected as a blob, because the library's own reading of texts ends at U+0000.</summary>
    public static string Text(byte[] bytes) => Encoding.UTF8.GetString(bytes);

    /// <summary>Such a column: see <see cref="Text"/>.</summary>
    public static string Whole(string column) => $"CAST(a.{column} AS BLOB) AS {column}";

    /// <summary>What LIKE finds a text with anywhere: the signs that it reads as wildcards stand for themselves.</summary>
    public static string Pattern(string text) =>
        $"%{text.Replace(@"\", @"\\", StringComparison.Ordinal).Replace("%", @"\%", StringComparison.Ordinal).Replace("_", @"\_", StringComparison.Ordinal)}%";

    public static DateTimeOffset Moment(long milliseconds) =>
        DateTimeOffset.FromUnixTimeMilliseconds(Math.Clamp(milliseconds, LeastMoment, MostMoment));

    /// <summary>The moments that there are; another is damage, and counts as the nearest.</summary>
    public const long LeastMoment = -62_135_596_800_000, MostMoment = 253_402_300_799_999;

    public static byte[] Bytes(uint[] posted)
    {
        var bytes = MemoryMarshal.AsBytes(posted.AsSpan()).ToArray();
        if (!BitConverter.IsLittleEndian)
            BinaryPrimitives.ReverseEndianness(posted, MemoryMarshal.Cast<byte, uint>(bytes.AsSpan()));
        return bytes;
    }

    public static uint[] Posted(ReadOnlySpan<byte> bytes)
    {
        var posted = MemoryMarshal.Cast<byte, uint>(bytes).ToArray();
        if (!BitConverter.IsLittleEndian)
            BinaryPrimitives.ReverseEndianness(posted, posted);
        return posted;
    }

    public static string? Json(IReadOnlyList<(string Before, string After)> changes) =>
        changes.Count == 0
            ? null
            : JsonSerializer.Serialize(changes.Select(c => new[] { c.Before, c.After }), Changed.Default.IEnumerableStringArray);

    public static IReadOnlyList<(string Before, string After)> Changes(string? json) =>
        json is null ? [] : [.. JsonSerializer.Deserialize(json, Changed.Default.IEnumerableStringArray)!.Select(c => (c[0], c[1]))];

    [JsonSerializable(typeof(IEnumerable<string[]>))]
    sealed partial class Changed : JsonSerializerContext;
}
