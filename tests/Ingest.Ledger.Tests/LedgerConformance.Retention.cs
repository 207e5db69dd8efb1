using Ingest.Core.Articles;
using Ingest.Core.Deduplication;
using Ingest.Core.Normalisation.Sources;
using Ingest.Ledger.Articles;

namespace Ingest.Ledger.Tests;

/// <summary>What is old goes, what is needed stays, and neither is taken for damage.</summary>
public abstract partial class LedgerConformance
{
    /// <summary>Days after <see cref="LedgerCase.Now"/> at which the plans of these tests were decided.</summary>
    const int Young = 100;

    static readonly RetentionAges TextsOnly = new(TimeSpan.FromDays(30), null), Both = new(TimeSpan.FromDays(30), TimeSpan.FromDays(60));

    /// <summary>Six old articles and two young ones; the third joined the first, and the window begins at the seventh.</summary>
    Plan[] OldAndYoung() =>
    [
        new(Article("1")), new(Article("2")), new(Article("3"), new PlannedJoin(Relation.Exact, 1, 1, 1)), new(Article("4")),
        new(Article("5"), Rejection: Rejection.Empty()), new(Article("6")),
        new(Article("7"), Oldest: 6, At: Now.AddDays(Young)), new(Article("8"), Oldest: 6, At: Now.AddDays(Young)),
    ];

    Retention Keep(RetentionAges ages, out RetentionPlan plan)
    {
        var retention = new Retention(Ledger);
        plan = retention.Plan(ages, Now.AddDays(Young));
        foreach (var _ in retention.Run(plan))
        {
        }

        return retention;
    }

    void IsSound()
    {
        var report = new LedgerCheck(Ledger).Look();
        Assert.Empty(report.Damage);
        Assert.Empty(report.Faults);
    }

    [Fact]
    public void Nothing_goes_where_everything_is_kept_for_ever()
    {
        Decide(OldAndYoung());
        Keep(default, out var plan);
        Assert.Equal(plan.Before, plan.After);
        Assert.DoesNotContain(Log.After(LogPosition.Start, 10, Texts.All), e => e.IsGone);
        IsSound();
    }

    [Fact]
    public void A_plan_changes_nothing()
    {
        Decide(OldAndYoung());
        var plan = new Retention(Ledger).Plan(Both, Now.AddDays(Young));
        Assert.Equal(new GonePositions(new LogPosition(6), new LogPosition(6)), plan.After);
        Assert.Equal(default, new Retention(Ledger).Gone());
        Assert.DoesNotContain(Log.After(LogPosition.Start, 10, Texts.All), e => e.IsGone);
    }

    [Fact]
    public void Texts_go_and_their_decisions_are_still_told()
    {
        var plans = OldAndYoung();
        var decided = Decide(plans);
        Assert.Equal(new GonePositions(new LogPosition(6), LogPosition.Start), Keep(TextsOnly, out _).Gone());
        var entries = Log.After(LogPosition.Start, 10, Texts.All);
        Assert.Equal(8, entries.Count);
        Assert.Equal([1, 2, 3, 4, 5, 6], entries.Where(e => e.IsGone).Select(e => e.Decision.Position.Value));
        for (var i = 0; i < entries.Count; i++)
            Same(decided[i].Decision, entries[i].Decision);
        Assert.Throws<NoLongerKeptException>(() => entries[0].Text!.Submission);
        Assert.Throws<NoLongerKeptException>(() => entries[4].Text!.Result());
        Assert.Equal(plans[0].Submission.ArticleId, entries[2].Story);
        Same(plans[6].Submission, entries[6].Text!.Submission);
        Assert.Equal("1", Articles.Find(plans[0].Submission.ArticleId)!.Submission.Id);
        // It is known all the same.
        Assert.True(Assert.Single(Accept(plans[0].Submission)).Known);
        IsSound();
    }

    [Fact]
    public void The_log_goes_and_goes_on_where_it_ended()
    {
        var plans = OldAndYoung();
        Decide(plans);
        Assert.Equal(new GonePositions(new LogPosition(6), new LogPosition(6)), Keep(Both, out _).Gone());
        Assert.Equal([7, 8], Log.After(LogPosition.Start, 10, Texts.All).Select(e => e.Decision.Position.Value));
        Assert.Null(Articles.Find(plans[0].Submission.ArticleId));
        Assert.Null(Log.Of(plans[2].Submission.ArticleId));
        IsSound();
        Assert.Equal(9, Assert.Single(Decide(Article("9"))).Decision.Position.Value);
        IsSound();
        Keep(Both, out var again);
        Assert.Equal(again.Before, again.After);
        IsSound();
    }

    [Fact]
    public void What_may_be_compared_again_keeps_its_text()
    {
        // The eighth joins the story of the first, whose canonical is the third.
        var plans = OldAndYoung();
        plans[2] = plans[2] with { Join = new PlannedJoin(Relation.Revision, 1, 3, 1), Version = 2 };
        plans[7] = plans[7] with { Join = new PlannedJoin(Relation.Exact, 1, 3, 3), Version = 2 };
        Decide(plans);
        Keep(Both, out _);
        Assert.Equal([1, 3, 7, 8], Log.After(LogPosition.Start, 10, Texts.All).Where(e => !e.IsGone).Select(e => e.Decision.Position.Value));
        Assert.Equal(4, Log.After(LogPosition.Start, 10, Texts.All).Count);
        Assert.NotNull(Stories.Article(new StoryNumber(3)));
        IsSound();
        // Once the window has passed the story, it goes.
        Decide(new Plan(Article("9"), Oldest: 8, At: Now.AddDays(2 * Young)));
        var retention = new Retention(Ledger);
        foreach (var _ in retention.Run(retention.Plan(Both, Now.AddDays(2 * Young))))
        {
        }

        Assert.Equal([9], Log.After(LogPosition.Start, 10, Texts.All).Select(e => e.Decision.Position.Value));
        IsSound();
    }

    [Fact]
    public void What_was_not_sent_yet_stays()
    {
        Decide(OldAndYoung());
        using (var publications = new Publications(Ledger))
            publications.MarkSent(Destination.Exchanges, new LogPosition(4), [new UnsentEvent(new LogPosition(2), EventType.Published, UnsentCause.Unroutable)], Now);
        Assert.Equal(new GonePositions(new LogPosition(4), new LogPosition(1)), Keep(Both, out var plan).Gone());
        Assert.Equal(2, plan.Held.Count);
        Assert.Equal([2, 5, 6, 7, 8], Log.After(LogPosition.Start, 10, Texts.All).Where(e => !e.IsGone).Select(e => e.Decision.Position.Value));
        IsSound();
    }

    [Fact]
    public void What_waits_or_failed_stays()
    {
        var (waits, failed) = (Article("waits"), Article("failed"));
        Accept(waits, failed);
        Fail(Number(failed));
        Decide(OldAndYoung());
        Keep(Both, out _);
        Assert.Equal([waits.ArticleId, failed.ArticleId], Articles.Undecided().Select(a => a.ArticleId));
        Same(failed, Articles.Find(failed.ArticleId)!.Submission);
        IsSound();
    }

    [Fact]
    public void The_last_decision_stays_whatever_its_age()
    {
        Decide(new Plan(Article("1"), Rejection: Rejection.Empty()), new Plan(Article("2"), Rejection: Rejection.Empty()));
        Assert.Equal(new GonePositions(new LogPosition(1), new LogPosition(1)), Keep(Both, out _).Gone());
        Assert.Equal(3, Assert.Single(Decide(Article("3"))).Decision.Position.Value);
        IsSound();
    }

    [Fact]
    public void What_is_many_steps_goes_as_well()
    {
        Decide([.. Enumerable.Range(0, 300).Select(i => new Plan(Article($"old {i}")))]);
        Decide(new Plan(Article("young"), Oldest: 301, At: Now.AddDays(Young)));
        Assert.True(new Retention(Ledger).Run(new Retention(Ledger).Plan(Both, Now.AddDays(Young))).Count() > 2);
        Assert.Equal(301, Assert.Single(Log.After(LogPosition.Start, 400, Texts.All)).Decision.Position.Value);
        IsSound();
    }

    [Fact]
    public void What_a_source_is_learnt_from_stays()
    {
        const int All = 2 * SourceHistory.Generation + 10;
        Decide([.. Enumerable.Range(1, All).Select(i => new Plan(Article($"{i}"), Source: "coast"))]);
        Decide(new Plan(Article("young"), Oldest: All + 1, At: Now.AddDays(Young)));
        Keep(Both, out _);
        var start = SourceHistory.Start(All);
        Assert.Equal(SourceHistory.Generation, start);
        var sources = new SourceLog(Ledger);
        Assert.Equal(All, sources.Count("coast"));
        Assert.Equal(Enumerable.Range(start + 1, All - start).Select(i => $"{i}"), sources.Articles("coast", start, All).Select(a => a.Id));
        Assert.All(sources.Articles("coast", start, All), a => Assert.NotNull(a.Text));
        Assert.Empty(sources.Articles("coast", 0, start));
        IsSound();
    }

    [Fact]
    public void A_source_is_not_learnt_without_the_texts_that_are_gone()
    {
        const int All = 2 * SourceHistory.Generation + 10;
        Decide([.. Enumerable.Range(1, All).Select(i => new Plan(Article($"{i}"), Source: "coast"))]);
        Decide(new Plan(Article("young"), Oldest: All + 1, At: Now.AddDays(Young)));
        Keep(TextsOnly, out _);
        var gone = new SourceLog(Ledger).Articles("coast", 0, 1, results: true).Single();
        Assert.Null(gone.Result);
        Assert.Throws<NoLongerKeptException>(() => gone.Text);
        IsSound();
    }
}
