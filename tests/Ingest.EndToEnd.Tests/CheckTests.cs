using System.Net;
using System.Net.Sockets;
using Microsoft.Data.Sqlite;
using static Ingest.EndToEnd.Tests.Workplace;

namespace Ingest.EndToEnd.Tests;

/// <summary><c>ingest check</c>: what is wrong, and what to do.</summary>
public sealed class CheckTests : IDisposable
{
    const string Free = "http://127.0.0.1:9";

    static readonly Lazy<Task<byte[]>> filled = new(FilledAsync);

    readonly Workplace at = new();

    public void Dispose() => at.Dispose();

    [Fact]
    public void A_folder_where_nothing_ran_yet_is_well_and_stays_empty()
    {
        var run = at.Run("check", "--url", Free);
        Assert.Equal((0, ""), (run.Exit, run.Errors));
        Assert.Equal("""
            settings  ok     stages accept,normalise,deduplicate,publish; no API key required.
            ledger    ok     ingest.db does not exist yet; 'ingest serve' will create it.
            broker    ok     no broker is configured; everything runs in one process.
            http      ok     nothing is listening on http://127.0.0.1:9; 'ingest serve' can use it.

            """, run.Output);
        Assert.Empty(Directory.GetFileSystemEntries(at.Folder));
    }

    [Fact]
    public async Task A_server_that_runs_is_well()
    {
        using var serving = Serving.Start(at);
        await serving.Submit(Record("1", "Bree") + Record("2", "Bree") + RecordOf("3", ""));
        await serving.Events(3);
        var run = at.Run("check", "--url", serving.Url);
        Assert.True(run.Exit == 0, run.Output);
        Assert.Contains("\nledger    ok     ingest.db: schema ", run.Output, StringComparison.Ordinal);
        Assert.Contains(" sound and writable, 3 articles.\nlog       ok     3 decisions without gaps, each with a result; id ", run.Output, StringComparison.Ordinal);
        Assert.Contains(".\nwaiting   ok     0 articles without an outcome yet.\n", run.Output, StringComparison.Ordinal);
        Assert.EndsWith($"http      ok     a server is ready at {serving.Url}.\n", run.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("DELETE FROM decisions WHERE position = 3", "log       WRONG  articles that are not decided, failed or waiting: 1. First: article ")]
    [InlineData("INSERT INTO unfinished (article) SELECT article FROM decisions WHERE position = 1", "log       WRONG  decided articles that still wait for an outcome: 1. First: position 1. Restore a backup of the ledger.")]
    [InlineData("PRAGMA user_version = 99", "ledger    WRONG  ingest.db has schema 99; this program knows schemas up to ")]
    [InlineData("PRAGMA application_id = 1", "ledger    WRONG  ingest.db is a SQLite file, but is not an Ingest ledger.")]
    public async Task A_ledger_that_breaks_a_promise_is_wrong(string damage, string finding)
    {
        await Fill();
        using (var connection = new SqliteConnection($"Data Source={at.PathTo("ingest.db")};Pooling=False"))
        {
            connection.Open();
            using var command = connection.CreateCommand();
            command.CommandText = damage;
            command.ExecuteNonQuery();
        }

        var run = at.Run("check", "--url", Free);
        Assert.Equal((1, ""), (run.Exit, run.Errors));
        Assert.Contains(finding, run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_with_damaged_pages_is_wrong()
    {
        await Fill();
        using (var file = new FileStream(at.PathTo("ingest.db"), FileMode.Open))
        {
            for (var page = 8192; page + 8192 <= file.Length; page += 8192)
            {
                file.Position = page + 8;
                file.Write(new byte[200]);
            }
        }

        var run = at.Run("check", "--url", Free);
        Assert.Equal((1, ""), (run.Exit, run.Errors));
        Assert.Contains("ledger    WRONG  ", run.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_no_ledger_is_wrong()
    {
        at.Write("ingest.db", "No database at all, but long enough to be looked at as one by its first bytes. " + new string('x', 200));
        var run = at.Run("check", "--url", Free);
        Assert.Equal(1, run.Exit);
        Assert.Contains("ledger    WRONG  ingest.db is not an Ingest ledger. Name another file with --ledger.\n", run.Output, StringComparison.Ordinal);
        Assert.Contains("ledger    WRONG  missing/x.db: the folder ", at.Run("check", "--url", Free, "--ledger", "missing/x.db").Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Ingest__RabbitMq__Prefetch", "0", "Ingest:RabbitMq:Prefetch is 0: it must be between 1 and 65535.")]
    [InlineData("Ingest__Securty", "x", "There is no setting Ingest:Securty. Did you mean 'Security'?")]
    public void A_setting_that_is_wrong_is_named(string name, string value, string message)
    {
        at.Environment[name] = value;
        var run = at.Run("check");
        Assert.Equal((1, ""), (run.Exit, run.Errors));
        Assert.StartsWith($"settings  WRONG  {message}", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_broker_that_is_not_there_is_wrong()
    {
        var run = at.Run("check", "--url", Free, "--rabbitmq", "amqp://guest:secret@127.0.0.1:9");
        Assert.Equal((1, ""), (run.Exit, run.Errors));
        Assert.Contains("broker    WRONG  no connection to the broker amqp://guest@127.0.0.1:9/%2F: ", run.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_address_that_somebody_else_has_is_wrong()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var answering = Task.Run(async () =>
        {
            using var client = await listener.AcceptTcpClientAsync();
            Assert.NotEqual(0, await client.GetStream().ReadAsync(new byte[1000]));
            await client.GetStream().WriteAsync("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nHi"u8.ToArray());
        });
        var url = $"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}";
        var run = at.Run("check", "--url", url);
        await answering;
        Assert.Equal(1, run.Exit);
        Assert.Contains($"http      WRONG  another program is listening on {url}: it does not answer as Ingest does. Stop it, or choose another address with --url.\n", run.Output, StringComparison.Ordinal);
    }

    /// <summary>A copy of a ledger with three articles, which a server has made once.</summary>
    async Task Fill() => at.Write("ingest.db", await filled.Value);

    static async Task<byte[]> FilledAsync()
    {
        using var place = new Workplace();
        using var serving = Serving.Start(place);
        await serving.Submit(Record("1", "Bree") + Record("2", "Cove") + RecordOf("3", ""));
        await serving.Events(3);
        Assert.Equal(0, serving.Stop());
        Assert.Empty(Directory.GetFiles(place.Folder, "ingest.db-*"));
        return await File.ReadAllBytesAsync(place.PathTo("ingest.db"));
    }
}
