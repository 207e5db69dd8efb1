using System.Globalization;

namespace Ingest.EndToEnd.Tests.Serve;

/// <summary>faults.md, row 10: 200 copies at once; one story, one canonical.</summary>
public sealed class Row10CopiesAtOnceTests
{
    const int Copies = 200, Clients = 20;

    static int Rounds => int.Parse(Environment.GetEnvironmentVariable("INGEST_ROUNDS") ?? "10", CultureInfo.InvariantCulture);

    [Fact]
    public async Task From_many_clients_of_one_process()
    {
        using var at = new Workplace();
        using var server = Serving.Start(at);
        await Copy(at, [server]);
    }

    [Fact]
    public async Task From_many_clients_of_two_processes_with_one_ledger()
    {
        using var at = new Workplace();
        using var one = Serving.Start(at);
        using var two = Serving.Start(at);
        await Copy(at, [one, two]);
    }

    [Fact]
    public async Task Processes_that_start_together_make_one_ledger()
    {
        for (var round = 0; round < 3; round++)
        {
            using var at = new Workplace();
            using var one = Serving.StartUnready(at);
            using var two = Serving.StartUnready(at);
            using var three = Serving.StartUnready(at);
            Serving[] all = [one, two, three];
            foreach (var server in all)
                server.WaitForReady();
            var answers = await Task.WhenAll(all.Select((s, i) => s.Article($"{i}", Workplace.Text(Workplace.Paragraphs(77)))));
            await one.Events(3);
            Assert.Single(Book.Audit(at.PathTo("ingest.db"), answers.Select(a => a.ArticleId)).Select(d => d.Story).Distinct());
        }
    }

    static async Task Copy(Workplace at, Serving[] servers)
    {
        var accepted = new List<string>();
        for (var round = 0; round < Rounds; round++)
        {
            var paragraphs = Workplace.Paragraphs(100_000 + round, 6);
            // Each paper cuts or adds something.
            string Text(int copy) => Workplace.Text((copy % 3) switch { 0 => paragraphs, 1 => paragraphs[..5], _ => [.. paragraphs, $"This report was printed in edition {copy} of the paper."] });
            var clients = Enumerable.Range(0, Clients).Select(client => Task.Run(async () =>
            {
                var ids = new List<string>();
                for (var copy = client; copy < Copies; copy += Clients)
                    ids.Add((await servers[client % servers.Length].Article($"r{round}c{copy}", Text(copy))).ArticleId);
                return ids;
            })).ToArray();
            accepted.AddRange((await Task.WhenAll(clients)).SelectMany(ids => ids));
            Assert.Equal((round + 1) * Copies, accepted.Distinct(StringComparer.Ordinal).Count());
        }

        foreach (var server in servers)
            Assert.Equal(accepted.Count, (await server.Events(accepted.Count)).Count);
        var log = Book.Audit(at.PathTo("ingest.db"), accepted);
        foreach (var round in log.GroupBy(d => d.Submitted.Split('c')[0], StringComparer.Ordinal))
        {
            Assert.Equal(Copies, round.Count());
            Assert.Single(round.Select(d => d.Story).Distinct());
            Assert.Single(round, d => d.Relation is null);
            var story = await servers[0].Get($"/v1/stories/{round.First().Article}");
            Assert.Equal(Copies, story["articles"]!.AsArray().Count);
            Assert.Contains(round, d => d.Article == (string)story["canonical"]!);
        }
    }
}
