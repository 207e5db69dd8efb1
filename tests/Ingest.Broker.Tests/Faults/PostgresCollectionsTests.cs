using System.Text;
using Ingest.EndToEnd.Tests;
using Ingest.EndToEnd.Tests.Serve;

namespace Ingest.Broker.Tests.Faults;

/// <summary>Collections on PostgreSQL: a schema for each, lanes in parallel on several processes, and one that is killed.</summary>
public sealed class PostgresCollectionsTests(SharedServer shared) : IClassFixture<SharedServer>
{
    static readonly string[] Names = ["a", "b-c", "default"];

    [ServerFact]
    public async Task Each_has_its_log_in_its_schema_whoever_decides_and_is_killed()
    {
        using var desk = new ServerDesk(shared.Server!);
        desk.At.Write("appsettings.json", """{"Ingest":{"Collections":{"a":{},"b-c":{}}}}""");
        using var both = Serving.Start(desk.At, desk.Options());
        using var killed = Serving.Start(desk.At, desk.Options());
        using var one = Serving.Start(desk.At, [.. desk.Options(), "--collections", "a", "--roles", "normalise,deduplicate"]);
        const int Each = 120;
        for (var i = 0; i < Each; i++)
        {
            foreach (var name in Names)
            {
                var server = i % 2 == 0 && killed.Runs ? killed : both;
                var accepted = await server.Post($"/v1/collections/{name}/articles", "application/json", Workplace.RecordOf($"{i}", Workplace.Text(Workplace.Paragraphs(i / 2))));
                Assert.True(accepted.Status == 202, $"{accepted.Status} {accepted.Body}");
            }

            if (i == Each / 2)
                killed.Kill();
        }

        foreach (var name in Names)
        {
            for (var end = DateTime.UtcNow.AddSeconds(60); (await both.Get($"/v1/collections/{name}/events?limit=1000"))["events"]!.AsArray().Count < Each; await Task.Delay(50))
                Assert.True(DateTime.UtcNow < end, $"{name} has too few events.\n{both.Log}");
            var schema = name == "default" ? "ingest" : $"ingest_{name.Replace('-', '_')}";
            var log = desk.Query(
                $"SELECT d.position, convert_from(a.submitted, 'UTF8'), d.matched IS NULL FROM {schema}.decisions d JOIN {schema}.articles a ON a.article = d.article ORDER BY d.position",
                r => (Position: r.GetInt64(0), Id: r.GetString(1), IsFirst: r.GetBoolean(2)));
            Assert.Equal(Enumerable.Range(1, Each).Select(p => (long)p), log.Select(d => d.Position));
            Assert.Equal(Each, log.Select(d => d.Id).Distinct().Count());
            // Every text came twice: half of them began a story.
            Assert.Equal(Each / 2, log.Count(d => d.IsFirst));
        }

        var checkd = desk.At.Run(["check", "--url", "http://127.0.0.1:9", .. desk.Options()]);
        Assert.Equal(0, checkd.Exit);
        Assert.Contains("processes ok     a: 2 processes", checkd.Output, StringComparison.Ordinal);
        Assert.Contains("processes ok     b-c: 1 process", checkd.Output, StringComparison.Ordinal);
        both.Stop();
        one.Stop();
    }
}
