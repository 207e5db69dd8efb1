using Ingest.Core.Articles;
using Ingest.Core.Normalisation.Documents;
using Ingest.Core.Normalisation.Lines;

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
        var first = new Dictionary<ulong, Segment>();
        for (var segment = document.First; segment is not null; segment = segment.Next)
        {
            if (!IsTelling(segment) || first.TryAdd(Key(document, segment), segment))
                continue;
            var (own, copied) = (segment, first[Key(document, segment)]);
            var length = 0;
            for (Segment? here = own, there = copied; AreSame(document, here, there) && there != own; (here, there) = (NextTelling(here!), NextTelling(there!)))
                length++;
            if (length < 2)
                continue;
            for (; length > 0; length--)
            {
                own!.Decide(BlockKind.Furniture, Rule);
                segment = own;
                own = NextTelling(own);
            }
        }
    }

    static bool IsTelling(Segment segment) => segment.Undecided && segment.Traits.Words >= Telling;

    static Segment? NextTelling(Segment segment)
    {
        var next = segment.Next;
        while (next is not null && next.Traits.Words < Telling)
            next = next.Next;
        return next;
    }

    static bool AreSame(Document document, Segment? one, Segment? other) => one is not null && other is not null
        && IsTelling(one) && other.InBody && other.Traits.Words >= Telling && document.Words.Of(one.Words).SequenceEqual(document.Words.Of(other.Words));

    static ulong Key(Document document, Segment segment)
    {
        var key = 0xcbf29ce484222325;
        foreach (var word in document.Words.Of(segment.Words))
            key = (key ^ word) * 0x100000001b3;
        return key;
    }
}
