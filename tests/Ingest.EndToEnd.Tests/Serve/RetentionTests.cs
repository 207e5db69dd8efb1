using static Ingest.EndToEnd.Tests.Workplace;

namespace Ingest.EndToEnd.Tests.Serve;

/// <summary>What is no longer kept: every way to ask for it says so, and none takes it for damage.</summary>
public sealed class RetentionTests : IDisposable
{
    readonly Workplace at = new();

    string Ledger => at.PathTo("ingest.db");

    public void Dispose() => at.Dispose();

    [Fact]
    public async Task What_went_is_told_to_be_gone_and_the_rest_goes_on()
    {
        using var server = Serving.Start(at);
        await server.Submit(string.Concat(Enumerable.Range(1, 3).Select(i => RecordOf($"{i}", Text(Paragraphs(i))))));
        var old = (await server.Events(3))[0]["event"]!;
        Assert.Equal(0, server.Stop());
        Book.Execute(Ledger, $"UPDATE decisions SET decided = decided - {100L * 24 * 3600 * 1000} WHERE position <= 2");
        Book.Execute(Ledger, "UPDATE fingerprints SET oldest = 3 WHERE number = 3");

        Assert.Equal(2, at.Run("upkeep").Exit);
        at.Environment["Ingest__Retention__Articles"] = "30";
        var dry = at.Run("upkeep", "--dry-run");
        Assert.Equal((0, "Texts: those of positions 1 to 2 would go, but for what is still needed; kept from position 3 on.\nDecisions: nothing would go; kept from position 1 on.\n"), (dry.Exit, dry.Output));
        Assert.Equal(3, Book.Count(Ledger, "results"));
        // The service does it by itself.
        server.Start();
        await server.Until("what is old is gone", () => Task.FromResult(Book.Count(Ledger, "results") == 1));

        foreach (var path in (string[])["/v1/events", "/v1/events?after=1&wait=60"])
        {
            var gone = await server.Ask(path);
            Assert.Equal((410, "no-longer-kept", 3), (gone.Status, gone.Problem, (long)gone.Json["first"]!));
        }

        var stream = await server.Ask("/v1/events", ("Accept", "text/event-stream"), ("Last-Event-ID", "1"));
        Assert.Equal((410, "no-longer-kept"), (stream.Status, stream.Problem));
        Assert.Equal(3, (long)Assert.Single((await server.Get("/v1/events?after=2"))["events"]!.AsArray())!["position"]!);
        foreach (var path in (string[])[$"/v1/articles/{old["articleId"]}", $"/v1/articles/{old["articleId"]}?format=ninjs", $"/v1/stories/{old["articleId"]}?format=ninjs"])
        {
            var gone = await server.Ask(path);
            Assert.Equal((410, "no-longer-kept"), (gone.Status, gone.Problem));
        }

        var story = await server.Get($"/v1/stories/{old["articleId"]}");
        Assert.Null(story["article"]);
        Assert.Equal(1, (long)Assert.Single(story["articles"]!.AsArray())!["position"]!);
        Assert.Equal(200, (await server.Ask("/v1/stories.atom")).Status);

        var events = at.Run("events", "--to", server.Url);
        Assert.Equal((1, ""), (events.Exit, events.Output));
        Assert.Contains("kept from position 3 on", events.Errors, StringComparison.Ordinal);
        var check = at.Run("check", "--url", server.Url);
        Assert.DoesNotContain("WRONG", check.Output, StringComparison.Ordinal);
        Assert.Contains("texts from position 3 on", check.Output, StringComparison.Ordinal);
        Assert.Equal(0, at.Run("backup", "copy.db").Exit);
        var explain = at.Run("explain", "1", "3", "--ledger", "ingest.db");
        Assert.Equal(1, explain.Exit);
        Assert.Contains("no longer kept", explain.Errors, StringComparison.Ordinal);
        var replay = at.Run("replay", "--to", "again.db");
        Assert.Equal(2, replay.Exit);
        Assert.Contains("Use --from 3 or later", replay.Errors, StringComparison.Ordinal);
        Assert.Equal(0, at.Run("replay", "--to", "again.db", "--from", "3").Exit);
        Assert.DoesNotContain("WRONG", at.Run("check", "--ledger", "again.db", "--url", server.Url).Output, StringComparison.Ordinal);
        await server.Submit(RecordOf("4", Text(Paragraphs(4))));
        Assert.Equal(4, (long)(await server.Events(1, 3))[0]["position"]!);
    }
}
