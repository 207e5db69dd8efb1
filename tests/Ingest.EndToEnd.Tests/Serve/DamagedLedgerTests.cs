using System.Buffers.Binary;

namespace Ingest.EndToEnd.Tests.Serve;

/// <summary>Rows and pages of the ledger that something outside of the program has changed: each is named, and holds up nothing else.</summary>
public sealed class DamagedLedgerTests : IDisposable
{
    const int PageSize = 8192;

    readonly Workplace at = new();

    string Ledger => at.PathTo("ingest.db");

    public void Dispose() => at.Dispose();

    [Fact]
    public async Task Damaged_articles_that_wait_go_to_the_errors_and_the_others_are_decided()
    {
        const int All = 300;
        using (var accepting = Serving.Start(at, "--roles", "accept"))
        {
            await accepting.Submit(Records(All));
            Assert.Equal(0, accepting.Stop());
        }

        string[] damages = ["id = x'07'", "id = zeroblob(40)", "form = 'nonsense'", "metadata = '{'", "metadata = '[1]'", "accepted = 9000000000000000000", "accepted = -9000000000000000000"];
        using (var ledger = Book.Open(Ledger))
            for (var i = 0; i < damages.Length; i++)
                ledger.Execute($"UPDATE articles SET {damages[i]} WHERE article = {5 + i * 40}");
        using var server = Serving.Start(at);
        await server.Until("the others are decided", () => Task.FromResult(Book.Count(Ledger, "unfinished") == 0));
        // A moment that there is none of is no reason not to decide.
        Assert.Equal((All - 5, 5), (Book.Count(Ledger, "decisions"), Book.Count(Ledger, "errors")));
        Assert.Equal(200, (await server.Ask("/health/ready")).Status);
        var errors = at.Run("errors", "list");
        Assert.Equal(0, errors.Exit);
        Assert.Contains("damaged", errors.Output, StringComparison.Ordinal);
        var check = at.Run("check", "--url", server.Url);
        Assert.Equal(1, check.Exit);
        Assert.Contains("articles with a damaged id or time: 4. First: article number 5, article number 45, article number 205", check.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_waits_without_being_there_does_not_keep_the_service_from_being_ready()
    {
        using var server = Serving.Start(at);
        Book.Execute(Ledger, "INSERT INTO unfinished (article) VALUES (999999)");
        await server.Until("it is said", async () =>
            (string?)(await server.Ask("/health/ready")).Json["warnings"]!["waiting"] is { } said && said.Contains("'ingest check'", StringComparison.Ordinal));
        Assert.Equal(200, (await server.Ask("/health/ready")).Status);
        Assert.Contains("articles that wait or failed but are not stored: 1. First: article number 999999", at.Run("check", "--url", server.Url).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_damaged_page_of_results_is_passed_over_and_everything_else_is_told()
    {
        // Packed, some 170 results stand on a page.
        const int All = 800;
        using (var before = Serving.Start(at))
        {
            await before.Submit(Records(All));
            await before.Events(All);
            Assert.Equal(0, before.Stop());
        }

        Damage(Root("results"));
        using var server = Serving.Start(at);
        var (told, damaged, after) = (0, new List<long>(), 0L);
        while (true)
        {
            var page = await server.Ask($"/v1/events?after={after}&limit=150");
            Assert.True(page.Status == 200, page.Body);
            told += page.Json["events"]!.AsArray().Count;
            damaged.AddRange((page.Json["damaged"]?.AsArray() ?? []).Select(d => (long)d!["position"]!));
            if ((long)page.Json["next"]! == after)
                break;
            after = (long)page.Json["next"]!;
        }

        Assert.Equal((All, All), (after, told + damaged.Count));
        Assert.InRange(damaged.Count, 1, All / 4);
        Assert.Contains("WRONG", at.Run("check", "--url", server.Url).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_changed_word_of_a_clean_text_is_found()
    {
        using (var server = Serving.Start(at))
        {
            await server.Submit(Records(20));
            await server.Events(20);
            Assert.Equal(0, server.Stop());
        }

        Assert.Equal(0, at.Run("check", "--url", "http://127.0.0.1:9").Exit);
        // As a content that is not packed: in one that is, no word can be changed alone.
        var changed = Records(20).Split('\n')[6].Replace('a', 'o').Replace("'", "''", StringComparison.Ordinal);
        Book.Execute(Ledger, $"UPDATE articles SET packed = 0, content = CAST('{changed}' AS BLOB) WHERE article = 7");
        var check = at.Run("check", "--url", "http://127.0.0.1:9");
        Assert.Equal(1, check.Exit);
        Assert.Contains("results that cannot be read, or have changed: 1. First: position 7", check.Output, StringComparison.Ordinal);
    }

    static string Records(int count) =>
        string.Concat(Enumerable.Range(1, count).Select(i => Workplace.RecordOf($"{i}", Workplace.Text(Workplace.Paragraphs(61_000 + i * 10)))));

    /// <summary>The page on which a table begins.</summary>
    int Root(string table)
    {
        using var ledger = Book.Open(Ledger);
        using var command = ledger.CreateCommand();
        command.CommandText = $"SELECT rootpage FROM sqlite_master WHERE name = '{table}'";
        return (int)(long)command.ExecuteScalar()!;
    }

    /// <summary>Writes over the second of the pages to which a table's first leads: see the file format of SQLite, 1.6.</summary>
    void Damage(int root)
    {
        using var file = new FileStream(Ledger, FileMode.Open);
        var page = new byte[PageSize];
        Read(root);
        Assert.Equal(5, page[0]);
        var cell = BinaryPrimitives.ReadUInt16BigEndian(page.AsSpan(12 + 2));
        var second = (int)BinaryPrimitives.ReadUInt32BigEndian(page.AsSpan(cell));
        Read(second);
        Assert.Equal(13, page[0]);
        file.Position = (second - 1) * PageSize;
        file.Write(Enumerable.Repeat((byte)0xee, 200).ToArray());

        void Read(int number)
        {
            file.Position = (number - 1) * PageSize;
            file.ReadExactly(page);
        }
    }
}
