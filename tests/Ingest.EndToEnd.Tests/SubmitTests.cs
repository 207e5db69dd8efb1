using System.Diagnostics;
using System.Text;
using System.Text.Json.Nodes;
using static Ingest.EndToEnd.Tests.Workplace;

namespace Ingest.EndToEnd.Tests;

/// <summary><c>ingest submit</c>: articles from files to a server.</summary>
public sealed class SubmitTests : IDisposable
{
    readonly Workplace at = new();

    public void Dispose() => at.Dispose();

    [Fact]
    public async Task Articles_are_submitted_under_the_ids_that_they_have_in_a_run_and_only_once()
    {
        at.Write("in/a.txt", Article("Bree"));
        at.Write("in/b.jsonl", Record("b-1", "Cove") + "\n" + RecordOf("", Article("Dorn")) + "{\"id\":7,\"text\":\"Seven\"}\n");
        at.Write("in/c.txt.gz", Article("Eyre"));
        at.Write("in/d.jsonl", "[1]\n");
        using var serving = Serving.Start(at);
        var first = at.Run("submit", "in", "--to", serving.Url);
        Assert.Equal((1, ""), (first.Exit, first.Errors));
        Assert.Equal("6 articles: 5 accepted, 0 already known, 1 refused (malformed-record 1).\n  malformed-record  in/d.jsonl:1: It is a JSON array, not an object. A record is one JSON object with a string \"text\" or \"html\".\n", first.Output);

        File.Delete(at.PathTo("in/d.jsonl"));
        var second = at.Run("submit", "in", "--to", serving.Url + "/");
        Assert.Equal((0, "", "5 articles: 0 accepted, 5 already known, 0 refused.\n"), (second.Exit, second.Errors, second.Output));
        var third = at.Run(Encoding.UTF8.GetBytes(Record("b-1", "Cove") + Record("new", "Fern")), "submit", "-", "--to", serving.Url);
        Assert.Equal((0, "", "2 articles: 1 accepted, 1 already known, 0 refused.\n"), (third.Exit, third.Errors, third.Output));

        var submitted = (await serving.Events(6)).Select(e => (string)e["event"]!["id"]!).ToList();
        Assert.Equal(at.Run("run", "in", "--output", "-").Lines.Select(o => (string)o["id"]!).Append("new"), submitted);
    }

    [Fact]
    public async Task Metadata_of_a_record_goes_with_it()
    {
        at.Write("a.jsonl", """{"id":"x","text":"The mill opened again on Monday, with shelves where the rollers stood.","headline":"Mill opens","bylines":["Ida Brenn"],"agency":"AP","publisher":"Bree Post","published":"2026-03-01","received":"2026-03-02T00:00:00Z","language":"en","url":"https://bree.example/mill","feed":"f","dateline":"BREE"}""" + "\n");
        using var serving = Serving.Start(at);
        Assert.Equal(0, at.Run("submit", "a.jsonl", "--to", serving.Url).Exit);
        var article = (await serving.Events(1))[0]["event"]!["article"]!;
        var run = at.Run("run", "a.jsonl", "--output", "-").Lines[0]["article"]!;
        Assert.All(new[] { "headline", "bylines", "agency", "publisher", "published", "language", "url", "dateline", "body" }, f => Assert.Equal(run[f]!.ToJsonString(), article[f]!.ToJsonString()));
    }

    [Fact]
    public async Task A_server_that_is_killed_and_comes_back_has_everything_once_and_in_order()
    {
        const int Count = 12_000;
        at.Write("many.jsonl", string.Concat(Enumerable.Range(0, Count).Select(i => RecordOf($"{i}", Text(Paragraphs(i, 2))))));
        using var serving = Serving.Start(at);
        using var submitting = at.Start(false, "submit", "many.jsonl", "--to", serving.Url);
        var (output, errors) = (submitting.StandardOutput.ReadToEndAsync(), submitting.StandardError.ReadToEndAsync());
        await serving.Events(500);
        serving.Kill();
        Assert.False(submitting.HasExited);
        await Task.Delay(1500);
        serving.Start();
        Assert.True(submitting.WaitForExit(TimeSpan.FromMinutes(2)));
        Assert.Equal(0, submitting.ExitCode);
        Assert.Matches($"^{Count} articles: [0-9]+ accepted, [0-9]+ already known, 0 refused.\n$", await output);
        Assert.Matches($"^ingest: the connection to {serving.Url} was lost: .* Retrying for 60 s.\n", await errors);
        var (ids, after) = (new List<string>(), 0L);
        while (ids.Count < Count)
        {
            var events = await serving.Events(1, after);
            ids.AddRange(events.Select(e => (string)e["event"]!["id"]!));
            after = (long)events[^1]["position"]!;
        }

        Assert.Equal(Enumerable.Range(0, Count).Select(i => $"{i}"), ids.OrderBy(int.Parse));
    }

    [Fact]
    public async Task A_server_that_is_full_is_waited_for()
    {
        at.Environment["Ingest__Accept__MostUnfinished"] = "300";
        at.Write("many.jsonl", string.Concat(Enumerable.Range(0, 900).Select(i => RecordOf($"{i}", Text(Paragraphs(i, 1))))));
        // Nobody decides: what is accepted stays unfinished.
        using var full = Serving.Start(at, "--roles", "accept");
        using var submitting = at.Start(false, "submit", "many.jsonl", "--to", full.Url);
        var output = submitting.StandardOutput.ReadToEndAsync();
        Assert.Matches("(?i)articles are waiting.* Waiting.", (await submitting.StandardError.ReadLineAsync())!);
        using var deciding = Serving.Start(at, "--roles", "normalise,deduplicate");
        Assert.True(submitting.WaitForExit(TimeSpan.FromMinutes(2)), full.Log + deciding.Log);
        Assert.Equal((0, "900 articles: 900 accepted, 0 already known, 0 refused.\n"), (submitting.ExitCode, await output));
        Assert.Equal("", await submitting.StandardError.ReadToEndAsync());
    }

    [Fact]
    public void A_server_that_is_not_there_is_named()
    {
        at.Write("a.txt", Article("Bree"));
        var run = at.Run("submit", "a.txt", "--to", "http://127.0.0.1:9");
        Assert.Equal((1, ""), (run.Exit, run.Output));
        Assert.Equal("ingest: cannot reach a server at http://127.0.0.1:9: Connection refused. Start one with 'ingest serve', or name another with --to.\n", run.Errors);
    }

    [Fact]
    public void What_cannot_be_read_is_named_and_the_rest_submitted()
    {
        at.Write("a.txt", Article("Bree"));
        using var serving = Serving.Start(at);
        var run = at.Run("submit", "missing.txt", "a.txt", "--to", serving.Url);
        Assert.Equal((1, "1 article: 1 accepted, 0 already known, 0 refused.\n"), (run.Exit, run.Output));
        Assert.Equal("ingest: cannot read missing.txt: there is no such file or folder.\n", run.Errors);
    }

    [Fact]
    public void What_the_server_refuses_is_counted_by_its_kind_with_the_first_details()
    {
        at.Environment["Ingest__Accept__MaxArticleBytes"] = "2000";
        at.Write("a.jsonl", Record("1", "Bree") + string.Concat(Enumerable.Range(0, 5).Select(i => RecordOf($"large\e[2J{i}", new string('x', 3000)))) + Record("2", "Cove"));
        using var serving = Serving.Start(at);
        var run = at.Run("submit", "a.jsonl", "--to", serving.Url);
        Assert.Equal((1, ""), (run.Exit, run.Errors));
        Assert.StartsWith("7 articles: 2 accepted, 0 already known, 5 refused (too-large 5).\n  too-large  large·[2J0: The body has more than 2000 bytes", run.Output, StringComparison.Ordinal);
        Assert.Contains("\n  too-large  and 2 more\n", run.Output, StringComparison.Ordinal);
        Assert.DoesNotContain('\e', run.Output);
    }

    [Fact]
    public void A_key_is_made_asked_for_and_taken_from_the_environment_or_an_option()
    {
        at.Write("a.txt", Article("Bree"));
        var made = at.Run("key").Output.Split('\n').Select(l => l.Split(' ', 2, StringSplitOptions.TrimEntries)).Where(l => l.Length == 2).ToDictionary(l => l[0], l => l[1]);
        Assert.Matches("^[A-Za-z0-9_-]{43}$", made["Key"]);
        Assert.NotEqual(at.Run("key").Output, at.Run("key").Output);
        var setting = made["Server"].Split('=');
        Assert.Equal(made["SHA-256"], setting[1]);
        at.Environment[setting[0]] = setting[1];
        using var serving = Serving.Start(at);
        string[] submit = ["submit", "a.txt", "--to", serving.Url];
        var without = at.Run(submit);
        Assert.Equal((1, $"ingest: the server at {serving.Url} requires an API key. Set the environment variable INGEST_API_KEY; 'ingest key' makes a key.\n"), (without.Exit, without.Errors));
        Assert.Contains("rejected this API key", at.Run([.. submit, "--key", "wrong"]).Errors, StringComparison.Ordinal);
        Assert.Equal(0, at.Run([.. submit, "--key", made["Key"]]).Exit);
        at.Environment["INGEST_API_KEY"] = made["Key"];
        Assert.Equal((0, "1 article: 0 accepted, 1 already known, 0 refused.\n"), (at.Run(submit).Exit, at.Run(submit).Output));
        at.Environment["INGEST_API_KEY"] = "a b";
        Assert.Contains("INGEST_API_KEY takes a key", at.Run(submit).Errors, StringComparison.Ordinal);
        Assert.DoesNotContain(made["Key"], serving.Log, StringComparison.Ordinal);
    }

    [Fact]
    public void An_interrupt_ends_it_with_a_summary_of_what_was_accepted()
    {
        using var serving = Serving.Start(at);
        using var submitting = at.Start(true, "submit", "-", "--to", serving.Url);
        var output = submitting.StandardOutput.ReadToEndAsync();
        submitting.StandardInput.Write(string.Concat(Enumerable.Range(0, 1000).Select(i => Record($"{i}", $"Bree{i}"))));
        submitting.StandardInput.Flush();
        Thread.Sleep(2000);
        using (var kill = Process.Start("/bin/kill", ["-INT", $"{submitting.Id}"]))
            kill.WaitForExit();
        Assert.True(submitting.WaitForExit(TimeSpan.FromSeconds(20)));
        Assert.Equal(130, submitting.ExitCode);
        Assert.DoesNotContain("   at ", submitting.StandardError.ReadToEnd(), StringComparison.Ordinal);
    }
}
