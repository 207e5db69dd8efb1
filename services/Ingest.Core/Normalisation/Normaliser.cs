using System.ComponentModel.DataAnnotations;
using System.Text;
using Ingest.Core.Articles;
using Ingest.Core.Normalisation.Assembly;
using Ingest.Core.Normalisation.Decoding;
using Ingest.Core.Normalisation.Documents;
using Ingest.Core.Normalisation.Pages;
using Ingest.Core.Normalisation.Phrases;
using Ingest.Core.Normalisation.Reading;
using Ingest.Core.Normalisation.Rules;
using Ingest.Core.Normalisation.Scoring;
using Ingest.Core.Normalisation.Sources;

namespace Ingest.Core.Normalisation;

/// <summary>Limits of the normaliser.</summary>
/// <param name="MaxBytes">Size limit of a text in bytes of UTF-8.</param>
/// <param name="MaxFieldBytes">Size limit of each field beside the text, in bytes of UTF-8; of a list, all names together.</param>
/// <param name="MaxNames">Names in a list at most.</param>
/// <param name="TimeBudget">Longest time for one article; a guard, as the time is linear in the text.</param>
public sealed record NormaliserOptions(
    [property: Range(1d, 1 << 30)] long MaxBytes = 4 * 1024 * 1024,
    [property: Range(
        typeof(TimeSpan), "00:00:00.001", "01:00:00", ParseLimitsInInvariantCulture = true, ConvertValueInInvariantCulture = true)]
    TimeSpan? TimeBudget = null,
    [property: Range(256, 1 << 20)] int MaxFieldBytes = 16 * 1024,
    [property: Range(1, 10_000)] int MaxNames = 256)
{
    public static readonly TimeSpan DefaultTimeBudget = TimeSpan.FromSeconds(10);

    /// <summary>Whether an article is over a limit of size. Who takes articles in asks too, so that one that is gets no further.</summary>
    /// <returns>Null where it is not.</returns>
    public Rejection? TooLarge(ArticleText article)
    {
        ArgumentNullException.ThrowIfNull(article);
        if (IsOver(article.Text, MaxBytes, out var bytes))
            return Rejection.TooLarge(bytes, MaxBytes);
        foreach (var (name, value) in article.Metadata.Fields)
            if (IsOver(value, MaxFieldBytes, out bytes))
                return Rejection.FieldTooLarge(name, bytes, MaxFieldBytes);
        if (article.Metadata.Bylines is not { } names)
            return null;
        if (names.Count > MaxNames)
            return Rejection.TooManyNames("bylines", names.Count, MaxNames);
        bytes = names.Sum(n => (long)Encoding.UTF8.GetByteCount(n));
        return bytes > MaxFieldBytes ? Rejection.FieldTooLarge("bylines", bytes, MaxFieldBytes) : null;
    }

    static bool IsOver(string text, long limit, out long bytes)
    {
        // Counted only where it may be over.
        bytes = (long)text.Length * 3 > limit ? Encoding.UTF8.GetByteCount(text) : text.Length;
        return bytes > limit;
    }

    /// <exception cref="ArgumentException">A value is out of its range; the message names it and the range.</exception>
    public NormaliserOptions Validated()
    {
        OptionRange.Check(this);
        return this;
    }
}

/// <summary>
/// Raw text in, a clean article out: the one entry to normalisation. Stateless between articles; safe to share among threads.
/// </summary>
public sealed class Normaliser(NormaliserOptions options, TimeProvider time)
{
    /// <summary>Changes with every change of rules that changes an outcome.</summary>
    public const string Version = NormaliserVersion.Current;

    /// <summary>
    /// The order matters where a reason stands beside a step: found by moving each one behind each other and cleaning the samples and a
    /// thousand dumps again. Neighbours may change places, but for the last four.
    /// </summary>
    static readonly RuleStep[] Rules =
    [
        // Before all others: what stands behind a label needs no further reading. A source's publisher and its labels come with every article.
        new ExportStep(),
        // Before those behind it: what a source says beside every article is noise to every rule.
        new SourceStep(),
        new CopyStep(),
        new ScriptStep(),
        // Before wires, which would take its keyword line for the headline.
        new CorpusStep(),
        // Before phrases: "Anna Weir · 2 min read" is a byline and a reading time once it is cut, and else a reading time as a whole.
        new HeadLineStep(),
        // Before captions: a note to editors may read as running text, and what stands under it would be in the head no more ("Associated
        // Press" under a name would be a credit). Before phrases, which know the notes too, by less.
        new WireStep(),
        // Before phrases: the label "Embed:" goes with the post under it.
        new EmbedStep(),
        // Before phrases and the head: a credit under the headline ("Milos Hradec / Reuters") would be the byline, one
        // above it the headline.
        new CaptionStep(),
        // Behind the rules that read posts and captions by their words: they know of whom and by whom.
        new PageStep(),
        // Anywhere before the scorer: in a block of story the other rules take nothing as a whole.
        new FlattenedStep(),
        // Before the head, which takes the entries of a menu for names.
        new PageHeadStep(),
        // Before the head: a bare name is a byline where nothing but dates and furniture that is known stands between it and the text.
        // Before the tail: it reads the publisher off the copyright line that a phrase found.
        new PhraseStep(),
        // Before the tail: a last paragraph that begins with the byline's name is about the author.
        new HeadStep(),
        // Before datelines: "(Reuters)" alone on the last line signs, and opens nothing.
        new TailStep(),
        // Behind the rules whose evidence is a phrase: what they have decided is a neighbour.
        new TailLinesStep(),
        // Before the scorer, which would take a dateline with its line, and needs to know where the head ends.
        new DatelineStep(),
        // Behind all that knows what is none of the article: a teaser or a note about the author is cut off in the same way.
        new CutMarkStep(),
        // Last of the rules: it judges what all the others have left.
        new NoticeStep(),
    ];

    /// <summary>The scorer decides only what no rule knew; the body's step leaves nothing undecided.</summary>
    static readonly RuleStep[] Steps = [.. Rules, new ScorerStep(), new ScriptStep(ScorerStep.Furniture), new BodyStep()];

    /// <summary>
    /// Every further pass takes something out. Real dumps settle in two or three; what still moves after so many is left as it is.
    /// </summary>
    const int MaxPasses = 8;

    /// <summary>Characters of a text of which a single step may take long.</summary>
    const int LongText = 1 << 16;

    readonly RuleStep[] steps = Steps;
    readonly TimeSpan budget = options.Validated().TimeBudget ?? NormaliserOptions.DefaultTimeBudget;

    public Normaliser() : this(new NormaliserOptions(), TimeProvider.System)
    {
    }

    /// <summary>With another scorer than the shipped one, or none: for measuring.</summary>
    internal Normaliser(ScorerStep? scorer) : this() =>
        steps = [.. Rules, .. scorer is null ? (RuleStep[])[] : [scorer], new ScriptStep(ScorerStep.Furniture), new BodyStep()];

    /// <summary>The notes of all rules that are code; those that are data are <see cref="PhraseRule.Default"/>.</summary>
    internal static IEnumerable<RuleNote> Notes => Steps.SelectMany(s => s.Notes);

    /// <summary>The rules of <see cref="PhraseRule.Default"/> that steps read themselves.</summary>
    internal static IEnumerable<PhraseRule> Read => Steps.SelectMany(s => s.Reads);

    /// <summary>Reads and cleans one article. Never throws for its content: bad input ends in a named rejection.</summary>
    public NormalisationResult Normalise(RawArticle raw) => Normalise(RawReader.Read(raw));

    /// <summary>Cleans what was read before.</summary>
    public NormalisationResult Normalise(ReadArticle read) => Normalise(read, SourceProfile.Unknown);

    /// <param name="source">What is known of the source's habits.</param>
    public NormalisationResult Normalise(ReadArticle read, SourceProfile source)
    {
        ArgumentNullException.ThrowIfNull(read);
        return read.Article is { } article ? Normalise(article, source) : NormalisationResult.Rejected(read.Rejection!);
    }

    /// <summary>Cleans a text.</summary>
    public NormalisationResult Normalise(ArticleText raw) => Normalise(raw, SourceProfile.Unknown);

    /// <param name="source">What is known of the source's habits.</param>
    public NormalisationResult Normalise(ArticleText raw, SourceProfile source)
    {
        ArgumentNullException.ThrowIfNull(raw);
        if (options.TooLarge(raw) is { } tooLarge)
            return Reject(tooLarge, raw);
        if (Binary.Sign(raw.Text) is { } sign)
            return Reject(Rejection.Binary(sign), raw);
        var started = time.GetTimestamp();
        var page = (raw as PageArticle)?.Page;
        var prepared = Prepare(raw);
        var document = new Document(raw.Metadata, prepared.Text, source, page);
        if (document.First is null)
            return Reject(Rejection.Empty(), raw);
        if (!Clean(document, started))
            return Reject(Rejection.TimeBudgetExceeded(budget), raw);
        return prepared.Translate(Assembler.Assemble(document, [.. raw.Notes, .. prepared.Notes]));
    }

    /// <summary>The text of a page was made for the rules: its markup is off already, and what looks like markup in it is text.</summary>
    static PreparedText Prepare(ArticleText raw) => raw is PageArticle ? PreparedText.AsItIs(raw.Text) : PreparedText.Of(raw.Text);

    /// <summary>A document as the scorer meets it first: for training.</summary>
    internal static Document BeforeScorer(ArticleText raw, SourceProfile? source = null)
    {
        var document = new Document(raw.Metadata, Prepare(raw).Text, source, (raw as PageArticle)?.Page);
        foreach (var rule in Rules)
            rule.Apply(document);
        return document;
    }

    /// <summary>
    /// Applies the rules, and again to what they left until they leave it alone: a clean text cleaned again is the same text.
    /// False when the time budget is over.
    /// </summary>
    bool Clean(Document document, long started)
    {
        // Of a short text once in a pass: the time of a thread is asked of the system, and behind every step that was an eighth of all cleaning.
        var isLong = document.Text.Length > LongText;
        for (var pass = 0; pass <= MaxPasses; pass++)
        {
            if (pass > 0)
                Continuations.Mark(document);
            var seen = pass == 0 ? document : new Document(document);
            foreach (var step in steps)
            {
                step.Apply(seen);
                if (isLong && time.GetElapsedTime(started) > budget)
                    return false;
            }

            if (time.GetElapsedTime(started) > budget)
                return false;
            if (pass > 0 && !document.Adopt(seen))
                break;
        }

        return true;
    }

    static NormalisationResult Reject(Rejection rejection, ArticleText raw) => NormalisationResult.Rejected(rejection, raw.Notes);
}
