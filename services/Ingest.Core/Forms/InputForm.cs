using System.Text;
using Ingest.Core.Articles;
using Ingest.Core.Normalisation.Reading;

namespace Ingest.Core.Forms;

/// <summary>What a file shows of itself before it is read.</summary>
/// <param name="Beginning">Its first bytes, up to <see cref="InputForm.LookAhead"/>.</param>
/// <param name="Name">The last part of its path; empty where it has none.</param>
/// <param name="ContentType">What its sender says that it is, in lower case without parameters; null where nobody says.</param>
public readonly record struct InputStart(ReadOnlyMemory<byte> Beginning, string Name, string? ContentType = null);

/// <summary>How much is read, in bytes; and what is said of tables.</summary>
/// <param name="MaxArticle">Of one article. What is longer is an article that is refused by name: see <see cref="RawArticle.OverLimit"/>.</param>
/// <param name="MaxFile">Of a file that must be in memory as a whole to be read.</param>
/// <param name="MaxUnpacked">Of all that a compressed file holds.</param>
/// <param name="MaxRatio">Unpacked bytes for each packed one, behind the first <see cref="WithoutRatio"/>.</param>
/// <param name="MaxDepth">Files inside files inside files.</param>
public sealed record InputLimits(
    long MaxArticle, long MaxFile = 256L << 20, long MaxUnpacked = 64L << 30, int MaxRatio = InputLimits.Ratio, int MaxDepth = 3)
{
    /// <summary><see cref="MaxRatio"/> where nobody says otherwise; it holds for bodies over HTTP too.</summary>
    public const int Ratio = 200;

    /// <summary>Bytes for which no ratio counts: a short text of one line repeated is no bomb.</summary>
    public const long WithoutRatio = 1 << 20;

    /// <summary>The columns whose names do not tell what they hold; they go with the limits into archives, too.</summary>
    public ColumnMap Columns { get; init; } = ColumnMap.None;
}

/// <summary>
/// A form in which articles are sent that is neither plain text, nor a record, nor a page of HTML. Its reader turns a file into articles of
/// those three forms: what the file says of an article is its <see cref="ArticleMetadata"/>, its text is text or HTML.
/// </summary>
/// <param name="Name">In messages: "an RSS feed".</param>
/// <param name="Recognises">Whether a file has this form, by its first bytes above all.</param>
/// <param name="Read">The articles of a file, in its order, as they are asked for.</param>
public sealed record InputForm(string Name, Func<InputStart, bool> Recognises, InputReader Read)
{
    /// <summary>Bytes by which a form is recognised.</summary>
    public const int LookAhead = 4096;

    /// <summary>The id of an article in a file. With ids articles are told apart, so they are bounded everywhere: one that is too long is none.</summary>
    /// <param name="own">Its id in the file; null or empty where it has none.</param>
    /// <param name="number">Its place, from 1.</param>
    public static string IdOf(RawArticle file, string? own, int number)
    {
        ArgumentNullException.ThrowIfNull(file);
        if (string.IsNullOrWhiteSpace(own) || Encoding.UTF8.GetByteCount(file.Id) + Encoding.UTF8.GetByteCount(own) >= RecordReader.MostIdBytes)
            own = null;
        var part = own?.Trim() ?? number.ToString(System.Globalization.CultureInfo.InvariantCulture);
        return file.Id.Length > 0 ? $"{file.Id}#{part}" : own is null ? "" : part;
    }
}

/// <summary>Reads the articles of a file.</summary>
/// <param name="content">Read once, from front to end; it may not be able to seek. Who opened it closes it.</param>
/// <param name="file">
/// What is known of the file, without its content. Each article is made of it with <c>with</c>: its id is the file's and <c>#</c> and its own id in the file, or its number
/// where it has none; where the file's id is empty, its own id alone.
/// </param>
/// <returns>
/// An entry that cannot be read is an article that is <see cref="RawArticle.Refused"/> by name, and the next one is read. Nothing is thrown
/// but for what the stream throws itself.
/// </returns>
public delegate IEnumerable<RawArticle> InputReader(Stream content, RawArticle file, InputLimits limits);
