using Ingest.Core.Articles;
using Ingest.Core.Normalisation.Documents;
using Ingest.Core.Normalisation.Lines;
using Ingest.Core.Normalisation.Sources;
using Ingest.Core.Normalisation.Words;

namespace Ingest.Core.Normalisation.Rules;

/// <summary>
/// Takes out what the source says beside different articles: whole lines, and sentences at the ends of a line or set off inside it.
/// </summary>
internal sealed class SourceStep : RuleStep
{
    const string Rule = "source.repeated";

    /// <summary>A share of a source's articles that no teaser reaches.</summary>
    const float Always = 0.4f;

    const string Advert = "Get our app and miss no story from your own street.";

    static readonly string[] Stories =
    [
        "Harbour opens again\n\nThe harbour opened again on Monday after three weeks of repairs, the authority said.\n\n{0}\n\nShips were waiting in a long line outside the breakwater, and the first of them came in at noon.",
        "Bakers want longer nights\n\nThe bakers of the old town asked the council on Tuesday for two more hours of work before dawn.\n\n{0}\n\nTheir neighbours, who sleep above the ovens, collected four hundred names against it within a week.",
        "Bridge is painted green\n\nA year after the vote the painters have begun with the railings of the northern bridge, in a dark green.\n\n{0}\n\nTraffic will use one lane until autumn, when the scaffolding moves to the other side of the river.",
        "Chess club loses its hall\n\nThe oldest chess club of the county has to leave the hall in which it has played for ninety years.\n\n{0}\n\nIts members carried the tables out on Sunday and played one last round in the rain before the door.",
    ];

    static Example In(string line) =>
        new(line, string.Format(Stories[0], line), [.. Stories.Skip(1).Select(s => string.Format(s, line))]);

    public override IReadOnlyList<RuleNote> Notes { get; } = [new(Rule, BlockKind.Furniture, In(Advert), In("Why it matters to all of us"))];

    public override void Apply(Document document)
    {
        // Where nothing else is said, what is repeated is the article: a notice in set words, a text that came again.
        if (document.Source.IsEmpty || !document.Segments.Any(IsOwnText))
            return;
        HashSet<uint>? subject = null;
        foreach (var segment in document.Segments)
            if (segment.Undecided && segment.Repetition.IsBoilerplate && !IsSubhead(segment)
                && !(MayBeHeadline(segment) && SharesSubject(segment, document, subject ??= Subject(document))))
                Take(segment, segment.Repetition);
        Sentences(document);
    }

    static bool IsOwnText(Segment segment) => segment.Traits.IsProse && segment.Repetition is { Others: 0, Ruled: not Verdict.Remove };

    static bool IsRuled(Segment segment) => segment.Repetition.Ruled == Verdict.Remove;

    /// <summary>
    /// A section of a bulletin and a question that every explainer asks head the text under them. A line about the page that stands there
    /// looks the same: the scorer weighs both.
    /// </summary>
    static bool IsSubhead(Segment segment) =>
        segment.Traits.IsTitleLike && !IsRuled(segment) && segment.Next is { } next && IsOwnText(next);

    /// <summary>
    /// An article's headline stands beside other articles too, as a teaser: what reads as one and is not said of most articles is taken
    /// only where it has another subject. What is ruled to be removed stays only where it may be the article's own headline.
    /// </summary>
    static bool MayBeHeadline(Segment segment) =>
        segment.Traits.IsTitleLike && (IsRuled(segment) ? segment.Previous is null : segment.Repetition.Share < Always);

    static bool SharesSubject(Segment segment, Document document, HashSet<uint> subject)
    {
        int content = 0, shared = 0;
        foreach (var word in document.Words.Of(segment.Words))
        {
            content += (word & WordList.Content) != 0 ? 1 : 0;
            shared += subject.Contains(word) ? 1 : 0;
        }

        return shared * 2 >= content;
    }

    /// <summary>The content words of the running text that the source does not repeat.</summary>
    static HashSet<uint> Subject(Document document)
    {
        var words = new HashSet<uint>();
        foreach (var segment in document.Segments)
            if (IsOwnText(segment))
                document.Words.AddContent(segment.Words, words);
        return words;
    }

    static void Take(Segment segment, Repetition repetition)
    {
        segment.Decide(BlockKind.Furniture, Rule);
        segment.Evidence = repetition.Ruled switch
        {
            Verdict.Remove => "ruled by hand",
            Verdict.Learnt => "learnt elsewhere",
            _ => null,
        };
        if (repetition.Ids.Length > 0)
            segment.Repeated = new Repeated(repetition.Others, repetition.Ids);
    }

    static void Sentences(Document document)
    {
        var segment = document.First;
        foreach (var sentence in document.Repeated.Sentences)
        {
            while (segment is not null && segment.End <= sentence.Start)
                segment = segment.Next;
            if (segment is null)
                return;
            if (!segment.Undecided || !sentence.Repetition.IsBoilerplate || sentence.End > segment.End || segment.Cuts >= Document.MaxCuts)
                continue;
            // Behind one that was taken a second one opens what is left of its line.
            var opens = sentence.Start == segment.Start;
            if (!opens && sentence.End != segment.End && !sentence.IsAside)
                continue;
            var own = opens ? segment : document.Cut(segment, sentence.Start);
            if (sentence.End < own.End)
                document.Cut(own, sentence.End);
            Take(own, sentence.Repetition);
            segment = own;
        }
    }
}
