using Dapper;
using Ingest.Ledger.Articles;

namespace Ingest.Ledger;

/// <summary>Reads accepted articles, and which of them wait for their outcome.</summary>
public sealed class AcceptedArticles(LedgerStore ledger)
{
    /// <summary>Articles that wait for their outcome.</summary>
    public long CountUnfinished() => ledger.Read(c => c.ExecuteScalar<long>("SELECT count(*) FROM unfinished"));

    /// <summary>
    /// Articles that wait for their outcome, after a number: those that are open to every process, and those that were accepted
    /// before a moment, whoever has them.
    /// </summary>
    public IReadOnlyList<ArticleNumber> Unfinished(ArticleNumber after, DateTimeOffset acceptedBefore, int most) =>
        ledger.Read(c => c.Query<long>("""
        SELECT u.article FROM unfinished u JOIN articles a ON a.article = u.article
        WHERE u.article > @after AND (u.open = 1 OR a.accepted < @before) ORDER BY u.article LIMIT @most
        """, new { after = after.Value, before = acceptedBefore.ToUnixTimeMilliseconds(), most }).Select(n => new ArticleNumber(n)).ToList());

    /// <summary>Articles after a number that wait for their outcome and are open to every process.</summary>
    public IReadOnlyList<ArticleNumber> Open(ArticleNumber after, int most) => ledger.Read(c => c.Query<long>(
        "SELECT article FROM unfinished WHERE open = 1 AND article > @after ORDER BY article LIMIT @most",
        new { after = after.Value, most }).Select(n => new ArticleNumber(n)).ToList());

    /// <summary>
    /// The articles of these numbers that still wait for their outcome, in the order of their numbers; those of one portion together.
    /// Each portion is read when it is asked for. One on a damaged page holds up none of the others.
    /// </summary>
    /// <param name="mostBytes">A portion ends when it has so many bytes.</param>
    /// <exception cref="LedgerException">One of them cannot be read at all; it comes when the others have been given.</exception>
    public IEnumerable<IReadOnlyList<AcceptedArticle>> StillUnfinished(IEnumerable<ArticleNumber> numbers, long mostBytes)
    {
        LedgerException? fault = null;
        var left = numbers.Order().ToArray();
        while (fault is null && left.Length > 0)
        {
            (var portion, fault) = Portion(left, mostBytes);
            if (fault is not null || portion.Count == 0)
                break;
            yield return portion;
            left = [.. left.SkipWhile(n => n <= portion[^1].Number)];
        }

        if (fault is null)
            yield break;
        // Which of them it is, is found one by one.
        foreach (var number in left)
            if (Portion([number], mostBytes).Articles is { Count: > 0 } one)
                yield return one;
        throw fault;
    }

    /// <returns>The articles, and a fault where there is a damaged page among theirs: then not all of them.</returns>
    (List<AcceptedArticle> Articles, LedgerException? Fault) Portion(ArticleNumber[] numbers, long mostBytes) => ledger.Read(connection =>
    {
        var articles = new List<AcceptedArticle>();
        var bytes = 0L;
        try
        {
            foreach (var row in connection.Query<ArticleRow>($"""
                SELECT {ArticleRow.All(ledger)} FROM unfinished u JOIN {ArticleRow.From(ledger)} ON a.article = u.article
                WHERE {ledger.Among("u.article", "@numbers")} ORDER BY u.article
                """, new { numbers = ledger.Among(numbers.Select(n => n.Value)) }, buffered: false))
            {
                articles.Add(row.Article());
                if ((bytes += row.Bytes) >= mostBytes)
                    break;
            }
        }
        catch (Exception e) when (ledger.IsDamage(e))
        {
            return (articles, ledger.Fault(e));
        }

        return (articles, (LedgerException?)null);
    });

    /// <summary>The articles without a decision, those that failed among them, in the order of their acceptance.</summary>
    public IEnumerable<AcceptedArticle> Undecided() => ledger.Stream(c => c.Query<ArticleRow>(
        $"SELECT {ArticleRow.All(ledger)} FROM {ArticleRow.From(ledger)} WHERE a.article IN (SELECT article FROM unfinished UNION SELECT article FROM errors) ORDER BY a.article",
        buffered: false).Select(r => r.Article()));

    public AcceptedArticle? Find(Guid articleId) =>
        ledger.Read(c => c.QuerySingleOrDefault<ArticleRow>(
            $"SELECT {ArticleRow.All(ledger)} FROM {ArticleRow.From(ledger)} WHERE a.id = @id", new { id = Columns.Bytes(articleId) })?.Article());

    /// <summary>
    /// Our ids of the articles that a submitter sent under an id, the first accepted first. There is no index: all
    /// articles are looked through.
    /// </summary>
    public IReadOnlyList<Guid> Submitted(string id, int most) =>
        ledger.Read(c => c.Query<byte[]>("SELECT id FROM articles WHERE submitted = @id ORDER BY article LIMIT @most", new { id = ledger.Exact(id), most })
            .Select(Columns.Id).ToList());
}
