using System.Globalization;
using Ingest.Contracts.V1;
using Ingest.Service.Outcomes;

namespace Ingest.Service.Run;

/// <summary>
/// Parquet, an article a row: the fields of an outcome under their names, those of its article, its story and its rejection beside them, and
/// dates as moments.
/// </summary>
sealed class ParquetWriter(Stream output, long groupBytes = ParquetWriter.GroupBytes) : IOutcomeWriter
{
    /// <summary>Some thousands of articles: enough to compress well and to be read on several cores, few enough to be held.</summary>
    const long GroupBytes = 32 << 20;

    readonly ParquetTable<ArticleOutcome> table = new(output, groupBytes, Describe);

    public void Write(Outcome outcome) => table.Add(outcome.ToContract());

    public void Write(Outcome[] outcomes)
    {
        var rows = new ArticleOutcome[outcomes.Length];
        Parallel.For(0, rows.Length, i => rows[i] = outcomes[i].ToContract());
        foreach (var row in rows)
            table.Add(row);
    }

    public void Finish() => table.Finish();

    static void Describe(ParquetFields<ArticleOutcome> row)
    {
        row.Text("id", o => o.Id);
        row.Text("articleId", o => o.ArticleId?.ToString());
        row.Text("feed", o => o.Feed);
        row.Text("outcome", o => o.Outcome);
        row.Text("rejection", o => o.Rejection?.Reason);
        row.Text("rejectionDetail", o => o.Rejection?.Detail);

        row.Text("storyId", o => o.Story?.Id.ToString());
        row.Int("storyVersion", o => o.Story?.Version);
        row.Text("canonical", o => o.Story?.Canonical);
        row.Text("canonicalArticleId", o => o.Story?.CanonicalArticleId?.ToString());
        row.Text("relation", o => o.Story?.Relation);
        row.Text("matched", o => o.Story?.Matched);
        row.Text("matchedArticleId", o => o.Story?.MatchedArticleId?.ToString());
        row.Double("resemblance", o => o.Story?.Resemblance);
        row.Double("containment", o => o.Story?.Containment);
        row.List("changes", o => o.Story?.Changes, change =>
        {
            change.Text("before", c => c.Before);
            change.Text("after", c => c.After);
        });

        row.Text("headline", o => o.Article?.Headline);
        row.List("bylines", o => o.Article?.Bylines, byline =>
        {
            byline.Text("name", b => b.Name);
            byline.Text("organization", b => b.Organization);
        });
        row.Text("agency", o => o.Article?.Agency);
        row.Text("publisher", o => o.Article?.Publisher);
        row.Text("dateline", o => o.Article?.Dateline);
        row.Moment("published", o => Moments.Of(o.Article?.Published));
        row.Text("publishedText", o => o.Article?.Published);
        row.Text("language", o => o.Article?.Language);
        row.Text("url", o => o.Article?.Url);
        row.Text("slugline", o => o.Article?.Slugline);
        row.Text("section", o => o.Article?.Section);
        row.Text("version", o => o.Article?.Version);
        row.Text("correction", o => o.Article?.Correction);
        row.Text("edNote", o => o.Article?.EdNote);
        row.Int("urgency", o => o.Article?.Urgency);
        row.Moment("embargoedUntil", o => Moments.Of(o.Article?.EmbargoedUntil));
        row.Text("usageTerms", o => o.Article?.UsageTerms);
        row.Text("copyrightNotice", o => o.Article?.CopyrightNotice);
        row.Text("profile", o => o.Article?.Profile);
        row.Text("pubStatus", o => o.Article?.PubStatus);
        row.Text("representationType", o => o.Article?.RepresentationType);

        row.Text("text", o => o.Article is null ? null : string.Join("\n\n", o.Article.Body));
        row.Texts("body", o => o.Article?.Body);
        row.List("blocks", o => o.Article?.Blocks, block =>
        {
            block.Text("kind", b => b.Kind);
            block.Text("rule", b => b.Rule);
            block.Text("text", b => b.Text);
            block.Int("start", b => b.Start);
            block.Int("length", b => b.Length);
            block.Int("paragraph", b => b.Paragraph);
            block.Flag("uncertain", b => b.Uncertain);
        });
        row.List("removed", o => o.Removed, block =>
        {
            block.Text("kind", b => b.Kind);
            block.Text("rule", b => b.Rule);
            block.Int("start", b => b.Start);
            block.Int("length", b => b.Length);
            block.Text("text", b => b.Text);
            block.Text("evidence", b => b.Evidence);
            block.Int("repeatedArticles", b => b.Repeated?.Articles);
            block.Texts("repeatedIds", b => b.Repeated?.Ids);
        });
        row.List("media", o => o.Article?.Media, picture =>
        {
            picture.Text("caption", m => m.Caption);
            picture.Text("credit", m => m.Credit);
        });
        row.List("embeds", o => o.Article?.Embeds, post =>
        {
            post.Text("platform", e => e.Platform);
            post.Text("author", e => e.Author);
            post.Text("handle", e => e.Handle);
            post.Day("date", e => DateOnly.TryParseExact(e.Date, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) ? day : null);
            post.Text("text", e => e.Text);
        });
        row.Texts("relatedLinks", o => o.Article?.RelatedLinks);
        row.Texts("tags", o => o.Article?.Tags);
        row.List("evidence", o => o.Article?.Evidence.ToList(), field =>
        {
            field.Text("field", e => e.Key);
            field.Text("rule", e => e.Value.Rule);
            field.Int("start", e => e.Value.Start);
            field.Int("length", e => e.Value.Length);
        });
        row.Texts("notes", o => o.Notes);
        row.Text("normaliser", o => o.Normaliser);
    }
}
