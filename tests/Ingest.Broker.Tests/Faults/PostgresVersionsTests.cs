using System.Text.Json.Nodes;
using Ingest.Contracts.Tests;
using Ingest.EndToEnd.Tests;
using Ingest.EndToEnd.Tests.Serve;

namespace Ingest.Broker.Tests.Faults;

/// <summary>Row 22 with a ledger on PostgreSQL: two versions of the program at once. <see cref="VersionsTests"/> has it with a file.</summary>
public sealed class PostgresVersionsTests(SharedServer shared) : IClassFixture<SharedServer>
{
    [ServerFact]
    public async Task Every_sample_of_a_submission_that_was_ever_published_is_an_article_still()
    {
        using var desk = new ServerDesk(shared.Server!);
        using var servers = desk.Start("accept|normalise,deduplicate,publish");
        var samples = Directory.EnumerateFiles(Repository.PathTo("contracts/samples/v1"), "*.json").Where(f =>
            Path.GetFileName(f).StartsWith("raw-article", StringComparison.Ordinal) || Path.GetFileName(f).StartsWith("submit-articles", StringComparison.Ordinal)).ToList();
        Assert.NotEmpty(samples);
        foreach (var sample in samples)
        {
            var json = JsonNode.Parse(await File.ReadAllTextAsync(sample))!;
            foreach (var article in json as JsonArray ?? json["articles"] as JsonArray ?? [json.DeepClone()])
            {
                var state = await servers.First.Decided(article!.AsObject());
                Assert.NotEqual("rejected", (string)state["outcome"]!["outcome"]!);
            }
        }

        Assert.Equal(0, desk.Count("errors"));
    }

    [ServerFact]
    public async Task A_ledger_of_a_newer_version_is_refused_while_the_ones_that_have_it_open_go_on()
    {
        using var desk = new ServerDesk(shared.Server!);
        using var servers = desk.Start("accept|normalise,deduplicate|normalise,deduplicate,publish");
        await servers.First.Decided("before", Workplace.Text(Workplace.Paragraphs(1)));
        desk.Execute("INSERT INTO ingest.migrations (number, name) VALUES (99, '0099-later')");

        foreach (var command in (string[][])[["serve", "--url", "http://127.0.0.1:0"], ["migrate"], ["migrate", "--dry-run"], ["errors", "list"]])
        {
            var refused = desk.At.Run([.. command, .. desk.Options()]);
            Assert.Equal(1, refused.Exit);
            Assert.Contains("has schema 99", refused.Errors, StringComparison.Ordinal);
            Assert.Contains("A newer version of Ingest made it: use that version. Nothing was changed.", refused.Errors, StringComparison.Ordinal);
        }

        await servers.First.Decided("after", Workplace.Text(Workplace.Paragraphs(2)));
        Assert.Equal(2, desk.Audit(["before", "after"]).Count);
        servers.Stop();
    }

    /// <summary>Each script runs once, whoever comes first, and the log goes on where it was.</summary>
    [ServerFact]
    public async Task An_earlier_schema_is_migrated_once_by_processes_that_start_at_the_same_time()
    {
        using var newer = new ServerDesk(shared.Server!);
        using (var servers = newer.Start("accept|normalise,deduplicate"))
        {
            await servers.First.Decided("decided", Workplace.Text(Workplace.Paragraphs(1)));
            Assert.Equal(0, servers.Last.Stop());
            Assert.Equal(202, (await servers.First.Article("waiting", Workplace.Text(Workplace.Paragraphs(1)))).Status);
            Assert.Equal(0, servers.First.Stop());
        }

        using var desk = new ServerDesk(shared.Server!);
        var scripts = Directory.EnumerateFiles(Repository.PathTo("services/Ingest.Ledger/Postgres"), "*.sql").Order(StringComparer.Ordinal).ToList();
        desk.Execute("CREATE SCHEMA ingest; CREATE TABLE ingest.migrations (number int PRIMARY KEY, name text NOT NULL, applied timestamptz NOT NULL DEFAULT now())");
        foreach (var script in scripts[..^1])
        {
            desk.Execute($"SET search_path TO ingest; {await File.ReadAllTextAsync(script)}");
            var name = Path.GetFileNameWithoutExtension(script);
            desk.Execute($"INSERT INTO ingest.migrations (number, name) VALUES ({name[..4]}, '{name}')");
        }

        Fill(desk, newer);
        var told = desk.At.Run(["check", .. desk.Options()]);
        Assert.Contains("earlier", told.Output, StringComparison.Ordinal);
        Assert.Equal(scripts.Count - 1, desk.Query("SELECT number FROM ingest.migrations", r => r.GetInt32(0)).Count);

        var started = Enumerable.Range(0, 3).Select(_ => Serving.StartUnready(desk.At, ["--roles", "accept,normalise,deduplicate", .. desk.Options()])).ToList();
        try
        {
            foreach (var server in started)
                server.WaitForReady();
            Assert.Equal(
                scripts.Select(s => Path.GetFileNameWithoutExtension(s)),
                desk.Query("SELECT name FROM ingest.migrations ORDER BY number", r => r.GetString(0)));
            await started[0].Decided("new", Workplace.Text(Workplace.Paragraphs(1)));
            var log = desk.Audit(["decided", "waiting", "new"]);
            // All three are one text; the first was decided before.
            Assert.Single(log.Select(d => d.Story).Distinct());
            Assert.Equal("decided", log.Single(d => d.IsFirst).Id);
            Assert.All(started, s => Assert.Equal(0, s.Stop()));
        }
        finally
        {
            started.ForEach(s => s.Dispose());
        }

        // The scripts leave the same whether they ran at once or one later.
        Assert.Equal(Shape(newer), Shape(desk));
    }

    /// <summary>Takes over the rows that an earlier schema has a place for.</summary>
    static void Fill(ServerDesk desk, ServerDesk from)
    {
        foreach (var table in desk.Query("""
            SELECT c.relname FROM pg_class c WHERE c.relnamespace = 'ingest'::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition
              AND c.relname NOT IN ('migrations', 'processes')
            """, r => r.GetString(0)))
        {
            foreach (var row in from.Query($"SELECT row_to_json(t)::text FROM ingest.{table} t", r => r.GetString(0)))
                desk.Execute($"INSERT INTO ingest.{table} OVERRIDING SYSTEM VALUE SELECT (json_populate_record(NULL::ingest.{table}, $row${row}$row$)).*");
        }

        desk.Execute("SELECT setval(pg_get_serial_sequence('ingest.articles', 'article'), (SELECT max(article) FROM ingest.articles))");
    }

    /// <summary>Columns, indexes and functions.</summary>
    static List<string> Shape(ServerDesk desk) => desk.Query("""
        SELECT table_name || '.' || column_name || ' ' || data_type || ' ' || is_nullable FROM information_schema.columns WHERE table_schema = 'ingest'
        UNION SELECT indexdef FROM pg_indexes WHERE schemaname = 'ingest'
        UNION SELECT p.proname || ' ' || md5(p.prosrc) FROM pg_proc p WHERE p.pronamespace = 'ingest'::regnamespace
        ORDER BY 1
        """, r => r.GetString(0));
}
