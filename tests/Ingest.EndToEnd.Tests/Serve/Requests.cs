using System.Diagnostics;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;

namespace Ingest.EndToEnd.Tests.Serve;

/// <summary>What a server answered.</summary>
/// <param name="Body">As text; "" for none.</param>
sealed record Answer(int Status, string? MediaType, string Body, HttpResponseHeaders Headers)
{
    public JsonNode Json => JsonNode.Parse(Body) ?? throw new InvalidOperationException("The body is null.");

    /// <summary>The last part of a problem's type; fails where the answer is no problem of its own status.</summary>
    public string Problem
    {
        get
        {
            Assert.Equal("application/problem+json", MediaType);
            Assert.Equal(Status, (int)Json["status"]!);
            Assert.NotEqual("", (string)Json["title"]!);
            Assert.NotEqual("", (string)Json["detail"]!);
            var type = (string)Json["type"]!;
            Assert.StartsWith("/problems/", type, StringComparison.Ordinal);
            return type["/problems/".Length..];
        }
    }

    /// <summary>The article's id; fails where it was not accepted.</summary>
    public string ArticleId
    {
        get
        {
            Assert.True(Status == 202, $"{Status} {Body}");
            return (string)Json["articleId"]!;
        }
    }
}

/// <summary>Requests to a server, as any client makes them.</summary>
static class Requests
{
    static readonly TimeSpan patience = TimeSpan.FromSeconds(60);

    public static Task<Answer> Article(this Serving server, string id, string text, params (string Name, string Value)[] headers) =>
        server.Record(new JsonObject { ["id"] = id, ["text"] = text }, headers);

    public static Task<Answer> Record(this Serving server, JsonObject record, params (string Name, string Value)[] headers) =>
        server.Post("/v1/articles", "application/json", Encoding.UTF8.GetBytes(record.ToJsonString()), headers);

    public static Task<Answer> Post(this Serving server, string path, string? type, string body, params (string Name, string Value)[] headers) =>
        server.Post(path, type, Encoding.UTF8.GetBytes(body), headers);

    public static Task<Answer> Post(this Serving server, string path, string? type, byte[] body, params (string Name, string Value)[] headers)
    {
        var content = new ByteArrayContent(body);
        if (type is not null)
            content.Headers.TryAddWithoutValidation("Content-Type", type);
        return server.Send(HttpMethod.Post, path, content, headers);
    }

    public static Task<Answer> Ask(this Serving server, string path, params (string Name, string Value)[] headers) => server.Send(HttpMethod.Get, path, null, headers);

    public static async Task<Answer> Send(this Serving server, HttpMethod method, string path, HttpContent? content, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, path) { Content = content };
        foreach (var (name, value) in headers)
            request.Headers.TryAddWithoutValidation(name, value);
        using var answer = await server.Http.SendAsync(request);
        return new Answer((int)answer.StatusCode, answer.Content.Headers.ContentType?.MediaType, await answer.Content.ReadAsStringAsync(), answer.Headers);
    }

    /// <summary>What is known of an article, once it has an outcome or has failed; fails after a minute.</summary>
    public static async Task<JsonNode> Settled(this Serving server, string articleId)
    {
        var clock = Stopwatch.StartNew();
        while (true)
        {
            var state = await server.Get($"/v1/articles/{articleId}");
            if ((string)state["stage"]! != "accepted")
                return state;
            Assert.True(clock.Elapsed < patience, $"Article {articleId} has no outcome.\n{server.Log}");
            await Task.Delay(10);
        }
    }

    /// <summary>Submits an article and returns what became of it.</summary>
    public static async Task<JsonNode> Decided(this Serving server, JsonObject record)
    {
        var state = await server.Settled((await server.Record(record)).ArticleId);
        Assert.Equal("decided", (string)state["stage"]!);
        return state;
    }

    public static Task<JsonNode> Decided(this Serving server, string id, string text) => server.Decided(new JsonObject { ["id"] = id, ["text"] = text });

    /// <summary>Returns when a condition holds; fails after a minute.</summary>
    public static async Task Until(this Serving server, string what, Func<Task<bool>> holds)
    {
        var clock = Stopwatch.StartNew();
        while (!await holds())
        {
            Assert.True(clock.Elapsed < patience, $"Not after a minute: {what}.\n{server.Log}");
            await Task.Delay(25);
        }
    }
}
