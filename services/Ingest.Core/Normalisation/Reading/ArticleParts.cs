using System.Text;
using Ingest.Core.Articles;
using Ingest.Core.Normalisation.Exports;
using Ingest.Core.Normalisation.Pages;

namespace Ingest.Core.Normalisation.Reading;

/// <summary>
/// The articles of what was submitted as one: several where its text is a database's export of several documents. Every way in asks, so that the
/// same file gives the same articles. Each of them is one: to ask again changes nothing.
/// </summary>
public static class ArticleParts
{
    /// <summary>Articles that one text is divided into; what stands behind them stays with the last.</summary>
    public const int Most = ExportParts.Most;

    /// <summary>
    /// The same article where it is one. Otherwise texts in UTF-8, with what is known of all of them; the first has the id, the others have it with
    /// <c>#2</c>, <c>#3</c> and so on, and none where it has none.
    /// </summary>
    public static IReadOnlyList<RawArticle> Of(RawArticle raw) => Of(raw, RawReader.Read(raw));

    /// <summary>The same of what was read already.</summary>
    public static IReadOnlyList<RawArticle> Of(RawArticle raw, ReadArticle read)
    {
        ArgumentNullException.ThrowIfNull(raw);
        ArgumentNullException.ThrowIfNull(read);
        // Who names the headline or the author of a text says that it is one article.
        if (read.Article is not { Metadata: { Headline: null, Bylines: null, Dateline: null, Published: null } } article || article is PageArticle)
            return [raw];
        var begins = ExportParts.Of(article.Text);
        if (begins.Count == 0)
            return [raw];
        var parts = new RawArticle[begins.Count];
        for (var i = 0; i < parts.Length; i++)
        {
            var end = i + 1 < parts.Length ? begins[i + 1] : article.Text.Length;
            var content = new byte[Encoding.UTF8.GetByteCount(article.Text.AsSpan(begins[i]..end))];
            Encoding.UTF8.GetBytes(article.Text.AsSpan(begins[i]..end), content);
            parts[i] = raw with
            {
                Id = Numbered(read.Id, i),
                Name = Numbered(raw.Name, i),
                Form = ArticleForm.Text,
                Content = content,
                Metadata = article.Metadata,
            };
        }

        return parts;
    }

    static string Numbered(string id, int part) => part == 0 || id.Length == 0 ? id : $"{id}#{part + 1}";
}
