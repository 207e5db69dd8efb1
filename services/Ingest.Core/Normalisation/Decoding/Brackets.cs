using System.Buffers;

namespace Ingest.Core.Normalisation.Decoding;

/// <summary>
/// Gives the brackets back to a tokenised corpus that wrote them as words: <c>-lrb- cnn -rrb-</c>. Its other tokens stay apart, since
/// nobody can tell any more how the text was set.
/// </summary>
internal static class Brackets
{
    public const string Note = "read -lrb- and its kin as brackets";

    const int Length = 5;

    static readonly SearchValues<string> Tokens =
        SearchValues.Create(["-lrb-", "-rrb-", "-lsb-", "-rsb-", "-lcb-", "-rcb-"], StringComparison.OrdinalIgnoreCase);

    /// <returns>Null where there are none.</returns>
    public static (string Text, SourceMap Map)? Undo(string text)
    {
        // Both of a pair: an article about such corpora may speak of one.
        var first = Next(text, 0);
        if (first < 0)
            return null;
        int opened = 0, closed = 0;
        for (var i = first; i >= 0 && (opened == 0 || closed == 0); i = Next(text, i + Length))
        {
            var sign = Sign(text, i);
            opened += sign is '(' or '[' or '{' ? 1 : 0;
            closed += sign is ')' or ']' or '}' ? 1 : 0;
        }

        if (opened == 0 || closed == 0)
            return null;
        var edits = new Edits(text);
        for (var i = first; i >= 0; i = Next(text, i + Length))
            if (Sign(text, i) is { } sign)
                edits.Replace(i, i + Length, [sign]);
        return edits.Finish();
    }

    static int Next(string text, int from) =>
        from < text.Length && text.AsSpan(from).IndexOfAny(Tokens) is >= 0 and var ahead ? from + ahead : -1;

    static char? Sign(string text, int at)
    {
        if (at > 0 && !char.IsWhiteSpace(text[at - 1]) || at + Length < text.Length && !char.IsWhiteSpace(text[at + Length]))
            return null;
        return text.AsSpan(at, Length) switch
        {
            "-lrb-" or "-LRB-" => '(',
            "-rrb-" or "-RRB-" => ')',
            "-lsb-" or "-LSB-" => '[',
            "-rsb-" or "-RSB-" => ']',
            "-lcb-" or "-LCB-" => '{',
            "-rcb-" or "-RCB-" => '}',
            _ => null,
        };
    }
}
