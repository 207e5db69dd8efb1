using System.CommandLine;
using Ingest.Broker.Tests;
using Ingest.Checker;

var minutes = new Option<double>("--minutes") { Description = "How long articles are sent.", DefaultValueFactory = _ => 1, HelpName = "M" };
var killEvery = new Option<double>("--kill-every")
{
    Description = "Kill the service (SIGKILL) about every so many seconds; 0 is never. For a service of the checker's own.",
    DefaultValueFactory = _ => 0, HelpName = "SECONDS"
};
var url = new Option<string?>("--url")
{
    Description = "A running service; without it the checker starts one in a temporary folder.", HelpName = "URL"
};
var rabbit = new Option<string?>("--rabbitmq")
{
    Description = "The broker that the service uses, or 'private' for one of the checker's own.", HelpName = "amqp://…|private"
};
var command = new RootCommand("Sends articles, follows what comes out, and says whether anything was lost, doubled or unexpected.")
{
    minutes, killEvery, url, rabbit
};
command.Validators.Add(r =>
{
    if (r.GetValue(url) is not null && (r.GetValue(killEvery) > 0 || r.GetValue(rabbit) == "private"))
        r.AddError("--kill-every and --rabbitmq private are for a service that the checker starts itself: leave out --url.");
});
command.SetAction((parsed, stop) => Check(TimeSpan.FromMinutes(parsed.GetValue(minutes)),
    TimeSpan.FromSeconds(parsed.GetValue(killEvery)), parsed.GetValue(url), parsed.GetValue(rabbit), stop));
return await command.Parse(args).InvokeAsync();

static async Task<int> Check(TimeSpan duration, TimeSpan killEvery, string? url, string? rabbit, CancellationToken stop)
{
    var run = $"check-{Guid.NewGuid():N}";
    await using var own = rabbit == "private" ? await Broker.StartNewAsync() : null;
    var broker = own?.Address ?? (rabbit is null ? null : new Uri(rabbit));
    using var deployment = new Deployment(url, broker);
    var account = new Account();
    var (submitters, followers) = (new Submitters(account, new Articles(run)), new Followers(account));
    using var sending = CancellationTokenSource.CreateLinkedTokenSource(stop);
    using var following = CancellationTokenSource.CreateLinkedTokenSource(stop);
    if (broker is not null)
        await Followers.Bind(broker, run);
    deployment.Start();
    List<Task> followed = [followers.Feed(deployment.Url, run, following.Token)];
    List<Task> sent = [submitters.OverHttp(deployment.Url, 20, TimeSpan.FromMilliseconds(50), sending.Token),
        submitters.OverHttp(deployment.Url, 3, TimeSpan.FromMilliseconds(20), sending.Token)];
    if (broker is not null)
    {
        followed.Add(followers.Events(broker, run, run, following.Token));
        sent.Add(submitters.OverQueue(broker, TimeSpan.FromMilliseconds(20), sending.Token));
    }

    sending.CancelAfter(duration);
    var random = new Random(1);
    var kills = 0;
    while (!sending.IsCancellationRequested)
    {
        var wait = killEvery > TimeSpan.Zero ? killEvery * (0.5 + random.NextDouble()) : TimeSpan.FromSeconds(10);
        await Task.Delay(wait, sending.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (killEvery > TimeSpan.Zero && !sending.IsCancellationRequested)
        {
            deployment.KillAndStart();
            kills++;
        }

        Console.Error.WriteLine($"{account.Line()}{(kills > 0 ? $", killed {kills} times" : "")}");
    }

    await Task.WhenAll(sent);
    for (var tries = 0; tries < 600 && !account.IsComplete(broker is not null) && !stop.IsCancellationRequested; tries++)
        await Task.Delay(200, CancellationToken.None);
    await following.CancelAsync();
    await Task.WhenAll(followed);
    return account.Print(Console.Out, broker is not null) ? 0 : 1;
}
