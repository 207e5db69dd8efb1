using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace Ingest.EndToEnd.Tests.Serve;

/// <summary>A service learns what its sources repeat from its log, and knows it again after a restart.</summary>
public sealed class LearningServiceTests
{
    static async Task<bool> Keeps(Serving server, int number)
    {
        var answer = await server.Record(new JsonObject { ["id"] = $"a{number}", ["feed"] = "coast", ["text"] = LearningTests.Advertised(number) });
        var state = await server.Settled(answer.ArticleId);
        Assert.Equal("decided", (string)state["stage"]!);
        return state["outcome"]!["article"]!["body"]!.AsArray().Any(p => ((string)p!).Contains(LearningTests.Advert, StringComparison.Ordinal));
    }

    static Task<Answer> Rule(Serving server, string text, string ruling, string source = "coast", params (string Name, string Value)[] headers) =>
        server.Send(HttpMethod.Put, $"/v1/sources/{Uri.EscapeDataString(source)}/rulings", Json($$"""{"text":"{{text}}","ruling":"{{ruling}}"}"""), headers);

    static StringContent Json(string body, string type = "application/json") => new(body, Encoding.UTF8, type);

    static void Replays(Workplace at, int decisions)
    {
        Assert.Equal(0, at.Run("check", "--ledger", "ingest.db").Exit);
        var replayed = at.Run("replay", "--normaliser", "--to", "again.db");
        Assert.True(replayed.Exit == 0 && replayed.Output.Contains($"{decisions} decisions: {decisions} the same, 0 different.", StringComparison.Ordinal), replayed.Output + replayed.Errors);
    }

    [Fact]
    public async Task A_ruling_holds_from_the_next_article_on_after_a_kill_and_in_a_replay()
    {
        using var at = new Workplace();
        var kept = new List<bool>();
        using (var server = Serving.Start(at))
        {
            var ruled = await Rule(server, LearningTests.Advert, "remove");
            Assert.Equal((200, 0), (ruled.Status, (int)ruled.Json["articles"]!));
            kept.Add(await Keeps(server, 1));
            kept.Add(await Keeps(server, 2));
            Assert.Equal(200, (await Rule(server, LearningTests.Advert, "keep")).Status);
            for (var i = 3; i <= 5; i++)
                kept.Add(await Keeps(server, i));
            server.Kill();
            server.Start();
            kept.Add(await Keeps(server, 6));
            var passage = Assert.Single((await server.Get("/v1/sources/coast"))["passages"]!.AsArray())!;
            Assert.Equal(("keep", 4), ((string)passage["ruling"]!, (int)passage["articles"]!));
            var withdrawn = await server.Send(HttpMethod.Delete, $"/v1/sources/coast/rulings/{passage["passage"]}", null);
            Assert.Equal((204, ""), (withdrawn.Status, withdrawn.Body));
            Assert.Equal("not-found", (await server.Send(HttpMethod.Delete, $"/v1/sources/coast/rulings/{passage["passage"]}", null)).Problem);
            kept.Add(await Keeps(server, 7));
            server.Stop();
        }

        Assert.Equal([false, false, true, true, true, true, false], kept);
        Replays(at, 7);
    }

    [Fact]
    public async Task What_another_process_rules_is_known_without_a_restart()
    {
        using var at = new Workplace();
        using var server = Serving.Start(at);
        for (var i = 1; i <= 3; i++)
            await Keeps(server, i);
        Assert.Equal(0, at.Run("sources", "keep", "coast", LearningTests.Advert).Exit);
        var number = 3;
        await server.Until("the ruling is known", () => Keeps(server, ++number));
        server.Stop();
        Replays(at, number);
    }

    [Fact]
    public async Task The_command_line_does_the_same_over_HTTP_as_on_the_file()
    {
        using var at = new Workplace();
        using var server = Serving.Start(at);
        for (var i = 1; i <= 3; i++)
            await Keeps(server, i);
        string[][] commands =
        [
            ["sources"], ["sources", "coast"], ["sources", "export"], ["sources", "export", "hills/weekly 100%2F", "coast"],
            ["sources", "none"], ["sources", "export", "none"],
        ];
        var says = at.Run("sources", "remove", "hills/weekly 100%2F", "Read also", "--to", server.Url);
        Assert.Equal((0, "hills/weekly 100%2F: 'Read also' is removed from now on.\n"), (says.Exit, says.Output));
        Assert.Contains("There is no article of the source", says.Errors, StringComparison.Ordinal);
        Assert.Equal(0, at.Run("sources", "keep", "coast", LearningTests.Advert, "--to", server.Url).Exit);
        foreach (var command in commands)
        {
            var (file, remote) = (at.Run(command), at.Run([.. command, "--to", server.Url]));
            Assert.Equal((file.Exit, file.Output), (remote.Exit, remote.Output));
            Assert.Equal(command[^1] == "none" ? 1 : 0, remote.Exit);
        }

        Assert.True(await Keeps(server, 4));
        Assert.Equal(0, at.Run("sources", "forget", "coast", LearningTests.Advert, "--to", server.Url).Exit);
        Assert.False(await Keeps(server, 5));
        var twice = at.Run("sources", "forget", "coast", LearningTests.Advert, "--to", server.Url);
        Assert.Equal(1, twice.Exit);
        Assert.Contains("Nothing is ruled of a passage", twice.Errors, StringComparison.Ordinal);

        at.Run("sources", "export", "-o", "learnt.jsonl", "--to", server.Url);
        var import = at.Run("sources", "import", "learnt.jsonl", "--ledger", "new.db");
        Assert.Equal("2 passages imported, 0 held already, 0 ruled on by hand here.\n", import.Output);
        at.Write("bad.jsonl", "{\"source\":\"coast\",\"text\":\"Read also\"}\n");
        var refused = at.Run("sources", "import", "bad.jsonl", "--to", server.Url);
        Assert.Equal(1, refused.Exit);
        Assert.Contains("Line 1 cannot be imported, so nothing was. Its \"text\" 'Read also' is too short", refused.Errors, StringComparison.Ordinal);
        Assert.Contains("cannot reach a server at", at.Run("sources", "--to", "http://127.0.0.1:1").Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Pages_of_sources_have_each_once_and_rulings_that_cannot_be_read_are_refused_by_name()
    {
        using var at = new Workplace();
        using var server = Serving.Start(at);
        var lines = string.Concat(Enumerable.Range(1, 5).Select(i => $$"""{"source":"feed {{i}}","text":"{{LearningTests.Advert}}"}""" + "\n"));
        var imported = await server.Post("/v1/sources:import", "application/x-ndjson", lines);
        Assert.Equal("""{"imported":5,"held":0,"outranked":0}""", imported.Body);
        var names = new List<string>();
        for (var next = ""; next is not null;)
        {
            var page = await server.Get($"/v1/sources?limit=2&after={Uri.EscapeDataString(next)}");
            names.AddRange(page["sources"]!.AsArray().Select(s => (string)s!["source"]!));
            next = (string?)page["next"];
        }

        Assert.Equal(Enumerable.Range(1, 5).Select(i => $"feed {i}"), names);
        Assert.Equal(5, (await server.Ask("/v1/sources:export")).Body.Count(c => c == '\n'));
        Assert.Equal("not-found", (await server.Ask("/v1/sources:export?source=feed%201&source=feed%206")).Problem);
        Assert.Equal("not-found", (await server.Ask("/v1/sources/feed")).Problem);
        Assert.Equal("invalid-parameter", (await server.Ask("/v1/sources?limit=101")).Problem);
        Assert.Equal("invalid-parameter", (await server.Ask("/v1/sources/%20")).Problem);
        foreach (var (text, ruling) in ((string, string)[])[("Read also", "rem"), ("Read also", "learnt"), ("…", "keep"), ("One.\\nTwo.", "keep"), (new string('a', 4097), "keep")])
            Assert.Equal("malformed-ruling", (await Rule(server, text, ruling)).Problem);
        Assert.Equal("too-large", (await Rule(server, new string('a', 1 << 16), "keep")).Problem);
        Assert.Equal("malformed-ruling", (await server.Post("/v1/sources:import", "application/x-ndjson", lines + "{}\n")).Problem);
        Assert.Equal("unsupported-media-type", (await server.Post("/v1/sources:import", "text/plain", lines)).Problem);
        Assert.Equal("unsupported-media-type", (await server.Send(HttpMethod.Put, "/v1/sources/coast/rulings", Json("{}", "text/plain"))).Problem);
        var many = string.Concat(Enumerable.Range(0, 10_001).Select(i => $$"""{"source":"coast","text":"Line {{i}}","ruling":"keep"}""" + "\n"));
        Assert.Equal("too-many-rulings", (await server.Post("/v1/sources:import", "application/x-ndjson", many)).Problem);
        Assert.Equal(5, Book.Count(at.PathTo("ingest.db"), "rulings"));
    }

    [Fact]
    public async Task Who_has_no_key_rules_nothing()
    {
        using var at = new Workplace();
        at.Environment["Ingest__Security__ApiKeys"] = Convert.ToHexString(SHA256.HashData("sesame-4711"u8));
        using var server = Serving.Start(at);
        Assert.Equal(401, (await Rule(server, "Read also", "keep")).Status);
        Assert.Equal(401, (await server.Send(HttpMethod.Delete, "/v1/sources/coast/rulings/0", null)).Status);
        Assert.Equal(401, (await server.Post("/v1/sources:import", "application/x-ndjson", "{}")).Status);
        Assert.Equal(200, (await server.Ask("/v1/sources")).Status);
        Assert.Equal(0, Book.Count(at.PathTo("ingest.db"), "rulings"));
        Assert.Contains("requires an API key", at.Run("sources", "keep", "coast", "Read also", "--to", server.Url).Errors, StringComparison.Ordinal);
        Assert.Equal(0, at.Run("sources", "keep", "coast", "Read also", "--to", server.Url, "--key", "sesame-4711").Exit);
    }

    [Fact]
    public async Task What_a_source_repeats_goes_once_two_articles_have_it_and_after_a_kill_too()
    {
        using var at = new Workplace();
        var kept = new List<bool>();
        using (var server = Serving.Start(at))
        {
            for (var i = 1; i <= 5; i++)
                kept.Add(await Keeps(server, i));
            server.Kill();
            server.Start();
            for (var i = 6; i <= 8; i++)
                kept.Add(await Keeps(server, i));
            server.Stop();
        }

        Assert.Equal([true, true, false, false, false, false, false, false], kept);
        // Cleaned again, with what was known then, all is as it was.
        Replays(at, 8);
    }
}
