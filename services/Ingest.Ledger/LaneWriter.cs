using Dapper;
using Ingest.Core.Articles;
using Ingest.Core.Deduplication;
using Ingest.Core.Normalisation.Reading;
using Ingest.Ledger.Articles;
using Ingest.Ledger.Decisions;

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

    /// <summary>The sources of this transaction and the last, each with its number and those of its articles so far.</summary>
    readonly Dictionary<string, (long Number, int Articles)> sources = new(StringComparer.Ordinal);
    LogEnd? end;

    /// <exception cref="LedgerException">The ledger cannot be opened.</exception>
    public LaneWriter(LedgerStore ledger)
    {
        ArgumentNullException.ThrowIfNull(ledger);
        writer = ledger.OpenWriter();
    }

    /// <summary>Takes the lane: no other process decides until it is given back.</summary>
    /// <returns>The end of the log. What was decided up to there can be read with <see cref="DecisionLog.Remembered"/>.</returns>
    /// <exception cref="LedgerException">The lane cannot be had.</exception>
    public LogEnd Begin()
    {
        writer.Begin(lane: true);
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
        var added = new Queue<Acceptance>(writer.Add([.. group.Select(c => c.New).OfType<Submission>()]));
        Acceptance[] accepted = [.. group.Select(c => c.New is null ? new Acceptance(c.Number, Known: true) : added.Dequeue())];
        // One that is to be discarded without having failed waits on.
        bool[] asks = [.. accepted.Select((a, i) => a.Known && (!group[i].Discards || HasFailed(a.Article)))];
        var taken = writer.TakeUnfinished([.. accepted.Where((_, i) => asks[i]).Select(a => a.Article).Distinct()]);
        return accepted.Select((a, i) => new LaneTurn(a.Article, a.Known && !(asks[i] && (taken.Remove(a.Article) || group[i].Discards)))).ToArray();
    });

    /// <summary>
    /// An earlier article for the comparison. What this transaction is to write is not among them: <see cref="Commit"/> writes it,
    /// and the lane remembers it until then.
    /// </summary>
    /// <exception cref="LedgerException">The log has no such number.</exception>
    /// <exception cref="StoredResultException">What is stored of it cannot be read.</exception>
    public StoryArticle ReadStoryArticle(StoryNumber number) => writer.Ledger.Told(() =>
        writer.ReadStory(number) is { } row ? StoryLog.StoryArticleOf(row) : throw StoryLog.NoSuchNumber(writer.Ledger, number));

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
            writer.TakeUnfinished([.. group.Failed.Select(f => f.Article)]);
            foreach (var failed in group.Failed)
                Fail(failed);
            if (anyErrors)
                writer.Execute($"DELETE FROM errors WHERE {writer.Ledger.Among("article", "@articles")}",
                    new { articles = writer.Ledger.Among(group.Decided.Select(d => d.Decision.Article.Value)) });
            writer.Append(Numbered(group.Decided));
            foreach (var decision in group.Decided.Select(d => d.Decision))
                reached = new LogEnd(decision.Position, decision.Place?.Number ?? reached.Number);
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
        writer.Dispose();
    }

    /// <summary>Adds what an index is rebuilt from, and no decision.</summary>
    internal void Remember(IReadOnlyList<Remembered> articles) => writer.Remember(articles);

    bool HasFailed(ArticleNumber article) =>
        writer.Value<long?>("SELECT article FROM errors WHERE article = @article", new { article = article.Value }) is not null;

    void Fail(FailedArticle failed) => writer.Execute("""
        INSERT INTO errors (article, stage, fault, detail, occurred, attempts) VALUES (@article, @stage, @fault, @detail, @now, 1)
        ON CONFLICT (article) DO UPDATE SET stage = excluded.stage, fault = excluded.fault, detail = excluded.detail, occurred = excluded.occurred,
          attempts = errors.attempts + 1
        """, new
    {
        article = failed.Article.Value,
        stage = StoredWords.Stages.Of(failed.Stage),
        fault = writer.Ledger.Kept(failed.Fault),
        detail = writer.Ledger.Kept(failed.Detail),
        now = failed.Occurred.ToUnixTimeMilliseconds(),
    });

    /// <summary>The decisions, each with the number of its source and the how-many-th of the source's articles it is.</summary>
    List<DecidedRow> Numbered(IReadOnlyList<DecidedArticle> decided)
    {
        Find([.. decided.Select(d => d.Decision.Source?.Name).OfType<string>().Where(n => !sources.ContainsKey(n)).Distinct(StringComparer.Ordinal)]);
        var rows = new List<DecidedRow>(decided.Count);
        foreach (var article in decided)
            rows.Add(new DecidedRow(article, article.Decision.Source is { } source ? Next(source.Name) : null));
        return rows;
    }

    void Find(string[] names)
    {
        if (names.Length == 0)
            return;
        foreach (var (name, number, articles) in writer.Connection.Query<(string Name, long Number, long Articles)>($"""
            SELECT s.name, s.source, coalesce((SELECT max(of_source) FROM decisions d WHERE d.source = s.source), 0)
            FROM sources s WHERE {writer.Ledger.Among("s.name", "@names")}
            """, new { names = writer.Ledger.Among(names) }))
            sources[name] = (number, (int)articles);
    }

    (long Number, int Articles) Next(string name)
    {
        if (!sources.TryGetValue(name, out var known))
            known.Number = writer.Value<long>("INSERT INTO sources (name) VALUES (@name) RETURNING source", new { name });
        known.Articles++;
        return sources[name] = known;
    }
}
