using Ingest.Core.Articles;
using Ingest.Core.Normalisation.Documents;
using Ingest.Core.Normalisation.Rules;

namespace Ingest.Core.Normalisation.Assembly;

/// <summary>Builds the article from the decided segments.</summary>
internal static class Assembler
{
    public static NormalisationResult Assemble(Document document, IReadOnlyList<string> notes)
    {
        var blocks = new List<Block>();
        var body = new List<string>();
        foreach (var segment in document.Segments)
        {
            var text = document.TextOf(segment);
            int? paragraph = null;
            if (segment.Kind.IsBody() && text.Length > 0)
            {
                if (segment.Continues && body.Count > 0)
                    body[^1] = body[^1] + " " + text;
                else
                    body.Add(text);
                paragraph = body.Count - 1;
            }

            blocks.Add(new Block(segment.Kind, segment.Rule!, new Span(segment.Start, segment.Length),
                text, paragraph, segment.Uncertain, segment.Evidence, segment.Repeated));
        }

        if (document.Given.Status == ArticleStatus.Canceled)
        {
            document.Draft.Profile = ArticleProfile.Kill;
            Told(document, "profile");
        }

        if (document.Draft.IsNotice)
            return new NormalisationResult(null, Rejection.NotAnArticle(blocks.Find(b => b.Rule == NoticeStep.Notice)?.Text ?? ""), blocks, notes);
        if (body.Count == 0 && document.Draft.Profile == ArticleProfile.Article)
            return new NormalisationResult(null, Rejection.NoBody(blocks.Count), blocks, notes);
        return new NormalisationResult(Build(document, body), null, blocks, notes);
    }

    static Article Build(Document document, List<string> body)
    {
        var record = document.Given;
        var draft = document.Draft;
        var url = Given(document, Field.Url, record.Url);
        var publisher = Given(document, Field.Publisher, record.Publisher);
        if (publisher is null && Publishers.AtUrl(url) is { } host)
        {
            publisher = host;
            draft.AddEvidence(Field.Publisher, "url.host", null);
        }

        var agency = Given(document, Field.Agency, record.Agency);
        if (agency is null && Publishers.AtUrl(url) is { } site && Agencies.News(site) is { } own)
        {
            agency = own;
            draft.AddEvidence(Field.Agency, "url.host", null);
        }

        var language = record.Language
            ?? document.Vote.Winner(document.Text, document.Segments.Where(s => s.Kind.IsBody()).Select(s => new Span(s.Start, s.Length)));
        if (language is not null)
            draft.AddEvidence(Field.Language, record.Language is null ? "language.stop-words" : FromRecord, null);
        IReadOnlyList<Byline> bylines = draft.Bylines;
        if (record.Bylines is { Count: > 0 } given)
        {
            bylines = [.. given.Select(name => new Byline(name))];
            Told(document, Field.Bylines);
        }

        int? urgency = record.Urgency is >= 1 and <= 9 ? record.Urgency : null;
        if (urgency is not null)
            Told(document, "urgency");

        var headline = Given(document, Field.Headline, record.Headline);
        var dateline = Given(document, Field.Dateline, record.Dateline);
        var published = Given(document, Field.Published, record.Published);
        return new Article
        {
            Headline = headline,
            Bylines = bylines,
            Agency = agency,
            Publisher = publisher,
            Dateline = dateline,
            Published = published,
            Language = language,
            Url = url,
            Slugline = Given(document, Field.Slugline, record.Slugline),
            Version = Given(document, Field.Version, record.Version),
            Correction = draft[Field.Correction],
            EditorNotes = draft.EditorNotes,
            CopyrightNotice = Given(document, Field.CopyrightNotice, record.Copyright),
            Section = Given(document, "section", record.Section),
            Urgency = urgency,
            Embargo = Given(document, "embargoedUntil", record.Embargo),
            UsageTerms = Given(document, "usageTerms", record.UsageTerms),
            Status = Given(document, "pubStatus", record.Status),
            Profile = draft.Profile,
            Truncated = draft.Truncated,
            Body = body,
            Media = draft.Media,
            Embeds = draft.Embeds,
            RelatedLinks = draft.RelatedLinks,
            Tags = draft.Tags,
            Evidence = draft.Evidence,
        };
    }

    /// <summary>The rule named as the evidence of a field that came with the record.</summary>
    const string FromRecord = "record";

    static string? Given(Document document, string field, string? value)
    {
        if (string.IsNullOrWhiteSpace(value))
            return document.Draft[field];
        Told(document, field);
        return value;
    }

    /// <summary>What came with the record wins over what the text says, and so does its evidence.</summary>
    static void Told(Document document, string field)
    {
        document.Draft.Evidence.RemoveAll(e => e.Field == field);
        document.Draft.AddEvidence(field, FromRecord, null);
    }
}
