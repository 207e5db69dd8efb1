using Ingest.Contracts.V1;
using Ingest.Core.Articles;
using Ingest.Core.Deduplication;
using Ingest.Core.Normalisation;
using Ingest.Core.Normalisation.Reading;
using Ingest.Ledger;
using Ingest.Ledger.Articles;
using Ingest.Service.Deduplicate;
using Ingest.Service.Operations;
using Microsoft.Extensions.Logging.Abstractions;
using RawArticle = Ingest.Core.Articles.RawArticle;

namespace Ingest.Service.Tests.Deduplicate;

/// <summary>The version of the rules that is told is that of the rules which made the result, whoever decided about it.</summary>
public sealed class ProvenanceTests : IDisposable
{
    const string Another = "0.another";

    static readonly DateTimeOffset Now = new(2026, 3, 1, 0, 0, 0, TimeSpan.Zero);

    readonly TemporaryLedger ledger = new();
    readonly DeduplicationOptions options = new();

    public void Dispose() => ledger.Dispose();

    [Fact]
    public void The_lane_writes_the_version_that_comes_with_a_result()
    {
        using var items = new LaneItems(options);
        using var lane = new Lane(ledger.File, options, TimeProvider.System);
        lane.Rebuild();
        Submission[] articles = [Article("older", 1), Article("newer", 2), Submission.Of(RawArticle.OfText("empty", " "), null, Now)];
        string[] versions = [Another, Normaliser.Version, Another];
        lane.Commit([.. articles.Select((a, i) => items.Of(new LaneClaim(a, default, Discards: false), a, Cleaned(a) with { Normaliser = versions[i] }, Now, known: default))]);
        Assert.Equal(versions, articles.Select(Told));
    }

    [Fact]
    public async Task A_result_that_another_process_made_keeps_its_version_through_the_deduplicate_stage()
    {
        using var lifetime = new FakeLifetime();
        using var items = new LaneItems(options);
        using var lane = new LaneStage(() => new Lane(ledger.File, options, TimeProvider.System), new Health(), new Arrivals(), TimeProvider.System, lifetime, NullLogger<LaneStage>.Instance);
        await lane.StartAsync(CancellationToken.None);
        Submission[] articles = [Article("a", 1), Submission.Of(RawArticle.OfText("empty", " "), null, Now), Article("b", 1)];
        Acceptance[] accepted;
        using (var writer = new AcceptWriter(ledger.File, Now))
            accepted = writer.Accept([new AcceptRequest(articles)], Now, anybody: true)[0]!;

        var consumer = new DeduplicateConsumer(ledger.File, new MemoryBudget(new MemorySettings()), items, lane, NullLogger<DeduplicateConsumer>.Instance);
        await consumer.Consume(new DeduplicateArticles(
            [.. articles.Select((a, i) => new NormalisedArticle(accepted[i].Article.Value, StoredResult.Write(Cleaned(a) with { Normaliser = Another }, a.Read.Text)))]), CancellationToken.None);
        await lane.StopAsync(CancellationToken.None);
        Assert.All(articles, a => Assert.Equal(Another, Told(a)));
        Assert.Equal(1, ledger.Value<long>("SELECT count(DISTINCT story) FROM decisions"));
    }

    static Submission Article(string id, int seed) => Submission.Of(RawArticle.OfText(id, $"Harbour report\n\n{string.Join("\n\n", Feed.Paragraphs(seed))}\n"), null, Now);

    static NormalisationResult Cleaned(Submission article) => new Normaliser().Normalise(article.Read);

    /// <summary>The version that the log tells, and the outcome; they agree.</summary>
    string Told(Submission article)
    {
        var entry = new DecisionLog(ledger.File).Of(article.ArticleId)!;
        Assert.Equal(entry.Decision.Normaliser, entry.Text!.Result().Normaliser);
        return entry.Decision.Normaliser;
    }
}
