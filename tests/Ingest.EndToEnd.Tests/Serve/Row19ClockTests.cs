using System.Text.Json.Nodes;

namespace Ingest.EndToEnd.Tests.Serve;

/// <summary>faults.md, row 19: an article dated 2099; order by log position, and the window forgets nothing for it.</summary>
[Collection(SharedServing.Tests.Name)]
public sealed class Row19ClockTests(SharedServing shared)
{
    [Theory]
    [InlineData("published", "2099-01-01T00:00:00Z")]
    [InlineData("received", "2099-01-01T00:00:00Z")]
    [InlineData("received", "9999-12-31T23:59:59Z")]
    [InlineData("received", "0001-01-01T00:00:00Z")]
    [InlineData("received", "1901-01-01T00:00:00+14:00")]
    public async Task A_date_out_of_this_time_changes_no_order_and_ends_no_window(string field, string date)
    {
        var server = shared.Server;
        var seed = 19_000 + 10 * (field.Length + date[0] + date[5] + date.Length);
        var (older, odd) = (Workplace.Text(Workplace.Paragraphs(seed)), Workplace.Text(Workplace.Paragraphs(seed + 1)));
        var name = $"r19-{field}-{date}";
        var first = await server.Decided($"{name}-older", older);
        var dated = await server.Decided(new JsonObject { ["id"] = $"{name}-odd", [field] = date, ["text"] = odd });
        var copyOfDated = await server.Decided($"{name}-copy of odd", odd);
        var copyOfOlder = await server.Decided($"{name}-copy of older", older);
        long[] positions = [.. new[] { first, dated, copyOfDated, copyOfOlder }.Select(s => (long)s["position"]!)];
        Assert.Equal(positions.Order(), positions);
        Assert.Equal((string)first["storyId"]!, (string)copyOfOlder["storyId"]!);
        Assert.Equal((string)dated["articleId"]!, (string)dated["storyId"]!);
        if (!date.StartsWith('0') && !date.StartsWith("19", StringComparison.Ordinal))
            Assert.Equal((string)dated["storyId"]!, (string)copyOfDated["storyId"]!);
    }
}
