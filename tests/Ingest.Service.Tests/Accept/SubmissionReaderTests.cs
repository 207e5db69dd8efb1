using System.Text;
using System.Text.Json;
using Ingest.Core.Articles;
using Ingest.Core.Normalisation.Reading;
using Ingest.Service.Accept;

namespace Ingest.Service.Tests.Accept;

/// <summary>From a message of the queue to submissions.</summary>
public sealed class SubmissionReaderTests
{
    static readonly Guid Message = new("0d3c7a52-9a1e-4c0b-8a77-3c2f5b1e9d40");

    static readonly SubmissionReader Reader = new(ArticleIds.DefaultCollection, TimeProvider.System);

    [Fact]
    public void A_record_with_an_export_is_as_many_submissions()
    {
        var ids = Read($$"""[{"id":"a","text":{{Export(2)}}},{"id":"b","text":"The ferry sailed again."},{"id":"c","text":{{Export(3)}}}]""").Select(s => s.Id);
        Assert.Equal(["a", "a#2", "b", "c", "c#2", "c#3"], ids);
    }

    [Fact]
    public void A_message_that_comes_again_is_the_same_articles()
    {
        var body = $$"""{"articles":[{"text":{{Export(2)}}},{"text":{{Export(2)}}}]}""";
        var once = Read(body).Select(s => s.ArticleId).ToList();
        Assert.Equal(4, once.Distinct().Count());
        Assert.Equal(once, Read(body).Select(s => s.ArticleId));
    }

    static IReadOnlyList<Submission> Read(string body) => Reader.Message(Encoding.UTF8.GetBytes(body), "application/json", Message);

    static string Export(int documents) => JsonSerializer.Serialize(string.Concat(Enumerable.Range(1, documents).Select(i =>
        $"{i} of {documents} DOCUMENTS\n\nThe Sentinel\n\nMarch 3, 2021 Wednesday\n\nGate {i} opens\n\nBYLINE: Anna Weir\n\nLENGTH: 20 words\n\nThe gate opened again on Monday after three weeks of repairs.\n\nLOAD-DATE: March 4, 2021\n\n")));
}
