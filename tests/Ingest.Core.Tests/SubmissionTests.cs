using System.Text;
using Ingest.Core.Articles;
using Ingest.Core.Normalisation.Reading;

namespace Ingest.Core.Tests;

/// <summary>What every way in hands on.</summary>
public class SubmissionTests
{
    static readonly DateTimeOffset Now = new(2026, 3, 1, 10, 0, 0, TimeSpan.Zero);

    [Fact]
    public void The_submitters_id_stays()
    {
        var submission = Submission.Of(RawArticle.OfText("kaldvik/1", "The ferry sailed again."), "a delivery", Now);
        Assert.Equal(("kaldvik/1", "kaldvik/1", "kaldvik/1"), (submission.Id, submission.Raw.Id, submission.Read.Id));
        Assert.Equal(Now, submission.Accepted);
    }

    [Fact]
    public void A_records_own_id_wins()
    {
        var submission = Submission.Of(Record("news/all.jsonl:3", """{"id":"kaldvik/1","text":"The ferry sailed again."}"""), null, Now);
        Assert.Equal(("kaldvik/1", "kaldvik/1", "kaldvik/1"), (submission.Id, submission.Raw.Id, submission.Read.Id));
        // What a table calls it is where it stands.
        Assert.Equal("news/all.jsonl:3", submission.Raw.Name);
    }

    [Theory]
    [InlineData("""{"text":"The ferry sailed again."}""")]
    [InlineData("""{"id":"","text":"The ferry sailed again."}""")]
    [InlineData("""{"id":null,"text":"The ferry sailed again."}""")]
    [InlineData("""{"text":5}""")]
    public void Without_an_id_it_is_called_by_ours(string record)
    {
        var submission = Submission.Of(Record("", record), "a delivery", Now);
        var ours = submission.ArticleId.ToString();
        Assert.Equal((ours, ours, ours), (submission.Id, submission.Raw.Id, submission.Read.Id));
        // Kept and read again it is the same, though its id is no longer made of the delivery.
        var kept = new Submission(submission.ArticleId, submission.Raw, submission.Accepted);
        Assert.Equal(ours, kept.Read.Id);
        Assert.Equal(submission.ArticleId, kept.ArticleId);
    }

    [Fact]
    public void What_is_read_is_what_reading_gives()
    {
        foreach (var raw in new[] { RawArticle.OfText("1", "The ferry sailed again."), Record("2", """{"text":"The ferry sailed again.","feed":"wire","published":"x"}"""), Record("3", "[]") })
        {
            var (submission, read) = (Submission.Of(raw, null, Now), RawReader.Read(raw));
            Assert.Equal((read.Id, read.Text, read.Rejection), (submission.Read.Id, submission.Read.Text, submission.Read.Rejection));
            Assert.Equal(read.Metadata.ToJson(), submission.Read.Metadata.ToJson());
            Assert.Equal(raw.Content.ToArray(), submission.Raw.Content.ToArray());
            Assert.Same(submission.Read, submission.Read);
        }
    }

    static RawArticle Record(string id, string json) => new(id, ArticleForm.Record, Encoding.UTF8.GetBytes(json), ArticleMetadata.None, "http");
}
