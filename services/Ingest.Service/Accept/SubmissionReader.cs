using System.Text.Json;
using Ingest.Core.Articles;
using Ingest.Service.Broker;

namespace Ingest.Service.Accept;

/// <summary>Reads what was submitted: one record, or a message with one or many. What is readable but no article becomes a rejected one, with what was sent as its text.</summary>
sealed class SubmissionReader(TimeProvider time)
{
    /// <summary>One record as JSON.</summary>
    /// <param name="source">What it is called in the words of a rejection.</param>
    /// <param name="delivery">See <see cref="ArticleIds.Of"/>.</param>
    public Submission Record(ReadOnlyMemory<byte> json, string source, long line, string? delivery)
    {
        var input = RecordReader.Read(json, source, line, at: "", source);
        return input.Article is { } article
            ? Submission.Of(article, delivery, time.GetUtcNow())
            : Submission.Of(new RawArticle("", System.Text.Encoding.UTF8.GetString(json.Span)), delivery, time.GetUtcNow(), input.Rejection);
    }

    /// <summary>The records of a message: a record, a list of records, or an object with a list called <c>articles</c>; in an <see cref="Envelope"/> or without one.</summary>
    /// <param name="messageId">Tells articles without an id apart.</param>
    /// <exception cref="UnreadableMessageException">It is no JSON, or JSON without a record.</exception>
    public IReadOnlyList<Submission> Message(ReadOnlyMemory<byte> body, string? contentType, Guid? messageId)
    {
        var notes = new List<string>();
        using var json = Parse(body, notes);
        try
        {
            return Records(json.RootElement, contentType, messageId, notes);
        }
        catch (InvalidOperationException)
        {
            throw new UnreadableMessageException("The message has a name that is no text: a \\u escape is half of a surrogate pair.");
        }
    }

    IReadOnlyList<Submission> Records(JsonElement root, string? contentType, Guid? messageId, List<string> notes)
    {
        if (contentType?.StartsWith(Envelope.ContentType, StringComparison.OrdinalIgnoreCase) == true)
            root = root.ValueKind == JsonValueKind.Object && root.TryGetProperty("message", out var message) ? message : throw new UnreadableMessageException("The envelope has no \"message\".");
        var records = root.ValueKind == JsonValueKind.Object && !root.TryGetProperty("text", out _) && root.TryGetProperty("articles", out var articles) ? articles : root;
        if (records.ValueKind != JsonValueKind.Array)
            return [Record(records, 1, messageId, notes)];
        if (records.GetArrayLength() == 0)
            throw new UnreadableMessageException("The list of articles is empty.");
        return [.. records.EnumerateArray().Select((record, at) => Record(record, at + 1, messageId, [.. notes]))];
    }

    Submission Record(JsonElement record, int number, Guid? messageId, List<string> notes)
    {
        var delivery = messageId is { } id ? $"{id:N}/{number}" : null;
        var input = RecordReader.Read(record, "the message", number, at: "", "message", notes);
        return input.Article is { } article
            ? Submission.Of(article, delivery, time.GetUtcNow())
            : Submission.Of(new RawArticle("", record.GetRawText()), delivery, time.GetUtcNow(), input.Rejection);
    }

    static JsonDocument Parse(ReadOnlyMemory<byte> given, List<string> notes)
    {
        if (!RecordReader.TryMend(given, notes, out var body, out var sign))
            throw new UnreadableMessageException($"The message is not text: {sign}.");
        if (body.Span.Trim(" \t\r\n"u8).IsEmpty)
            throw new UnreadableMessageException("The message is empty. Send an article as a JSON object with a string \"text\".");
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
