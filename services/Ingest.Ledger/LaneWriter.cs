using Dapper;
using Ingest.Core.Articles;
using Ingest.Core.Deduplication;
using Ingest.Core.Normalisation.Reading;
using Ingest.Ledger.Articles;
using Ingest.Ledger.Decisions;
using Ingest.Ledger.Sqlite;

namespace Ingest.Ledger;

/// <summary>An article that asks for its turn in the lane.</summary>
/// <param name="New">To be accepted in the same transaction; null where the ledger has it.</param>
/// <param name="Number">Its number, where the ledger has it.</param>
/// <param name="Discards">It has failed, and is to get its outcome without another try.</param>
public readonly record struct LaneClaim(Submission? New, ArticleNumber Number, bool Discards);

/// <param name="Known">It has its outcome already, or is not there to be decided: nothing is to be written about it.</param>
public readonly record struct LaneTurn(ArticleNumber Article, bool Known);

/// <summary>A decision with what belongs to it.</summary>
/// <param name="Result">In the form of <see cref="StoredResult"/>.</param>
/// <param name="Remembered">What the index is rebuilt from; null for a rejected article.</param>
public sealed record DecidedArticle(DecisionEntry Decision, ReadOnlyMemory<byte> Result, Remembered? Remembered);

/// <summary>An article whose handling failed, and why.</summary>
public sealed record FailedArticle(ArticleNumber Article, FailedStage Stage, string Fault, string Detail, DateTimeOffset Occurred);

/// <summary>All that the lane writes for a group. The positions of its decisions follow the log's end, in order.</summary>
public sealed record LaneGroup(IReadOnlyList<DecidedArticle> Decided, IReadOnlyList<FailedArticle> Failed);

/// <summary>
/// The decision lane as the store holds it: one writer at a time over all processes. <see cref="Begin"/>, <see cref="Claim"/>, as many
/// <see cref="ReadStoryArticle"/> as needed, then <see cref="Commit"/> or <see cref="Rollback"/>. For one thread.
/// </summary>
public sealed class LaneWriter : IDisposable
{
    readonly Writer writer;
    readonly Statement takeUnfinished, hasFailed, addResult, addDecision, addFingerprint, readStory, findSource, addSource;

    /// <summary>The sources of this transaction and the last, each with its number and those of its articles so far.</summary>
    readonly Dictionary<string, (long Source, int Articles)> sources = new(StringComparer.Ordinal);
    LogEnd? end;

    /// <exception cref="LedgerException">The ledger cannot be opened.</exception>
    public LaneWriter(LedgerFile ledger)
    {
        writer = new Writer(ledger);
        takeUnfinished = writer.Prepare("DELETE FROM unfinished WHERE article = ?1");
        hasFailed = writer.Prepare("SELECT 1 FROM errors WHERE article = ?1");
        addResult = writer.Prepare("INSERT INTO results (article, result) VALUES (?1, ?2)");
        addDecision = writer.Prepare("""
            INSERT INTO decisions (position, article, decided, number, story, canonical, version, relation, matched, resemblance, containment, changes, rejection, arrival, normaliser, headline, agency, publisher, source, of_source, learnt, ruled)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21, ?22)
            """);
        addFingerprint = writer.Prepare("""
            INSERT INTO fingerprints (number, story, canonical, version, arrival, clock, hops, sampled, thinning, text_hash, oldest, posted)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)
            """);
        findSource = writer.Prepare("SELECT s.source, (SELECT max(of_source) FROM decisions d WHERE d.source = s.source) FROM sources s WHERE s.name = ?1");
        addSource = writer.Prepare("INSERT INTO sources (name) VALUES (?1) RETURNING source");
        readStory = writer.Prepare($"{StoryLog.StoryArticles} WHERE d.number = ?1");
    }

    /// <summary>Takes the lane: no other process decides until it is given back.</summary>
    /// <returns>The end of the log. What was decided up to there can be read with <see cref="DecisionLog.Remembered"/>.</returns>
    /// <exception cref="LedgerException">The lane cannot be had.</exception>
    public LogEnd Begin()
    {
        writer.Begin();
        try
        {
            var now = writer.Ledger.Told(() => DecisionLog.End(writer.Connection));
            // Others may have decided about the same sources, or what was counted was not written.
            if (now != end)
                sources.Clear();
            end = now;
            return now;
        }
        catch
        {
            Rollback();
            throw;
        }
    }

    /// <summary>
    /// Gives each article of a group its number, and finds out which have their outcome already. Those that have not no longer wait for it:
    /// it is to be written in this transaction.
    /// </summary>
    public LaneTurn[] Claim(IReadOnlyList<LaneClaim> group) => writer.Ledger.Told(() =>
    {
        var turns = new LaneTurn[group.Count];
        for (var i = 0; i < turns.Length; i++)
        {
            var claim = group[i];
            var accepted = claim.New is { } submission ? writer.Add(submission) : new Acceptance(claim.Number, Known: true);
            turns[i] = new LaneTurn(accepted.Article, accepted.Known && !Takes(accepted.Article, claim.Discards));
        }

        return turns;
    });

    /// <summary>
    /// An earlier article for the comparison. What this transaction is to write is not among them: <see cref="Commit"/> writes it,
    /// and the lane remembers it until then.
    /// </summary>
    /// <exception cref="LedgerException">The log has no such number.</exception>
    /// <exception cref="StoredResultException">What is stored of it cannot be read.</exception>
    public StoryArticle ReadStoryArticle(StoryNumber number) => writer.Ledger.Told(() =>
    {
        readStory.Set(1, number.Value);
        if (!readStory.Read())
            throw StoryLog.NoSuchNumber(writer.Ledger, number);
        try
        {
            return StoryLog.StoryArticleOf(readStory.Text(0), readStory.Blob(1).ToArray(), readStory.Blob(2), readStory.Number(3));
        }
        finally
        {
            readStory.Reset();
        }
    });

    /// <summary>Writes a group and gives the lane back. When it returns, all of it is durable.</summary>
    /// <exception cref="LedgerException">Nothing was written; the lane is to be given back with <see cref="Rollback"/>.</exception>
    public void Commit(LaneGroup group)
    {
        ArgumentNullException.ThrowIfNull(group);
        var written = writer.Ledger.Told(() =>
        {
            // Known again once it is written.
            var reached = end!.Value;
            end = null;
            var anyErrors = writer.Value<bool>("SELECT EXISTS (SELECT 1 FROM errors)");
            foreach (var failed in group.Failed)
                Fail(failed);
            foreach (var decided in group.Decided)
            {
                if (anyErrors)
                    writer.Execute("DELETE FROM errors WHERE article = @article", new { article = decided.Decision.Article.Value });
                Add(decided);
                reached = new LogEnd(decided.Decision.Position, decided.Decision.Place?.Number ?? reached.Number);
            }

            return reached;
        });
        writer.Commit();
        end = written;
    }

    /// <summary>Gives the lane back without a trace. Never throws; does nothing where it is not held.</summary>
    public void Rollback() => writer.Rollback();

    public void Dispose()
    {
        Rollback();
        foreach (var statement in (ReadOnlySpan<Statement>)[takeUnfinished, hasFailed, addResult, addDecision, addFingerprint, readStory, findSource, addSource])
            statement.Dispose();
        writer.Dispose();
    }

    /// <summary>
    /// True where the article is to have its outcome now; then it no longer waits for it. One that is to be discarded
    /// without having failed waits on.
    /// </summary>
    bool Takes(ArticleNumber article, bool discards)
    {
        if (discards && !HasFailed(article))
            return false;
        takeUnfinished.Set(1, article.Value);
        return takeUnfinished.Run() > 0 || discards;
    }

    bool HasFailed(ArticleNumber article)
    {
        hasFailed.Set(1, article.Value);
        var failed = hasFailed.Read();
        hasFailed.Reset();
        return failed;
    }

    void Fail(FailedArticle failed) => writer.Execute("""
        DELETE FROM unfinished WHERE article = @article;
        INSERT INTO errors (article, stage, fault, detail, occurred, attempts) VALUES (@article, @stage, @fault, @detail, @now, 1)
        ON CONFLICT (article) DO UPDATE SET stage = excluded.stage, fault = excluded.fault, detail = excluded.detail, occurred = excluded.occurred, attempts = attempts + 1
        """, new { article = failed.Article.Value, stage = StoredWords.Stages.Of(failed.Stage), fault = failed.Fault, detail = failed.Detail, now = failed.Occurred.ToUnixTimeMilliseconds() });

    void Add(DecidedArticle decided)
    {
        var decision = decided.Decision;
        addResult.Set(1, decision.Article.Value);
        addResult.Set(2, decided.Result.Span);
        addResult.Run();
        var (place, join) = (decision.Place, decision.Place?.Join);
        addDecision.Set(1, decision.Position.Value);
        addDecision.Set(2, decision.Article.Value);
        addDecision.Set(3, decision.Decided.ToUnixTimeMilliseconds());
        addDecision.Set(4, place?.Number.Value);
        addDecision.Set(5, place?.Story.Value);
        addDecision.Set(6, place?.Canonical.Value);
        addDecision.Set(7, place?.Version);
        addDecision.Set(8, join is null ? null : StoredWords.Relations.Of(join.Relation));
        addDecision.Set(9, join?.Matched.Value);
        addDecision.Set(10, join?.Resemblance);
        addDecision.Set(11, join?.Containment);
        addDecision.Set(12, join is null ? null : Columns.Json(join.Changes));
        addDecision.Set(13, decision.Rejection is { } reason ? StoredWords.Rejections.Of(reason) : null);
        addDecision.Set(14, decision.Arrival.ToUnixTimeMilliseconds());
        addDecision.Set(15, decision.Normaliser);
        addDecision.Set(16, decision.Headline);
        addDecision.Set(17, decision.Agency);
        addDecision.Set(18, decision.Publisher);
        var source = decision.Source is { } named ? Next(named.Name) : default((long Source, int Articles)?);
        addDecision.Set(19, source?.Source);
        addDecision.Set(20, source?.Articles);
        addDecision.Set(21, decision.Source?.Known.Learnt);
        addDecision.Set(22, decision.Source?.Known.Ruled is > 0 and var ruled ? ruled : default(long?));
        addDecision.Run();
        if (decided.Remembered is { } remembered)
            Add(remembered);
    }

    /// <summary>The source's number, and that of its next article.</summary>
    (long Source, int Articles) Next(string name)
    {
        if (!sources.TryGetValue(name, out var known))
        {
            findSource.Set(1, name);
            known = findSource.Read() ? (findSource.Number(0), (int)findSource.Number(1)) : (0, 0);
            findSource.Reset();
        }

        if (known.Source == 0)
        {
            addSource.Set(1, name);
            addSource.Read();
            known.Source = addSource.Number(0);
            addSource.Reset();
        }

        known.Articles++;
        return sources[name] = known;
    }

    internal void Add(Remembered article)
    {
        addFingerprint.Set(1, article.Number);
        addFingerprint.Set(2, article.Story);
        addFingerprint.Set(3, article.Canonical);
        addFingerprint.Set(4, article.Version);
        addFingerprint.Set(5, article.Arrival);
        addFingerprint.Set(6, article.Clock);
        addFingerprint.Set(7, article.Hops);
        addFingerprint.Set(8, article.Sampled);
        addFingerprint.Set(9, article.Thinning);
        addFingerprint.Set(10, (long?)unchecked((long)article.TextHash));
        addFingerprint.Set(11, article.Oldest);
        addFingerprint.Set(12, Columns.Bytes(article.Posted));
        addFingerprint.Run();
    }
}
