using System.Globalization;
using System.Text;
using Ingest.Core.Articles;
using MimeKit;

namespace Ingest.Core.Forms.Mail;

/// <summary>
/// A mail, or several in one file as mail programs keep them (mbox): a mail is an article, and so is each that is forwarded in it. Files
/// that are attached are passed over.
/// </summary>
internal static class MailReader
{
    const string Form = "a mail";

    /// <summary>Mails in mails in mails, and parts in parts.</summary>
    const int MostDepth = 20;

    /// <summary>Fields that only the programs that carry mail write: a wire's text may begin with lines of From and Subject, too.</summary>
    static readonly string[] Marks = ["message-id", "mime-version", "received", "return-path", "delivered-to", "dkim-signature"];

    static readonly string[] Fields = ["from", "to", "subject", "date", "cc", "sender", "reply-to", "content-type", "x-mailer"];

    public static bool Recognises(InputStart start) =>
        start.ContentType == "message/rfc822"
        || start.Name.EndsWith(".eml", StringComparison.OrdinalIgnoreCase)
        || BeginsLikeMail(start.Beginning.Span);

    public static IEnumerable<RawArticle> Read(Stream content, RawArticle file, InputLimits limits)
    {
        if (!BoundedReader.TryReadAll(content, limits.MaxFile, out var bytes))
        {
            yield return file with { Refused = Rejection.Unreadable(Form, $"it has more than {limits.MaxFile} bytes. Split it.") };
            yield break;
        }

        var parser = new MimeParser(new MemoryStream(bytes), bytes.AsSpan().StartsWith("From "u8) ? MimeFormat.Mbox : MimeFormat.Entity);
        var number = 0;
        while (!parser.IsEndOfStream)
        {
            MimeMessage? message = null;
            var fault = "";
            try
            {
                message = parser.ParseMessage();
            }
            catch (FormatException e)
            {
                fault = e.Message;
            }

            if (message is null)
            {
                yield return file with { Id = InputForm.IdOf(file, null, number + 1), Refused = Rejection.Unreadable(Form, fault) };
                yield break;
            }

            var parts = new MailParts();
            parts.Look(message, MostDepth);
            foreach (var (mail, text) in parts.Mails)
                yield return Article(mail, text, file, ++number, limits);
        }
    }

    static readonly HashSet<string>.AlternateLookup<ReadOnlySpan<char>> SubjectMarks =
        new HashSet<string>(["re", "fw", "fwd", "aw", "wg", "tr", "rv", "enc", "sv", "vs", "vb", "antw", "doorst", "odp", "ynt", "i", "r", "转发", "回复"], StringComparer.OrdinalIgnoreCase)
            .GetAlternateLookup<ReadOnlySpan<char>>();

    static RawArticle Article(MimeMessage mail, TextPart? text, RawArticle file, int number, InputLimits limits)
    {
        var sender = mail.From.Mailboxes.FirstOrDefault() ?? mail.Sender;
        var article = file with
        {
            Id = InputForm.IdOf(file, mail.MessageId, number),
            Metadata = file.Metadata with
            {
                Headline = Given(WithoutMarks(mail.Subject)),
                Publisher = Given(sender?.Name),
                Published = mail.Date == default ? null : mail.Date.ToString("yyyy-MM-dd'T'HH:mm:sszzz", CultureInfo.InvariantCulture),
            },
        };
        if (text is null)
            return article with { Refused = Rejection.Unreadable(Form, "it has no text. Send the files that are attached to it by themselves.") };
        var (form, bytes) = text.IsHtml
            ? (ArticleForm.Html, PageBytes.Of(Decoded(text), text.ContentType.Charset))
            : (ArticleForm.Text, Encoding.UTF8.GetBytes(text.Text));
        return bytes.Length > BoundedReader.MostOfText(limits.MaxArticle)
            ? article with { OverLimit = limits.MaxArticle }
            : article with { Form = form, Content = bytes };
    }

    /// <summary>A subject without the marks of answers and of what is sent on, as mail programs of several languages write them.</summary>
    static string? WithoutMarks(string? subject)
    {
        var rest = subject.AsSpan().Trim();
        for (var colon = rest.IndexOf(':'); colon > 0 && SubjectMarks.Contains(rest[..colon].TrimEnd()); colon = rest.IndexOf(':'))
            rest = rest[(colon + 1)..].TrimStart();
        return rest.ToString();
    }

    static string? Given(string? value) => string.IsNullOrWhiteSpace(value) ? null : value.Trim();

    static ReadOnlyMemory<byte> Decoded(TextPart text)
    {
        using var bytes = new MemoryStream();
        text.Content?.DecodeTo(bytes);
        return bytes.ToArray();
    }

    static bool BeginsLikeMail(ReadOnlySpan<byte> bytes)
    {
        var (marked, first) = (false, true);
        while (!bytes.IsEmpty)
        {
            var end = bytes.IndexOf((byte)'\n');
            var line = end < 0 ? bytes : bytes[..end];
            bytes = end < 0 ? [] : bytes[(end + 1)..];
            line = line.TrimEnd((byte)'\r');
            if (line.IsEmpty)
                break;
            if (line[0] is (byte)' ' or (byte)'\t' && !first || first && line.StartsWith("From "u8))
            {
                first = false;
                continue;
            }

            var name = line.IndexOf((byte)':') is > 0 and var colon ? Encoding.Latin1.GetString(line[..colon]).ToLowerInvariant() : "";
            if (name.Length == 0 || name.Contains(' ', StringComparison.Ordinal) || first && !Marks.Contains(name) && !Fields.Contains(name) && !name.StartsWith("x-", StringComparison.Ordinal))
                return false;
            marked |= Marks.Contains(name);
            first = false;
        }

        return marked;
    }
}
