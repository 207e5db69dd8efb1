using System.Security.Cryptography;
using System.Text;

namespace Ingest.EndToEnd.Tests.Serve;

/// <summary>API keys: who has none changes nothing, and reads nothing where reading is protected too.</summary>
public sealed class ApiKeyTests
{
    const string Key = "sesame-4711", Other = "thyme-0815";

    static string Hash(string key) => Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(key)));

    [Fact]
    public async Task Writing_asks_for_a_key_and_reading_where_it_is_protected()
    {
        foreach (var protectReading in (bool[])[false, true])
        {
            using var at = new Workplace();
            at.Environment["Ingest__Security__ApiKeys"] = $"{Hash(Key)}, {Hash(Other).ToLowerInvariant()}";
            at.Environment["Ingest__Security__ProtectReading"] = $"{protectReading}";
            using var server = Serving.Start(at);
            var record = Workplace.Record("1", "Bree");
            foreach (var path in (string[])["/v1/articles", "/V1/articles", "/v1/ARTICLES", "/%761/articles", "/v1/articles/"])
                foreach (var header in (string?[])[null, "", "Bearer", "Bearer ", "Bearer wrong", $"Bearer {Hash(Key)}", $"Basic {Key}", Key, $"Bearer {Key}x", $"Bearer {Key} {Key}"])
                {
                    var refused = await server.Post(path, "application/json", record, header is null ? [] : [("Authorization", header)]);
                    Assert.True(refused.Status == 401, $"{path} with '{header}': {refused.Status}");
                    Assert.Equal("unauthorised", refused.Problem);
                    Assert.Equal("Bearer", refused.Headers.WwwAuthenticate.ToString());
                }

            Assert.Equal(401, (await server.Post("/v1/articles:batch", "application/x-ndjson", record)).Status);
            Assert.Equal(401, (await server.Post("/V1/Articles:Batch", "application/x-ndjson", record)).Status);
            Assert.Equal(0, Book.Count(at.PathTo("ingest.db"), "articles"));

            foreach (var key in (string[])[$"Bearer {Key}", $"bearer {Other}"])
                Assert.Equal(202, (await server.Post("/v1/articles", "application/json", record, ("Authorization", key))).Status);
            foreach (var path in (string[])["/v1/events?after=0", "/V1/EVENTS", "/v1/stories", "/V1/stories", "/v1/stories.atom", "/v1/articles/00000000-0000-0000-0000-000000000000"])
            {
                Assert.Equal(protectReading, (await server.Ask(path)).Status == 401);
                Assert.NotEqual(401, (await server.Ask(path, ("Authorization", $"Bearer {Key}"))).Status);
            }

            // Who looks after the program needs none.
            Assert.Equal(200, (await server.Ask("/health/ready")).Status);
            Assert.Equal(200, (await server.Ask("/health/live")).Status);
            Assert.Equal(0, server.Stop());
            Assert.DoesNotContain(Key, server.Log, StringComparison.Ordinal);
            Assert.DoesNotContain(Hash(Key), server.Log, StringComparison.OrdinalIgnoreCase);
        }
    }
}
