using System.Text.Json;
using System.Text.Json.Nodes;

namespace Ingest.Broker.Tests;

/// <summary>Raw articles of one invented story, and one that is none.</summary>
static class Copy
{
    const string Headline = "Ferry to Vessel Holm gets a second deckhand";
    const string Wire = "VESSEL HOLM, March 4 (Reuters) - ";
    const string Lead = "The ferry to Vessel Holm sails with two deckhands from Tuesday, after a summer in which the ropes were thrown by passengers.";
    const string End = "The harbour office has put up a notice, and taken down the one that thanked whoever had caught the bow line in August.";

    static string People(int people) => $"About {people} people cross each day, the council said, most of them with bicycles and some with a goat.";

    public static JsonObject First => Record("wire/1", $"{Headline}\n\n{Wire}{Lead}\n\n{People(300)}\n\n{End}\n");

    /// <summary>A near copy of <see cref="First"/>.</summary>
    public static JsonObject Duplicate => Record("herald/7", $"{Headline}\n\n{Lead}\n\n{People(300)}\n\n{End}\n\nShare this article\n");

    /// <summary>A later version of <see cref="First"/>, by its mark and its figure.</summary>
    public static JsonObject Revision => Record("wire/2", $"UPDATE 1-{Headline}\n\n{Wire}{Lead}\n\n{People(450)}\n\n{End}\n\nThe second deckhand is called Ove.\n");

    public static JsonObject WithoutBody => Record("herald/8", "Share this article\n\nRead more\n");

    public static string Batch(params ReadOnlySpan<JsonObject> records) => JsonSerializer.Serialize(new { articles = records.ToArray() });

    public static JsonObject Record(string? id, string text) => id is null ? new JsonObject { ["text"] = text } : new JsonObject { ["id"] = id, ["text"] = text };
}
