using System.Text;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace Ingest.Service.Http;

/// <summary>The charsets that a content type may declare.</summary>
static class Charsets
{
    /// <summary>
    /// The encoding to translate from; null where there is nothing to translate: none is declared, or UTF-8 or a part of it is.
    /// ISO-8859-1 is read as Windows-1252, which is what senders mean by it.
    /// </summary>
    /// <exception cref="BodyException">It is unknown.</exception>
    public static Encoding? Find(StringSegment declared)
    {
        var name = HeaderUtilities.RemoveQuotes(declared).ToString().Trim().ToLowerInvariant();
        if (name is "" or "utf-8" or "utf8" or "us-ascii" or "ascii")
            return null;
        if (name is "iso-8859-1" or "iso8859-1" or "latin1" or "l1")
            name = "windows-1252";
        try
        {
            var encoding = CodePagesEncodingProvider.Instance.GetEncoding(name) ?? Encoding.GetEncoding(name);
            return encoding.CodePage == Encoding.UTF8.CodePage ? null : encoding;
        }
        catch (Exception e) when (e is ArgumentException or NotSupportedException)
        {
            throw new BodyException(Faults.UnsupportedCharset(name));
        }
    }
}
