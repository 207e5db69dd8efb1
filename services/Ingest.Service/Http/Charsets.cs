using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace Ingest.Service.Http;

/// <summary>What a content type says, and the charsets that it may declare.</summary>
static class Charsets
{
    /// <summary>
    /// Lets every content type through to an endpoint, where one that is not supported is refused by name; routing would answer as if
    /// there were no endpoint. It is left out of the OpenAPI document.
    /// </summary>
    public const string AnyType = "*/*";

    /// <returns>The kind in lower case, null for none; and the charset that it declares.</returns>
    public static (string? Kind, StringSegment Charset) ContentType(HttpRequest request) => ContentType(request.ContentType);

    /// <inheritdoc cref="ContentType(HttpRequest)"/>
    public static (string? Kind, StringSegment Charset) ContentType(string? given) =>
        MediaTypeHeaderValue.TryParse(given, out var type) ? (type.MediaType.ToString().ToLowerInvariant(), type.Charset) : (given, default);

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

    /// <summary>A mark is in the text itself, and counts more than what is declared beside it.</summary>
    /// <param name="head">The first three bytes or more.</param>
    /// <returns>Null where there is nothing to translate.</returns>
    public static Encoding? Marked(Encoding declared, ReadOnlySpan<byte> head) => head switch
    {
        [0xef, 0xbb, 0xbf, ..] => null,
        [0xfe, 0xff, ..] when declared is UnicodeEncoding => Encoding.BigEndianUnicode,
        [0xff, 0xfe, ..] when declared is UnicodeEncoding => Encoding.Unicode,
        _ => declared,
    };
}
