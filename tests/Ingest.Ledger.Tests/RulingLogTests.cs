using Dapper;
using Ingest.Core.Articles;
using Ingest.Core.Normalisation.Sources;
using Ingest.Ledger.Decisions;

namespace Ingest.Ledger.Tests;

/// <summary>Rulings about passages of sources: appended, never changed, the last about a passage counts.</summary>
public sealed class RulingLogTests : LedgerCase
{
    readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("ingest-ledger-");

    RulingLog Rulings => new(Ledger);

    SourceLog Sources => new(Ledger);

    string At(string name) => Path.Combine(folder.FullName, name);

    protected override LedgerFile Open() => LedgerFile.Open(At("a.db"));

    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        folder.Delete(recursive: true);
    }

    static NewRuling Of(string source, string text, Verdict verdict) => new(source, NamedPassage.Of(text), verdict);

    RulingsMade Append(params NewRuling[] rulings) => Rulings.Append(rulings, Now);

    IEnumerable<(int, string, Verdict)> InForce(string source) => Rulings.InForce(source).Select(r => (r.Number, r.Passage.Text, r.Verdict));

    /// <summary>Decides about an article of a source.</summary>
    void Decide(string id, DecidedSource source)
    {
        using var lane = new LaneWriter(Ledger);
        var end = lane.Begin();
        var turn = Assert.Single(lane.Claim([new LaneClaim(Article(id), default, Discards: false)]));
        var decided = Decided(turn.Article, Article(id), end);
        lane.Commit(new LaneGroup([decided with { Decision = decided.Decision with { Source = source } }], []));
    }

    [Fact]
    public void The_last_ruling_about_a_passage_holds()
    {
        Assert.Equal(new RulingsMade(3, 0, 0), Append(
            Of("coast", " Get our app!\n", Verdict.Keep), Of("hills", "Get our app!", Verdict.Remove), Of("coast", "Read also", Verdict.Remove)));
        Assert.Equal(new RulingsMade(1, 1, 0), Append(Of("coast", "GET OUR APP", Verdict.Remove), Of("coast", "Read also:", Verdict.Remove)));
        Assert.Equal([(3, "Read also", Verdict.Remove), (4, "GET OUR APP", Verdict.Remove)], InForce("coast"));
        Assert.Equal([(2, "Get our app!", Verdict.Remove)], InForce("hills"));
        Assert.Equal(new RulingsMade(1, 1, 0), Append(Of("coast", "get our app", Verdict.Withdrawn), Of("coast", "get our app", Verdict.Withdrawn)));
        Assert.Equal([(3, "Read also", Verdict.Remove)], InForce("coast"));
        Assert.Equal(5, Rulings.End());
        Assert.Empty(Rulings.InForce("the sea"));
        Assert.Equal(Now.ToUnixTimeMilliseconds(), Rulings.InForce("hills")[0].Made.ToUnixTimeMilliseconds());
    }

    [Fact]
    public void What_was_learnt_elsewhere_ranks_below_what_is_ruled_by_hand()
    {
        Append(Of("coast", "Get our app", Verdict.Keep));
        Assert.Equal(new RulingsMade(1, 0, 1), Append(
            Of("coast", "Get our app", Verdict.Learnt), Of("coast", "Miss no story from your own street", Verdict.Learnt)));
        Assert.Equal(new RulingsMade(1, 0, 0), Append(Of("coast", "Miss no story from your own street", Verdict.Remove)));
        Assert.Equal([(1, "Get our app", Verdict.Keep), (3, "Miss no story from your own street", Verdict.Remove)], InForce("coast"));
    }

    [Fact]
    public void What_was_known_at_one_moment_is_known_again()
    {
        Append(Of("coast", "Get our app", Verdict.Remove), Of("hills", "Get our app", Verdict.Keep), Of("coast", "Read also", Verdict.Keep));
        Assert.Equal(1, Rulings.Of("coast", SourceRulings.None, 2).Number);
        var all = Rulings.Of("coast", SourceRulings.None, 3);
        Assert.Equal(3, all.Number);
        Assert.Same(all, Rulings.Of("coast", all, 3));
        Assert.Same(SourceRulings.None, Rulings.Of("the sea", SourceRulings.None, 3));
    }

    [Fact]
    public void All_are_appended_or_none()
    {
        var many = Enumerable.Range(0, RulingLog.MostOfSource + 1).Select(i => Of("coast", $"Line {i}", Verdict.Remove)).ToList();
        Assert.Contains("'coast' would have more than 10000", Assert.Throws<TooManyRulingsException>(
            () => Rulings.Append([Of("hills", "Line", Verdict.Keep), .. many], Now)).Message, StringComparison.Ordinal);
        Assert.Equal(0, Rulings.End());
        Assert.Empty(Sources.All());
        Assert.Equal(many.Count - 1, Rulings.Append([.. many.SkipLast(1)], Now).Appended);
    }

    [Fact]
    public void A_decision_tells_with_which_rulings_the_article_was_cleaned()
    {
        Append(Of("coast", "Get our app", Verdict.Remove));
        Decide("1", new DecidedSource("coast", 0, new SourceKnowledge(0, 0)));
        Decide("2", new DecidedSource("coast", 0, new SourceKnowledge(1, 1)));
        Assert.Equal(
            [new DecidedSource("coast", 1, new SourceKnowledge(0, 0)), new DecidedSource("coast", 2, new SourceKnowledge(1, 1))],
            Log.After(LogPosition.Start, 9, Texts.All).Select(e => e.Decision.Source));
        Assert.True(LedgerCheck.Look(At("a.db")).IsSound);
    }

    [Fact]
    public void Sources_are_those_with_articles_or_rulings_page_by_page()
    {
        Decide("1", new DecidedSource("hills", 0, default));
        Append(Of("coast", "Get our app", Verdict.Keep), Of("the sea", "Get our app", Verdict.Keep));
        Assert.Equal([("hills", 1), ("coast", 0), ("the sea", 0)], Sources.All().Select(s => (s.Name, s.Articles)));
        Assert.Equal(["coast", "hills"], Sources.After("", 2).Select(s => s.Name));
        Assert.Equal(["the sea"], Sources.After("hills", 2).Select(s => s.Name));
        Assert.Equal(new SourceRow("coast", 0, null), Sources.Find("coast"));
        Assert.Null(Sources.Find("coas"));
    }

    [Fact]
    public void The_beginning_of_a_ledger_is_copied_with_all_rulings()
    {
        Append(Of("coast", "Get our app", Verdict.Keep));
        Decide("1", new DecidedSource("coast", 0, new SourceKnowledge(0, 1)));
        using var copy = LedgerFile.Open(At("b.db"));
        LedgerCopy.Before(Ledger, copy, new LogPosition(2));
        Assert.Equal(InForce("coast"), new RulingLog(copy).InForce("coast").Select(r => (r.Number, r.Passage.Text, r.Verdict)));
        Assert.True(LedgerCheck.Look(At("b.db")).IsSound);
    }

    [Theory]
    [InlineData("DELETE FROM rulings WHERE ruling = 1", "rulings that are missing in their order: 1 (ruling 1)")]
    [InlineData("UPDATE rulings SET source = 9 WHERE ruling = 2", "rulings about a source that is not there: 1 (ruling 2)")]
    [InlineData("UPDATE decisions SET ruled = 3", "decisions that know a ruling about their source that is not there: 1 (position 1)")]
    [InlineData("UPDATE decisions SET ruled = 2", "decisions that know a ruling about their source that is not there: 1 (position 1)")]
    public void What_does_not_hold_is_found(string damage, string fault)
    {
        Append(Of("coast", "Get our app", Verdict.Keep), Of("hills", "Get our app", Verdict.Keep));
        Decide("1", new DecidedSource("coast", 0, new SourceKnowledge(0, 1)));
        using (var lease = Ledger.Connect())
            lease.Connection.Execute(damage);
        Assert.Contains(fault, LedgerCheck.Look(At("a.db")).Faults.Select(f => $"{f.What}: {f.Count} ({string.Join(", ", f.First)})"));
    }
}
