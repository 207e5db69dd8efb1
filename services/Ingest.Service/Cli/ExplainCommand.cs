using System.CommandLine;
using System.Globalization;
using Ingest.Core.Articles;
using Ingest.Core.Deduplication;
using Ingest.Core.Deduplication.Alignment;
using Ingest.Core.Normalisation;
using Ingest.Core.Normalisation.Reading;
using Ingest.Ledger;
using Ingest.Ledger.Articles;
using Ingest.Service.Deduplicate;
using Ingest.Service.Display;
using Ingest.Service.Normalise;
using Ingest.Service.Operations;
using Ingest.Service.Outcomes;
using Ingest.Service.Run;
using Ingest.Service.Serve;
using Spectre.Console;

namespace Ingest.Service.Cli;

/// <summary><c>ingest explain A B</c>: why two articles are or are not one story.</summary>
static class ExplainCommand
{
    /// <summary>Shared passages that are shown, the longest; and figures and names of each text.</summary>
    const int MostPassages = 12, MostFacts = 24;

    /// <summary>Articles of one submitted id that are listed.</summary>
    const int MostNamesakes = 10;

    public static Command Create()
    {
        var a = new Argument<string>("A") { Description = "The earlier article: its file, or its ID with --ledger." };
        var b = new Argument<string>("B") { Description = "The later article: its file, or its ID with --ledger." };
        var ledger = new LedgerFlags("Compare two articles of this ledger: A and B are their UUIDs or the IDs they were submitted under.");
        var command = new Command("explain", "Show why two articles are, or are not, one story: the numbers, what they share and what differs.")
        {
            a, b,
        };
        ledger.AddTo(command);
        var deduplication = new DeduplicationFlags();
        deduplication.AddTo(command, stream: false);
        Mistyped.RefuseOptions(a, command);
        Mistyped.RefuseOptions(b, command);
        command.SetAction(parsed => Run(
            parsed.GetValue(a)!, parsed.GetValue(b)!, ledger.AreGiven(parsed) ? () => ledger.Place(parsed, "") : null, deduplication.Read(parsed, stream: false)));
        return command;
    }

    /// <param name="ledger">Says where the articles are; null for files.</param>
    static int Run(string earlierPath, string laterPath, Func<LedgerPlace>? ledger, DeduplicationOptions options)
    {
        // Both arrive now, whatever they say: the window is not what parts them here.
        var now = TimeProvider.System.GetUtcNow();
        if (Both(earlierPath, laterPath, ledger, now) is not var (earlier, later))
            return CommandLine.Unreadable;
        StoryArticle[] articles = [earlier, later];
        var deduplicator = new Deduplicator(options with { SampleOneIn = 1 }, number => articles[number - 1]);
        deduplicator.Decide(articles[0], now);
        var decision = deduplicator.Decide(articles[1], now);
        try
        {
            using var output = Terminal.Output();
            Write(output, decision, Comparison.Of(articles[1], articles[0], options), options, earlierPath, laterPath);
            return CommandLine.Success;
        }
        catch (IOException e)
        {
            Terminal.Complain($"cannot write to standard output: {e.Message}");
            return CommandLine.Unreadable;
        }
    }

    static (StoryArticle Earlier, StoryArticle Later)? Both(string a, string b, Func<LedgerPlace>? ledger, DateTimeOffset arrival)
    {
        if (ledger is null)
            return Read(a) is { } first && Read(b) is { } second
                ? (StoryArticle.Of(first, arrival), StoryArticle.Of(second, arrival))
                : null;
        try
        {
            using var file = ledger().OpenExisting();
            return (Find(file, a, arrival), Find(file, b, arrival));
        }
        catch (Exception e) when (e is LedgerException or StoredResultException or SettingsException)
        {
            Terminal.Complain(e.Message);
        }
        return null;
    }

    /// <summary>An article of a ledger as it was compared there.</summary>
    /// <exception cref="LedgerException">
    /// There is none of this id, there are several, or it has no text to compare; the message says which.
    /// </exception>
    static StoryArticle Find(LedgerStore ledger, string id, DateTimeOffset arrival)
    {
        var articles = new AcceptedArticles(ledger);
        var found = Guid.TryParse(id, out var uuid) && articles.Find(uuid) is not null ? [uuid] : articles.Submitted(id, MostNamesakes + 1);
        if (found.Count == 0)
            throw new LedgerException($"{ledger.Name} has no article '{id}'. Use its UUID or the ID it was submitted under.");
        if (found.Count > 1)
        {
            var count = found.Count > MostNamesakes ? $"more than {MostNamesakes}" : found.Count.ToString(CultureInfo.InvariantCulture);
            throw new LedgerException(
                $"{ledger.Name} has {count} articles submitted as '{id}'. Use the UUID of one of them: {string.Join(", ", found.Take(MostNamesakes))}.");
        }

        if (new DecisionLog(ledger).Of(found[0]) is not { } entry)
        {
            var failed = new Errors(ledger).Find(found[0]) is null ? "" : $": it failed; see 'ingest errors show {found[0]}'";
            throw new LedgerException($"Article '{id}' has no outcome yet{failed}.");
        }

        if (entry.Decision.Rejection is { } reason)
            throw new LedgerException($"Article '{id}' was rejected ({OutcomeMapper.Word(reason)}): there is nothing to compare.");
        return StoredResult.ReadStoryArticle(entry.Text!.Stored.Span, entry.Text.Submission.Read.Text, arrival);
    }

    /// <summary>The one article of a file; null where there is none, which is then said.</summary>
    static Article? Read(string path)
    {
        var source = new ArticleSource(new NormaliserOptions().MaxBytes);
        var inputs = source.Read([path]).Take(2).ToList();
        if (source.Faults is [var fault, ..])
            Terminal.Complain(fault);
        else if (inputs.Count != 1)
            Terminal.Complain($"{path} contains {(inputs.Count == 0 ? "no article" : "more than one article")}. explain compares two files with one article each.");
        else if (new Normaliser(new NormaliserOptions(), ThreadTime.Instance).Normalise(inputs[0]) is var result
            && result.Rejection is { } rejection)
            Terminal.Complain($"{path} is rejected: {Advice.Detail(rejection, Audience.CommandLine)}");
        else
            return result.Article;
        return null;
    }

    static void Write(
        StreamWriter output, Decision decision, Comparison comparison, DeduplicationOptions options, string earlier, string later)
    {
        var console = Terminal.Tables(output, !Console.IsOutputRedirected && Terminal.Coloured, Terminal.Width);
        output.WriteLine(decision.Match is { } match
            ? $"One story: {Terminal.Plain(later)} is {Article(match.Relation)} of {Terminal.Plain(earlier)}."
            : $"Two stories: {Terminal.Plain(later)} is not a copy of {Terminal.Plain(earlier)}.");
        var similarity = decision.Match?.Similarity ?? comparison.Similarity;
        console.Write(Numbers(similarity, comparison.Changes.Count, options));
        if (decision.Match is null && comparison.Subject is { } subject)
            output.WriteLine(Subject(subject));
        else if (decision.Match is null && similarity.Score >= options.Containment
            && similarity is { HavePassagesOfTheirOwn: true, Score: < DeduplicationOptions.OtherNewsContainment })
            output.WriteLine("Each has a passage of its own under another headline: what they share may be background, so a higher score is required.");
        else if (decision.Match is null && similarity.Score >= options.Containment)
            output.WriteLine("Their words are alike, but they share too few unbroken runs (--shingle-words, --shingle-characters) for one to be found from the other.");
        if (comparison.Passages.Count > 0)
            console.Write(Passages(comparison, earlier, later));
        if (comparison.Changes.Count > 0)
            console.Write(Changes(comparison.Changes));
        Facts(console, $"Figures and names only in {earlier}", comparison.OnlyB);
        Facts(console, $"Figures and names only in {later}", comparison.OnlyA);
    }

    static string Subject(SubjectChange subject) => string.Create(
        CultureInfo.InvariantCulture,
        $"One form, but another {(subject.IsDay ? "day" : "subject")}: \"{Terminal.Plain(subject.After)}\" instead of \"{Terminal.Plain(subject.Before)}\", which "
        + $"the other never has, and {subject.Facts} more {(subject.Facts == 1 ? "fact is" : "facts are")} replaced.");

    static string Article(Relation relation) => relation switch
    {
        Relation.Exact => "an exact copy",
        Relation.Near => "a near copy",
        Relation.Excerpt => "an excerpt",
        Relation.Expanded => "an expanded copy",
        _ => "a revision",
    };

    static Table Numbers(Similarity similarity, int replaced, DeduplicationOptions options)
    {
        var words = Math.Min(similarity.WordsA, similarity.WordsB);
        var table = new Table { Border = TableBorder.Rounded, ShowHeaders = false };
        table.AddColumn("").AddColumn(new TableColumn("").RightAligned().NoWrap()).AddColumn("");
        var matched = similarity.WordsA <= similarity.WordsB ? similarity.MatchedA : similarity.MatchedB;
        Add("containment", Share(similarity.Containment), $"of the shorter text's {words} words, {matched} are in the other");
        Add("replaced passages", replaced.ToString(CultureInfo.InvariantCulture), string.Create(
            CultureInfo.InvariantCulture,
            $"read differently in the same place; they count as {(similarity.Containment - similarity.Score) * words:0} missing words"));
        Add("score", Share(similarity.Score), string.Create(
            CultureInfo.InvariantCulture,
            $"one story from {options.Containment:0.##} (--containment), "
            + $"from {DeduplicationOptions.OtherNewsContainment:0.##} if headline and a passage differ, "
            + $"from {options.RevisionContainment:0.##} if the source marks a new version"));
        Add("resemblance", Share(similarity.Resemblance), "shingles in both, as a share of those in either");
        return table;

        static string Share(double share) => share.ToString("0.00", CultureInfo.InvariantCulture);

        void Add(string name, string value, string meaning) => table.AddRow(new Text(name), new Text(value), new Text(meaning));
    }

    static Table Passages(Comparison comparison, string earlier, string later)
    {
        var table = new Table
        {
            Border = TableBorder.Rounded,
            Title = new TableTitle("Shared passages", Style.Plain),
            ShowRowSeparators = true,
        };
        table.AddColumn(new TableColumn("Words").RightAligned());
        foreach (var path in (string[])[earlier, later])
            table.AddColumn(new TableColumn(new Text(Terminal.ShortenedPath(path, Terminal.Width / 3))));
        // The longest, in the order of the text.
        var least = comparison.Passages.Select(p => p.Words).OrderDescending().Take(MostPassages).Last();
        foreach (var passage in comparison.Passages.Where(p => p.Words >= least).Take(MostPassages))
            table.AddRow(
                new Text(passage.Words.ToString(CultureInfo.InvariantCulture)),
                new Text(Terminal.Plain(passage.B)), new Text(Terminal.Plain(passage.A)));
        if (comparison.Passages.Count > MostPassages)
            table.Caption = new TableTitle($"the longest {MostPassages} of {comparison.Passages.Count}", Style.Plain);
        return table;
    }

    static Table Changes(IReadOnlyList<Change> changes)
    {
        var table = new Table { Border = TableBorder.Rounded, Title = new TableTitle("Differences", Style.Plain) };
        table.AddColumn("Earlier").AddColumn("Later");
        foreach (var change in changes.Take(Change.Most))
            table.AddRow(new Text(Terminal.Plain(change.Before)), new Text(Terminal.Plain(change.After)));
        if (changes.Count > Change.Most)
            table.Caption = new TableTitle($"the first {Change.Most} of {changes.Count}", Style.Plain);
        return table;
    }

    static void Facts(IAnsiConsole console, string title, IReadOnlyList<string> facts)
    {
        if (facts.Count > 0)
            {
                var more = facts.Count > MostFacts ? $" and {facts.Count - MostFacts} more" : "";
                console.WriteLine($"{Terminal.Plain(title)}: {Terminal.Plain(string.Join(", ", facts.Take(MostFacts)))}{more}.");
            }
    }
}
