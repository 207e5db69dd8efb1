using Ingest.Core.Articles;
using Ingest.Core.Normalisation.Text;

namespace Ingest.Core.Normalisation.Assembly;

/// <summary>
/// Joins a sentence that something stood inside of: an advertisement between two halves of a paragraph is gone, and the second half goes
/// on in lower case.
/// </summary>
internal static class Continuations
{
    public static void Mark(Document document)
    {
        Segment? last = null;
        foreach (var segment in document.Segments)
        {
            if (!segment.Kind.IsBody())
                continue;
            segment.Continues = last is not null && last.Kind == BlockKind.Paragraph && segment.Kind == BlockKind.Paragraph && LineReader.GoesOn(document.Text, last, segment);
            last = segment;
        }
    }
}
