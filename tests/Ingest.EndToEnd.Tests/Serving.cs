using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Ingest.Broker.Tests;

namespace Ingest.EndToEnd.Tests;

/// <summary>
/// <c>ingest serve</c> as a process in a workplace's folder, on a free loopback port that stays its own over a restart. Its ledger is the workplace's <c>ingest.db</c>,
/// unless an option says otherwise. It does not outlive the tests, however they end.
/// </summary>
sealed class Serving : IDisposable
{
    static readonly TimeSpan patience = TimeSpan.FromSeconds(60);

    // A shell holds the process and reads a pipe from us: when we end, however, the pipe closes and what is held is killed. It ends as the process ends.
    const string Script = """
        log=$1; shift
        exec 3<&0
        "$@" </dev/null >>"$log" 2>&1 3<&- &
        held=$!
        echo $held
        { read -r _ <&3; kill -KILL $held 2>/dev/null; } >/dev/null &
        wait $held
        status=$?
        kill $! 2>/dev/null
        exit $status
        """;

    readonly Workplace at;
    readonly string[] options;
    readonly string log;
    Process? shell;

    /// <param name="at">Its environment is the process's.</param>
    /// <param name="options">Of the command line, beside the address.</param>
    Serving(Workplace at, string[] options)
    {
        (this.at, this.options) = (at, options);
        Url = $"http://127.0.0.1:{LoopbackPorts.Free()}";
        log = at.PathTo($"serve-{new Uri(Url).Port}.log");
        Http = new HttpClient { BaseAddress = new Uri(Url), Timeout = patience };
    }

    /// <summary>Without a slash at the end.</summary>
    public string Url { get; }

    /// <summary>Of the process; that of the last one when it has ended.</summary>
    public int Pid { get; private set; }

    /// <summary>Its <see cref="HttpClient.BaseAddress"/> is the server's.</summary>
    public HttpClient Http { get; }

    public bool Runs => shell is { HasExited: false };

    /// <summary>What all its processes have written so far.</summary>
    public string Log
    {
        get
        {
            if (!File.Exists(log))
                return "";
            using var reader = new StreamReader(new FileStream(log, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
            return reader.ReadToEnd();
        }
    }

    /// <summary>Starts a server and returns when it is ready.</summary>
    public static Serving Start(Workplace at, params string[] options)
    {
        var serving = new Serving(at, options);
        try
        {
            serving.Start();
            return serving;
        }
        catch
        {
            serving.Dispose();
            throw;
        }
    }

    /// <summary>Starts a server that may never be ready, such as one whose broker is away; see <see cref="WaitForReady"/>.</summary>
    public static Serving StartUnready(Workplace at, params string[] options)
    {
        var serving = new Serving(at, options);
        serving.Launch();
        return serving;
    }

    /// <summary>Starts it (again) on the same port and folder, and returns when it is ready.</summary>
    public void Start()
    {
        Launch();
        WaitForReady();
    }

    /// <summary>Returns when <c>/health/ready</c> says so; fails when the process ends, or after a minute.</summary>
    public void WaitForReady()
    {
        var clock = Stopwatch.StartNew();
        while (true)
        {
            // Looked at first: one that answers and ends right away has answered.
            var runs = Runs;
            var (ready, said) = Ask();
            if (ready)
                return;
            if (!runs)
                throw new InvalidOperationException($"ingest serve ended with {shell?.ExitCode} before it was ready. It wrote:\n{Log}");
            if (clock.Elapsed > patience)
                throw new InvalidOperationException($"ingest serve is not ready after {patience.TotalSeconds} s: {said}\nIt wrote:\n{Log}");
            Thread.Sleep(25);
        }
    }

    /// <summary>SIGKILL; returns when the process is gone.</summary>
    public void Kill() => End(Processes.Kill);

    /// <summary>SIGTERM; returns the exit code when the process has ended.</summary>
    public int Stop() => End(Processes.Terminate);

    /// <summary>Stops it and starts it again.</summary>
    public void Restart()
    {
        Stop();
        Start();
    }

    public void Dispose()
    {
        if (Runs)
            Kill();
        shell?.Dispose();
        Http.Dispose();
    }

    /// <summary>The JSON at a path; fails on any status but 200, with what was answered.</summary>
    public async Task<JsonNode> Get(string path)
    {
        using var answer = await Http.GetAsync(path);
        var body = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.StatusCode == HttpStatusCode.OK, $"GET {path}: {(int)answer.StatusCode} {body}\n{Log}");
        return JsonNode.Parse(body)!;
    }

    /// <summary>Submits JSON Lines as one batch and returns the lines of the answer.</summary>
    public async Task<List<JsonNode>> Submit(string lines)
    {
        using var content = new StringContent(lines, Encoding.UTF8, new MediaTypeHeaderValue("application/x-ndjson"));
        using var answer = await Http.PostAsync("/v1/articles:batch", content);
        var body = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.StatusCode == HttpStatusCode.OK, $"POST /v1/articles:batch: {(int)answer.StatusCode} {body}\n{Log}");
        return [.. body.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => JsonNode.Parse(l)!)];
    }

    /// <summary>The feed after a position, as <c>{"type","position","event"}</c>, once it has at least so many entries there; fails after a minute.</summary>
    public async Task<List<JsonNode>> Events(int count, long after = 0)
    {
        var clock = Stopwatch.StartNew();
        var events = new List<JsonNode>();
        while (true)
        {
            var page = await Get($"/v1/events?after={after}&limit=1000&wait={(events.Count < count ? 1 : 0)}");
            events.AddRange(page["events"]!.AsArray().Select(e => e!));
            after = (long)page["next"]!;
            if (events.Count >= count)
                return events;
            Assert.True(clock.Elapsed < patience, $"The feed has {events.Count} events, not {count}.\n{Log}");
        }
    }

    void Launch()
    {
        if (Runs)
            throw new InvalidOperationException("It runs already.");
        shell?.Dispose();
        var start = new ProcessStartInfo("/bin/sh", ["-c", Script, "serving", log, Workplace.Executable, "serve", "--url", Url, .. options])
        {
            WorkingDirectory = at.Folder,
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        foreach (var (name, value) in at.Environment)
            start.Environment[name] = value;
        shell = Process.Start(start)!;
        Pid = int.Parse(shell.StandardOutput.ReadLine()!, CultureInfo.InvariantCulture);
    }

    int End(int signal)
    {
        if (shell is null)
            throw new InvalidOperationException("It was never started.");
        // The shell has not reaped it while it runs: the id is nobody else's.
        if (!shell.HasExited)
            Processes.Signal([Pid], signal);
        if (!shell.WaitForExit(patience))
            throw new InvalidOperationException($"ingest serve does not end after {patience.TotalSeconds} s. It wrote:\n{Log}");
        return shell.ExitCode;
    }

    (bool Ready, string Said) Ask()
    {
        try
        {
            using var answer = Http.Send(new HttpRequestMessage(HttpMethod.Get, "/health/ready"));
            using var reader = new StreamReader(answer.Content.ReadAsStream());
            return (answer.StatusCode == HttpStatusCode.OK, $"{(int)answer.StatusCode} {reader.ReadToEnd()}");
        }
        catch (HttpRequestException e)
        {
            return (false, e.Message);
        }
    }
}
