using Ingest.Core.Normalisation.Reading;
using Ingest.Ledger.Articles;

namespace Ingest.Ledger;

/// <summary>
/// Takes articles into a ledger; for one thread at a time. Does not take the lane: what it writes has no place in the log yet.
/// </summary>
public sealed class AcceptWriter : IDisposable
{
    /// <summary>How long an idempotency key is remembered.</summary>
    public static readonly TimeSpan KeysKept = TimeSpan.FromDays(30);

    /// <summary>Articles of another ledger that are read and written together.</summary>
    const int AtOnce = 256;

    readonly Writer writer;

    /// <exception cref="LedgerException">The ledger cannot be opened or written.</exception>
    public AcceptWriter(LedgerStore ledger, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(ledger);
        writer = ledger.OpenWriter();
        try
        {
            writer.Transact(() =>
                writer.Execute("DELETE FROM idempotency WHERE used < @before", new { before = (now - KeysKept).ToUnixTimeMilliseconds() }));
        }
        catch
        {
            writer.Dispose();
            throw;
        }
    }

    /// <summary>Accepts what several clients ask for, in one transaction: when it returns, all of it is durable.</summary>
    /// <param name="anybody">
    /// Any process with the next stage may take the articles up at once; false where this process brings them on their way itself.
    /// </param>
    /// <returns>
    /// For each request its articles in the same order; null where its key was used for another content, so that nothing
    /// of it was accepted.
    /// </returns>
    /// <exception cref="LedgerException">Nothing was accepted.</exception>
    public Acceptance[]?[] Accept(IReadOnlyList<AcceptRequest> requests, DateTimeOffset now, bool anybody) => writer.Transact(() =>
    {
        bool[] takes = [.. requests.Select(r => r.Key is not { } key || Use(key, now))];
        var added = new Queue<Acceptance>(Add([.. requests.Where((_, i) => takes[i]).SelectMany(r => r.Submissions)], anybody));
        return requests.Select((r, i) => takes[i] ? r.Submissions.Select(_ => added.Dequeue()).ToArray() : null).ToArray();
    });

    /// <summary>Lets articles of another ledger, in which they have no outcome yet, wait for it here.</summary>
    public void Take(IEnumerable<Submission> undecided) => writer.Transact(() =>
    {
        foreach (var some in undecided.Chunk(AtOnce))
            Add(some, anybody: true);
        return true;
    });

    /// <summary>Writes what is there already, to see whether the ledger can be written.</summary>
    /// <exception cref="LedgerException">It cannot.</exception>
    public void Try() => writer.Transact(() =>
    {
        writer.Try();
        return true;
    });

    public void Dispose() => writer.Dispose();

    Acceptance[] Add(IReadOnlyList<Submission> submissions, bool anybody)
    {
        var accepted = writer.Add(submissions);
        writer.SetUnfinished([.. accepted.Where(a => !a.Known).Select(a => a.Article)], anybody);
        return accepted;
    }

    /// <returns>False where the key was used for another content.</returns>
    bool Use(IdempotencyKey key, DateTimeOffset now)
    {
        var name = writer.Ledger.Exact(key.Key);
        writer.Execute("INSERT INTO idempotency (key, content, used) VALUES (@Key, @Content, @now) ON CONFLICT (key) DO NOTHING",
            new { Key = name, key.Content, now = now.ToUnixTimeMilliseconds() });
        return writer.Value<byte[]>("SELECT content FROM idempotency WHERE key = @Key", new { Key = name })
            .AsSpan().SequenceEqual(key.Content);
    }
}
