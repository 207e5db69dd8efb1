using System.Data.Common;
using Dapper;
using Ingest.Core.Deduplication;
using Ingest.Core.Normalisation.Reading;
using Ingest.Ledger.Articles;

namespace Ingest.Ledger;

/// <summary>An earlier article as the lane reads it, for the comparison.</summary>
/// <param name="Result">In the form of <see cref="StoredResult"/>.</param>
/// <param name="Arrival">Milliseconds since 1970.</param>
/// <param name="Packed">Whether the content is: see <see cref="Packing"/>.</param>
readonly record struct StoryRow(string Form, byte[] Content, byte[] Result, long Arrival, long Packed);

/// <summary>A decision as it is written.</summary>
/// <param name="Source">The source's number, and the how-many-th of its articles this is; null for none.</param>
readonly record struct DecidedRow(DecidedArticle Article, (long Number, int Articles)? Source);

/// <summary>
/// Writes to a ledger, transaction by transaction; for one thread at a time. Everything is durable, and visible to others, when
/// <see cref="Commit"/> returns, and not before. Its faults are the ledger's.
/// </summary>
abstract class Writer(LedgerStore ledger) : IDisposable
{
    public LedgerStore Ledger => ledger;

    public abstract DbConnection Connection { get; }

    /// <summary>Begins a transaction.</summary>
    /// <param name="lane">Takes the lane with it: nobody else has it until the transaction ends.</param>
    /// <exception cref="LedgerException">The ledger is locked, read-only, out of space, lost or away.</exception>
    public abstract void Begin(bool lane);

    public abstract void Commit();

    /// <summary>Ends the transaction without a trace. Never throws; does nothing where there is none.</summary>
    public abstract void Rollback();

    /// <summary>Writes in the transaction what changes nothing, but shows whether the ledger can be written.</summary>
    public abstract void Try();

    /// <summary>Adds articles, in their order, unless they are known already.</summary>
    public abstract Acceptance[] Add(IReadOnlyList<Submission> submissions);

    /// <summary>Lets articles wait for their outcome.</summary>
    /// <param name="anybody">Any process with the next stage may take them up at once.</param>
    public abstract void SetUnfinished(IReadOnlyList<ArticleNumber> articles, bool anybody);

    /// <summary>Lets articles wait no longer.</summary>
    /// <returns>Those that did.</returns>
    public abstract HashSet<ArticleNumber> TakeUnfinished(IReadOnlyList<ArticleNumber> articles);

    /// <summary>An earlier article; null where there is none of this number.</summary>
    public abstract StoryRow? ReadStory(StoryNumber number);

    /// <summary>Appends decisions to the log, with all that belongs to them.</summary>
    public abstract void Append(IReadOnlyList<DecidedRow> decided);

    /// <summary>Adds what an index is rebuilt from.</summary>
    public abstract void Remember(IReadOnlyList<Remembered> articles);

    /// <summary>Adds rows of another store, under their numbers.</summary>
    public abstract void Insert(LedgerTable table, IReadOnlyList<object?[]> rows);

    /// <summary>Removes all rows of a table.</summary>
    public abstract void Empty(LedgerTable table);

    /// <summary>Lets numbers that are given from now on follow those of the rows.</summary>
    public abstract void Continue();
    /// <summary>Lets go of the texts of articles, and of what was made of them.</summary>
    public abstract void DropTexts(long[] articles);

    /// <summary>The number of the first article whose text does not go with all those before it, in one piece.</summary>
    public abstract long WholeTexts();

    /// <summary>Gives a little of the space that is not needed any more back to the system.</summary>
    /// <returns>Whether there was any.</returns>
    public abstract bool GiveBack();

    /// <summary>Writes in a transaction of its own: all of it, or nothing where it throws.</summary>
    /// <param name="lane">While nobody else has the lane: for what decides something, or gives numbers without gaps.</param>
    public T Transact<T>(Func<T> write, bool lane = false)
    {
        Begin(lane);
        try
        {
            var result = Ledger.Told(write);
            Commit();
            return result;
        }
        finally
        {
            Rollback();
        }
    }

    /// <summary>Runs any other statement in the transaction.</summary>
    public int Execute(string sql, object? parameters = null) => Connection.Execute(sql, parameters);

    public T? Value<T>(string sql, object? parameters = null) => Connection.ExecuteScalar<T>(sql, parameters);

    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    protected abstract void Dispose(bool disposing);
}
