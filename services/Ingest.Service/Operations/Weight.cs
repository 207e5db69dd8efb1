using Ingest.Core.Articles;

namespace Ingest.Service.Operations;

/// <summary>What an article takes in memory, in bytes.</summary>
/// <param name="Kept">From being read to its decision: as it came, its text in UTF-16, what is compared and its result.</param>
/// <param name="Cleaned">While it is cleaned, beside that.</param>
/// <remarks>
/// Measured with .NET 10 as the growth of the resident memory by one article of 4 MB: prose 35 bytes a byte; 1,000,000 to 1,400,000 lines of
/// a few letters 400 to 450 bytes a line; 280,000 lines of a table 900. The benchmarks page has the figures.
/// </remarks>
readonly record struct Weight(long Kept, long Cleaned)
{
    const int KeptForByte = 8, CleanedForByte = 28, CleanedForLine = 450;

    public static Weight Of(RawArticle raw)
    {
        var bytes = raw.Content.Span;
        // A record has its line ends as escapes: counting the backslashes counts too many rather than too few.
        var lines = bytes.Count((byte)'\n') + bytes.Count((byte)'\r') + (raw.Form == ArticleForm.Record ? bytes.Count((byte)'\\') : 0);
        return new Weight((long)bytes.Length * KeptForByte, (long)bytes.Length * CleanedForByte + (long)lines * CleanedForLine);
    }
}
