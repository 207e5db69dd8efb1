using Ingest.Contracts.V1;
using Ingest.Core.Deduplication;
using Ingest.Core.Normalisation.Reading;
using Ingest.Ledger;
using Ingest.Ledger.Articles;
using Ingest.Ledger.Decisions;
using Ingest.Service.Deduplicate;
using Ingest.Service.Http;
using Ingest.Service.Normalise;
using Ingest.Service.Operations;
using Ingest.Service.Outcomes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using NearStory = Ingest.Core.Deduplication.NearStory;

namespace Ingest.Service.Accept;

/// <summary>
/// Says what would become of articles, and keeps nothing of them: no row of the ledger, no entry of the index, no event. One article after
/// another is cleaned and compared, for all who ask, so that asking takes one core at most from those who decide.
/// </summary>
/// <param name="lane">Null where another process decides.</param>
sealed class AnalyseEndpoint(
    ArticleBody body, NormaliseStage cleaning, LaneItems items, LedgerStore ledger, MemoryBudget memory, DeduplicationOptions options, Topology topology,
    LaneStage? lane = null) : IDisposable
{
    /// <summary>What a byte of an article takes with all its blocks and their JSON.</summary>
    const int MemoryForByte = 20;

    /// <summary>A large answer must be read within this time, as others wait for its memory.</summary>
    static readonly TimeSpan ReadWithin = TimeSpan.FromSeconds(30);

    /// <summary>For the group that the lane is deciding.</summary>
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    readonly SemaphoreSlim turn = new(1);
    readonly DecisionLog log = new(ledger);
    readonly StoryLog stories = new(ledger);
    Predictor? predictor;

    public void Map(IEndpointRouteBuilder routes) =>
        routes.MapPost("/analyse", (Delegate)Analyse).WithName("AnalyseArticle")
            .WithSummary("What would become of articles if they were submitted now; nothing is kept").WithTags("articles")
            .Accepts<Contracts.V1.RawArticle>("application/json", "text/plain", Charsets.AnyType)
            .Produces<Analysis>(StatusCodes.Status200OK)
            .ProducesFaults(400, 401, 403, 408, 413, 415, 421, 503);

    public void Dispose() => turn.Dispose();

    /// <param name="columns">As for a submission.</param>
    async Task Analyse(HttpContext context, string? columns)
    {
        var cancellation = context.RequestAborted;
        // The same article has the same ids whenever it is asked about.
        using var received = await body.Read(context, "analyse", columns);
        using var share = await memory.Reading.Within(received.Submissions.Sum(s => (long)s.Raw.Content.Length) * MemoryForByte, cancellation);
        var (articles, notCompared) = (new List<AnalysedArticle>(), lane is null ? Elsewhere() : null);
        foreach (var submission in received.Submissions)
        {
            await turn.WaitAsync(cancellation);
            try
            {
                // The body may be long, and its thread is one of those that answer others.
                articles.Add(await Task.Run(() => Analysed(submission, ref notCompared), cancellation));
            }
            finally
            {
                turn.Release();
            }
        }

        using var deadline = new CancellationTokenSource(ReadWithin);
        await using var late = deadline.Token.UnsafeRegister(_ => context.Abort(), null);
        await context.Response.WriteAsJsonAsync(new Analysis(articles, notCompared), HttpJson.Default.Analysis, cancellationToken: cancellation);
    }

    AnalysedArticle Analysed(Submission submission, ref string? notCompared)
    {
        var (result, _) = cleaning.Clean(submission);
        Prediction? prediction = null;
        if (notCompared is null && items.CandidateOf(result) is { } candidate)
        {
            var stated = Arrival.Stated(submission.Read.Metadata.Received);
            if (lane!.Look(candidate, stated, Patience) is { } nominated)
                prediction = (predictor ??= new Predictor(options, number => stories.Article(new StoryNumber(number)))).Of(candidate.Article, nominated);
            else
                notCompared = "The index is being built, or decisions cannot be written at the moment: /health/ready says why. Try again when it is ready.";
        }

        var story = prediction?.Joins is { } joins
            ? StoryPlaces.ToContract(
                Id(joins.Story), StoryPlaces.Of(joins, prediction.IsBetter), new ArticleName(default, submission.ArticleId, submission.Id), log.Name)
            : null;
        return new AnalysedArticle(
            OutcomeMapper.ToContract(submission.ArticleId, submission.Id, submission.Read.Metadata.Feed, result, story, Audience.Analyst),
            [.. (prediction?.Near ?? []).Select(Near)]);
    }

    Contracts.V1.NearStory Near(NearStory near) => new(
        Id(near.Story), near.Version, Id(near.Canonical), Id(near.Article), near.Match is { } match ? OutcomeMapper.Word(match.Relation) : null,
        OutcomeMapper.Rounded(near.Similarity.Resemblance), OutcomeMapper.Rounded(near.Similarity.Containment));

    Guid Id(long number) => log.Name(new StoryNumber(number)).ArticleId;

    string Elsewhere() =>
        $"This process does not decide (its stages are {topology.Roles}): ask the one that has the stage deduplicate, if it accepts too.";
}
