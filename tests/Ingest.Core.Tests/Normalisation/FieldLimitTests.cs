using System.Text.Json;
using Ingest.Core.Articles;
using Ingest.Core.Normalisation;
using Ingest.Core.Normalisation.Reading;

namespace Ingest.Core.Tests.Normalisation;

/// <summary>Rows 31 and 32: fields have limits of size, so that no article is much larger than its text.</summary>
public sealed class FieldLimitTests
{
    const string Text = "The ferry sailed again on Monday after two weeks in the yard.";

    static readonly NormaliserOptions Options = new();

    public static TheoryData<string> Fields => ["url", "headline", "agency", "publisher", "dateline", "language", "section", "slugline", "version", "usageTerms", "copyright"];

    [Theory, MemberData(nameof(Fields))]
    public void A_field_at_its_limit_is_taken_and_one_over_it_is_rejected_by_name(string field)
    {
        // Two bytes each.
        Assert.Null(Reject(field, new string('é', Options.MaxFieldBytes / 2)));
        var rejection = Reject(field, new string('é', Options.MaxFieldBytes / 2) + "x");
        Assert.Equal(RejectionReason.TooLarge, rejection!.Reason);
        Assert.Contains($"\"{field}\" has {Options.MaxFieldBytes + 1} bytes", rejection.Detail, StringComparison.Ordinal);
        Assert.Contains($"{Options.MaxFieldBytes}", rejection.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void Names_have_a_limit_each_and_together()
    {
        Assert.Null(Reject("bylines", Enumerable.Repeat("a", Options.MaxNames).ToArray()));
        Assert.Contains($"{Options.MaxNames + 1} names", Reject("bylines", Enumerable.Repeat("a", Options.MaxNames + 1).ToArray())!.Detail, StringComparison.Ordinal);
        Assert.Contains("\"bylines\" has", Reject("bylines", Enumerable.Repeat(new string('a', 1000), 20).ToArray())!.Detail, StringComparison.Ordinal);
        Assert.Equal(RejectionReason.MalformedRecord, Reject("bylines", Enumerable.Repeat("a", 100_000).ToArray())!.Reason);
    }

    [Theory, InlineData("id"), InlineData("feed")]
    public void What_articles_are_told_apart_by_is_short(string field)
    {
        Assert.Null(Reject(field, new string('a', RecordReader.MostIdBytes)));
        var read = Read(field, new string('a', RecordReader.MostIdBytes + 1));
        Assert.Equal(RejectionReason.MalformedRecord, read.Rejection!.Reason);
        Assert.Contains($"\"{field}\" has 1025 bytes", read.Rejection.Detail, StringComparison.Ordinal);
        // So it stands in no event either.
        Assert.Equal("given", read.Id);
    }

    [Theory, InlineData("published"), InlineData("received"), InlineData("embargo"), InlineData("status"), InlineData("urgency")]
    public void A_note_on_what_cannot_be_read_quotes_its_beginning_only(string field) =>
        Assert.True(Assert.Single(Read(field, new string('x', 1_000_000)).Article!.Notes).Length < 200);

    static Rejection? Reject(string field, object value)
    {
        var result = new Normaliser(Options, TimeProvider.System).Normalise(Read(field, value));
        return result.Rejection;
    }

    static ReadArticle Read(string field, object value) => RawReader.Read(new RawArticle(
        "given", ArticleForm.Record,
        JsonSerializer.SerializeToUtf8Bytes(new Dictionary<string, object>(StringComparer.Ordinal) { [field] = value, ["text"] = Text }),
        ArticleMetadata.None, "http"));
}
