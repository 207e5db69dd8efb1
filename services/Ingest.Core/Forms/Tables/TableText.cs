using System.Text;
using Ingest.Core.Forms.Text;

namespace Ingest.Core.Forms.Tables;

/// <summary>
/// The text of a table. One in UTF-8 is read as it is asked for, however large it is; in other encodings all of it is looked at.
/// </summary>
/// <param name="Reader">Null for what is no text, and what is too large to be looked at.</param>
/// <param name="Beginning">Its first characters.</param>
/// <param name="IsOver">Whether it is too large.</param>
sealed record TableText(TextReader? Reader, string Beginning, bool IsOver = false) : IDisposable
{
    const int HeadBytes = 1 << 20;

    public static TableText Open(Stream content, long mostInMemory)
    {
        var begun = BegunStream.Of(content, HeadBytes, out var head);
        // Who opened the stream closes it.
        if (head.Length == HeadBytes && FileText.IsUtf8(head.Span))
            return new TableText(new StreamReader(begun, Encoding.UTF8, leaveOpen: true), Encoding.UTF8.GetString(head.Span).TrimStart('\ufeff'));
        if (BoundedReader.ReadAll(begun, mostInMemory) is not { } bytes)
            return new TableText(null, "", IsOver: true);
        return FileText.Decode(bytes.Span) is { } text ? new TableText(new StringReader(text), text) : new TableText(null, "");
    }

    public void Dispose() => Reader?.Dispose();
}
