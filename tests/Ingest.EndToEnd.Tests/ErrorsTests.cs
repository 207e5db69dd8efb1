using System.Text.Json.Nodes;
using Microsoft.Data.Sqlite;
using static Ingest.EndToEnd.Tests.Workplace;

namespace Ingest.EndToEnd.Tests;

/// <summary><c>ingest errors</c>: articles whose handling failed.</summary>
public sealed class ErrorsTests : IDisposable
{
    readonly Workplace at = new();

    public void Dispose() => at.Dispose();

    [Fact]
    public async Task A_failed_article_is_listed_and_shown()
    {
        using var serving = Serving.Start(at);
        var id = await Fail(serving);
        Assert.Equal("failed", (string)(await serving.Get($"/v1/articles/{id}"))["stage"]!);
        var list = at.Run("errors", "list");
        Assert.Equal((0, ""), (list.Exit, list.Errors));
        Assert.Contains($"│ {id} │ copy·[2J ", list.Output, StringComparison.Ordinal);
        Assert.Contains("│ deduplicate │     1 │ StoredResultException: ", list.Output, StringComparison.Ordinal);
        Assert.Contains("\n1 article failed. ", list.Output, StringComparison.Ordinal);
        Assert.All(list.Output.Split('\n'), line => Assert.True(line.Length <= 120, line));

        var show = at.Run("errors", "show", id);
        Assert.Equal((0, ""), (show.Exit, show.Errors));
        Assert.Contains($"article   {id}\nid        copy·[2J\naccepted  ", show.Output, StringComparison.Ordinal);
        Assert.Contains(" UTC, in deduplicate, 1 try\nfault     StoredResultException\ndetail    ", show.Output, StringComparison.Ordinal);
        Assert.Contains("metadata  {\"feed\":\"wire\"}\n\nMill at Bree reopens", show.Output, StringComparison.Ordinal);
        Assert.All(list.Output + show.Output, c => Assert.False(char.IsControl(c) && c != '\n', $"U+{(int)c:X4}"));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_failed_article_that_is_tried_again_gets_its_outcome(bool all)
    {
        using var serving = Serving.Start(at);
        var id = await Fail(serving);
        // While the fault is there, another try fails too.
        Mend(null);
        var retry = at.Run("errors", "retry", all ? "--all" : id);
        Assert.Equal((0, ""), (retry.Exit, retry.Output));
        Assert.Contains(all ? "1 article will be retried." : $"{id} will be retried.", retry.Errors, StringComparison.Ordinal);
        var copy = (await serving.Events(1, after: 1))[0];
        Assert.Equal((id, "near"), ((string)copy["event"]!["articleId"]!, (string)copy["event"]!["joined"]!["relation"]!));
        Assert.Equal("No article has failed.\n", at.Run("errors", "list").Output);
        var again = at.Run("errors", "retry", id);
        Assert.Equal((1, $"ingest: {id} has not failed: it was decided at position 2 of the log.\n"), (again.Exit, again.Errors));
    }

    [Fact]
    public async Task Promise_1_a_discarded_article_has_its_one_outcome_in_the_log_and_the_lane_goes_on_behind_it()
    {
        using var serving = Serving.Start(at);
        var id = await Fail(serving);
        at.Run("errors", "retry", id);
        var discard = at.Run("errors", "discard", id);
        Assert.Equal((0, "", $"{id} was discarded; it is rejected at position 2 of the log.\n"), (discard.Exit, discard.Output, discard.Errors));
        Mend(null);
        var told = (await serving.Events(1, after: 1))[0];
        Assert.Equal(("ArticleRejected", id, "discarded"), ((string)told["type"]!, (string)told["event"]!["articleId"]!, (string)told["event"]!["rejection"]!["reason"]!));
        Assert.Contains("StoredResultException", (string)told["event"]!["rejection"]!["detail"]!, StringComparison.Ordinal);
        var state = await serving.Get($"/v1/articles/{id}");
        Assert.Equal(("decided", "rejected"), ((string)state["stage"]!, (string)state["outcome"]!["outcome"]!));

        // Known from then on, and what comes next has the next position, before and after a restart.
        Assert.True((bool)(await serving.Submit(Copy))[0]["article"]!["known"]!);
        await serving.Submit(Record("3", "Bree"));
        Assert.Equal("DuplicateDetected", (string)(await serving.Events(1, after: 2))[0]["type"]!);
        serving.Restart();
        await serving.Submit(Record("4", "Dorn"));
        Assert.Equal(4, (long)(await serving.Events(1, after: 3))[0]["position"]!);
        var check = at.Run("check", "--url", serving.Url);
        Assert.True(check.Exit == 0, check.Output);
        Assert.Equal((1, $"ingest: {id} has not failed: it was decided at position 2 of the log.\n"), at.Run("errors", "discard", id) is var twice ? (twice.Exit, twice.Errors) : default);
    }

    [Fact]
    public void What_is_not_there_is_said()
    {
        var none = at.Run("errors", "list");
        Assert.Equal((1, "ingest: There is no ledger ingest.db. Name one with --ledger, or create one with 'ingest serve' or 'ingest run --ledger'.\n"), (none.Exit, none.Errors));
        Assert.False(File.Exists(at.PathTo("ingest.db")));
        using (Serving.Start(at))
        {
        }

        Assert.Equal("No article has failed.\n", at.Run("errors", "list", "--ledger", "ingest.db").Output);
        var unknown = at.Run("errors", "show", "00000000-0000-0000-0000-000000000001");
        Assert.Equal((1, "ingest: the ledger ingest.db has no article 00000000-0000-0000-0000-000000000001. 'ingest errors list' shows the failed ones.\n"), (unknown.Exit, unknown.Errors));
        var brokerless = at.Run("errors", "retry", "--queue", "ingest.dead");
        Assert.Equal((1, "ingest: No broker is configured. Name one with --rabbitmq amqp://… or the setting Ingest:RabbitMq:Host.\n"), (brokerless.Exit, brokerless.Errors));
        var unreachable = at.Run("errors", "list", "--rabbitmq", "amqp://guest:secret@127.0.0.1:9");
        Assert.Equal(1, unreachable.Exit);
        Assert.Contains("no connection to the broker amqp://guest@127.0.0.1:9/", unreachable.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", unreachable.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Explain_compares_articles_of_a_ledger_by_uuid_or_by_submitted_id()
    {
        using var serving = Serving.Start(at);
        var answers = await serving.Submit(Record("a", "Bree") + Record("b", "Bree") + RecordOf("c", Text(Paragraphs(1))) + RecordOf("c", Text(Paragraphs(2))) + RecordOf("empty", ""));
        await serving.Events(5);
        var ids = answers.Select(a => (string)a["article"]!["articleId"]!).ToList();
        Assert.StartsWith("One story: b is an exact copy of a.\n", at.Run("explain", "a", "b", "--ledger", "ingest.db").Output, StringComparison.Ordinal);
        Assert.StartsWith($"Two stories: {ids[2]} is not a copy of a.\n", at.Run("explain", "a", ids[2], "--ledger", "ingest.db").Output, StringComparison.Ordinal);
        Fails("c", $"the ledger ingest.db has 2 articles submitted as 'c'. Use the UUID of one of them: {ids[2]}, {ids[3]}.");
        Fails("d", "the ledger ingest.db has no article 'd'. Use its UUID or the ID it was submitted under.");
        Fails("empty", "Article 'empty' was rejected (empty): there is nothing to compare.");

        void Fails(string id, string message)
        {
            var run = at.Run("explain", "a", id, "--ledger", "ingest.db");
            Assert.Equal((1, "", $"ingest: {message}\n"), (run.Exit, run.Output, run.Errors));
        }
    }

    static readonly string Copy = new JsonObject { ["id"] = "copy\e[2J", ["feed"] = "wire", ["text"] = Article("Bree").Replace("300", "450", StringComparison.Ordinal) }.ToJsonString() + "\n";
    byte[] whole = [];

    /// <summary>An article whose comparison fails because what is stored of an earlier one is damaged; its UUID.</summary>
    async Task<string> Fail(Serving serving)
    {
        await serving.Submit(Record("first", "Bree"));
        await serving.Events(1);
        serving.Stop();
        whole = Mend([0xff]);
        serving.Start();
        var id = (string)(await serving.Submit(Copy))[0]["article"]!["articleId"]!;
        for (var tries = 0; (string)(await serving.Get($"/v1/articles/{id}"))["stage"]! != "failed"; tries++)
        {
            Assert.True(tries < 200, serving.Log);
            await Task.Delay(50);
        }

        return id;
    }

    /// <summary>Sets the stored result of the first article, to what it was for null; returns what it was before.</summary>
    byte[] Mend(byte[]? result)
    {
        using var connection = new SqliteConnection($"Data Source={at.PathTo("ingest.db")};Pooling=False");
        connection.Open();
        using var read = connection.CreateCommand();
        read.CommandText = "SELECT result FROM results WHERE article = 1";
        var before = (byte[])read.ExecuteScalar()!;
        using var write = connection.CreateCommand();
        write.CommandText = "UPDATE results SET result = $result WHERE article = 1";
        write.Parameters.AddWithValue("$result", result ?? whole);
        write.ExecuteNonQuery();
        return before;
    }
}
