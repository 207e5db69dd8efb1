using System.Text;
using Ingest.Core.Articles;
using Ingest.Core.Deduplication;
using Ingest.Core.Normalisation;
using Ingest.Core.Normalisation.Reading;
using Ingest.Ledger.Articles;
using Ingest.Ledger.Decisions;

namespace Ingest.Ledger.Tests;

/// <summary>A ledger of a test, and what fills it. Only what every store offers: no SQL.</summary>
public abstract class LedgerCase : IDisposable
{
    protected static readonly DateTimeOffset Now = new(2026, 3, 1, 10, 0, 0, 123, TimeSpan.Zero);

    static readonly Normaliser Normaliser = new();
    static readonly IReadOnlyList<(string, string)> NoChanges = [];

    LedgerStore? opened;

    /// <summary>The ledger of this test, new and empty.</summary>
    protected LedgerStore Ledger => opened ??= Open();

    protected AcceptedArticles Articles => new(Ledger);

    protected DecisionLog Log => new(Ledger);

    protected StoryLog Stories => new(Ledger);

    protected Errors Errors => new(Ledger);

    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    protected abstract LedgerStore Open();

    protected virtual void Dispose(bool disposing) => opened?.Dispose();

    protected static Submission Article(string id, string? text = null) =>
        Submission.Of(
            RawArticle.OfText(
                id,
                text ?? $"The harbour of Kaldvik opened again after repair number {id}, and the pilots were glad of it on Monday.",
                "http"),
            null, Now);

    /// <summary>A record with the headline, the agency and the publisher that a search asks for.</summary>
    protected static Submission Record(string id, string headline, string? agency = null, string? publisher = null)
    {
        var beside = ArticleMetadata.None with { Headline = headline, Agency = agency, Publisher = publisher };
        return Submission.Of(
            RawArticle.OfText(id, $"{headline} is what report {id} tells of, and the pilots of Kaldvik were glad of it on Monday.")
                with { Metadata = beside },
            null, Now);
    }

    protected Acceptance[] Accept(params Submission[] submissions) => Accept(anybody: true, submissions);

    protected Acceptance[] Accept(bool anybody, params Submission[] submissions)
    {
        using var writer = new AcceptWriter(Ledger, Now);
        return Assert.Single(writer.Accept([new AcceptRequest(submissions)], Now, anybody))!;
    }

    protected IReadOnlyList<DecidedArticle> Decide(params Plan[] plans)
    {
        using var lane = new LaneWriter(Ledger);
        return Decide(lane, plans);
    }

    /// <summary>One group, as the lane writes it.</summary>
    protected static IReadOnlyList<DecidedArticle> Decide(LaneWriter lane, params Plan[] plans)
    {
        var end = lane.Begin();
        var turns = lane.Claim([.. plans.Select(p => new LaneClaim(p.Submission, default, Discards: false))]);
        Assert.DoesNotContain(turns, t => t.Known);
        List<DecidedArticle> decided = [];
        for (var i = 0; i < plans.Length; i++)
        {
            decided.Add(Decided(turns[i].Article, plans[i], end));
            end = new LogEnd(end.Position.Next, plans[i].Rejection is null ? new StoryNumber(end.Number.Value + 1) : end.Number);
        }

        lane.Commit(new LaneGroup(decided, []));
        return decided;
    }

    protected static DecidedArticle Decided(ArticleNumber article, Plan plan, LogEnd end)
    {
        var read = plan.Submission.Read;
        var result = plan.Rejection is { } rejection ? NormalisationResult.Rejected(rejection) : Normaliser.Normalise(read);
        var number = new StoryNumber(end.Number.Value + 1);
        var place = plan.Rejection is null
            ? new DecidedPlace(
                number, new StoryNumber(plan.Join?.Story ?? number.Value), new StoryNumber(plan.Join?.Canonical ?? number.Value),
                plan.Version, plan.Join is { } join
                ? new DecidedJoin(join.Relation, new StoryNumber(join.Matched), 0.875, 0.96875, join.Changes ?? NoChanges)
                : null)
            : null;
        var decision = new DecisionEntry(
            end.Position.Next, article, plan.At ?? Now.AddMilliseconds(end.Position.Value), place,
            plan.Rejection?.Reason, Now.AddDays(-1), result.Normaliser, result.Article?.Headline, result.Article?.Agency,
            result.Article?.Publisher);
        var stored = StoredResult.Write(result with { Normaliser = plan.Normaliser ?? result.Normaliser }, read.Text);
        return new DecidedArticle(decision with
            {
                Normaliser = plan.Normaliser ?? result.Normaliser, Source = plan.Source is { } source && place is not null ? new DecidedSource(source, 0, default) : null,
            },
            stored, place is null ? null : Remembered(place, plan.Oldest) with
            {
                TextHash = new Fingerprinter(new DeduplicationOptions()).Compute(StoryArticle.Of(result.Article!, Now).Body).TextHash,
            });
    }

    protected static Remembered Remembered(DecidedPlace place, long oldest)
    {
        var number = place.Number.Value;
        return new Remembered(number, place.Story.Value, place.Canonical.Value, place.Version, uint.MaxValue, uint.MaxValue - (uint)number,
            255, 65_535, 63, ulong.MaxValue - (ulong)number, [0, (uint)number, uint.MaxValue], oldest);
    }

    protected ArticleNumber Number(Submission submission) => Articles.Find(submission.ArticleId)!.Number;

    /// <summary>Takes an article that waits, and fails.</summary>
    protected void Fail(ArticleNumber article, FailedStage stage = FailedStage.Normalise,
        string fault = "SomeFault", string detail = "It could not be read.", DateTimeOffset? at = null)
    {
        using var lane = new LaneWriter(Ledger);
        lane.Begin();
        lane.Claim([new LaneClaim(null, article, Discards: false)]);
        lane.Commit(new LaneGroup([], [new FailedArticle(article, stage, fault, detail, at ?? Now)]));
    }

    protected static void Same(DecisionEntry expected, DecisionEntry actual)
    {
        Assert.Equal(expected.Place?.Join?.Changes ?? [], actual.Place?.Join?.Changes ?? []);
        Assert.Equal(WithoutChanges(expected), WithoutChanges(actual));
    }

    protected static void Same(Submission expected, Submission actual)
    {
        Assert.Equal(expected.ArticleId, actual.ArticleId);
        Assert.Equal(expected.Id, actual.Id);
        Assert.Equal(expected.Accepted.ToUnixTimeMilliseconds(), actual.Accepted.ToUnixTimeMilliseconds());
        Assert.Equal(TimeSpan.Zero, actual.Accepted.Offset);
        Assert.Equal(expected.Raw.Form, actual.Raw.Form);
        Assert.Equal(expected.Raw.Content.ToArray(), actual.Raw.Content.ToArray());
        Assert.Equal(expected.Raw.Metadata.ToJson(), actual.Raw.Metadata.ToJson());
        Assert.Equal(expected.Raw.Sender, actual.Raw.Sender);
        Assert.Equal(expected.Read.Text, actual.Read.Text);
        Assert.Equal(expected.Read.Rejection, actual.Read.Rejection);
    }

    static DecisionEntry WithoutChanges(DecisionEntry entry) =>
        entry.Place?.Join is { } join ? entry with { Place = entry.Place with { Join = join with { Changes = NoChanges } } } : entry;

    /// <summary>What is to be decided about an article.</summary>
    /// <param name="Join">Null for a story's first article.</param>
    /// <param name="Oldest">The oldest number in the window.</param>
    protected sealed record Plan(
        Submission Submission, PlannedJoin? Join = null, Rejection? Rejection = null, int Version = 1, long Oldest = 1,
        string? Normaliser = null, DateTimeOffset? At = null, string? Source = null)
    {
        public static implicit operator Plan(Submission submission) => new(submission);
    }

    protected sealed record PlannedJoin(
        Relation Relation, long Story, long Canonical, long Matched, IReadOnlyList<(string Before, string After)>? Changes = null);

    protected static byte[] Utf8(string text) => Encoding.UTF8.GetBytes(text);
}
