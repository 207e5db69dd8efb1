using System.Buffers;
using Ingest.Core.Articles;
using Ingest.Core.Normalisation.Characters;

namespace Ingest.Core.Normalisation.Decoding;

/// <summary>
/// The text that the rules read: mojibake mended, other formats taken off, no-break spaces plain, and without what no reader sees (control
/// characters, zero-width spaces, soft hyphens, byte-order marks). The rules' spans are translated back to the raw text.
/// </summary>
/// <param name="Notes">What was mended, for the sender.</param>
internal sealed record PreparedText(string Text, IReadOnlyList<PreparedText.Layer> Layers, IReadOnlyList<string> Notes)
{
    /// <summary>A change that moved offsets: the text before it, and the way back.</summary>
    internal readonly record struct Layer(string Before, SourceMap Map);

    /// <summary>Joiners (U+200C, U+200D) and direction marks stay: words of several scripts need them.</summary>
    static readonly SearchValues<char> Unseen = SearchValues.Create(
    [
        .. Enumerable.Range(0, 0xa0).Select(i => (char)i).Where(c => char.IsControl(c) && !Chars.Is(c, CharClass.Space)),
        '\ufeff', '\u200b', '\u00ad', '\u2060',
    ]);

    static readonly SearchValues<char> Plain = SearchValues.Create(
        ['\u00a0', '\u202f', .. Enumerable.Range(0xd800, 0x800).Select(i => (char)i)]);

    /// <summary>How often a text may be escaped for HTML.</summary>
    const int MaxMarkup = 2;

    public static PreparedText AsItIs(string text) => new(text, [], []);

    public static PreparedText Of(string raw)
    {
        var layers = new List<Layer>();
        var notes = new List<string>();
        var text = raw;
        if (Mojibake.Repair(text) is { } repaired)
        {
            layers.AddRange(repaired.Layers.Select(l => new Layer(l.Before, l.Map)));
            notes.Add(repaired.Note);
            text = repaired.Text;
        }

        if (Misreadings.Undo(text) is { } reread)
            Undo((reread.Text, reread.Map), reread.Note);
        // A text may wear several formats, one over the other: HTML in a JSON string.
        if (Escapes.Halve(text) is { } halved)
            Undo(halved, note: null);
        Undo(Escapes.Undo(text), Escapes.Note);
        // What was escaped twice shows its marks when the first is undone.
        for (var (times, again) = (0, true); again && times < MaxMarkup; times++)
            Undo(Markup.Remove(text, out again), times == 0 ? Markup.Note : null);
        Undo(Markdown.Remove(text), Markdown.Note);
        Undo(Shortcodes.Remove(text), Shortcodes.Note);
        Undo(Brackets.Undo(text), Brackets.Note);
        Undo(LostBullets.Remove(text), LostBullets.Note);
        if (text.AsSpan().ContainsAny(Plain) || text.Contains(PartedWords.Wrap))
            text = string.Create(text.Length, text, WithPlainSigns);
        Undo(PartedWords.Join(text), PartedWords.Note);
        Undo(WithoutUnseen(text), note: null);
        return new PreparedText(text, layers, notes);

        void Undo((string Text, SourceMap Map)? undone, string? note)
        {
            if (undone is not { } plain)
                return;
            layers.Add(new Layer(text, plain.Map));
            if (note is not null)
                notes.Add(note);
            text = plain.Text;
        }
    }

    /// <summary>A result on <see cref="Text"/> with its spans in the raw text.</summary>
    public NormalisationResult Translate(NormalisationResult result) =>
        Layers.Reverse().Aggregate(result, (translated, layer) => layer.Map.Translate(translated, layer.Before));

    /// <summary>
    /// No-break spaces to spaces, halves of surrogate pairs to U+FFFD, and line breaks of word processors to plain ones, as
    /// <see cref="PartedWords"/> means more by them: lengths stay.
    /// </summary>
    static void WithPlainSigns(Span<char> plain, string text)
    {
        text.CopyTo(plain);
        for (var i = 0; i < plain.Length; i++)
        {
            if (plain[i] is '\u00a0' or '\u202f')
                plain[i] = ' ';
            else if (plain[i] == PartedWords.Wrap)
                plain[i] = '\n';
            else if (char.IsHighSurrogate(plain[i]) && i + 1 < plain.Length && char.IsLowSurrogate(plain[i + 1]))
                i++;
            else if (char.IsSurrogate(plain[i]))
                plain[i] = '\ufffd';
        }
    }

    /// <returns>Null where there is nothing of it.</returns>
    static (string Text, SourceMap Map)? WithoutUnseen(string text)
    {
        var at = text.AsSpan().IndexOfAny(Unseen);
        if (at < 0)
            return null;
        var edits = new Edits(text);
        while (at >= 0)
        {
            var end = at + 1;
            while (end < text.Length && Unseen.Contains(text[end]))
                end++;
            edits.Replace(at, end, "");
            at = text.AsSpan(end).IndexOfAny(Unseen) is >= 0 and var ahead ? end + ahead : -1;
        }

        return edits.Finish();
    }
}
