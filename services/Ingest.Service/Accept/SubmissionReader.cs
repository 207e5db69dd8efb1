using System.Runtime.InteropServices;
using System.Text.Json;
using ICSharpCode.SharpZipLib;
using Ingest.Core.Articles;
using Ingest.Core.Forms;
using Ingest.Core.Inputs;
using Ingest.Core.Normalisation.Reading;
using Ingest.Service.Broker;

namespace Ingest.Service.Accept;

/// <summary>Makes submissions of what comes over HTTP and from the queue.</summary>
/// <param name="collection">That they are for.</param>
sealed class SubmissionReader(string collection, TimeProvider time)
{
    /// <summary>The article of a body or a line; several where it is a database's export of several documents.</summary>
    /// <param name="delivery">See <see cref="ArticleIds.Of"/>.</param>
    public IReadOnlyList<Submission> Whole(RawArticle article, string? delivery) => Submission.AllOf(article, delivery, time.GetUtcNow(), collection);

    /// <summary>The articles of a body that is a file: a page, a feed, an archive, a mail.</summary>
    /// <param name="file">What is known of it, without its content.</param>
    /// <param name="kind">Its content type.</param>
    /// <param name="converted">It had another charset, and is UTF-8 now.</param>
    /// <param name="limits">What may be unpacked is the bytes of all its articles together.</param>
    /// <returns>Null where there are more bytes.</returns>
    public IReadOnlyList<Submission>? File(RawArticle file, string kind, byte[] content, bool converted, string? delivery, InputLimits limits)
    {
        // What it declares inside is no longer so: the mark says what is.
        if (converted && FileTypes.DeclareCharset(kind) && !content.AsSpan().StartsWith("\ufeff"u8))
            content = [.. "\ufeff"u8, .. content];
        var articles = new List<RawArticle>();
        var most = limits.MaxUnpacked;
        try
        {
            using var stream = new MemoryStream(content, writable: false);
            foreach (var article in InputFiles.Read(stream, file, limits, kind))
            {
                if ((most -= article.Content.Length) < 0)
                    return null;
                articles.Add(article);
            }
        }
        catch (Exception e) when (e is IOException or InvalidDataException or SharpZipBaseException)
        {
            articles.Add(file with { Refused = Rejection.Unreadable(kind, e.Message) });
        }

        if (articles.Count == 0)
            articles.Add(file with { Refused = Rejection.Unreadable(kind, "there is no article in it.") });
        return [.. articles.SelectMany((a, at) => Submission.AllOf(a, at == 0 || delivery is null ? delivery : $"{delivery}/{at + 1}", time.GetUtcNow(), collection))];
    }

    /// <summary>
    /// The records of a message: a record, a list of records, or an object with a list called <c>articles</c>; in
    /// an <see cref="Envelope"/> or without one.
    /// </summary>
    /// <param name="messageId">Tells articles without an id apart.</param>
    /// <exception cref="UnreadableMessageException">It is no JSON, or JSON without a record.</exception>
    public IReadOnlyList<Submission> Message(ReadOnlyMemory<byte> body, string? contentType, Guid? messageId)
    {
        using var json = Parse(body);
        try
        {
            return Records(json.RootElement, body, contentType, messageId);
        }
        catch (InvalidOperationException)
        {
            throw new UnreadableMessageException("The message has a property name that is not valid text: a \\u escape is half of a surrogate pair.");
        }
    }

    IReadOnlyList<Submission> Records(JsonElement root, ReadOnlyMemory<byte> body, string? contentType, Guid? messageId)
    {
        var enveloped = contentType?.StartsWith(Envelope.ContentType, StringComparison.OrdinalIgnoreCase) == true;
        if (enveloped)
            root = root.ValueKind == JsonValueKind.Object && root.TryGetProperty("message", out var message)
                ? message
                : throw new UnreadableMessageException("The envelope has no \"message\".");
        var records = root.ValueKind == JsonValueKind.Object && !root.TryGetProperty("text", out _) && !root.TryGetProperty("html", out _)
            && root.TryGetProperty("articles", out var articles)
            ? articles
            : root;
        if (records.ValueKind != JsonValueKind.Array)
            // The message as it came, where it is nothing but the record.
            return Record(enveloped ? Bytes(records) : body, 1, messageId);
        if (records.GetArrayLength() == 0)
            throw new UnreadableMessageException("The list of articles is empty.");
        return [.. records.EnumerateArray().SelectMany((record, at) => Record(Bytes(record), at + 1, messageId))];
    }

    IReadOnlyList<Submission> Record(ReadOnlyMemory<byte> record, int number, Guid? messageId) => Submission.AllOf(
        new RawArticle("", ArticleForm.Record, record, ArticleMetadata.None, "queue"),
        messageId is { } id ? $"{id:N}/{number}" : null, time.GetUtcNow(), collection);

    static byte[] Bytes(JsonElement element) => JsonMarshal.GetRawUtf8Value(element).ToArray();

    static JsonDocument Parse(ReadOnlyMemory<byte> given)
    {
        if (!RecordReader.TryMend(given, [], out var body, out var sign))
            throw new UnreadableMessageException($"The message is not text: {sign}.");
        if (body.Span.Trim(" \t\r\n"u8).IsEmpty)
            throw new UnreadableMessageException("The message is empty. Send an article as a JSON object with a string \"text\" or \"html\".");
        try
        {
            return JsonDocument.Parse(body);
        }
        catch (JsonException e)
        {
            throw new UnreadableMessageException($"The message is not JSON: {RecordReader.Reason(e)} (line {e.LineNumber + 1}, byte {e.BytePositionInLine}).");
        }
    }
}

/// <summary>A message holds nothing that could be an article; it goes to the error queue as it is.</summary>
sealed class UnreadableMessageException(string message) : Exception(message);
