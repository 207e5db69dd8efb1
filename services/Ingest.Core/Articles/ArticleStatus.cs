namespace Ingest.Core.Articles;

/// <summary>What a sender says that may be done with an article: the words of ninjs.</summary>
public static class ArticleStatus
{
    public const string Usable = "usable";

    /// <summary>Not to be published until its sender says otherwise.</summary>
    public const string Withheld = "withheld";

    /// <summary>Withdrawn: it must not be used.</summary>
    public const string Canceled = "canceled";
}
