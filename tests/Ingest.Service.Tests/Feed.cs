using Ingest.Core.Articles;
using Ingest.Core.Deduplication;
using Ingest.Core.Normalisation;
using Ingest.Core.Normalisation.Reading;
using Ingest.Ledger;
using Ingest.Service.Deduplicate;
using Ingest.Service.Normalise;

namespace Ingest.Service.Tests;

/// <summary>Invented articles, some of them copies and cut copies of earlier ones, some rejected.</summary>
static class Feed
{
    static readonly DateTimeOffset Start = new(2026, 3, 1, 0, 0, 0, TimeSpan.Zero);
    static readonly NormaliseStage Stage = new(new NormaliserOptions(), new LaneItems(new DeduplicationOptions()), new SourceBook(LedgerFile.Temporary()));

    public static List<LaneItem> Items(int seed, int count) => [.. Enumerable.Range(0, count).Select(i => Item(seed, i))];

    public static LaneItem Item(int seed, int number) => Item($"{seed}/{number}", Text(seed, number), number);

    public static LaneItem Item(string id, string text, int minutes = 0)
    {
        var submission = Submission.Of(RawArticle.OfText(id, text), null, Start.AddMinutes(minutes));
        return Stage.Normalise(new LaneClaim(submission, default, Discards: false), submission);
    }

    static string Text(int seed, int number)
    {
        var random = new Random(HashCode(seed, number));
        var original = number > 3 && random.Next(3) == 0 ? random.Next(number) : number;
        if (original == number && random.Next(12) == 0)
            return " ";
        var paragraphs = Paragraphs(HashCode(seed, original));
        if (original != number && random.Next(2) == 0)
            paragraphs.RemoveRange(2, paragraphs.Count - 2);
        return $"Report number {original} from the harbour\n\n{string.Join("\n\n", paragraphs)}\n";
    }

    static int HashCode(int seed, int number) => unchecked(seed * 7919 + number * 104_729);

    public static List<string> Paragraphs(int seed)
    {
        var random = new Random(seed);
        string Word() => string.Concat(Enumerable.Range(0, random.Next(2, 4)).Select(_ => "bdfgklmnprstv"[random.Next(13)].ToString() + "aeiou"[random.Next(5)]));
        string Sentence() => $"The {string.Join(' ', Enumerable.Range(0, 12).Select(_ => Word()))}.";
        return [.. Enumerable.Range(0, 5).Select(_ => $"{Sentence()} {Sentence()}")];
    }
}
