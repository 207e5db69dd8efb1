using Ingest.Core.Articles;
using Ingest.Core.Normalisation.Characters;
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
    const string House = "publisher.opening";

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
        new(House, BlockKind.Publisher,
            new("TTO -", "Bến cảng mở lại sau ba tuần sửa chữa\n\nTTO - Bến cảng đã mở lại vào thứ hai sau ba tuần sửa chữa, cơ quan quản lý cho biết.\n\nNhiều tàu đã chờ thành hàng dài bên ngoài đê chắn sóng và các cầu cảng."),
            new("TTO là tên", "Bến cảng mở lại\n\nBến cảng đã mở lại vào thứ hai sau ba tuần sửa chữa, cơ quan quản lý cho biết.\n\nTTO là tên của con tàu đầu tiên, và người lái tàu cũng có tên như vậy.")),
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
            if (DatelineReader.TryRead(document.Slice(segment), segment.Start, out var found)
                || segment.Traits.IsProse && looked == 0 && TryPlaceThatRecurs(document, segment, out found))
            {
                Take(document, segment, found);
                return;
            }

            if (segment.Traits.IsProse && ++looked == 3)
                return;
        }
    }

    /// <summary>
    /// "Horní Lom - Nový most v Horním Lomu …", "KUALA SEMBIL: …": a place before a hyphen or a colon reads like any label, unless it is told of
    /// again, and no other paragraph has one.
    /// </summary>
    static bool TryPlaceThatRecurs(Document document, Segment segment, out DatelineReader.Found found)
    {
        found = default;
        var line = document.Slice(segment);
        if (PlaceBefore(line, out var behind) is not { Length: > 0 } place || Chars.WordsIn(line) < 12)
            return false;
        for (var other = segment.Next; other is not null; other = other.Next)
            if (PlaceBefore(document.Slice(other), out _).Length > 0)
                return false;
        // Languages inflect the end of a name.
        var recurs = false;
        foreach (var range in place.Split(' '))
            if (place[range] is { Length: >= 4 } word && word[..Math.Max(4, word.Length - 2)] is var stem)
                recurs |= line[behind..].Contains(stem, StringComparison.OrdinalIgnoreCase)
                    || document.Text.AsSpan(segment.End).Contains(stem, StringComparison.OrdinalIgnoreCase)
                    || document.Text.AsSpan(0, segment.Start).Contains(stem, StringComparison.OrdinalIgnoreCase);
        if (!recurs)
            return false;
        found = new DatelineReader.Found(segment.Start + behind, place.ToString(), null, null, DatelineReader.Place);
        return true;
    }

    /// <summary>Up to three words with capitals before a hyphen between blanks, or all in capitals before a colon; empty where there are none.</summary>
    static ReadOnlySpan<char> PlaceBefore(ReadOnlySpan<char> line, out int behind)
    {
        behind = 0;
        var sign = line[..Math.Min(line.Length, 40)].IndexOfAny(':', '-');
        if (sign < 4 || sign + 2 >= line.Length || line[sign + 1] != ' ' || line[sign] == '-' && line[sign - 1] != ' '
            || !Chars.Is(line[sign + 2], CharClass.Upper))
            return default;
        var place = line[..sign].TrimEnd();
        if (Chars.WordsIn(place) > 3)
            return default;
        foreach (var range in place.Split(' '))
        {
            var word = place[range];
            if (word.IsEmpty || !Chars.Is(word[0], CharClass.Upper) || Chars.Any(word, CharClass.Digit)
                || line[sign] == ':' && Chars.Any(word, CharClass.Lower))
                return default;
        }

        behind = sign + 2;
        return place;
    }

    /// <summary>"TTO - Cầu cũ …": in Vietnam what stands in capitals before the dash is the paper.</summary>
    static bool IsHouse(Document document, DatelineReader.Found found) => found is { Rule: DatelineReader.Place, Place: { Length: <= 5 } place }
        && !place.Contains(' ', StringComparison.Ordinal) && document.Vote.Leads("vi");

    static void Take(Document document, Segment segment, DatelineReader.Found found)
    {
        if (found.End < segment.End)
            document.Cut(segment, found.End);
        if (IsHouse(document, found))
        {
            segment.Decide(BlockKind.Publisher, House);
            return;
        }

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
