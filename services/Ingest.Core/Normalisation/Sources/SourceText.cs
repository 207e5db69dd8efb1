using Ingest.Core.Articles;
using Ingest.Core.Normalisation.Decoding;

namespace Ingest.Core.Normalisation.Sources;

/// <summary>What a source may repeat of an article: its lines and sentences as hashes. Made from the text alone, on any thread.</summary>
public sealed class SourceText
{
    SourceText(IReadOnlyList<Passage> passages) => Passages = passages;

    internal IReadOnlyList<Passage> Passages { get; }

    /// <summary>Of an article that cannot be read.</summary>
    public static SourceText Empty { get; } = new([]);

    public static SourceText Of(ArticleText article)
    {
        ArgumentNullException.ThrowIfNull(article);
        return new SourceText(Sources.Passages.Of(PreparedText.Of(article.Text).Text));
    }
}
