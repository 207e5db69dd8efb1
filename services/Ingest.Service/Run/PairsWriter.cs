using System.Text.Json;
using Ingest.Service.Outcomes;

namespace Ingest.Service.Run;

/// <summary>Who is a copy of whom, and by how much: a pair a line, for each article that was joined to a story.</summary>
sealed class PairsWriter(TextWriter output) : IOutcomeWriter
{
    public void Write(Outcome outcome)
    {
        if (outcome.Story is not { } story || OutcomeMapper.Pair(outcome.Submission.ArticleId, outcome.Id, story) is not { } pair)
            return;
        output.Write(ReadableJson.Escaped(JsonSerializer.Serialize(pair, ContractJson.Readable.ArticlePair)));
        output.Write('\n');
    }

    public void Finish() => output.Flush();
}
