using System.Security.Cryptography;
using System.Text;
using Ingest.Core.Articles;
using Ingest.Core.Forms;
using Ingest.Core.Normalisation;
using Ingest.Core.Normalisation.Reading;
using Ingest.Service.Http;
using Ingest.Service.Operations;
using Microsoft.AspNetCore.Http;

namespace Ingest.Service.Accept;

/// <summary>The articles of a body that was received.</summary>
/// <param name="IsFile">It was read as a file, in which each article has a name.</param>
/// <param name="Digest">Of the body, and of what was said about it.</param>
/// <param name="Share">Of the memory that they take.</param>
sealed record ReceivedArticles(IReadOnlyList<Submission> Submissions, bool IsFile, byte[] Digest, ByteBudget.Share Share) : IDisposable
{
    public void Dispose() => Share.Dispose();
}

/// <summary>
/// Reads the body of a request as what its content type says: a text, a record or a file. The one way for every endpoint that takes one, with
/// the same limits.
/// </summary>
sealed class ArticleBody(
    SubmissionReader reader, AcceptSettings settings, NormaliserOptions limits, MemoryBudget memory, Closing closing, TimeProvider time)
{
    /// <summary>
    /// What a byte of a body takes while it is read and accepted: the body, its text in UTF-16, and up to six times itself for JSON that
    /// consists of little else than brackets and commas.
    /// </summary>
    public const int MemoryForByte = 10;

    /// <param name="delivery">See <see cref="ArticleIds.Of"/>.</param>
    /// <param name="columns">As the query gives them; null for none.</param>
    /// <exception cref="BodyException">There is nothing to be read of it, or more than may be; the fault is what to answer.</exception>
    public async Task<ReceivedArticles> Read(HttpContext context, string delivery, string? columns)
    {
        var cancellation = context.RequestAborted;
        var (kind, charset) = Charsets.ContentType(context.Request);
        if (kind is not ("application/json" or "text/plain") && !FileTypes.IsFile(kind))
            throw new BodyException(Faults.UnsupportedType(kind, "application/json, text/plain, or a page, a feed, an archive or a mail by its own type"));
        var named = Columns(columns);
        var (isPacked, most) = (FileTypes.IsPacked(kind), settings.MaxArticleBytes);
        using var receiving = await RequestBody.Open(
            context, isPacked || kind == "message/rfc822" ? default : charset, most, Faults.TooLarge(most), memory, closing, time, whole: true);
        var body = await receiving.All(cancellation);
        // What is packed may be as much as the largest article when it is not.
        var share = await memory.Accepting.Within((isPacked ? most : body.Length) * MemoryForByte, cancellation);
        try
        {
            // Only now: it would be nobody's while it waits for room.
            receiving.Dispose();
            var isFile = FileTypes.IsFile(kind, body, named);
            var submissions = isFile
                ? reader.File(kind!, body, charset.HasValue, delivery, new InputLimits(limits.MaxBytes, most, most) { Columns = named }, most)
                : reader.Http(kind == "text/plain" ? ArticleForm.Text : ArticleForm.Record, body, delivery);
            if (submissions is null)
                throw new BodyException(Faults.TooLarge(most));
            if (named.Missing() is { } missing)
                throw new BodyException(Faults.Invalid($"columns is '{columns}'; {missing}"));
            return new ReceivedArticles(submissions, isFile, SHA256.HashData(named.IsEmpty ? body : [.. body, .. Encoding.UTF8.GetBytes(columns!)]), share);
        }
        catch
        {
            share.Dispose();
            throw;
        }
    }

    static ColumnMap Columns(string? given)
    {
        try
        {
            return ColumnMap.Parse(given);
        }
        catch (FormatException e)
        {
            throw new BodyException(Faults.Invalid($"columns is '{given}': {e.Message}"));
        }
    }
}
