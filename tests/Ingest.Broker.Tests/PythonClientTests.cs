using System.Diagnostics;
using System.Text.Json.Nodes;
using Ingest.Contracts.Tests;
using Ingest.EndToEnd.Tests;

namespace Ingest.Broker.Tests;

/// <summary>A test that needs a broker and a client in another language, and says so where it is skipped.</summary>
[AttributeUsage(AttributeTargets.Method)]
sealed class PikaFactAttribute : FactAttribute
{
    public PikaFactAttribute() => Skip = Broker.Missing ?? PythonClientTests.Missing;
}

/// <summary>The client of the documentation, <c>docs/clients/ingest_client.py</c>, as people copy it.</summary>
[Collection(nameof(ClientsBroker))]
public sealed class PythonClientTests(SharedBroker shared) : IAsyncLifetime, IDisposable
{
    const string Python = "/usr/bin/python3";
    static readonly string[] Client = [Repository.PathTo("docs", "clients", "ingest_client.py")];

    readonly Workplace at = new();
    readonly string host = $"python-{Guid.NewGuid():N}";

    /// <summary>Why the client cannot run here; null where it can. On CI it is never a reason to skip.</summary>
    internal static string? Missing { get; } = Repository.OnCi || HasPika() ? null : "needs Debian's python3-pika; ./test installs it where it may";

    string Address => shared.Broker.AddressOf(host).ToString();

    public Task InitializeAsync() => Broker.Missing is null ? shared.Broker.AddVirtualHostAsync(host) : Task.CompletedTask;

    public Task DisposeAsync() => Task.CompletedTask;

    public void Dispose() => at.Dispose();

    [PikaFact]
    public async Task It_submits_files_and_follows_the_events()
    {
        using var follower = Start("follow", "--queue", "desk", "--count", "4");
        var following = follower.StandardOutput.ReadToEndAsync();
        // The follower's queue is there first, so that the first event has one; the client may have started slower than the service.
        await UntilThere("desk");
        using var serving = Serving.Start(at, "--rabbitmq", Address);
        JsonObject[] records = [Copy.First, Copy.Duplicate, Copy.Revision, Copy.WithoutBody];
        for (var i = 0; i < records.Length; i++)
        {
            var record = records[i];
            var name = at.Write($"{((string)record["id"]!).Replace('/', '-')}.txt", (string)record["text"]!);
            var (exit, output) = await Run("submit", at.PathTo(name));
            Assert.True(exit == 0, output);
            Assert.Equal("1 submitted\n", output);
            await serving.Events(1, after: i);
        }

        Assert.True(follower.WaitForExit(TimeSpan.FromSeconds(60)), "The follower did not get four events.");
        var lines = (await following).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => JsonNode.Parse(l)!).ToList();
        var feed = await serving.Events(4);
        Assert.Equal(["CanonicalArticlePublished", "DuplicateDetected", "CanonicalArticleRevised", "ArticleRejected"], lines.Select(l => (string)l["type"]!));
        Assert.Equal(["wire-1.txt", "herald-7.txt", "wire-2.txt", "herald-8.txt"], lines.Select(l => (string)l["event"]!["id"]!));
        Assert.Equal(feed.Select(e => (string)e["event"]!["eventId"]!), lines.Select(l => (string)l["messageId"]!));
        Assert.All(lines.Zip(feed), pair => Assert.True(JsonNode.DeepEquals(pair.First["event"], pair.Second["event"])));
        Assert.Equal(new QueueCounts(0, 0), await shared.Broker.WaitForAsync("desk", c => c == new QueueCounts(0, 0), virtualHost: host));
    }

    [PikaFact]
    public async Task It_submits_many_articles_in_a_message_and_the_same_file_twice_without_harm()
    {
        using var serving = Serving.Start(at, "--rabbitmq", Address);
        at.Write("many.jsonl", string.Concat(Enumerable.Range(1, 10).Select(i => Copy.Record($"row/{i}", $"Row {i} of the harbour list was read out on day {i} by clerk number {i}.").ToJsonString() + "\n")));
        for (var time = 0; time < 2; time++)
        {
            var (exit, output) = await Run("submit", "--batch", "4", at.PathTo("many.jsonl"));
            Assert.True(exit == 0, output);
        }

        await shared.Broker.WaitForAsync("ingest.accept", c => c == new QueueCounts(0, 0), virtualHost: host);
        var events = await serving.Events(10);
        Assert.Equal(10, events.Count);
        Assert.Equal(Enumerable.Range(1, 10).Select(i => $"row/{i}").Order(StringComparer.Ordinal), events.Select(e => (string)e["event"]!["id"]!).Order(StringComparer.Ordinal));
    }

    [PikaFact]
    public async Task It_says_so_where_nobody_takes_submissions()
    {
        var name = at.Write("wire.txt", "A text.");
        var (exit, output) = await Run("submit", at.PathTo(name));
        Assert.Equal((1, "there is no queue ingest.accept: is the service running?\n"), (exit, output));
    }

    async Task UntilThere(string queue)
    {
        for (var clock = Stopwatch.StartNew(); !(await shared.Broker.CountAllAsync(host)).ContainsKey(queue); await Task.Delay(100))
            Assert.True(clock.Elapsed < TimeSpan.FromSeconds(60), $"There is no queue {queue}.");
    }

    async Task<(int Exit, string Output)> Run(params string[] arguments)
    {
        using var process = Start(arguments);
        var errors = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        Assert.True(process.WaitForExit(TimeSpan.FromSeconds(60)), "The client did not end.");
        return (process.ExitCode, output + await errors);
    }

    Process Start(params string[] arguments)
    {
        var start = new ProcessStartInfo(Python, [.. Client, .. arguments]) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["AMQP_URL"] = Address;
        return Process.Start(start)!;
    }

    static bool HasPika()
    {
        if (!File.Exists(Python))
            return false;
        using var process = Process.Start(new ProcessStartInfo(Python, ["-c", "import pika"]) { UseShellExecute = false, RedirectStandardError = true })!;
        process.WaitForExit();
        return process.ExitCode == 0;
    }
}
