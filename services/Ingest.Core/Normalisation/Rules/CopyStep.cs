using Ingest.Core.Articles;
using Ingest.Core.Normalisation.Documents;
using Ingest.Core.Normalisation.Lines;
using Ingest.Core.Normalisation.Words;

namespace Ingest.Core.Normalisation.Rules;

/// <summary>
/// Takes out text that stands in the document a second time, paragraph behind paragraph: a page prints its article again for another
/// screen, or under "read more". A single line that comes again may be a refrain.
/// </summary>
internal sealed class CopyStep : RuleStep
{
    const string Rule = "copy.again";

    /// <summary>Words of a line that is hardly said twice.</summary>
    const int Telling = 10;

    const string Story = "Harbour opens again\n\nThe harbour opened again on Monday after three weeks of repairs, the authority said.\n\nShips were waiting in a long line outside the breakwater, and the first of them came in at noon.\n\n{0}The authority said that all of the work had been paid for by the city, which will also build a new east gate.{1}";

    const string Refrain = "And so the ships went on waiting for the gate to open in the rain.";

    public override IReadOnlyList<RuleNote> Notes { get; } =
    [
        new(Rule, BlockKind.Furniture,
            new("Ships were waiting", string.Format(Story, "", "\n\nRead more\n\nThe harbour opened again on Monday after three weeks of repairs, the authority said.\n\nShips were waiting in a long line outside the breakwater, and the first of them came in at noon.")),
            new(Refrain, string.Format(Story, Refrain + "\n\n", "\n\n" + Refrain))),
    ];

    public override void Apply(Document document)
    {
        var lines = document.Segments.Where(s => s.Traits.Words >= Telling).ToList();
        var first = new Dictionary<uint, int>();
        for (var i = 0; i < lines.Count; i++)
        {
            var key = WordList.Key(document.Words.Of(lines[i].Words));
            if (!lines[i].Undecided || first.TryAdd(key, i))
                continue;
            var copied = first[key];
            var length = 0;
            while (i + length < lines.Count && copied + length < i && IsCopy(document, lines[i + length], lines[copied + length]))
                length++;
            if (length < 2)
                continue;
            foreach (var line in lines.Slice(i, length))
                line.Decide(BlockKind.Furniture, Rule);
            i += length - 1;
        }
    }

    static bool IsCopy(Document document, Segment line, Segment of) =>
        line.Undecided && of.InBody && document.Words.Of(line.Words).SequenceEqual(document.Words.Of(of.Words));
}
