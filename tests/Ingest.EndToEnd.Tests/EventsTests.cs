using System.Text.Json.Nodes;
using static Ingest.EndToEnd.Tests.Workplace;

namespace Ingest.EndToEnd.Tests;

/// <summary><c>ingest events</c>: the feed on the command line.</summary>
public sealed class EventsTests : IDisposable
{
    readonly Workplace at = new();

    public void Dispose() => at.Dispose();

    [Fact]
    public async Task A_server_is_killed_and_stopped_and_comes_back_with_its_log()
    {
        using var serving = Serving.Start(at);
        Assert.All(await serving.Submit(Record("1", "Bree") + Record("2", "Cove")), l => Assert.Equal(202, (int)l["status"]!));
        var before = await serving.Events(2);
        serving.Kill();
        Assert.False(serving.Runs);
        serving.Start();
        serving.Restart();
        Assert.Equal(before.Select(e => e.ToJsonString()), (await serving.Events(2)).Select(e => e.ToJsonString()));
        Assert.Equal(0, serving.Stop());
        Assert.Contains("Index ready: 2 articles", serving.Log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_feed_is_printed_from_a_position_on_as_the_server_has_it()
    {
        using var serving = Serving.Start(at);
        await serving.Submit(string.Concat(Enumerable.Range(0, 1200).Select(i => RecordOf($"{i}\u202e", Text(Paragraphs(i, 1))))));
        var events = await serving.Events(1200);
        var run = at.Run("events", "--to", serving.Url);
        Assert.Equal((0, ""), (run.Exit, run.Errors));
        Assert.Equal(events.Select(e => e.ToJsonString()), run.Lines.Select(e => e.ToJsonString()));
        Assert.DoesNotContain('\u202e', run.Output);
        Assert.Equal([1200], at.Run("events", "--after", "1199", "--to", serving.Url).Lines.Select(e => (int)e["position"]!));
        // A file that others write to as well.
        using (var shell = at.StartProgram("/bin/sh", false, "-c", $"{{ '{Executable}' events --after 1198 --to {serving.Url}; echo end; }} > out"))
            await shell.WaitForExitAsync();
        Assert.Equal([1199, 1200], File.ReadAllLines(at.PathTo("out")).SkipLast(1).Select(l => (int)JsonNode.Parse(l)!["position"]!));
        Assert.Equal((0, "", ""), at.Run("events", "--after", "1200", "--to", serving.Url) is var end ? (end.Exit, end.Output, end.Errors) : default);
    }

    [Fact]
    public async Task Following_goes_on_where_it_was_when_the_server_is_killed_and_when_it_stops()
    {
        using var serving = Serving.Start(at);
        await serving.Submit(Record("1", "Bree"));
        using var following = at.Start(false, "events", "--follow", "--to", serving.Url);
        try
        {
            Assert.Equal("1", await Id());
            serving.Kill();
            Assert.StartsWith($"ingest: the connection to {serving.Url} was lost after position 1: ", await Said(), StringComparison.Ordinal);
            serving.Start();
            Assert.Equal($"ingest: reconnected to {serving.Url}; continuing after position 1.", await Said());
            await serving.Submit(Record("2", "Cove"));
            Assert.Equal("2", await Id());
            serving.Stop();
            Assert.StartsWith($"ingest: the connection to {serving.Url} was lost after position 2: ", await Said(), StringComparison.Ordinal);
            await Task.Delay(2500);
            serving.Start();
            Assert.Equal($"ingest: reconnected to {serving.Url}; continuing after position 2.", await Said());
            await serving.Submit(Record("3", "Dorn"));
            Assert.Equal("3", await Id());
        }
        finally
        {
            following.Kill();
        }

        async Task<string> Id() => (string)JsonNode.Parse((await following.StandardOutput.ReadLineAsync().WaitAsync(TimeSpan.FromMinutes(1)))!)!["event"]!["id"]!;

        async Task<string?> Said() => await following.StandardError.ReadLineAsync().WaitAsync(TimeSpan.FromMinutes(1));
    }

    [Fact]
    public async Task Following_ends_when_its_reader_goes()
    {
        using var serving = Serving.Start(at);
        await serving.Submit(Record("1", "Bree"));
        using var following = at.Start(false, "events", "--follow", "--to", serving.Url);
        await following.StandardOutput.ReadLineAsync();
        following.StandardOutput.Close();
        await serving.Submit(Record("2", "Cove"));
        Assert.True(following.WaitForExit(TimeSpan.FromSeconds(30)));
        Assert.Equal((0, ""), (following.ExitCode, await following.StandardError.ReadToEndAsync()));
    }

    [Fact]
    public async Task On_a_terminal_each_event_is_a_readable_line_that_steers_nothing()
    {
        if (!File.Exists("/usr/bin/script"))
            return;
        using var serving = Serving.Start(at);
        await serving.Submit(Record("1\e[2J", "Bree") + Record("2", "Bree") + RecordOf("3", " "));
        await serving.Events(3);
        using var process = at.StartProgram("/usr/bin/script", true, "-qec", $"'{Executable}' events --to {serving.Url}", "/dev/null");
        var lines = (await process.StandardOutput.ReadToEndAsync()).Split("\r\n");
        await process.WaitForExitAsync();
        // The runtime may switch the keypad on first.
        Assert.EndsWith("       1  CanonicalArticlePublished  1·[2J  Mill at Bree reopens as a library", lines[0], StringComparison.Ordinal);
        Assert.Matches("^       2  DuplicateDetected          2  exact copy in story [0-9a-f-]{36}$", lines[1]);
        Assert.StartsWith("       3  ArticleRejected            3  empty: ", lines[2], StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_no_server_is_named()
    {
        var nobody = at.Run("events", "--to", "http://127.0.0.1:9", "--follow");
        Assert.Equal((1, ""), (nobody.Exit, nobody.Output));
        Assert.Equal("ingest: cannot reach a server at http://127.0.0.1:9: Connection refused. Start one with 'ingest serve', or name another with --to.\n", nobody.Errors);
        using var serving = Serving.Start(at);
        var elsewhere = at.Run("events", "--to", serving.Url + "/elsewhere");
        Assert.Equal(1, elsewhere.Exit);
        Assert.Contains("refused the request (status 404): Not found. There is nothing at /elsewhere/v1/events.", elsewhere.Errors, StringComparison.Ordinal);
    }
}
