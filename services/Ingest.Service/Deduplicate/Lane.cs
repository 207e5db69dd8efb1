using System.Globalization;
using Ingest.Core.Deduplication;
using Ingest.Core.Deduplication.Fingerprints;
using Ingest.Core.Normalisation;
using Ingest.Ledger;
using Ingest.Ledger.Articles;
using Ingest.Ledger.Decisions;
using Ingest.Service.Normalise;
using Microsoft.Data.Sqlite;

namespace Ingest.Service.Deduplicate;

/// <summary>
/// The decision lane: decides groups of articles, one group at a time over all processes that have the ledger open. A group is one transaction: take the lane,
/// catch up on what others decided, decide, write, commit. For one thread.
/// </summary>
sealed class Lane : IDisposable
{
    /// <summary>Articles kept in memory, so that copies that come soon after one another are compared without reading.</summary>
    const int Recent = 4096;

    readonly LedgerFile ledger;
    readonly DeduplicationOptions options;
    readonly TimeProvider time;
    readonly LedgerWriter writer;
    readonly DecisionLog log;
    readonly RecentArticles recent = new(Recent);
    Deduplicator deduplicator;

    /// <summary>The end of the log that the index stands for.</summary>
    (long Position, long Number) known;

    /// <summary>True while the index may have decisions that are nowhere else: it is to be built anew.</summary>
    bool astray;

    /// <summary>Decisions that the index has and the ledger has not yet, because writing failed.</summary>
    (IReadOnlyList<LaneItem> Group, Turn[] Turns)? unwritten;

    /// <exception cref="LedgerException">The ledger's fingerprints were made with other settings.</exception>
    public Lane(LedgerFile ledger, DeduplicationOptions options, TimeProvider time)
    {
        CheckSettings(ledger, options);
        (this.ledger, this.options, this.time) = (ledger, options, time);
        log = new DecisionLog(ledger);
        writer = new LedgerWriter(ledger);
        deduplicator = Empty();
    }

    /// <summary>Fingerprints are comparable only if they were made alike.</summary>
    /// <exception cref="LedgerException">The ledger's were made with other settings.</exception>
    public static void CheckSettings(LedgerFile ledger, DeduplicationOptions options)
    {
        var now = string.Create(CultureInfo.InvariantCulture, $"{options.ShingleWords} words or {options.ShingleCharacters} characters in a shingle, 1 in {options.SampleOneIn} sampled, common from {options.CommonStories} stories on");
        if (LedgerSettings.Keep(ledger, "fingerprints", now) is var kept && kept != now)
            throw new LedgerException($"The ledger {ledger.FilePath} was made with {kept}; the settings now say {now}. Go back to those, or decide anew into another ledger: ingest replay.");
    }

    /// <summary>Articles in the window.</summary>
    public int Count => deduplicator.Count;

    /// <summary>Position of the last decision that this process knows.</summary>
    public long Position => known.Position;

    /// <summary>Builds the index from the ledger.</summary>
    /// <exception cref="SqliteException">The ledger cannot be read.</exception>
    public void Rebuild()
    {
        // Until all of it is done: with what fails half-way nothing may be decided.
        astray = true;
        unwritten = null;
        recent.Clear();
        deduplicator = Empty();
        known = log.End();
        deduplicator.Remember(ReadAhead.Of(log.Remembered(after: null, known.Number)));
        astray = false;
    }

    /// <summary>
    /// Decides a group. An article that fails is recorded among the errors and disturbs no other. When it returns, all of it is durable.
    /// </summary>
    /// <exception cref="SqliteException">Nothing was written. Where the fault passes (see <see cref="LedgerFaults"/>), the same group is to be given again.</exception>
    public LaneOutcome[] Decide(IReadOnlyList<LaneItem> group)
    {
        try
        {
            return DecideInOne(group);
        }
        catch (Exception e) when (e is not SqliteException passing || !LedgerFaults.IsPassing(passing))
        {
            // What the index has of the group is not known: begin anew, one at a time, so that what is wrong fails alone.
            Rebuild();
            if (group.Count == 1)
                return DecideInOne(group, fault: e);
            return [.. group.Select(item => Decide([item])[0])];
        }
    }

    public void Dispose() => writer.Dispose();

    /// <param name="fault">Why the one article of the group fails, where that is known.</param>
    LaneOutcome[] DecideInOne(IReadOnlyList<LaneItem> group, Exception? fault = null)
    {
        // What is unwritten can only be written by the same group: a group must not be decided with it that replaces it.
        if (astray || unwritten is { } left && !ReferenceEquals(left.Group, group))
            Rebuild();
        writer.Begin();
        try
        {
            CatchUpInLane();

            var turns = AcceptInLane(group);
            if (unwritten is { } before && ReferenceEquals(before.Group, group))
                for (var i = 0; i < turns.Length; i++)
                    turns[i] = before.Turns[i] with { Article = turns[i].Article };
            else
            {
                astray = true;
                DecideInLane(group, turns, fault);
            }

            (unwritten, astray) = ((group, turns), false);
            var outcomes = WriteInLane(group, turns, out var reached);
            writer.Commit();
            unwritten = null;
            known = reached;
            return outcomes;
        }
        finally
        {
            writer.Rollback();
        }
    }

    /// <summary>Adds what other processes decided since.</summary>
    void CatchUpInLane()
    {
        var end = log.End();
        if (end == known)
            return;
        // Others decided between a failed attempt to write and this one, and saw nothing of what it was to write.
        if (unwritten is not null)
            Rebuild();
        astray = true;
        deduplicator.Remember(log.Remembered(known.Number, end.Number));
        (known, astray) = (end, false);
    }

    /// <summary>Gives each article its number, and finds out which have their outcome already.</summary>
    Turn[] AcceptInLane(IReadOnlyList<LaneItem> group)
    {
        var turns = new Turn[group.Count];
        for (var i = 0; i < turns.Length; i++)
        {
            var accepted = group[i].New is { } article ? writer.Accept(article, unfinished: false) : new Acceptance(group[i].Article, Known: true);
            turns[i] = new Turn(accepted.Article, Known: accepted.Known && !writer.TakeUnfinished(accepted.Article), null, null);
        }

        return turns;
    }

    void DecideInLane(IReadOnlyList<LaneItem> group, Turn[] turns, Exception? known)
    {
        for (var i = 0; i < turns.Length; i++)
        {
            if ((known ?? group[i].Fault) is { } fault)
                turns[i] = turns[i] with { Fault = fault };
            if (turns[i].Known || turns[i].Fault is not null || group[i].Candidate is not { } candidate)
                continue;
            try
            {
                var decision = deduplicator.Decide(candidate.Article, candidate.Fingerprint);
                recent.Add(decision.Number, candidate.Article);
                turns[i] = turns[i] with { Decision = decision };
            }
            catch (Exception e) when (e is StoredResultException or LedgerException)
            {
                // An earlier article could not be read; nothing was decided.
                turns[i] = turns[i] with { Fault = e };
            }
        }
    }

    LaneOutcome[] WriteInLane(IReadOnlyList<LaneItem> group, Turn[] turns, out (long Position, long Number) end)
    {
        end = known;
        var now = time.GetUtcNow();
        var outcomes = new LaneOutcome[turns.Length];
        var anyErrors = writer.HasErrors();
        for (var i = 0; i < turns.Length; i++)
        {
            var (item, turn) = (group[i], turns[i]);
            if (turn.Known)
            {
                outcomes[i] = new LaneOutcome(turn.Article, 0, Known: true, null);
                continue;
            }

            if (turn.Fault is { } fault)
            {
                Errors.Record(writer, turn.Article, item.Fault is null ? "deduplicate" : "normalise", fault.GetType().Name, fault.Message, now);
                outcomes[i] = new LaneOutcome(turn.Article, 0, Known: false, null, fault);
                continue;
            }

            if (anyErrors)
                Errors.Resolve(writer, turn.Article);
            end.Position++;
            var decision = turn.Decision;
            writer.AddResult(turn.Article, item.Result);
            writer.AddDecision(new DecisionEntry(
                end.Position, turn.Article, now, decision is null ? null : StoryPlaces.Of(decision), item.Rejection is { } reason ? OutcomeMapper.Hyphenated(reason) : null,
                item.Candidate?.Article.Arrival ?? now, Normaliser.Version, item.Candidate?.Article.Headline, item.Candidate?.Article.Agency, item.Candidate?.Article.Publisher));
            if (decision is not null)
            {
                writer.AddFingerprint(decision.Remembered);
                end.Number = decision.Number;
            }

            outcomes[i] = new LaneOutcome(turn.Article, end.Position, Known: false, decision);
        }

        return outcomes;
    }

    Deduplicator Empty() => new(options, number => recent.Find(number) ?? writer.ReadStoryArticle(number));

    /// <param name="Known">The article has its outcome already.</param>
    sealed record Turn(long Article, bool Known, Decision? Decision, Exception? Fault);
}
