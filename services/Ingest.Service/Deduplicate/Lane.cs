using System.Globalization;
using Ingest.Core.Deduplication;
using Ingest.Ledger;
using Ingest.Ledger.Articles;
using Ingest.Ledger.Decisions;
using Ingest.Service.Operations;
using Ingest.Service.Outcomes;

namespace Ingest.Service.Deduplicate;

/// <summary>
/// The decision lane: decides groups of articles, one group at a time over all processes that have the ledger open.
/// A group is one transaction: take the lane, catch up on what others decided, decide, write, commit. For one
/// thread, beside those that <see cref="Look"/>. Every decision of the log is made here.
/// </summary>
sealed class Lane(LedgerStore ledger, DeduplicationOptions options, TimeProvider time, long recentBytes = Lane.RecentBytes)
    : IGroupWriter<LaneItem, LaneOutcome>
{
    /// <summary>Articles kept in memory, so that copies that come soon after one another are compared without reading.</summary>
    const int Recent = 4096;

    /// <summary>Bytes of them, where nobody says otherwise.</summary>
    const long RecentBytes = 64 << 20;

    readonly LaneWriter writer = new(ledger);
    readonly DecisionLog log = new(ledger);
    readonly RecentArticles recent = new(Recent, recentBytes);
    readonly LogClock clock = new(time, options.Window);

    /// <summary>Held while a group is decided and written: who looks between two groups sees what is durable, and nothing else.</summary>
    readonly Lock deciding = new();
    Deduplicator? deduplicator;

    /// <summary>The end of the log that the index stands for.</summary>
    LogEnd known;

    /// <summary>True while the index is not built, or may have decisions that are nowhere else: it is to be built anew.</summary>
    bool astray = true;

    /// <summary>Decisions that the index has and the ledger has not yet, because writing failed.</summary>
    (IReadOnlyList<LaneItem> Group, Turn[] Turns)? unwritten;

    /// <summary>Fingerprints are comparable only if they were made alike.</summary>
    /// <exception cref="LedgerException">The ledger's were made with other settings, or it cannot be read.</exception>
    public static void CheckSettings(LedgerStore ledger, DeduplicationOptions options)
    {
        var now = string.Create(
            CultureInfo.InvariantCulture,
            $"{options.ShingleWords} words or {options.ShingleCharacters} characters in a shingle, 1 in {options.SampleOneIn} sampled, common from {options.CommonStories} stories on, {Fingerprinter.Folding}");
        if (LedgerSettings.Keep(ledger, "fingerprints", now) is var kept && kept != now)
            throw new LedgerException(
                $"{ledger.Name} was made with {kept}; the settings now say {now}. Restore those settings, or use 'ingest replay' to decide again into a new ledger.");
    }

    /// <summary>Articles in the window.</summary>
    public int Count => deduplicator?.Count ?? 0;

    /// <summary>Position of the last decision that this process knows.</summary>
    public LogPosition Position => known.Position;

    /// <summary>The log's clock. The index must be built.</summary>
    public DateTimeOffset Now => clock.Next();

    /// <summary>Builds the index from the ledger.</summary>
    /// <exception cref="LedgerException">The ledger cannot be read, or was made with other settings.</exception>
    public void Rebuild()
    {
        CheckSettings(ledger, options);
        // Until all of it is done: with what fails half-way nothing may be decided.
        astray = true;
        unwritten = null;
        recent.Clear();
        deduplicator = new Deduplicator(options, number => recent.Find(number) ?? writer.ReadStoryArticle(new StoryNumber(number)));
        known = log.End();
        deduplicator.Remember(ReadAhead.Of(log.Remembered(after: null, known.Number)));
        clock.Follow(deduplicator.Clock);
        astray = false;
    }

    /// <summary>
    /// Decides a group. An article that fails is recorded among the errors and disturbs no other. When it returns, all of it is durable.
    /// </summary>
    /// <exception cref="LedgerException">Nothing was written. Where the fault passes, the same group is to be given again.</exception>
    public LaneOutcome[] Commit(IReadOnlyList<LaneItem> group)
    {
        using var _ = deciding.EnterScope();
        try
        {
            return DecideInOne(group);
        }
        catch (Exception e) when (e is not LedgerException { IsPassing: true })
        {
            // What the index has of the group is not known: begin anew, one at a time, so that what is wrong fails alone.
            if (NeedsIndex(group))
                Rebuild();
            if (group.Count == 1)
                return DecideInOne(group, Failure.Of(FailedStage.Deduplicate, e));
            return [.. group.Select(item => Commit([item])[0])];
        }
    }

    /// <summary>
    /// The stories with which an article would be compared if it were decided now. On any thread: the next group waits for a look-up of the
    /// article's shingles and no longer, and nothing changes.
    /// </summary>
    /// <param name="stated">When it arrived, as its submitter says; null where nobody says.</param>
    /// <param name="patience">How long to wait for the group that is being decided.</param>
    /// <returns>Null where decisions cannot be written now, so that it is not known what they will be.</returns>
    public Nominated? Look(Candidate candidate, DateTimeOffset? stated, TimeSpan patience)
    {
        if (!deciding.TryEnter(patience))
            return null;
        try
        {
            var now = clock.Look();
            return astray || unwritten is not null ? null : deduplicator!.Nominate(candidate.Fingerprint, Arrival.Of(stated, now), now);
        }
        finally
        {
            deciding.Exit();
        }
    }

    /// <summary>Takes the lane and gives it back.</summary>
    public void Try()
    {
        writer.Begin();
        writer.Rollback();
    }

    /// <summary>
    /// Follows what other processes decide, so that this one can decide at any moment: should the one that has the lane be killed, there is nothing
    /// to be read first. Without the lane: what was committed up to an end of the log changes no more.
    /// </summary>
    public void Idle()
    {
        if (astray || unwritten is not null)
            return;
        var end = log.End();
        if (end == known)
            return;
        using var _ = deciding.EnterScope();
        Follow(end);
    }

    public void Dispose() => writer.Dispose();

    /// <summary>What is rejected or failed needs no comparison; whoever only discards an article need not build the index for it.</summary>
    static bool NeedsIndex(IReadOnlyList<LaneItem> group) => group.Any(i => i.Candidate is not null);

    /// <param name="failure">Why the one article of the group fails, where that is known.</param>
    LaneOutcome[] DecideInOne(IReadOnlyList<LaneItem> group, Failure? failure = null)
    {
        var compares = NeedsIndex(group);
        // What is unwritten can only be written by the same group: a group must not be decided with it that replaces it.
        if (compares && (astray || unwritten is { } left && !ReferenceEquals(left.Group, group)))
            Rebuild();
        var end = writer.Begin();
        try
        {
            if (compares)
                CatchUpInLane(end);
            var claimed = writer.Claim([.. group.Select(i => i.Claim)]);
            Turn[] turns;
            if (unwritten is { } before && ReferenceEquals(before.Group, group))
            {
                turns = [.. before.Turns.Select((turn, i) => turn with { Article = claimed[i].Article })];
            }
            else
            {
                astray |= compares;
                turns = [.. claimed.Select((turn, i) => DecideInLane(group[i], turn, failure))];
            }

            if (compares)
                (unwritten, astray) = ((group, turns), false);
            var outcomes = WriteInLane(group, turns, end, out var reached);
            unwritten = null;
            if (known == end)
                known = reached;
            return outcomes;
        }
        finally
        {
            writer.Rollback();
        }
    }

    /// <summary>Adds what other processes decided since.</summary>
    void CatchUpInLane(LogEnd end)
    {
        if (end == known)
            return;
        // Others decided between a failed attempt to write and this one, and saw nothing of what it was to write.
        if (unwritten is not null)
            Rebuild();
        Follow(end);
    }

    void Follow(LogEnd end)
    {
        astray = true;
        deduplicator!.Remember(log.Remembered(known.Number, end.Number));
        clock.Follow(deduplicator.Clock);
        (known, astray) = (end, false);
    }

    Turn DecideInLane(LaneItem item, LaneTurn claimed, Failure? failure)
    {
        var turn = new Turn(claimed.Article, claimed.Known, null, null, failure ?? item.Failure);
        if (turn.Known || turn.Failure is not null || item.Candidate is not { } candidate)
            return turn;
        try
        {
            var now = item.Clock ?? clock.Next();
            var article = candidate.Article with { Arrival = Arrival.Of(item.Stated, now) };
            var decision = deduplicator!.Decide(article, candidate.Fingerprint, now);
            recent.Add(decision.Number, article);
            return turn with { Arrival = article.Arrival, Decision = decision };
        }
        catch (Exception e) when (e is StoredResultException or LedgerException { IsPassing: false })
        {
            // An earlier article could not be read; nothing was decided.
            return turn with { Failure = Failure.Of(FailedStage.Deduplicate, e) };
        }
    }

    LaneOutcome[] WriteInLane(IReadOnlyList<LaneItem> group, Turn[] turns, LogEnd end, out LogEnd reached)
    {
        var now = time.GetUtcNow();
        var (decided, failed) = (new List<DecidedArticle>(turns.Length), new List<FailedArticle>());
        var outcomes = new LaneOutcome[turns.Length];
        for (var i = 0; i < turns.Length; i++)
        {
            var (item, turn) = (group[i], turns[i]);
            if (turn.Known)
            {
                outcomes[i] = new LaneOutcome(turn.Article, LogPosition.Start, Known: true, null);
            }
            else if (turn.Failure is { } failure)
            {
                failed.Add(new FailedArticle(turn.Article, failure.Stage, failure.Name, failure.Detail, now));
                outcomes[i] = new LaneOutcome(turn.Article, LogPosition.Start, Known: false, null, failure);
            }
            else
            {
                end = end with { Position = end.Position.Next };
                decided.Add(Decided(item, turn, end.Position, now));
                if (turn.Decision is { } decision)
                    end = end with { Number = new StoryNumber(decision.Number) };
                outcomes[i] = new LaneOutcome(turn.Article, end.Position, Known: false, turn.Decision);
            }
        }

        writer.Commit(new LaneGroup(decided, failed));
        reached = end;
        return outcomes;
    }

    static DecidedArticle Decided(LaneItem item, Turn turn, LogPosition position, DateTimeOffset now)
    {
        var compared = item.Candidate?.Article;
        return new DecidedArticle(
            new DecisionEntry(
                position, turn.Article, now, turn.Decision is { } decision ? StoryPlaces.Of(decision) : null,
                item.Rejection, turn.Arrival ?? Arrival.Of(item.Stated, now), item.Normaliser,
                compared?.Headline, compared?.Agency, compared?.Publisher)
            {
                Source = turn.Decision is null ? null : item.Source,
            },
            item.Result, turn.Decision?.Remembered);
    }

    /// <param name="Known">The article has its outcome already.</param>
    /// <param name="Arrival">With which it was compared; null where it was not.</param>
    sealed record Turn(ArticleNumber Article, bool Known, DateTimeOffset? Arrival, Decision? Decision, Failure? Failure);
}
