using System.Text.Json;

namespace Ingest.Checker;

/// <summary>Follows the feed of decisions from its beginning, over all interruptions.</summary>
/// <param name="url">Of the process to ask: it changes when the service is started in another form.</param>
/// <param name="run">What the ids of our own articles begin with.</param>
sealed class FeedFollower(Account account, Func<Uri> url, string run)
{
    static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200), Patience = TimeSpan.FromSeconds(60);

    public async Task Run(CancellationToken stop)
    {
        using var http = new HttpClient { Timeout = Patience };
        var after = 0L;
        while (!stop.IsCancellationRequested)
        {
            try
            {
                var address = new Uri(url(), $"/v1/events?after={after}&wait=5&limit=1000");
                using var page = JsonDocument.Parse(await http.GetByteArrayAsync(address, stop));
                foreach (var entry in page.RootElement.GetProperty("events").EnumerateArray())
                {
                    var told = entry.GetProperty("event");
                    var id = told.GetProperty("id").GetString()!;
                    var story = told.TryGetProperty("storyId", out var given) ? given.GetString() : null;
                    after = entry.GetProperty("position").GetInt64();
                    account.Decided(after, id.StartsWith(run, StringComparison.Ordinal) ? id : null, story);
                }
            }
            catch (Exception e)
            {
                if (stop.IsCancellationRequested)
                    return;
                account.Interrupted(e);
                await Task.Delay(Pause, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }
}
