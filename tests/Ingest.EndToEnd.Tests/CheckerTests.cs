using System.Net;
using System.Net.Sockets;
using System.Text;
using Ingest.Checker;

namespace Ingest.EndToEnd.Tests;

/// <summary>What <c>tests/Ingest.Checker</c> makes of answers that are cut off, and what it counts.</summary>
public sealed class CheckerTests
{
    const string Head = "HTTP/1.1 200 OK\r\nContent-Type: application/x-ndjson\r\n";
    const string Line1 = """{"line":1,"status":202,"article":{"articleId":"24472845-1a1c-595c-aa1a-a78e7e19d44d","id":"a/1","location":"/","known":false},"problem":null}""" + "\n";
    const string Line2 = """{"line":2,"status":413,"article":null,"problem":{"type":"/problems/too-large","title":"","status":413,"detail":"The field is too large."}}""" + "\n";

    [Theory]
    [InlineData("", 2, 0)]
    [InlineData("HTTP/1.1 20", 2, 0)]
    [InlineData("220 ready\r\n\r\n", 2, 0)]
    [InlineData(Head + "Content-Length: 9000\r\n\r\n", 2, 0)]
    [InlineData(Head + "Transfer-Encoding: chunked\r\n\r\n5\r\n{\"lin", 2, 0)]
    [InlineData(Head + "Content-Encoding: gzip\r\nContent-Length: 3\r\n\r\n\u00ff\u00fe\u00fd", 2, 0)]
    [InlineData(Head + "Connection: close\r\n\r\n[]\n", 2, 0)]
    [InlineData(Head + "Content-Length: 9000\r\n\r\n" + Line1 + "{\"line\":2,\"sta", 1, 0)]
    [InlineData(Head + "Connection: close\r\n\r\n" + Line1 + "{\"line\":7,\"status\":202}\n", 1, 1)]
    [InlineData(Head + "Connection: close\r\n\r\n" + Line2 + Line1, 0, 0)]
    [InlineData("HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\n\r\n", 2, 0)]
    [InlineData("HTTP/1.1 500 Internal Server Error\r\nContent-Length: 0\r\n\r\n", 2, 2)]
    [InlineData("HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n", 0, 1)]
    public async Task An_article_without_an_answer_stays_open_whatever_comes_instead(string answer, int open, int unexpected)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var answering = Answer(listener, answer);
        var account = new Account();
        Article[] batch = [new("a/1", """{"id":"a/1","text":"one"}""", Due.Story), new("a/2", """{"id":"a/2","text":"two"}""", Due.Refused)];
        foreach (var article in batch)
            account.Try(article);
        using (var submitter = new HttpSubmitter(account, new Uri($"http://{listener.LocalEndpoint}")))
            Assert.Equal(batch[(batch.Length - open)..], await submitter.Send(batch, CancellationToken.None));
        await answering;
        var tally = account.Tally();
        Assert.Equal((open, unexpected), (tally.Unanswered, tally.Unexpected));
    }

    [Fact]
    public void The_counts_tell_lost_undecided_split_repeated_and_unexpected_apart()
    {
        var account = new Account("first", "second");
        Article[] articles = [.. Enumerable.Range(0, 6).Select(i => new Article($"a/{i}", "{}", Due.Story, i / 3, IsWhole: true))];
        foreach (var article in articles)
        {
            account.Try(article);
            account.Accepted(article);
        }

        account.Decided(1, "a/0", "one story");
        account.Decided(2, "a/1", "another story");
        account.Decided(3, null, null);
        account.Decided(4, "a/3", "third story");
        foreach (var id in (string[])["a/0", "a/1", "a/3"])
        {
            account.Published(0, id, $"event of {id}");
            account.Published(0, id, $"event of {id}");
        }

        account.Published(1, "a/0", "event of a/0");
        account.Published(1, "a/1", "event of a/1");
        account.Found(articles[4], "failed");
        account.Found(articles[5], null);
        // Lost: a/3's event at the second, and a/5. Undecided: a/2 and a/4.
        Assert.Equal(new Tally(6, 0, 3, 2, Lost: 2, Duplicated: 3, Unexpected: 0, Undecided: 2, Split: 1, Unanswered: 0, Kills: 0), account.Tally());
        Assert.False(account.IsComplete());

        account.Decided(6, "a/3", "third story");
        account.Decided(7, "a/2", null);
        account.Decided(8, "a/4", "one story");
        account.Published(1, "a/3", "another event of a/3");
        account.Published(1, "b/9", "event of b/9");
        // A gap, a second decision, a rejection, a stranger in a story, a second event, an article that nobody sent.
        Assert.Equal(6, account.Tally().Unexpected);
        Assert.False(account.Tally().Holds);
    }

    /// <summary>Reads a request to its end, answers so much, and closes the connection.</summary>
    static async Task Answer(TcpListener listener, string answer)
    {
        using var client = await listener.AcceptTcpClientAsync();
        var buffer = new byte[4096];
        var request = new StringBuilder();
        while (!request.ToString().EndsWith("}\n", StringComparison.Ordinal))
            request.Append(Encoding.UTF8.GetString(buffer, 0, await client.GetStream().ReadAsync(buffer)));
        await client.GetStream().WriteAsync(Encoding.Latin1.GetBytes(answer));
    }
}
