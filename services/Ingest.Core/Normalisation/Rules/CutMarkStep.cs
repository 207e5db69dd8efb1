using System.Buffers;
using System.Collections.Frozen;
using Ingest.Core.Articles;
using Ingest.Core.Normalisation.Characters;
using Ingest.Core.Normalisation.Documents;
using Ingest.Core.Normalisation.Lines;

namespace Ingest.Core.Normalisation.Rules;

/// <summary>
/// Takes off the mark of an interface that gives only the beginning of an article: <c>… [+2143 chars]</c>, <c>… (more)</c>, or
/// <c>[...]</c> behind half a last sentence. What is left is part of the article.
/// </summary>
internal sealed class CutMarkStep : RuleStep
{
    const string Mark = "cut.mark";

    /// <summary>Segments from the end among which the last of the text is looked for: buttons and links may stand behind it.</summary>
    const int Reach = 12;

    /// <summary>Characters of a mark.</summary>
    const int MarkLength = 40;

    /// <summary>Words of what a mark stands behind.</summary>
    const int TextWords = 8;

    /// <summary>Words of running text above which only a count of characters is a mark: what feeds give is short, and a teaser may end a page.</summary>
    const int ExcerptWords = 250;

    static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>>
        Units = Wording.SetOf("cut.unit", StringComparer.OrdinalIgnoreCase).GetAlternateLookup<ReadOnlySpan<char>>(),
        More = Wording.SetOf("cut.more", StringComparer.OrdinalIgnoreCase).GetAlternateLookup<ReadOnlySpan<char>>();

    static readonly SearchValues<char> Figures = SearchValues.Create("0123456789.,");

    const string Story = "Harbour opens again\n\nThe harbour opened again on Monday after three weeks of repairs, the authority said.\n\nShips were waiting in a long line outside the breakwater, and the first of them {0}";

    public override IReadOnlyList<RuleNote> Notes { get; } =
    [
        new(Mark, BlockKind.CrawlArtefact, new("[+2143 chars]", string.Format(Story, "came in at… [+2143 chars]")),
            new("Ships were waiting", string.Format(Story, "came in, \"late, but [...]\", the pilot said."))),
    ];

    public override void Apply(Document document)
    {
        document.FindProse();
        var steps = 0;
        for (var segment = document.Last; segment is not null && steps < Reach; segment = segment.Previous)
        {
            if (!segment.Undecided)
                continue;
            steps++;
            if (MarkStart(document, segment) is { } start)
            {
                // Several are teasers of other articles.
                if (Others(document, segment)
                    || document.ProseWords > ExcerptWords && !document.Slice(segment)[start..].ContainsAnyInRange('0', '9'))
                    return;
                var mark = start == 0 ? segment : document.Cut(segment, segment.Start + start);
                mark.Decide(BlockKind.CrawlArtefact, Mark);
                document.Draft.Truncated = true;
                return;
            }

            if (segment.Traits.IsProse)
                return;
        }
    }

    static bool Others(Document document, Segment segment)
    {
        for (var (other, steps) = (segment.Previous, 0); other is not null && steps < Reach; other = other.Previous, steps++)
            if (MarkStart(document, other) is not null)
                return true;
        return false;
    }

    /// <summary>Where in the segment the mark begins that ends it.</summary>
    static int? MarkStart(Document document, Segment segment)
    {
        var line = document.Slice(segment);
        if (line[^1] is ']' or ')')
        {
            var open = line.LastIndexOf(line[^1] == ']' ? '[' : '(');
            if (open < 0 || line.Length - open > MarkLength)
                return null;
            var inside = line[(open + 1)..^1].Trim();
            var before = line[..open].TrimEnd();
            // On a line of its own it stands behind the line before.
            if (before.IsEmpty)
                before = segment.Previous is { InBody: true } previous ? document.Slice(previous) : [];
            // "[…] ten of them […]" is a quotation, mostly another page's of this one.
            if (Chars.WordsIn(before) < TextWords || before[0] is '[' or '(' or '.' or '…')
                return null;
            return IsCount(inside) || (IsMore(inside) ? IsOpen(before) && (line[^1] == ']' || EndsInDots(before) || IsDots(inside[^1..])) : IsDots(inside) && line[^1] == ']' && IsOpen(before))
                ? open : null;
        }

        // "… Read more": the words of a button behind three dots.
        var dots = line.LastIndexOfAny('…', '.');
        if (dots <= 0 || line.Length - dots > MarkLength || !EndsInDots(line[..(dots + 1)]) || Chars.WordsIn(line[..dots]) < TextWords)
            return null;
        return IsMore(line[(dots + 1)..].Trim()) ? dots + 1 : null;
    }

    /// <summary>"+2143 chars".</summary>
    static bool IsCount(ReadOnlySpan<char> inside)
    {
        inside = inside.TrimStart('+');
        var figures = inside.IndexOfAnyExcept(Figures);
        return figures > 0 && Units.Contains(inside[figures..].Trim());
    }

    static bool IsMore(ReadOnlySpan<char> inside) => More.Contains(inside.TrimEnd("….»>→ ").Trim());

    static bool IsDots(ReadOnlySpan<char> inside) => inside.Length > 0 && inside.IndexOfAnyExcept("….") < 0;

    static bool EndsInDots(ReadOnlySpan<char> text) => text.EndsWith("…") || text.EndsWith("...");

    /// <summary>Half a sentence: neither a terminal ends it nor a closing mark behind one.</summary>
    static bool IsOpen(ReadOnlySpan<char> text)
    {
        if (EndsInDots(text))
            return true;
        while (text.Length > 0 && Chars.Is(text[^1], CharClass.Closer))
            text = text[..^1];
        return text.Length > 0 && !Chars.Is(text[^1], CharClass.Terminal) && text[^1] is not (':' or ';');
    }
}
