using Ingest.Core.Articles;
using Ingest.Core.Normalisation.Documents;
using Ingest.Core.Normalisation.Lines;
using Ingest.Core.Normalisation.Phrases;

namespace Ingest.Core.Normalisation.Rules;

/// <summary>
/// Finds pages that hold no article: walls of consent and scripts, checks for robots, pages that are missing or barred, empty templates. Two of
/// them say the same whatever article was asked for, so that they would join strangers.
/// </summary>
internal sealed class NoticeStep : RuleStep
{
    internal const string Notice = "page.notice-only";

    /// <summary>Longer pages, in words, have a text of their own.</summary>
    const int MaxWords = 150;

    static readonly PhraseRule Phrases = PhraseRule.Named("page.notice");

    public override IReadOnlyList<PhraseRule> Reads { get; } = [Phrases];

    public override IReadOnlyList<RuleNote> Notes { get; } =
    [
        new(Notice, BlockKind.CrawlArtefact, new("403 Forbidden", "403 Forbidden\n\nYou don't have permission to access this resource."),
            new("Who asked for", "Page not found\n\nWho asked for the plan of the harbour got \"page not found\" for three days, the authority said on Monday.\n\nThe plan is back now.")),
    ];

    public override void Apply(Document document)
    {
        if (!IsNotice(document))
            return;
        foreach (var segment in document.Segments)
            if (segment.InBody || segment.Kind is BlockKind.Headline or BlockKind.Byline)
                segment.Decide(BlockKind.CrawlArtefact, Notice);
        document.Draft.IsNotice = true;
    }

    /// <summary>All that is left speaks of the page: each sentence, and a line of its own or the start of a sentence.</summary>
    static bool IsNotice(Document document)
    {
        int words = 0, left = 0;
        bool says = false, sentence = false, removed = false;
        foreach (var segment in document.Segments)
        {
            if (!segment.InBody && segment.Kind is not (BlockKind.Headline or BlockKind.Byline))
            {
                removed |= segment.Kind is BlockKind.LegalNotice or BlockKind.Paywall;
                continue;
            }

            if ((words += segment.Traits.Words) > MaxWords)
                return false;
            var hit = segment.Hits?.Find(h => h.Rule == Phrases) is { Rule: not null } found ? found : default;
            if (hit.Rule is null && (segment.Traits.IsProse || segment.Traits.EndsSentence && segment.Traits.Words > 3))
                return false;
            says |= hit.Rule is not null && (!segment.Traits.IsProse || hit.Start - segment.Start < 12);
            left += segment.Kind == BlockKind.Headline && !segment.Undecided ? 0 : segment.Traits.Words;
            sentence |= segment.Traits.EndsSentence;
        }

        // Or nothing but buttons is left of a wall whose sentences are gone.
        return says || removed && left < 6 && !sentence && document.Given.Headline is null;
    }
}
