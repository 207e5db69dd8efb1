using System.Text;
using Ingest.Core.Articles;
using Ingest.Core.Forms;
using Ingest.Core.Normalisation.Reading;
using Ingest.Service.Broker;
using Ingest.Service.Http;
using Ingest.Service.Operations;
using Microsoft.Extensions.Primitives;

namespace Ingest.Service.Accept;

/// <summary>
/// Reads a message of the queue: a file where its content type says so, by the code that reads one over HTTP and with its limits; else records.
/// </summary>
sealed class QueuedBody(ArticleBody bodies, SubmissionReader reader, AcceptSettings settings, MemoryBudget memory)
{
    static readonly byte[] NoDigest = [];

    /// <returns>With their share of the memory, which is waited for.</returns>
    /// <exception cref="UnreadableMessageException">There is nothing to be read of it, or more than may be.</exception>
    /// <exception cref="OperationCanceledException">The program stops.</exception>
    public async Task<ReceivedArticles> Read(QueuedMessage message, CancellationToken stopping)
    {
        try
        {
            return await Articles(message, stopping);
        }
        catch (BodyException e)
        {
            throw Unreadable(e.Fault);
        }
    }

    /// <exception cref="BodyException">The same.</exception>
    async Task<ReceivedArticles> Articles(QueuedMessage message, CancellationToken stopping)
    {
        var (kind, charset) = Charsets.ContentType(message.ContentType);
        var coding = Coding(message.ContentEncoding, ref charset);
        var columns = ArticleBody.Columns(message.Columns);
        var most = settings.MaxArticleBytes;
        if (coding is null && !IsFile(kind, message.Body, columns))
            // What may be prefetched bounds them.
            return new ReceivedArticles(Records(message, message.Body), IsFile: false, NoDigest, memory.Accepting.Nothing());
        // What is packed may be as much as the largest article when it is not.
        var share = await memory.Accepting.Take((coding is not null || FileTypes.IsPacked(kind) ? most : message.Body.Length) * ArticleBody.MemoryForByte, stopping);
        try
        {
            var body = coding is null ? message.Body : await Unpacked(message.Body, coding, most, stopping);
            var isFile = coding is null || IsFile(kind, body, columns);
            var received = new ReceivedArticles(isFile ? File(message, body, kind!, charset, columns) : Records(message, body), isFile, NoDigest, share);
            if (isFile && bodies.Refused(received) is { } rejection)
                throw new BodyException(Faults.Rejected(rejection));
            share.ShrinkTo(received.Submissions.Sum(s => (long)s.Raw.Content.Length));
            return received;
        }
        catch
        {
            share.Dispose();
            throw;
        }
    }

    IReadOnlyList<Submission> Records(QueuedMessage message, ReadOnlyMemory<byte> body) => reader.Message(body, message.ContentType, message.Id);

    IReadOnlyList<Submission> File(QueuedMessage message, ReadOnlyMemory<byte> body, string kind, StringSegment charset, ColumnMap columns)
    {
        var content = ArticleBody.HasCharset(kind) ? InUtf8(body, charset) : body.ToArray();
        if (content.Length > settings.MaxArticleBytes)
            throw new BodyException(Faults.TooLarge(settings.MaxArticleBytes));
        var (delivery, sent) = (message.Id?.ToString("N"), new RawArticle(Name(message.FileName), ArticleForm.Text, default, ArticleMetadata.None, "queue"));
        var submissions = kind == "text/plain"
            ? reader.Whole(sent with { Content = content }, delivery)
            : bodies.File(sent, kind, content, charset.HasValue, delivery, columns);
        ArticleBody.Find(columns, message.Columns);
        return submissions;
    }

    /// <summary>Whether it is a file or a text. Many libraries call every string text/plain: JSON that begins like records is records.</summary>
    static bool IsFile(string? kind, ReadOnlyMemory<byte> body, ColumnMap columns) =>
        kind == "text/plain" ? !BeginsLikeRecords(body.Span) : FileTypes.IsFileOfQueue(kind, body, columns);

    static bool BeginsLikeRecords(ReadOnlySpan<byte> body)
    {
        body = body.TrimStart(" \t\r\n"u8);
        if (body is [(byte)'[', ..])
            body = body[1..].TrimStart(" \t\r\n"u8);
        return body is [(byte)'{', ..] && body[1..].TrimStart(" \t\r\n"u8) is [(byte)'"', ..];
    }

    /// <summary>What it is packed with; some libraries put the charset there.</summary>
    static string? Coding(string? given, ref StringSegment charset)
    {
        try
        {
            return given is "binary" ? null : ContentCoding.Of(given);
        }
        catch (BodyException unknown)
        {
            try
            {
                Charsets.Find(given);
            }
            catch (BodyException)
            {
                throw unknown;
            }

            charset = charset.HasValue ? charset : given;
            return null;
        }
    }

    /// <exception cref="BodyException">It is damaged, or unpacks to too much.</exception>
    static async Task<ReadOnlyMemory<byte>> Unpacked(ReadOnlyMemory<byte> packed, string coding, long most, CancellationToken stopping)
    {
        using var unpacked = new MemoryStream();
        try
        {
            await using var stream = ContentCoding.Unpacked(new MemoryStream(packed.ToArray(), writable: false), coding, packed.Span);
            var buffer = new byte[1 << 14];
            while (await stream.ReadAsync(buffer, stopping) is > 0 and var read)
            {
                if (unpacked.Length + read > most)
                    throw new BodyException(Faults.TooLarge(most));
                unpacked.Write(buffer, 0, read);
            }
        }
        catch (Exception e) when (ContentCoding.IsDamage(e))
        {
            throw new BodyException(Faults.DamagedCoding(coding));
        }

        return unpacked.GetBuffer().AsMemory(0, (int)unpacked.Length);
    }

    /// <exception cref="BodyException">The charset is unknown.</exception>
    static byte[] InUtf8(ReadOnlyMemory<byte> body, StringSegment charset) =>
        Charsets.Find(charset) is { } declared && Charsets.Marked(declared, body.Span) is { } encoding
            ? Encoding.UTF8.GetBytes(encoding.GetString(body.Span))
            : body.ToArray();

    /// <exception cref="BodyException">It is too long for an id.</exception>
    static string Name(string? given) => Encoding.UTF8.GetByteCount(given ?? "") is > RecordReader.MostIdBytes and var bytes
        ? throw new BodyException(Faults.Invalid($"The header {QueuedMessage.FileNameHeader} has {bytes} bytes, over the limit of {RecordReader.MostIdBytes}."))
        : given?.Trim() ?? "";

    /// <summary>With the name that the fault has over HTTP.</summary>
    static UnreadableMessageException Unreadable(Fault fault) =>
        new($"{fault.Problem.Type["/problems/".Length..]}: {fault.Problem.Detail}");
}
