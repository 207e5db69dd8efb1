using System.Text;

namespace Ingest.Core.Normalisation.Decoding;

/// <summary>
/// A text that is rewritten from its start to its end, with the way back. What is put in the place of a stretch is never longer than it, so
/// that every offset inside of it has its place there.
/// </summary>
internal sealed class Edits(string text)
{
    readonly StringBuilder edited = new(text.Length);
    readonly List<int> mended = [], original = [];
    int from;

    /// <summary>How much was replaced.</summary>
    public int Count => original.Count;

    /// <param name="start">Not before the end of the last.</param>
    public void Replace(int start, int end, ReadOnlySpan<char> with)
    {
        edited.Append(text, from, start - from).Append(with);
        from = end;
        mended.Add(edited.Length);
        original.Add(end);
    }

    public (string Text, SourceMap Map) Finish() =>
        (edited.Append(text, from, text.Length - from).ToString(), new SourceMap(mended, original));
}
