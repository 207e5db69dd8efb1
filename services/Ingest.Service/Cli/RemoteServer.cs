using System.CommandLine;
using System.Net.Http.Headers;
using System.Text.Json;
using Ingest.Core.Articles;
using Ingest.Service.Display;
using Ingest.Service.Http;
using Ingest.Service.Outcomes;

namespace Ingest.Service.Cli;

/// <summary>The options that say which server a command talks to.</summary>
sealed class RemoteFlags
{
    public const string KeyVariable = "INGEST_API_KEY", DefaultUrl = "http://127.0.0.1:8080";

    /// <summary>Behind the name of what was given; the key itself is not repeated.</summary>
    const string NoKey = "takes a key as printed by 'ingest key': ASCII characters without spaces or control characters.";

    readonly Option<Uri?> to = new("--to")
    {
        Description = "The server's address.",
        HelpName = "URL",
        CustomParser = result =>
        {
            var given = result.Tokens[0].Value;
            if (Uri.TryCreate(given, UriKind.Absolute, out var url) && url.Scheme is "http" or "https" && url.Host.Length > 0 && url.UserInfo.Length == 0)
                return url;
            result.AddError($"--to takes an address such as {DefaultUrl}, not '{Secrets.Hidden(given)}'."
                + (url?.UserInfo.Length > 0 ? $" An API key goes into {KeyVariable}." : ""));
            return null;
        },
    };

    readonly LedgerFlags? instead;
    readonly Option<string?> collection;
    readonly Option<string?> key = new("--key")
    {
        Description = $"The API key, if the server requires one. Prefer the environment variable {KeyVariable}: other users can see command-line options.",
        HelpName = "KEY",
    };

    /// <param name="instead">The command works on this ledger where no server is named; null for one that always talks to a server.</param>
    public RemoteFlags(LedgerFlags? instead = null)
    {
        this.instead = instead;
        collection = instead?.Collection ?? CollectionFlag.Create();
        if (instead is null)
            to.DefaultValueFactory = _ => new Uri(DefaultUrl);
        else
            to.Description = "Talk to the server at this address, instead of using the ledger itself.";
        key.Validators.Add(given =>
        {
            if (given.Tokens is [var token] && !IsKey(token.Value))
                given.AddError($"--key {NoKey}");
        });
    }

    public void AddTo(Command command)
    {
        command.Add(to);
        command.Add(key);
        if (instead is null)
            command.Add(collection);
        else
            command.Validators.Add(r =>
            {
                if (r.GetResult(to) is not null && r.GetResult(instead.File) is { Implicit: false })
                    r.AddError("--ledger and --to cannot be combined: one names a file, the other a server.");
                if (r.GetResult(to) is not null && r.GetResult(instead.Postgres) is { Implicit: false })
                    r.AddError("--postgres and --to cannot be combined: one names a ledger, the other a server of Ingest.");
                if (r.GetResult(to) is null && r.GetResult(key) is not null)
                    r.AddError("--key needs --to: without a server no key is asked for.");
            });
    }

    /// <summary>Whether a server is named, or the command always talks to one.</summary>
    public bool IsGiven(ParseResult parsed) => parsed.GetValue(to) is not null;

    public RemoteServer Read(ParseResult parsed)
    {
        var secret = parsed.GetValue(key) ?? Environment.GetEnvironmentVariable(KeyVariable);
        if (string.IsNullOrEmpty(secret))
            return new RemoteServer(parsed.GetValue(to)!, null, parsed.Named(collection));
        return IsKey(secret) ? new RemoteServer(parsed.GetValue(to)!, secret, parsed.Named(collection)) : throw new RemoteException($"{KeyVariable} {NoKey}");
    }

    static bool IsKey(string text) => text.Length > 0 && text.All(c => c is > ' ' and <= '~');
}

/// <summary>A server that a command talks to over HTTP.</summary>
sealed class RemoteServer : IDisposable
{
    const long MostProblemBytes = 1 << 20;

    readonly HttpClient client;
    readonly bool hasKey;

    public RemoteServer(Uri url, string? key, string collection = ArticleIds.DefaultCollection)
    {
        Url = url.AbsoluteUri.TrimEnd('/');
        Path = new ApiPath(collection).ToString().TrimStart('/');
        hasKey = key is not null;
        client = new HttpClient(new SocketsHttpHandler
        {
            // A proxy would look for our loopback on its own machine.
            UseProxy = !url.IsLoopback,
            AllowAutoRedirect = false,
            ConnectTimeout = TimeSpan.FromSeconds(10),
            PooledConnectionIdleTimeout = TimeSpan.FromSeconds(30),
        })
        {
            BaseAddress = new Uri(Url + "/"),
            Timeout = Timeout.InfiniteTimeSpan,
        };
        if (key is not null)
            client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
    }

    /// <summary>Without a slash at its end.</summary>
    public string Url { get; }

    /// <summary>Where it has the endpoints of the collection: <c>v1</c>. Without slashes at its ends.</summary>
    public string Path { get; }

    /// <summary>Whether it has answered yet.</summary>
    public bool WasReached { get; private set; }

    /// <summary>Sends a request; the answer's head has been read when it returns.</summary>
    /// <exception cref="HttpRequestException">There is no connection, or it was lost.</exception>
    public async Task<HttpResponseMessage> Send(HttpRequestMessage request, CancellationToken cancellation)
    {
        var answer = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellation);
        WasReached = true;
        return answer;
    }

    /// <summary>For a server that was never reached.</summary>
    public RemoteException Unreachable(Exception fault) => new(
        $"cannot reach a server at {Url}: {Reason(fault)} Start one with 'ingest serve', or name another with --to.");

    /// <summary>The fault of a connection in a few words.</summary>
    public static string Reason(Exception fault)
    {
        if (fault is OperationCanceledException)
            return "it does not answer.";
        while (fault.InnerException is { } inner)
            fault = inner;
        return fault.Message.TrimEnd('.') + ".";
    }

    /// <summary>What a status means that is no success, in the words of who waits for it.</summary>
    public async Task<RemoteException> Refused(HttpResponseMessage answer, CancellationToken cancellation)
    {
        var status = (int)answer.StatusCode;
        if (status == 401)
            return new RemoteException(hasKey
                ? $"the server at {Url} rejected this API key. Check {RemoteFlags.KeyVariable} or --key, and the server's Ingest:Security:ApiKeys."
                : $"the server at {Url} requires an API key. Set the environment variable {RemoteFlags.KeyVariable}; 'ingest key' makes a key.");
        Contracts.V1.Problem? problem = null;
        try
        {
            if (answer.Content.Headers.ContentType?.MediaType == "application/problem+json")
            {
                await answer.Content.LoadIntoBufferAsync(MostProblemBytes, cancellation);
                problem = await JsonSerializer.DeserializeAsync(
                    await answer.Content.ReadAsStreamAsync(cancellation), HttpJson.Default.Problem, cancellation);
            }
        }
        catch (Exception e) when (e is JsonException or HttpRequestException or IOException)
        {
            // The status has to do.
        }

        return new RemoteException(problem is null
            ? $"the server at {Url} returned status {status}, so it is not an Ingest server. Check --to."
            : $"the server at {Url} refused the request (status {status}): {problem.Title}. {problem.Detail}");
    }

    public void Dispose() => client.Dispose();
}

/// <summary>A server cannot be used; the message says why and what to do.</summary>
sealed class RemoteException(string message) : Exception(message);
