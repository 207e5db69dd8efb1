using System.Text.Json.Nodes;
using Ingest.Contracts.Tests;

namespace Ingest.EndToEnd.Tests.Serve;

/// <summary>Promise 3, nothing is removed silently: what is kept and what is removed tile the text, and each says as what and by which rule.</summary>
[Collection(SharedServing.Tests.Name)]
public sealed class Promise3NothingRemovedSilentlyTests(SharedServing shared)
{
    public static TheoryData<string> Seeds => new(Directory.EnumerateFiles(Path.Combine(Repository.Root, "seeds"), "*.txt", SearchOption.AllDirectories).Select(f => Path.GetRelativePath(Repository.Root, f)).Order(StringComparer.Ordinal));

    [Theory]
    [MemberData(nameof(Seeds))]
    public async Task Kept_and_removed_blocks_tile_the_text(string seed)
    {
        var text = await File.ReadAllTextAsync(Path.Combine(Repository.Root, seed));
        var state = await shared.Server.Decided($"p3-{seed}", text);
        var outcome = state["outcome"]!;
        Assert.NotEqual("rejected", (string)outcome["outcome"]!);
        var at = 0;
        foreach (var block in outcome["article"]!["blocks"]!.AsArray().Concat(outcome["removed"]!.AsArray()).OrderBy(b => (int)b!["start"]!))
        {
            var (start, length) = ((int)block!["start"]!, (int)block["length"]!);
            Assert.True(start >= at, $"Two blocks have the characters from {start} to {at}.");
            Assert.True(string.IsNullOrWhiteSpace(text[at..start]), $"Nobody has \"{text[at..start]}\".");
            Assert.NotEqual("", (string)block["kind"]!);
            Assert.NotEqual("", (string)block["rule"]!);
            at = start + length;
        }

        Assert.True(string.IsNullOrWhiteSpace(text[at..]), $"Nobody has \"{text[at..]}\".");
    }
}
