using Ingest.Core.Articles;
using Ingest.Core.Normalisation.Documents;
using Ingest.Core.Normalisation.Lines;

namespace Ingest.Core.Normalisation.Rules;

/// <summary>
/// Datelines at the start of the first paragraphs: <c>MOSCOW (AP) —</c>, <c>BEIJING, Feb. 4 (Xinhua) --</c>,
/// <c>MOSCOW, January 21. /TASS/.</c>, <c>(ANSA) - ROME, JUL 11 -</c>, <c>Paris (ats afp) Les …</c>, <c>【ロンドン共同】</c>, <c>新华社北京2月4日电</c>.
/// Place, date and agency are kept as fields.
/// </summary>
internal sealed class DatelineStep : RuleStep
{
    /// <summary>Undecided segments that are looked at, running text or not: AFP and VOA put the dateline on a line of its own.</summary>
    const int Tries = 8;

    const string Story = "Harbour opens\n\n{0} The harbour opened again on Monday after three weeks of repairs, the authority said.\n\nShips were waiting in a long line outside the breakwater.";

    public override IReadOnlyList<RuleNote> Notes { get; } =
    [
        new(DatelineReader.Agency, BlockKind.Dateline,
            new("ROTTERDAM, March 3 (Reuters) -", string.Format(Story, "ROTTERDAM, March 3 (Reuters) -")),
            new("The Rotterdam office (Reuters rents",
                "Harbour opens\n\nThe Rotterdam office (Reuters rents it) stayed open on Monday while the harbour was repaired.")),
        new(DatelineReader.Place, BlockKind.Dateline, new("ROTTERDAM —", string.Format(Story, "ROTTERDAM —")),
            new("Kim — who",
                "Harbour opens\n\nKim — who has run the harbour for ten years — opened it again on Monday, the authority said.")),
        new(BracketedDatelines.Name, BlockKind.Dateline, new("【ロンドン共同】", "港が再開\n\n【ロンドン共同】港は三週間の修理を終えて月曜日に再開したと当局が発表した。沖では多くの船が待っていた。"),
            new("【解説】", "港が再開\n\n【解説】港は三週間の修理を終えて月曜日に再開したと当局が発表した。沖では多くの船が待っていた。")),
    ];

    public override void Apply(Document document)
    {
        document.FindProse();
        int looked = 0, tried = 0;
        foreach (var segment in document.Segments)
        {
            if (!segment.Undecided)
                continue;
            if (++tried > Tries)
                return;
            if (DatelineReader.TryRead(document.Slice(segment), segment.Start, out var found))
            {
                Take(document, segment, found);
                return;
            }

            if (segment.Traits.IsProse && ++looked == 3)
                return;
        }
    }

    static void Take(Document document, Segment segment, DatelineReader.Found found)
    {
        if (found.End < segment.End)
            document.Cut(segment, found.End);
        segment.Decide(BlockKind.Dateline, found.Rule);
        document.Draft.Set(Field.Dateline, found.Place, found.Rule, segment);
        document.Draft.Set(Field.Agency, found.Agency, found.Rule, segment);
        if (found.Date is { } date)
            document.Draft.Set(Field.Published, date.Iso, found.Rule, segment);
        if (found.Reporter is { } reporter && document.Draft.Bylines.Count == 0)
        {
            document.Draft.Bylines.Add(new Byline(reporter));
            document.Draft.AddEvidence(Field.Bylines, found.Rule, segment);
        }
    }
}
