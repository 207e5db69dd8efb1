using Dapper;
using Ingest.Ledger.Articles;

namespace Ingest.Ledger;

/// <summary>Reads accepted articles, and which of them wait for their outcome.</summary>
public sealed class AcceptedArticles(LedgerFile ledger)
{
    static readonly string Selected = $"a.article AS number, a.id, {Columns.Whole("submitted")}, a.accepted, a.metadata, {Columns.Whole("text")}";

    /// <summary>Articles that wait for their outcome.</summary>
    public long CountUnfinished()
    {
        using var connection = ledger.Connect();
        return connection.ExecuteScalar<long>("SELECT count(*) FROM unfinished");
    }

    /// <summary>Numbers of the articles that wait for their outcome and were accepted before a moment, from a number on.</summary>
    public IReadOnlyList<long> Unfinished(long after, DateTimeOffset acceptedBefore, int most)
    {
        using var connection = ledger.Connect();
        return [.. connection.Query<long>(
            "SELECT u.article FROM unfinished u JOIN articles a ON a.article = u.article WHERE u.article > @after AND a.accepted < @before ORDER BY u.article LIMIT @most",
            new { after, before = acceptedBefore.ToUnixTimeMilliseconds(), most })];
    }

    /// <summary>The articles of these numbers that still wait for their outcome.</summary>
    public IReadOnlyList<AcceptedArticle> StillUnfinished(IReadOnlyCollection<long> numbers)
    {
        using var connection = ledger.Connect();
        return [.. connection.Query<Row>(
            $"SELECT {Selected} FROM json_each(@numbers) j JOIN unfinished u ON u.article = j.value JOIN articles a ON a.article = u.article",
            new { numbers = $"[{string.Join(',', numbers)}]" }).Select(r => r.Article())];
    }

    /// <summary>The articles without a decision, those that failed among them, in the order of their acceptance.</summary>
    public IEnumerable<AcceptedArticle> Undecided()
    {
        using var connection = ledger.Connect();
        var undecided = $"SELECT {Selected} FROM articles a WHERE a.article IN (SELECT article FROM unfinished UNION SELECT article FROM errors) ORDER BY a.article";
        foreach (var row in connection.Query<Row>(undecided, buffered: false))
            yield return row.Article();
    }

    public AcceptedArticle? Find(Guid id)
    {
        using var connection = ledger.Connect();
        return connection.QuerySingleOrDefault<Row>($"SELECT {Selected} FROM articles a WHERE a.id = @id", new { id = Columns.Bytes(id) })?.Article();
    }

    /// <summary>Ids of the articles that a submitter sent under an id, the first accepted first. There is no index: all articles are looked through.</summary>
    public IReadOnlyList<Guid> Submitted(string id, int most)
    {
        using var connection = ledger.Connect();
        return [.. connection.Query<byte[]>("SELECT id FROM articles WHERE submitted = @id ORDER BY article LIMIT @most", new { id, most }).Select(Columns.Id)];
    }

    sealed class Row
    {
        public long Number { get; init; }
        public byte[] Id { get; init; } = [];
        public byte[] Submitted { get; init; } = [];
        public long Accepted { get; init; }
        public string? Metadata { get; init; }
        public byte[] Text { get; init; } = [];

        public AcceptedArticle Article() => new(Number, Columns.Id(Id), Columns.Text(Submitted), Columns.Moment(Accepted), Metadata, Columns.Text(Text));
    }
}
