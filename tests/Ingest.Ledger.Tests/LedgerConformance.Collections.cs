using Ingest.Core.Articles;

namespace Ingest.Ledger.Tests;

public abstract partial class LedgerConformance
{
    [Fact]
    public void A_ledger_is_the_default_collections_until_it_is_given_to_another()
    {
        LedgerSettings.KeepCollection(Ledger, ArticleIds.DefaultCollection);
        Assert.Equal(ArticleIds.DefaultCollection, Ledger.Collection);
    }

    [Fact]
    public void One_without_articles_can_be_given_to_a_collection_once()
    {
        LedgerSettings.KeepCollection(Ledger, "sport");
        LedgerSettings.KeepCollection(Ledger, "sport");
        Assert.Equal("sport", Ledger.Collection);
        Assert.Contains("'sport', not those of 'de'", Assert.Throws<LedgerException>(() => LedgerSettings.KeepCollection(Ledger, "de")).Message, StringComparison.Ordinal);
        Assert.Throws<LedgerException>(() => LedgerSettings.KeepCollection(Ledger, ArticleIds.DefaultCollection));
    }

    [Fact]
    public void One_that_has_articles_stays_what_it_is()
    {
        Accept(Article("1"));
        Assert.Contains("'default', not those of 'sport'", Assert.Throws<LedgerException>(() => LedgerSettings.KeepCollection(Ledger, "sport")).Message, StringComparison.Ordinal);
        Assert.Equal(ArticleIds.DefaultCollection, Ledger.Collection);
    }
}
