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
/// Reads a body as what its content type says: a text, a record or a file. The one way for every endpoint that takes one, and for messages that
/// are files, with the same limits.
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
        var most = settings.MaxArticleBytes;
        using var receiving = await RequestBody.Open(
            context, HasCharset(kind) ? charset : default, most, Faults.TooLarge(most), memory, closing, time, whole: true);
        var body = await receiving.All(cancellation);
        // What is packed may be as much as the largest article when it is not.
        var share = await memory.Accepting.Within((FileTypes.IsPacked(kind) ? most : body.Length) * MemoryForByte, cancellation);
        try
        {
            // Only now: it would be nobody's while it waits for room.
            receiving.Dispose();
            var sent = new RawArticle("", ArticleForm.Text, default, ArticleMetadata.None, "http");
            var isFile = FileTypes.IsFile(kind, body, named);
            var submissions = isFile
                ? File(sent, kind!, body, charset.HasValue, delivery, named)
                : reader.Whole(sent with { Form = kind == "text/plain" ? ArticleForm.Text : ArticleForm.Record, Content = body }, delivery);
            Find(named, columns);
            return new ReceivedArticles(submissions, isFile, SHA256.HashData(named.IsEmpty ? body : [.. body, .. Encoding.UTF8.GetBytes(columns!)]), share);
        }
        catch
        {
            share.Dispose();
            throw;
        }
    }

    /// <summary>Whether a stated charset counts: what is packed, and a mail, is bytes whatever is stated.</summary>
    public static bool HasCharset(string? kind) => !FileTypes.IsPacked(kind) && kind != "message/rfc822";

    /// <inheritdoc cref="SubmissionReader.File"/>
    /// <exception cref="BodyException">It holds more than may be.</exception>
    public IReadOnlyList<Submission> File(RawArticle sent, string kind, byte[] body, bool converted, string? delivery, ColumnMap columns)
    {
        var most = settings.MaxArticleBytes;
        return reader.File(sent, kind, body, converted, delivery, new InputLimits(limits.MaxBytes, most, most) { Columns = columns })
            ?? throw new BodyException(Faults.TooLarge(most));
    }

    /// <summary>What is no article can be told at once: nothing is accepted, of several none of them.</summary>
    public Rejection? Refused(IReadOnlyList<Submission> submissions) => submissions.Select(Refused).FirstOrDefault(r => r is not null);

    /// <returns>It says which part of a file it is about.</returns>
    /// <inheritdoc cref="Refused(IReadOnlyList{Submission})"/>
    public Rejection? Refused(ReceivedArticles received) =>
        received.Submissions.FirstOrDefault(s => Refused(s) is not null) is not { } part || Refused(part) is not { } rejection ? null
        : received.IsFile && part.Id != part.ArticleId.ToString() ? rejection with { Detail = $"{part.Id}: {rejection.Detail}" }
        : rejection;

    Rejection? Refused(Submission submission) =>
        submission.Read.Rejection
        ?? limits.TooLarge(submission.Read.Article!)
        ?? (submission.Raw.Form == ArticleForm.Text && string.IsNullOrWhiteSpace(submission.Read.Text) ? Rejection.Empty() : null);

    /// <exception cref="BodyException">There is a mistake in them.</exception>
    public static ColumnMap Columns(string? given)
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

    /// <param name="given">As the sender wrote them.</param>
    /// <exception cref="BodyException">One of them is in nothing that was read.</exception>
    public static void Find(ColumnMap columns, string? given)
    {
        if (columns.Missing() is { } missing)
            throw new BodyException(Faults.Invalid($"columns is '{given}'; {missing}"));
    }
}
