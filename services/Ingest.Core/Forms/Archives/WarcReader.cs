using System.Globalization;
using System.Text;
using Ingest.Core.Articles;

namespace Ingest.Core.Forms.Archives;

/// <summary>
/// A web archive (WARC 1.0 and 1.1, ISO 28500): the pages that were fetched, each with its address and the moment. Requests, pictures,
/// redirections and what else a crawler keeps are no articles, and passed over.
/// </summary>
internal static class WarcReader
{
    const string Form = "a record of a web archive";

    /// <summary>Bytes of a record's header, and of the server's in it.</summary>
    const int MostHeader = 1 << 16;

    /// <summary>Blank bytes behind a record that are looked at: the standard has four.</summary>
    const int MostBlank = 16;

    public static bool Recognises(InputStart start) => start.Beginning.Span.TrimStart("\r\n"u8).StartsWith("WARC/1."u8);

    public static IEnumerable<RawArticle> Read(Stream content, RawArticle file, InputLimits limits) => Read(new ByteWindow(content), file, limits);

    internal static IEnumerable<RawArticle> Read(ByteWindow window, RawArticle file, InputLimits limits)
    {
        for (var number = 1; SkipToRecord(window); number++)
        {
            var (record, start) = Header(window);
            var article = file with { Id = InputForm.IdOf(file, Plain(record.GetValueOrDefault("WARC-Record-ID")), number) };
            if (start < 0 || !long.TryParse(record.GetValueOrDefault("Content-Length"), NumberStyles.None, CultureInfo.InvariantCulture, out var length))
            {
                window.LetGo(1);
                yield return article with { Refused = Rejection.Unreadable(Form, start < 0 ? "its header does not end." : "it has no Content-Length.") };
                continue;
            }

            window.LetGo(start);
            article = article with
            {
                Metadata = file.Metadata with { Url = Plain(record.GetValueOrDefault("WARC-Target-URI")), Received = record.GetValueOrDefault("WARC-Date") },
            };
            if (length > MostOfRecord(limits))
            {
                // Too much to look behind it; so nothing can be said of its length but that it is there.
                window.Fill(MostHeader);
                var page = WebPage.Of(record, window.Span);
                if (!window.Skip(length))
                    yield return article with { Refused = Rejection.Unreadable(Form, $"its Content-Length is {length}, but the file ends before.") };
                else if (page is not null)
                    yield return article with { OverLimit = limits.MaxArticle };
                continue;
            }

            if (!EndsBehind(window, (int)length))
            {
                // Where its length is wrong nobody knows what is its own: the next line that begins a record does.
                yield return article with { Refused = Rejection.Unreadable(Form, $"its Content-Length is {length}, but no record ends there.") };
                continue;
            }

            if (WebPage.Of(record, window.Span[..(int)length]) is { } found)
                yield return found.Article(window.Copy(found.Start, (int)length - found.Start), article, limits);
            window.LetGo((int)length);
        }
    }

    static long MostOfRecord(InputLimits limits) =>
        Math.Min(BoundedReader.MostOfText(limits.MaxArticle) + MostHeader, Array.MaxLength / 4);

    static string? Plain(string? id) => id?.Trim('<', '>');

    static bool EndsBehind(ByteWindow window, int length)
    {
        window.Fill(length + MostBlank + "WARC/1.".Length);
        if (window.Span.Length < length)
            return false;
        var behind = window.Span[length..];
        var next = behind.TrimStart("\r\n"u8);
        return next.IsEmpty || next.StartsWith("WARC/1."u8);
    }

    /// <summary>To where the next line says that it begins a record; all before it is let go of.</summary>
    static bool SkipToRecord(ByteWindow window)
    {
        while (window.Fill(1) && window.Span[0] is (byte)'\r' or (byte)'\n')
            window.LetGo(1);
        if (window.Fill("WARC/1.".Length) && window.Span.StartsWith("WARC/1."u8))
            return true;
        while (true)
        {
            var more = window.Fill(1 << 16);
            if (window.Span.IndexOf("\nWARC/1."u8) is >= 0 and var at)
            {
                window.LetGo(at + 1);
                return true;
            }

            if (!more)
                return false;
            window.LetGo(window.Span.Length - "WARC/1.".Length);
        }
    }

    /// <returns>The fields, and where the content begins; -1 where the header does not end.</returns>
    static (Dictionary<string, string> Fields, int Start) Header(ByteWindow window)
    {
        window.Fill(MostHeader);
        return HeaderFields.Read(window.Span[..Math.Min(window.Span.Length, MostHeader)]);
    }
}

/// <summary>Lines of <c>Name: value</c> behind a first line, up to an empty one: a record's header, and a server's.</summary>
internal static class HeaderFields
{
    /// <returns>The fields by their names, upper and lower case alike; and where the content begins, -1 where there is no empty line.</returns>
    public static (Dictionary<string, string> Fields, int Start) Read(ReadOnlySpan<byte> bytes)
    {
        var fields = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        string? name = null;
        var first = true;
        for (var at = 0; bytes[at..].IndexOf((byte)'\n') is >= 0 and var end; first = false)
        {
            var line = bytes.Slice(at, end).TrimEnd((byte)'\r');
            at += end + 1;
            if (line.IsEmpty)
                return (fields, at);
            if (first)
                continue;
            // A line that begins with a space goes on with the value before it.
            if (line[0] is (byte)' ' or (byte)'\t' && name is not null)
            {
                fields[name] = $"{fields[name]} {Value(line)}".Trim();
            }
            else if (line.IndexOf((byte)':') is > 0 and var colon)
            {
                name = Encoding.UTF8.GetString(line[..colon]).Trim();
                fields[name] = Value(line[(colon + 1)..]);
            }
        }

        return (fields, -1);
    }

    static string Value(ReadOnlySpan<byte> bytes) => Encoding.UTF8.GetString(bytes.Trim(" \t"u8));
}
