using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace Ingest.EndToEnd.Tests.Serve;

/// <summary>Collections: each has its own articles, log, stories, settings and keys, in one process.</summary>
public sealed class CollectionsTests
{
    const string Sport = "/v1/collections/sport", Key = "sesame-4711", SportKey = "thyme-0815";

    [Fact]
    public async Task Each_has_its_own_articles_log_and_stories()
    {
        using var at = Declared("sport", "de-news");
        using var server = Serving.Start(at);
        Assert.Equal(["default", "de-news", "sport"], (await server.Get("/v1/collections"))["collections"]!.AsArray().Select(c => (string)c!));
        var ids = new List<string>();
        foreach (var path in (string[])["/v1", Sport, "/v1/collections/de-news"])
        {
            var accepted = await server.Post($"{path}/articles", "application/json", Workplace.Record("1", "Bree"));
            ids.Add(accepted.ArticleId);
            Assert.Equal($"{path}/articles/{accepted.ArticleId}", accepted.Headers.Location!.OriginalString);
            Assert.Equal($"{path}/articles/{accepted.ArticleId}", (string)accepted.Json["location"]!);
        }

        // The same article of the same submitter is another in each.
        Assert.Equal(3, ids.Distinct().Count());
        // Which of two is first is decided by their order in the log.
        await Events(server, Sport, 1);
        await server.Post($"{Sport}/articles", "application/json", Workplace.Record("2", "Bree"));
        var sport = await Events(server, Sport, 2);
        Assert.Equal([1, 2], sport.Select(e => (long)e["position"]!));
        Assert.Equal(["CanonicalArticlePublished", "DuplicateDetected"], sport.Select(e => (string)e["type"]!));
        Assert.All(sport, e => Assert.Equal("sport", (string)e["event"]!["collection"]!));
        var first = Assert.Single(await Events(server, "/v1", 1));
        Assert.Equal("CanonicalArticlePublished", (string)first["type"]!);
        Assert.False(first["event"]!.AsObject().ContainsKey("collection"));
        Assert.Equal(200, (await server.Ask($"{Sport}/articles/{ids[1]}")).Status);
        Assert.Equal(404, (await server.Ask($"/v1/articles/{ids[1]}")).Status);
        Assert.Equal(404, (await server.Ask($"{Sport}/articles/{ids[0]}")).Status);
        Assert.Equal(2, (await server.Get($"{Sport}/stories/{ids[1]}"))["articles"]!.AsArray().Count);
        // The default one has its endpoints at both places.
        Assert.Equal(200, (await server.Ask($"/v1/collections/default/articles/{ids[0]}")).Status);
        Assert.Contains($"{Sport}/stories.atom", (await server.Ask($"{Sport}/stories.atom")).Body, StringComparison.Ordinal);
        server.Stop();
        foreach (var (file, articles) in ((string, int)[])[("ingest.db", 1), ("ingest.sport.db", 2), ("ingest.de-news.db", 1)])
            Assert.Equal(articles, Book.Count(at.PathTo(file), "articles"));
    }

    [Fact]
    public async Task Every_endpoint_is_there_for_each()
    {
        using var at = Declared("sport");
        using var server = Serving.Start(at);
        var paths = (await server.Get("/openapi/v1.json"))["paths"]!.AsObject().Where(p => p.Key.StartsWith("/v1/", StringComparison.Ordinal) && p.Key != "/v1/collections").ToList();
        Assert.True(paths.Count > 10, "The document has few paths.");
        foreach (var (path, methods) in paths)
            foreach (var (method, _) in methods!.AsObject())
            {
                var asked = path.Replace("/v1", Sport, StringComparison.Ordinal).Replace("{", "", StringComparison.Ordinal).Replace("}", "", StringComparison.Ordinal);
                using var request = new HttpRequestMessage(new HttpMethod(method.ToUpperInvariant()), asked);
                using var answer = await server.Http.SendAsync(request);
                Assert.DoesNotContain("There is nothing at", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
                Assert.NotEqual(405, (int)answer.StatusCode);
            }
    }

    [Theory]
    [InlineData("/v1/collections/sprot/events", "sprot")]
    [InlineData("/v1/collections/sprot", "sprot")]
    [InlineData("/V1/Collections/Sprot/articles", "sprot")]
    [InlineData("/v1/collections/..%2fsport/events", "..%2fsport")]
    [InlineData("/v1/collections/%22%3E%3Cb%3E/events", "\"><b>")]
    public async Task One_that_is_not_declared_is_refused_by_its_name(string path, string name)
    {
        using var at = Declared("sport");
        using var server = Serving.Start(at);
        var answer = await server.Ask(path);
        Assert.Equal((404, "unknown-collection"), (answer.Status, answer.Problem));
        Assert.Contains($"'{name}'", (string)answer.Json["detail"]!, StringComparison.Ordinal);
        Assert.Contains("default, sport", (string)answer.Json["detail"]!, StringComparison.Ordinal);
        Assert.Equal(404, (await server.Post(path, "application/json", Workplace.Record("1", "Bree"))).Status);
        Assert.Equal(["ingest.db", "ingest.sport.db"], Directory.GetFiles(at.Folder, "*.db").Select(f => Path.GetFileName(f)!).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task The_keys_of_one_open_no_other()
    {
        using var at = Declared("sport", "open");
        at.Environment["Ingest__Security__ApiKeys"] = Hash(Key);
        at.Environment["Ingest__Collections__sport__Security__ApiKeys"] = Hash(SportKey);
        at.Environment["Ingest__Collections__sport__Security__ProtectReading"] = "true";
        // As a file for containers has it where nobody filled the variable in.
        at.Environment["Ingest__Collections__open__Security__ApiKeys"] = "";
        using var server = Serving.Start(at);
        foreach (var (path, right, wrong) in ((string, string, string)[])[("/v1", Key, SportKey), (Sport, SportKey, Key), ("/V1/Collections/Sport", SportKey, Key), ("/v1/collections/open", Key, SportKey)])
        {
            Assert.Equal(401, (await server.Post($"{path}/articles", "application/json", Workplace.Record("1", "Bree"))).Status);
            Assert.Equal(401, (await server.Post($"{path}/articles", "application/json", Workplace.Record("1", "Bree"), ("Authorization", $"Bearer {wrong}"))).Status);
            Assert.Equal(202, (await server.Post($"{path}/articles", "application/json", Workplace.Record("1", "Bree"), ("Authorization", $"Bearer {right}"))).Status);
        }

        Assert.Equal(200, (await server.Ask("/v1/events")).Status);
        Assert.Equal(200, (await server.Ask("/v1/collections/open/events")).Status);
        Assert.Equal(401, (await server.Ask($"{Sport}/events")).Status);
        Assert.Equal(401, (await server.Ask($"{Sport}/events", ("Authorization", $"Bearer {Key}"))).Status);
        Assert.Equal(200, (await server.Ask($"{Sport}/events", ("Authorization", $"Bearer {SportKey}"))).Status);
        // What is nobody's needs the installation's key to be changed.
        Assert.Equal(401, (await server.Post("/v1/collections/none/articles", "application/json", "{}")).Status);
    }

    [Fact]
    public async Task Each_has_its_own_settings_and_what_it_does_not_set_is_as_everywhere()
    {
        using var at = Declared("sport", "de");
        at.Environment["Ingest__Accept__MaxArticleBytes"] = "4000";
        at.Environment["Ingest__Collections__sport__Accept__MaxArticleBytes"] = "40000";
        at.Environment["Ingest__Collections__sport__Deduplicate__Containment"] = "1";
        using var server = Serving.Start(at);
        var (text, longer) = (Workplace.Text(Workplace.Paragraphs(1, 12)), Workplace.Text(Workplace.Paragraphs(1, 60)));
        Assert.InRange(longer.Length, 4001, 40000);
        foreach (var (path, status) in ((string, int)[])[("/v1", 413), (Sport, 202), ("/v1/collections/de", 413)])
            Assert.Equal(status, (await server.Post($"{path}/articles", "text/plain", longer)).Status);
        foreach (var path in (string[])["/v1", Sport])
        {
            await server.Post($"{path}/articles", "application/json", Workplace.RecordOf("whole", text));
            await Events(server, path, path == Sport ? 2 : 1);
            await server.Post($"{path}/articles", "application/json", Workplace.RecordOf("part", text[..(text.Length * 3 / 4)] + " Nothing more was said by anybody about it until the evening of the next day."));
        }

        Assert.NotEqual("CanonicalArticlePublished", (string)(await Events(server, "/v1", 2))[1]["type"]!);
        Assert.Equal("CanonicalArticlePublished", (string)(await Events(server, Sport, 3))[2]["type"]!);
    }

    [Fact]
    public async Task What_each_has_accepted_reaches_its_outcome_after_a_kill()
    {
        using var at = Declared("a", "b", "c");
        using var server = Serving.Start(at);
        string[] paths = ["/v1", "/v1/collections/a", "/v1/collections/b", "/v1/collections/c"];
        for (var i = 0; i < 400; i++)
            Assert.Equal(202, (await server.Post($"{paths[i % 4]}/articles", "application/json", Workplace.RecordOf($"{i}", Workplace.Text(Workplace.Paragraphs(i))))).Status);
        server.Kill();
        server.Start();
        for (var p = 0; p < paths.Length; p++)
            Assert.Equal(Enumerable.Range(0, 100).Select(n => n * 4 + p), (await Events(server, paths[p], 100)).Select(e => int.Parse((string)e["event"]!["id"]!)).Order());
        Assert.Equal(0, server.Stop());
    }

    [Fact]
    public async Task A_run_and_a_server_go_on_with_the_ledger_of_one()
    {
        using var at = Declared("sport");
        at.Write("a.jsonl", Workplace.Record("1", "Bree") + Workplace.Record("2", "Combe"));
        Assert.Equal(0, at.Run("run", "a.jsonl", "--ledger", "ingest.db", "--collection", "sport", "--output", "out.jsonl").Exit);
        Assert.Equal(["ingest.sport.db"], Directory.GetFiles(at.Folder, "*.db").Select(f => Path.GetFileName(f)!));
        using var server = Serving.Start(at);
        Assert.True((bool)(await server.Post($"{Sport}/articles", "application/json", Workplace.Record("1", "Bree"))).Json["known"]!);
        Assert.False((bool)(await server.Post("/v1/articles", "application/json", Workplace.Record("1", "Bree"))).Json["known"]!);
        var submitted = at.Run("submit", "a.jsonl", "--to", server.Url, "--collection", "sport");
        Assert.Contains("0 accepted, 2 already known", submitted.Output, StringComparison.Ordinal);
        Assert.Equal(2, at.Run("events", "--to", server.Url, "--collection", "sport").Lines.Count);
        Assert.Contains("'sprot' is not served here", at.Run("events", "--to", server.Url, "--collection", "sprot").Errors, StringComparison.Ordinal);
        server.Stop();
        Assert.Equal(0, at.Run("replay", "--ledger", "ingest.db", "--collection", "sport", "--to", "again.sport.db").Exit);
        // A copy, and what was decided again, are the same collection's.
        Assert.Equal(0, at.Run("copy-ledger", "--from", "ingest.db", "--to", "copy.db", "--collection", "sport").Exit);
        foreach (var file in (string[])["again.db", "copy.db", "ingest.db"])
        {
            Assert.Equal(0, at.Run("run", "a.jsonl", "--ledger", file, "--collection", "sport", "--output", "out.jsonl").Exit);
            Assert.Equal(2, Book.Count(at.PathTo(file.Replace(".db", ".sport.db", StringComparison.Ordinal)), "articles"));
        }
    }

    [Theory]
    [InlineData("ingest.sport.db", "default", "sport")]
    [InlineData("renamed.db", "de", "sport")]
    public void A_ledger_takes_the_articles_of_one_collection(string file, string collection, string held)
    {
        using var at = new Workplace();
        at.Write("a.jsonl", Workplace.Record("1", "Bree"));
        Assert.Equal(0, at.Run("run", "a.jsonl", "--ledger", "ingest.db", "--collection", held, "--output", "out.jsonl").Exit);
        if (file == "renamed.db")
            File.Move(at.PathTo($"ingest.{held}.db"), at.PathTo($"renamed.{collection}.db"));
        var refused = at.Run(["run", "a.jsonl", "--ledger", file, "--output", "out2.jsonl", .. collection == "default" ? (string[])[] : ["--collection", collection]]);
        Assert.Equal(1, refused.Exit);
        Assert.Contains($"has the articles of the collection '{held}', not those of '{collection}'", refused.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_process_serves_those_that_it_is_told_to()
    {
        using var at = Declared("sport", "de");
        using var server = Serving.Start(at, "--collections", "sport");
        Assert.Equal(["sport"], (await server.Get("/v1/collections"))["collections"]!.AsArray().Select(c => (string)c!));
        Assert.Equal(202, (await server.Post($"{Sport}/articles", "application/json", Workplace.Record("1", "Bree"))).Status);
        foreach (var path in (string[])["/v1/articles", "/v1/collections/default/articles", "/v1/collections/de/articles"])
            Assert.Equal("unknown-collection", (await server.Post(path, "application/json", Workplace.Record("1", "Bree"))).Problem);
        Assert.Equal(["ingest.sport.db"], Directory.GetFiles(at.Folder, "*.db").Select(f => Path.GetFileName(f)!));
        var refused = at.Run("serve", "--collections", "spurt");
        Assert.Equal(2, refused.Exit);
        Assert.Contains("--collections has 'spurt', which is not declared", refused.Errors, StringComparison.Ordinal);
        Assert.Contains("Did you mean 'sport'?", refused.Errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Ingest__Collections__default__Accept__MostUnfinished", "3", "Ingest:Collections:default cannot be set")]
    [InlineData("Ingest__Collections__Bad_Name__Accept__MostUnfinished", "3", "declares the collection 'Bad_Name'")]
    [InlineData("Ingest__Collections__sport__Accept__MostUnfinised", "3", "Did you mean 'MostUnfinished'?")]
    [InlineData("Ingest__Collections__sport__Acept__MostUnfinished", "3", "Did you mean 'Accept'?")]
    [InlineData("Ingest__Collections__sport__Accept__MostUnfinished", "0", "Ingest:Collections:sport:Accept:MostUnfinished is 0")]
    [InlineData("Ingest__Collections__sport__Accept__MostUnfinished", "many", "Ingest:Collections:sport:Accept:MostUnfinished is 'many': it must be a whole number")]
    [InlineData("Ingest__Collections__sport__Deduplicate__Window", "00:00:01", "Ingest:Collections:sport:Deduplicate:Window")]
    [InlineData("Ingest__Collections__sport__Security__ApiKeys", "secret", "Ingest:Collections:sport:Security:ApiKeys takes SHA-256 hashes")]
    [InlineData("Ingest__Collections__sport", "yes", "Ingest:Collections:sport is 'yes': it is a section")]
    [InlineData("Ingest__Collections", "sport", "Ingest:Collections is 'sport': it is a section, with settings such as Ingest:Collections:NAME")]
    [InlineData("Ingest__OnlyCollections", "spurt", "Ingest:OnlyCollections has 'spurt'")]
    public void A_wrong_setting_is_named(string name, string value, string said)
    {
        using var at = Declared("sport");
        at.Environment[name] = value;
        var checkd = at.Run("check", "--url", "http://127.0.0.1:9");
        Assert.Equal(1, checkd.Exit);
        Assert.Contains(said, checkd.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", checkd.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void What_goes_through_all_tells_of_each_and_takes_no_other_name()
    {
        using var at = Declared("a", "b");
        at.Write("ingest.a.db", "no ledger, and nothing like one");
        var migrated = at.Run("migrate");
        Assert.Equal(1, migrated.Exit);
        Assert.Contains("ingest.a.db", migrated.Errors, StringComparison.Ordinal);
        Assert.Contains("ingest.b.db: 0001", migrated.Output, StringComparison.Ordinal);
        foreach (var command in (string[])["migrate", "check"])
        {
            var refused = at.Run(command, "--collection", "c");
            Assert.NotEqual(0, refused.Exit);
            Assert.Contains("'c', which is not declared", refused.Output + refused.Errors, StringComparison.Ordinal);
        }

        Assert.False(File.Exists(at.PathTo("ingest.c.db")));
    }

    [Fact]
    public async Task What_keeps_one_from_working_is_told_with_its_name_and_stops_no_other()
    {
        using var at = Declared("sport");
        using var server = Serving.Start(at);
        foreach (var file in Directory.GetFiles(at.Folder, "ingest.sport.db*"))
            File.Delete(file);
        JsonNode state;
        for (var end = DateTime.UtcNow.AddSeconds(30); (state = (await server.Ask("/health/ready")).Json)["reasons"]!.AsObject().Count == 0; await Task.Delay(50))
            Assert.True(DateTime.UtcNow < end, "It is ready.");
        Assert.All(state["reasons"]!.AsObject(), r => Assert.StartsWith("sport/", r.Key, StringComparison.Ordinal));
        Assert.Equal(202, (await server.Post("/v1/articles", "application/json", Workplace.Record("1", "Bree"))).Status);
        Assert.Equal(503, (await server.Post($"{Sport}/articles", "application/json", Workplace.Record("1", "Bree"))).Status);
        Assert.Single(await Events(server, "/v1", 1));
    }

    static Workplace Declared(params string[] names)
    {
        var at = new Workplace();
        at.Write("appsettings.json", new JsonObject
        {
            ["Ingest"] = new JsonObject { ["Collections"] = new JsonObject(names.Select(n => KeyValuePair.Create(n, (JsonNode?)new JsonObject()))) },
        }.ToJsonString());
        return at;
    }

    static async Task<List<JsonNode>> Events(Serving server, string path, int count)
    {
        for (var end = DateTime.UtcNow.AddSeconds(60); ;)
        {
            var events = (await server.Get($"{path}/events?limit=1000&wait=1"))["events"]!.AsArray();
            if (events.Count >= count)
                return [.. events.Select(e => e!)];
            Assert.True(DateTime.UtcNow < end, $"{path} has {events.Count} events, not {count}.\n{server.Log}");
        }
    }

    static string Hash(string key) => Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(key)));
}
