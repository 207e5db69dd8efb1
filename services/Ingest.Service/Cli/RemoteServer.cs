using System.CommandLine;
using System.Net.Http.Headers;
using System.Text.Json;
using Ingest.Service.Display;
using Ingest.Service.Http;
using Ingest.Service.Outcomes;

namespace Ingest.Service.Cli;

/// <summary>The options that say which server a command talks to.</summary>
sealed class RemoteFlags
{
    public const string KeyVariable = "INGEST_API_KEY", DefaultUrl = "http://127.0.0.1:8080";

    readonly Option<Uri> to = new("--to")
    {
        Description = $"The server's address: {DefaultUrl} by default.",
        HelpName = "URL",
        DefaultValueFactory = _ => new Uri(DefaultUrl),
        CustomParser = result =>
        {
            var given = result.Tokens[0].Value;
            if (Uri.TryCreate(given, UriKind.Absolute, out var url) && url.Scheme is "http" or "https" && url.Host.Length > 0)
                return url;
            result.AddError($"--to takes an address such as {DefaultUrl}, not '{given}'.");
            return null;
        },
    };

    readonly Option<string?> key = new("--key")
    {
        Description = $"The API key, where the server asks for one. Better in the environment variable {KeyVariable}: others see options in the list of processes.",
        HelpName = "KEY",
    };

    public RemoteFlags() => key.Validators.Add(given =>
    {
        if (given.Tokens is [var token] && !IsKey(token.Value))
            given.AddError("--key takes a key as 'ingest key' makes it, without blanks and control characters; this is none.");
    });

    public void AddTo(Command command)
    {
        command.Add(to);
        command.Add(key);
    }

    public RemoteServer Read(ParseResult parsed)
    {
        var secret = parsed.GetValue(key) ?? Environment.GetEnvironmentVariable(KeyVariable);
        if (string.IsNullOrEmpty(secret))
            return new RemoteServer(parsed.GetValue(to)!, null);
        return IsKey(secret) ? new RemoteServer(parsed.GetValue(to)!, secret) : throw new RemoteException($"{KeyVariable} holds blanks or control characters: that is no key as 'ingest key' makes it.");
    }

    static bool IsKey(string text) => text.Length > 0 && text.All(c => c is > ' ' and <= '~');
}

/// <summary>A server that a command talks to over HTTP.</summary>
sealed class RemoteServer : IDisposable
{
    readonly HttpClient client;
    readonly bool hasKey;

    public RemoteServer(Uri url, string? key)
    {
        Url = url.AbsoluteUri.TrimEnd('/');
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
    public RemoteException Unreachable(Exception fault) => new($"cannot reach a server at {Url}: {Reason(fault)} Start one with 'ingest serve', or name another with --to.");

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
                ? $"the server at {Url} does not know this API key. Look at {RemoteFlags.KeyVariable} or --key, and at the server's Ingest:Security:ApiKeys."
                : $"the server at {Url} asks for an API key. Give it in the environment variable {RemoteFlags.KeyVariable}; 'ingest key' makes one.");
        Contracts.V1.Problem? problem = null;
        try
        {
            if (answer.Content.Headers.ContentType?.MediaType == "application/problem+json")
                problem = await JsonSerializer.DeserializeAsync(await answer.Content.ReadAsStreamAsync(cancellation), HttpJson.Default.Problem, cancellation);
        }
        catch (Exception e) when (e is JsonException or HttpRequestException or IOException)
        {
            // The status has to do.
        }

        return new RemoteException(problem is null
            ? $"the server at {Url} answers with status {status}, which 'ingest serve' does not: look at --to."
            : $"the server at {Url} refuses (status {status}): {problem.Title}. {problem.Detail}");
    }

    public void Dispose() => client.Dispose();
}

/// <summary>A server cannot be used; the message says why and what to do.</summary>
sealed class RemoteException(string message) : Exception(message);
