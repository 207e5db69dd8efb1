using System.CommandLine;
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
    Description = $"The broker that the service uses, or '{Plan.Private}' for one of the checker's own.",
    HelpName = $"amqp://…|{Plan.Private}"
};
var postgres = new Option<bool>("--postgres")
{
    Description = "Keep the ledger on a PostgreSQL server of the checker's own, with two processes for the lane, and kill that server and its broker too. "
        + "For a service of the checker's own."
};
var mixed = new Option<bool>("--mixed")
{
    Description = "All at once: articles of 1 KB to 4 MB, metadata up to and over the limits, an archive beside live stories, slow and "
        + "full subscribers, and the stages in one process and in several by turns. For a service of the checker's own."
};
var command = new RootCommand("""
    Sends articles, follows what comes out, and counts what was lost, repeated, split or unexpected. The last line is the verdict.
    Exit codes: 0 held, 1 broken, 2 wrong options, 3 the checker failed, 130 stopped before the end.
    """)
{
    minutes, killEvery, url, rabbit, postgres, mixed
};
command.Validators.Add(r =>
{
    if (r.GetValue(url) is not null && (r.GetResult(killEvery) is { Implicit: false } || r.GetValue(mixed) || r.GetValue(postgres) || r.GetValue(rabbit) == Plan.Private))
        r.AddError(
            $"--kill-every, --mixed, --postgres and --rabbitmq {Plan.Private} are for a service that the checker starts itself: leave out --url.");
    if (r.GetValue(url) is { } service && !IsAddress(service, "http"))
        r.AddError($"--url is '{service}': give an address such as http://127.0.0.1:8080.");
    if (r.GetValue(rabbit) is { } broker and not Plan.Private && !IsAddress(broker, "amqp"))
        r.AddError($"--rabbitmq is '{broker}': give an address such as amqp://name:password@host:5672/, or '{Plan.Private}'.");
});
command.SetAction(async (parsed, stop) =>
{
    using var check = new Check(new Plan(TimeSpan.FromMinutes(parsed.GetValue(minutes)), TimeSpan.FromSeconds(parsed.GetValue(killEvery)),
        parsed.GetValue(url) is { } service ? new Uri(service) : null, parsed.GetValue(rabbit), parsed.GetValue(mixed), parsed.GetValue(postgres)));
    // The last resort, for a thread that is none of ours: nothing can stop the end of the process, but it ends with a verdict.
    AppDomain.CurrentDomain.UnhandledException += (_, fault) =>
    {
        Console.Out.WriteLine($"  a thread of a library: {fault.ExceptionObject}");
        check.Print(Verdict.CheckerFailed, check.Account.Tally());
        check.Dispose();
        Environment.Exit((int)Verdict.CheckerFailed);
    };
    return (int)await check.Run(stop);
});
var parsed = command.Parse(args);
var code = await parsed.InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = TimeSpan.FromMinutes(1) });
return parsed.Errors.Count > 0 ? 2 : code;

static bool IsAddress(string given, string scheme) =>
    Uri.TryCreate(given, UriKind.Absolute, out var address) && (address.Scheme == scheme || address.Scheme == scheme + "s");
