using Ingest.Core.Deduplication;
using Ingest.Ledger.Articles;

namespace Ingest.Ledger.Tests.Articles;

/// <summary>What is stored stays for years: the lists only grow at their ends. The beginnings below are never changed, only made longer.</summary>
public class StoredWordsTests
{
    [Fact]
    public void Forms_only_grow() => OnlyGrows(StoredWords.Forms, "Text text, Record record, Html html");

    [Fact]
    public void Relations_only_grow() => OnlyGrows(StoredWords.Relations, "Exact exact, Near near, Excerpt excerpt, Expanded expanded, Revision revision");

    [Fact]
    public void Rejections_only_grow() => OnlyGrows(
        StoredWords.Rejections,
        "Empty empty, TooLarge too-large, Binary binary, NoBody no-body, TimeBudgetExceeded time-budget-exceeded, MalformedRecord malformed-record, Discarded discarded");

    [Fact]
    public void Stages_only_grow() => OnlyGrows(StoredWords.Stages, "Normalise normalise, Deduplicate deduplicate");

    [Fact]
    public void Events_only_grow() => OnlyGrows(
        StoredWords.Events, "Published CanonicalArticlePublished, Revised CanonicalArticleRevised, Duplicate DuplicateDetected, Rejected ArticleRejected, Damaged damaged");

    [Fact]
    public void Causes_only_grow() => OnlyGrows(StoredWords.Causes, "Unroutable unroutable, Refused refused, TooLarge too-large, Damaged damaged");

    [Fact]
    public void Verdicts_only_grow() => OnlyGrows(StoredWords.Verdicts, "Keep keep, Remove remove, Learnt learnt, Withdrawn withdrawn");

    [Fact]
    public void A_word_of_a_later_program_is_named()
    {
        var fault = Assert.Throws<StoredResultException>(() => StoredWords.Relations.Read("translation"));
        Assert.Contains("'translation'", fault.Message, StringComparison.Ordinal);
        Assert.Contains("exact, near, excerpt, expanded, revision", fault.Message, StringComparison.Ordinal);
        // A word is itself, in its own letters.
        Assert.Throws<StoredResultException>(() => StoredWords.Relations.Read("Exact"));
        Assert.Throws<StoredResultException>(() => StoredWords.Relations.Read(""));
    }

    [Fact]
    public void A_value_without_a_word_says_where_it_belongs()
    {
        var fault = Assert.Throws<ArgumentOutOfRangeException>(() => StoredWords.Relations.Of((Relation)99));
        Assert.Contains("Append it to StoredWords", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_list_is_tested_here()
    {
        var lists = typeof(StoredWords).GetFields(System.Reflection.BindingFlags.Static | System.Reflection.BindingFlags.NonPublic | System.Reflection.BindingFlags.Public);
        Assert.Equal(["Causes", "Events", "Forms", "Rejections", "Relations", "Stages", "Verdicts"], lists.Select(l => l.Name).Order(StringComparer.Ordinal));
    }

    static void OnlyGrows<T>(Words<T> words, string beginning) where T : struct, Enum
    {
        Assert.StartsWith(beginning, string.Join(", ", words.All.Select(w => $"{w.Value} {w.Word}")), StringComparison.Ordinal);
        Assert.Equal(Enum.GetValues<T>().Order(), words.All.Select(w => w.Value).Order());
        Assert.Equal(words.All.Count, words.All.Select(w => w.Word).Distinct().Count());
        foreach (var (value, word) in words.All)
        {
            Assert.Equal(word, words.Of(value));
            Assert.Equal(value, words.Read(word));
        }
    }
}
