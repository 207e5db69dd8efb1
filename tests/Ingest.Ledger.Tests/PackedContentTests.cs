using System.Text;
using Dapper;
using Ingest.Core.Articles;
using Ingest.Core.Normalisation.Reading;
using Ingest.Ledger.Articles;
using Microsoft.Data.Sqlite;

namespace Ingest.Ledger.Tests;

/// <summary>Contents are packed in a ledger's file; whoever reads an article sees nothing of it.</summary>
public sealed class PackedContentTests : LedgerCase
{
    static readonly string Text = string.Join("\n\n", Enumerable.Range(1, 12).Select(i =>
        $"The harbour board of Kaldvik said on Monday that ferry number {i} would sail again after the repairs, and that the pilots were glad of it."));

    readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("ingest-ledger-");

    string At => Path.Combine(folder.FullName, "a.db");

    protected override LedgerStore Open() => LedgerFile.Open(At);

    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        folder.Delete(recursive: true);
    }

    [Fact]
    public void An_article_takes_less_room_than_its_text()
    {
        Decide(Article("1", Text));
        Assert.InRange(Value<long>("SELECT length(content) FROM articles"), 1, Encoding.UTF8.GetByteCount(Text) / 2);
        AllRead();
    }

    [Fact]
    public void A_result_takes_a_third_and_is_read_in_full_as_well()
    {
        var whole = Assert.Single(Decide(Article("1", Text))).Result.ToArray();
        Assert.InRange(Value<long>("SELECT length(result) FROM results"), 1, whole.Length / 2);
        AllRead();
        Execute("UPDATE results SET result = @whole", new { whole });
        AllRead();
        Assert.True(LedgerCheck.Look(At).IsSound);
    }

    [Fact]
    public void A_damaged_result_is_named_and_stops_no_other()
    {
        Decide(Article("1", Text), Article("2", Text + " Nobody was hurt."));
        Execute("UPDATE results SET result = substr(result, 1, 12) WHERE article = 1", null);
        var entries = Log.After(LogPosition.Start, 9, Texts.All);
        Assert.Throws<StoredResultException>(() => entries[0].Text!.Result());
        Assert.NotNull(entries[1].Text!.Result().Article);
        Assert.StartsWith("position 1 (", Assert.Single(Assert.Single(LedgerCheck.Look(At).Faults).First), StringComparison.Ordinal);
    }

    /// <summary>A file of an earlier program keeps its pages, and can be used, verified and copied as any.</summary>
    [Fact]
    public void A_file_with_other_pages_is_used_as_any()
    {
        using (var earlier = new SqliteConnection($"Data Source={At};Pooling=False"))
        {
            earlier.Open();
            earlier.Execute("PRAGMA page_size = 4096; CREATE TABLE t (x); DROP TABLE t");
        }

        Decide(Article("1", Text));
        AllRead();
        var copy = At + ".copy";
        LedgerCopy.Whole((LedgerFile)Ledger, copy);
        foreach (var file in new[] { At, copy })
        {
            Assert.True(LedgerCheck.Look(file).IsSound);
            using var ledger = LedgerFile.Open(file);
            using var lease = ledger.Connect();
            Assert.Equal(4096, lease.Connection.ExecuteScalar<long>("PRAGMA page_size"));
        }
    }

    [Fact]
    public void What_an_earlier_program_stored_is_read_as_it_came()
    {
        Decide(Article("1", Text));
        Execute("UPDATE articles SET packed = 0, content = @content", new { content = Encoding.UTF8.GetBytes(Text) });
        AllRead();
        Assert.True(LedgerCheck.Look(At).IsSound);
    }

    [Fact]
    public void A_row_that_cannot_be_unpacked_is_named_and_stops_no_other()
    {
        var damaged = Article("1", Text);
        Decide(damaged, Article("2", Text + " Nobody was hurt."));
        Execute("UPDATE articles SET content = CAST(x'09' || substr(content, 2) AS BLOB) WHERE article = 1", null);
        var fault = Assert.Throws<StoredResultException>(() => Articles.Find(damaged.ArticleId)!.Submission.Read);
        Assert.StartsWith("The stored content was packed with dictionary 9; this program has dictionaries up to 2.", fault.Message, StringComparison.Ordinal);
        using (var lane = new LaneWriter(Ledger))
            Assert.Throws<StoredResultException>(() => lane.ReadStoryArticle(new StoryNumber(1)));
        Assert.EndsWith("Nobody was hurt.", Stories.Article(new StoryNumber(2)).Body, StringComparison.Ordinal);
        var entries = Log.After(LogPosition.Start, 9, Texts.All);
        Assert.Throws<StoredResultException>(() => entries[0].Text!.Result());
        Assert.EndsWith("Nobody was hurt.", entries[1].Text!.Submission.Read.Text, StringComparison.Ordinal);
        Assert.StartsWith("position 1 (", Assert.Single(Assert.Single(LedgerCheck.Look(At).Faults).First), StringComparison.Ordinal);
    }

    [Fact]
    public void A_temporary_ledger_keeps_contents_as_they_came()
    {
        using var ledger = LedgerFile.Temporary();
        using (var writer = new AcceptWriter(ledger, Now))
            writer.Accept([new AcceptRequest([Article("1", Text)])], Now, anybody: true);
        using var lease = ledger.Connect();
        Assert.Equal(Text, lease.Connection.ExecuteScalar<string>("SELECT CAST(content AS TEXT) FROM articles WHERE packed = 0"));
    }

    /// <summary>Every way to an article.</summary>
    void AllRead()
    {
        var entry = Assert.Single(Log.After(LogPosition.Start, 9, Texts.All));
        Assert.Equal(Text, entry.Text!.Submission.Read.Text);
        Assert.Equal(Encoding.UTF8.GetByteCount(Text), entry.Text.Bytes);
        Assert.NotNull(entry.Text.Result().Article);
        Assert.Equal(Text, Articles.Find(entry.ArticleId)!.Submission.Read.Text);
        var body = Text.Replace("\n\n", "\n", StringComparison.Ordinal);
        Assert.Equal(body, Stories.Article(new StoryNumber(1)).Body);
        using var lane = new LaneWriter(Ledger);
        Assert.Equal(body, lane.ReadStoryArticle(new StoryNumber(1)).Body);
    }

    T Value<T>(string sql)
    {
        using var lease = Ledger.Connect();
        return lease.Connection.ExecuteScalar<T>(sql)!;
    }

    void Execute(string sql, object? parameters)
    {
        using var lease = Ledger.Connect();
        lease.Connection.Execute(sql, parameters);
    }
}
