using System.Text;
using Ingest.Core.Articles;

namespace Ingest.Core.Forms;

/// <summary>An entry of a file that holds many articles.</summary>
/// <param name="Id">Its own; null where it has none.</param>
/// <param name="Number">Its place in the file, from 1.</param>
/// <param name="Said">What it says of itself.</param>
sealed record FileEntry(string? Id, int Number, string Body, bool IsHtml, ArticleMetadata Said)
{
    /// <summary>The article. One without a text is refused here, so that its headline alone is no reason to keep it.</summary>
    public RawArticle In(RawArticle file, InputLimits limits)
    {
        if (string.IsNullOrWhiteSpace(Body))
            return Numbered(file, Id, Number) with { Refused = Rejection.Empty() };
        var content = Encoding.UTF8.GetBytes(Body);
        var isOver = content.LongLength > limits.MaxArticle;
        return Numbered(file, Id, Number) with
        {
            Form = IsHtml ? ArticleForm.Html : ArticleForm.Text,
            Content = isOver ? default : content,
            OverLimit = isOver ? limits.MaxArticle : null,
            // By which feed it came only the sender knows.
            Metadata = Said.Or(file.Metadata) with { Feed = file.Metadata.Feed ?? Said.Feed },
        };
    }

    /// <summary>An article of a file, of which only the id is known.</summary>
    public static RawArticle Numbered(RawArticle file, string? id, int number) => file with { Id = InputForm.IdOf(file, id, number), Content = default };
}
