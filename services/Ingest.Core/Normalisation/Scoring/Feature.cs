namespace Ingest.Core.Normalisation.Scoring;

/// <summary>
/// What the line scorer knows of a line, a column each. "Line" is a segment; "prose" is a segment in the body that ends a sentence and has
/// 12 words, or has 25; "before" and "behind" leave the line itself out, and a window is cut at the ends of the document.
/// </summary>
internal enum Feature
{
    // The line itself.
    Words,
    Length,

    /// <summary>How it ends: 3 full stop, 2 exclamation, 1 question, -1 colon, -2 comma or semicolon, 0 anything else.</summary>
    Ending,

    /// <summary>Share of words that begin in upper case.</summary>
    Capitals,
    Digits,

    /// <summary>How it starts: 4 bullet, 3 digit, 2 lower case, 1 quotation mark or bracket, 0 anything else.</summary>
    Start,
    Separators,
    Quotes,
    Commas,
    Sentences,

    /// <summary>2 with an address of the web, 1 with an @.</summary>
    Address,

    // Its neighbours.
    EndingNext,
    CapitalsNext,
    WordsNext,
    WordsPrevious,
    MeanWordsBefore5,
    MeanWordsBefore12,
    MeanWordsBehind2,
    MeanWordsBehind5,
    MeanWordsBehind12,

    // Where the running text is.

    /// <summary>Lines of the run of lines that are prose, or are not, as this one; negative for prose.</summary>
    Run,
    RunWords,
    WordsOfPreviousProse,
    ProseShare,
    ProseBefore,
    ProseBehind,
    ProseShareBefore,
    ProseShareBehind,
    WordsBefore,
    LinesBefore,
    LinesBehind,

    // What is repeated: a line's words, all of them, in another line.
    Copies,
    CopiesBefore,
    CopiedBefore8,
    CopiedBehind8,
    DatesBefore6,

    /// <summary>
    /// Share of the line's content words that stand in other prose lines; -1 without content words. Then the mean number
    /// of such lines, 10 at most.
    /// </summary>
    Shared,
    SharedLines,
    SharedBefore8,
    SharedBehind8,

    // The lexicon's score of the words (0 where the text is not English) and its means.
    Lexical,
    LexicalPrevious,
    LexicalNext,
    LexicalBefore3,
    LexicalBehind3,
    LexicalBefore10,
    LexicalBehind10,
    LexicalBefore40,
    LexicalBehind40,
    LexicalWordsBehind10,

    // Headings: the lexicon's score of what follows a short line that is not prose; the worst before this line (9 without
    // any), and the mean.
    HeadingWorst10,
    HeadingWorst30,
    HeadingMean10,

    // What the rules have decided.
    RemovedBefore5,
    RemovedBehind5,
    RemovedBefore15,
    RemovedBehind15,

    /// <summary>
    /// Lines since a rule removed a line that closes an article (comments, related links, copyright, ...); 99 without one.
    /// </summary>
    SinceClosing,
    ClosingBefore,

    /// <summary>Lines since the headline, byline or date that a rule found; -1 before it, -2 without one.</summary>
    SinceHead,

    /// <summary>Lines since a line that heads readers' comments; 99 without one.</summary>
    SinceComments,

    /// <summary>Share of the prose that stands before the first such line; 1 without one.</summary>
    ProseBeforeComments,

    /// <summary>Share of the headline's content words that stand in the line; -1 without any.</summary>
    WithHeadline,
    WithHeadlineBefore5,
    WithHeadlineBehind5,

    /// <summary>Share of words that are frequent function words of a known language.</summary>
    StopWords,
    StopWordsBefore5,
    StopWordsBehind5,

    // What the source repeats over different articles; all 0 where the source is unknown.

    /// <summary>Other articles that have the line.</summary>
    Repeats,

    /// <summary>The same with all numbers alike.</summary>
    RepeatsMasked,

    /// <summary>Share of the source's articles that have it.</summary>
    RepeatShare,
    RepeatedBefore5,
    RepeatedBehind5,

    /// <summary>Articles that the source is known by, as a logarithm to the base of 2.</summary>
    SourceArticles,
}

/// <summary>
/// What the second stage knows besides: the first stage's scores (as logits) of the lines around, and how the kept words are spread.
/// </summary>
internal enum StackedFeature
{
    Own,
    Previous3,
    Previous2,
    Previous1,
    Next1,
    Next2,
    Next3,
    MeanBefore3,
    MeanBehind3,
    MeanBefore8,
    MeanBehind8,
    MeanBefore20,
    MeanBehind20,
    MeanBefore60,
    MeanBehind60,
    KeptBefore,
    KeptBehind,
    KeptShare,
    BestBefore5,
    BestBehind5,
}
