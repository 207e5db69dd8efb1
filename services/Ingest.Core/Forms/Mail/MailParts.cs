using MimeKit;

namespace Ingest.Core.Forms.Mail;

/// <summary>The mails in a mail, itself first, each with the part of it that is its text.</summary>
internal sealed class MailParts
{
    /// <summary>Letters of the lines that somebody writes above a mail that he forwards, and of a page of them: an article has more.</summary>
    const int MostOfNote = 300, MostOfPage = 1500;

    readonly List<(MimeMessage Mail, TextPart? Text)> mails = [];

    public IReadOnlyList<(MimeMessage Mail, TextPart? Text)> Mails => mails;

    /// <param name="depth">How deep it is looked into.</param>
    public void Look(MimeMessage mail, int depth)
    {
        var at = mails.Count;
        mails.Add((mail, null));
        var text = TextOf(mail.Body, depth);
        // What carries others says at most that it does.
        if (mails.Count > at + 1 && (text is null || IsNote(text)))
            mails.RemoveAt(at);
        else
            mails[at] = (mail, text);
    }

    static bool IsNote(TextPart text) => text.Text.Length < (text.IsHtml ? MostOfPage : MostOfNote);

    /// <summary>HTML before plain text, where one says the same as the other; else what comes first.</summary>
    TextPart? TextOf(MimeEntity? part, int depth)
    {
        if (depth == 0)
            return null;
        switch (part)
        {
            case MessagePart { Message: { } forwarded }:
                Look(forwarded, depth - 1);
                return null;
            case TextPart text:
                return !text.IsAttachment && (text.IsHtml || text.IsPlain) ? text : null;
            case Multipart parts:
                var texts = parts.Select(p => TextOf(p, depth - 1)).OfType<TextPart>().ToList();
                return parts is MultipartAlternative ? texts.Find(t => t.IsHtml) ?? texts.FirstOrDefault() : texts.FirstOrDefault();
            default:
                return null;
        }
    }
}
