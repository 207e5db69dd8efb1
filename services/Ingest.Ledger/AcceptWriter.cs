using System.Globalization;
using Ingest.Core.Articles;
using Ingest.Core.Normalisation.Reading;
using Ingest.Ledger.Articles;
using Ingest.Ledger.Sqlite;

namespace Ingest.Ledger;

/// <summary>
/// Takes articles into a ledger; for one thread at a time. Does not take the lane: what it writes has no place in the log yet.
/// </summary>
public sealed class AcceptWriter : IDisposable
{
    /// <summary>How long an idempotency key is remembered.</summary>
    public static readonly TimeSpan KeysKept = TimeSpan.FromDays(30);

    readonly Writer writer;

    /// <exception cref="LedgerException">The ledger cannot be opened or written.</exception>
    public AcceptWriter(LedgerFile ledger, DateTimeOffset now)
    {
        writer = new Writer(ledger);
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
        var accepted = new Acceptance[]?[requests.Count];
        for (var i = 0; i < accepted.Length; i++)
            if (requests[i].Key is not { } key || Use(key, now))
                accepted[i] = [.. requests[i].Submissions.Select(s => Add(s, anybody))];
        return accepted;
    });

    /// <summary>Lets articles of another ledger, in which they have no outcome yet, wait for it here.</summary>
    public void Take(IEnumerable<Submission> undecided) => writer.Transact(() => undecided.Count(s => !Add(s, anybody: true).Known));

    /// <summary>Writes what is there already, to see whether the ledger can be written.</summary>
    /// <exception cref="LedgerException">It cannot.</exception>
    public void Try() =>
        // Writes a page even where the number is the same.
        writer.Transact(() => writer.Execute(
            string.Create(CultureInfo.InvariantCulture, $"PRAGMA user_version = {writer.Value<int>("PRAGMA user_version")}")));

    public void Dispose() => writer.Dispose();

    Acceptance Add(Submission submission, bool anybody)
    {
        var accepted = writer.Add(submission);
        if (!accepted.Known)
            writer.SetUnfinished(accepted.Article, anybody);
        return accepted;
    }

    /// <returns>False where the key was used for another content.</returns>
    bool Use(IdempotencyKey key, DateTimeOffset now)
    {
        writer.Execute("INSERT INTO idempotency (key, content, used) VALUES (@Key, @Content, @now) ON CONFLICT (key) DO NOTHING",
            new { key.Key, key.Content, now = now.ToUnixTimeMilliseconds() });
        return writer.Value<byte[]>("SELECT content FROM idempotency WHERE key = @Key", new { key.Key })
            .AsSpan().SequenceEqual(key.Content);
    }
}
