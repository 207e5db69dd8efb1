using System.Data.Common;
using System.Diagnostics.CodeAnalysis;
using Dapper;
using Ingest.Core.Articles;
using Ingest.Ledger.Articles;

namespace Ingest.Ledger;

/// <summary>
/// A ledger: every accepted article, what became of it, and the log of decisions. <see cref="LedgerFile"/> keeps it in a file,
/// <see cref="LedgerDatabase"/> on a PostgreSQL server; what either does differently is here and in their <see cref="Writer"/>s, and
/// everything else is written once, in SQL that both read. A commit is durable when it returns. Whatever fails here fails with a
/// <see cref="LedgerException"/>.
/// </summary>
public abstract class LedgerStore : IDisposable
{
    string? collection;

    /// <summary>How it is called in a sentence.</summary>
    public abstract string Name { get; }

    /// <summary>How it is called in a list of what a process uses: a file's path, or a server and its database.</summary>
    public abstract string Place { get; }

    /// <summary>The number of the schema; this program's own, unless it was opened unchanged.</summary>
    public int Schema { get; private protected set; }

    /// <summary>Whether the schema is an earlier one than this program's.</summary>
    public abstract bool IsEarlier { get; }

    /// <summary>The collection whose articles it holds: a ledger has one, which is a part of its articles' names.</summary>
    /// <exception cref="LedgerException">The ledger cannot be read.</exception>
    public string Collection => collection ??= LedgerSettings.FindCollection(this) ?? ArticleIds.DefaultCollection;

    /// <summary>For whoever reads what <see cref="IsEarlier"/> may lack.</summary>
    /// <exception cref="LedgerException">The schema is an earlier one.</exception>
    public void MustBeCurrent()
    {
        if (IsEarlier)
            throw new LedgerException($"{Name} has schema {Schema}, of an earlier program. Run 'ingest migrate' on it first.");
    }

    /// <summary>
    /// Looks whether what was opened is still there, and whole. Until it is, whoever reads or writes is told so by a
    /// <see cref="LedgerException"/> that passes. For one thread.
    /// </summary>
    /// <returns>Null where it is.</returns>
    public abstract LedgerLoss? Look();

    /// <summary>Joins the contents of articles to a query that has the table <c>articles</c> as a.</summary>
    internal abstract string JoinContents { get; }

    /// <summary>An article's content, null where it is no longer kept; see <see cref="JoinContents"/>.</summary>
    internal abstract string Content { get; }

    /// <summary>That the content of the article a is kept.</summary>
    internal abstract string IsKept { get; }

    /// <summary>The column that says whether it is packed; see <see cref="Packing"/>.</summary>
    internal abstract string Packed { get; }

    /// <summary>A connection for a while. Connections are pooled; reading never waits for writing.</summary>
    /// <exception cref="DbException">The ledger cannot be opened.</exception>
    /// <exception cref="LedgerException">It is lost.</exception>
    internal abstract Lease Connect();

    /// <exception cref="LedgerException">The ledger cannot be opened.</exception>
    internal abstract Writer OpenWriter();

    /// <summary>A fault of the store in an operator's words; null for one that is not the store's.</summary>
    internal abstract LedgerException? Fault(Exception fault);

    /// <summary>Whether a part of what is stored cannot be read, while others can.</summary>
    internal abstract bool IsDamage(Exception fault);

    /// <summary>What the store itself finds wrong with what it holds; empty for nothing.</summary>
    internal abstract IEnumerable<string> Damage(DbConnection connection);

    /// <summary>Whether this process may write to it.</summary>
    internal abstract bool IsWritable(DbConnection connection);

    /// <summary>Begins to read as of one moment, until the transaction is rolled back.</summary>
    internal abstract string BeginReading { get; }

    /// <summary>Rows of a table in the order of its key, one by one.</summary>
    /// <param name="where">Empty for all.</param>
    internal abstract IEnumerable<object?[]> Rows(DbConnection connection, LedgerTable table, string where);

    /// <summary>That a column's value is among those of a parameter.</summary>
    internal abstract string Among(string column, string parameter);

    /// <summary>The value of such a parameter.</summary>
    internal abstract object Among<T>(IEnumerable<T> values);

    /// <summary>The value of a parameter for a column that keeps texts as they are, whatever signs they have.</summary>
    internal abstract object Exact(string text);

    /// <summary>A text as a column of texts keeps it; <see cref="Whole"/> gives it back.</summary>
    [return: NotNullIfNotNull(nameof(text))]
    internal abstract string? Kept(string? text);

    /// <summary>A text that a column of texts has kept.</summary>
    [return: NotNullIfNotNull(nameof(kept))]
    internal abstract string? Whole(string? kept);

    /// <summary>That two texts are the same but for upper and lower case.</summary>
    internal abstract string Same(DbConnection connection, string column, string parameter, string? value);

    /// <summary>That a text holds another, whatever the case. The parameter's value is that of <see cref="Part"/>.</summary>
    internal abstract string Holds(DbConnection connection, string column, string parameter, string? value);

    /// <inheritdoc cref="Holds"/>
    internal abstract string? Part(string? value);

    /// <summary>Reads on a connection of its own.</summary>
    internal T Read<T>(Func<DbConnection, T> read) => Told(() =>
    {
        using var lease = Connect();
        return read(lease.Connection);
    });

    /// <summary>The same for what is read bit by bit.</summary>
    internal IEnumerable<T> Stream<T>(Func<DbConnection, IEnumerable<T>> read)
    {
        using var lease = Told(Connect);
        using var each = Told(() => read(lease.Connection).GetEnumerator());
        while (Told(each.MoveNext))
            yield return each.Current;
    }

    /// <summary>Reads as of one moment, for as long as it takes.</summary>
    internal void ReadAtOnce(Action<DbConnection> read) => Read(connection =>
    {
        connection.Execute(BeginReading);
        try
        {
            read(connection);
        }
        finally
        {
            connection.Execute("ROLLBACK");
        }

        return true;
    });

    /// <summary>Turns the store's faults into the ledger's.</summary>
    internal T Told<T>(Func<T> work)
    {
        try
        {
            return work();
        }
        catch (Exception e) when (e is not (LedgerException or StoredResultException) && Fault(e) is not null)
        {
            throw Fault(e)!;
        }
    }

    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    protected abstract void Dispose(bool disposing);

    /// <param name="Returned">It goes back to the pool; the only connection of a temporary ledger stays open.</param>
    internal readonly record struct Lease(DbConnection Connection, bool Returned) : IDisposable
    {
        public void Dispose()
        {
            if (Returned)
                Connection.Dispose();
        }
    }
}
