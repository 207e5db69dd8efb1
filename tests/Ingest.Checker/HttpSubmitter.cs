using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Ingest.Contracts.V1;

namespace Ingest.Checker;

/// <summary>Sends articles over HTTP, and sends again whatever has no answer. No fault of a connection or of an answer gets out.</summary>
sealed class HttpSubmitter(Account account, Uri url) : IDisposable
{
    static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200), Patience = TimeSpan.FromSeconds(60);

    // The time limit is ours: HttpClient's ends with the headers.
    readonly HttpClient http = new() { BaseAddress = url, Timeout = Timeout.InfiniteTimeSpan };

    public void Dispose() => http.Dispose();

    /// <summary>Sends a batch, and what is left of it, until every article has its answer.</summary>
    /// <param name="giveUp">Ends it with articles unanswered.</param>
    public async Task Settle(IReadOnlyList<Article> batch, CancellationToken giveUp)
    {
        foreach (var article in batch)
            account.Try(article);
        while ((batch = await Send(batch, giveUp)).Count > 0 && !giveUp.IsCancellationRequested)
            await Task.Delay(Pause, giveUp).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    /// <summary>Sends a batch once. An answer counts from its line on, whatever becomes of the lines behind it.</summary>
    /// <returns>The articles without an answer, which may or may not have been accepted.</returns>
    public async Task<IReadOnlyList<Article>> Send(IReadOnlyList<Article> batch, CancellationToken giveUp)
    {
        var open = new SortedDictionary<long, Article>(batch.Index().ToDictionary(a => a.Index + 1L, a => a.Item));
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(giveUp);
        limit.CancelAfter(Patience);
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/articles:batch")
            {
                Content = new StringContent(
                    string.Concat(batch.Select(a => a.Json + "\n")), Encoding.UTF8, new MediaTypeHeaderValue("application/x-ndjson")),
            };
            using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, limit.Token);
            using var lines = new StreamReader(await response.Content.ReadAsStreamAsync(limit.Token));
            if (!response.IsSuccessStatusCode)
            {
                var why = await lines.ReadToEndAsync(limit.Token);
                foreach (var line in open.Keys.ToList())
                    Take(open, line, (int)response.StatusCode, why);
            }

            while (response.IsSuccessStatusCode && await lines.ReadLineAsync(limit.Token) is { } text)
            {
                var answer = JsonSerializer.Deserialize<SubmittedLine>(text, JsonSerializerOptions.Web);
                if (answer is null || !open.ContainsKey(answer.Line))
                    account.Unexpected($"an answer to no line of the batch: {text}");
                else
                    Take(open, answer.Line, answer.Status, answer.Problem?.Detail);
            }
        }
        catch (Exception e)
        {
            // Whatever it is: those that were accepted are known by their ids when they come again.
            account.Interrupted(e);
        }

        return [.. open.Values];
    }

    void Take(SortedDictionary<long, Article> open, long line, int status, string? why)
    {
        var article = open[line];
        switch (status)
        {
            case 202:
                account.Accepted(article);
                open.Remove(line);
                break;
            case 429 or 503:
                account.Interrupted($"HTTP {status}");
                break;
            case >= 400 and < 500:
                account.Refused(article, status, why);
                open.Remove(line);
                break;
            default:
                account.Unexpected($"the answer {status}: {why}");
                break;
        }
    }

    /// <summary>Asks about an accepted article by sending it once more.</summary>
    public async Task Find(Article article, CancellationToken giveUp)
    {
        try
        {
            using var content = new StringContent(article.Json, Encoding.UTF8, "application/json");
            using var response = await http.PostAsync("/v1/articles", content, giveUp);
            var text = await response.Content.ReadAsStringAsync(giveUp);
            var answer = JsonSerializer.Deserialize<Submitted>(text, JsonSerializerOptions.Web)!;
            if (!answer.Known)
            {
                account.Found(article, null);
                return;
            }

            using var state = JsonDocument.Parse(await http.GetStringAsync($"/v1/articles/{answer.ArticleId}", giveUp));
            account.Found(article, state.RootElement.GetProperty("stage").GetString());
        }
        catch (Exception e)
        {
            // It stays undecided.
            account.Interrupted(e);
        }
    }
}
