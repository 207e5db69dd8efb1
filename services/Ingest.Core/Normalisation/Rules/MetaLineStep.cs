using Ingest.Core.Articles;
using Ingest.Core.Normalisation.Characters;
using Ingest.Core.Normalisation.Documents;

namespace Ingest.Core.Normalisation.Rules;

/// <summary>
/// Cuts lines above the text that say several things at once — "Anna Weir · 2 min read", "By X | March 3, 2021" — so that each piece meets
/// the rule for it.
/// </summary>
internal sealed class MetaLineStep : RuleStep
{
    /// <summary>Such lines stand among the first.</summary>
    const int Lines = 30;

    public override IReadOnlyList<RuleNote> Notes => [];

    public override void Apply(Document document)
    {
        document.FindProse();
        var lines = 0;
        foreach (var segment in document.Head)
        {
            if (++lines > Lines)
                return;
            if (segment.Undecided && segment.Traits.Words is >= 2 and <= 24
                && segment.Cuts < 4 && CutAt(document.Slice(segment)) is var at and > 0)
                document.Cut(segment, segment.Start + at);
        }
    }

    /// <summary>Where a piece begins that is a date, a reading time or a byline; -1 where none does.</summary>
    static int CutAt(ReadOnlySpan<char> line)
    {
        for (var i = 1; i < line.Length - 1; i++)
        {
            if (line[i] is not ('|' or '·' or '•') || !Chars.Any(line[..i], CharClass.Letter))
                continue;
            var rest = line[i..].TrimStart("|·• ");
            if (rest.IsEmpty)
                return -1;
            var end = rest.IndexOfAny('|', '·', '•');
            var piece = (end < 0 ? rest : rest[..end]).Trim();
            if (Chars.Is(piece[0], CharClass.Digit) && piece.Length <= 30
                || Dates.TryReadLine(piece, out _) || BylineReader.TryRead(piece, out _))
                return i;
        }

        return -1;
    }
}
