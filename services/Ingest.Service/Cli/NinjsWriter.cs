using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Ingest.Core.Articles;

namespace Ingest.Service.Cli;

/// <summary>IPTC ninjs 3.1, an article a line.</summary>
sealed class NinjsWriter(TextWriter output) : IOutcomeWriter
{
    static readonly JsonSerializerOptions Json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public void Write(Outcome outcome)
    {
        if (outcome.Result.Article is not { } article)
        {
            Console.Error.WriteLine($"ingest: {outcome.Input.Id} rejected: {outcome.Result.Rejection!.Detail}");
            return;
        }

        output.Write(ToNinjs(outcome.Input.Id, article).ToJsonString(Json));
        output.Write('\n');
    }

    public void Finish() => output.Flush();

    static JsonObject ToNinjs(string id, Article article) => new() { ["uri"] = id, ["type"] = "text" };
}
