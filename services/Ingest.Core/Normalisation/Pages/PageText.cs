using System.Text;
using Ingest.Core.Normalisation.Characters;

namespace Ingest.Core.Normalisation.Pages;

/// <summary>The visible text of a page while it is built, a line for each block.</summary>
internal sealed class PageText(int capacity)
{
    readonly StringBuilder text = new(capacity);
    readonly List<PageLine> lines = [];
    readonly List<PageSpan> signed = [];
    PageElement? element;
    int start, linked, stressed, breaks;
    bool space;

    /// <summary>Something stands on the line already.</summary>
    public bool IsOpen => element is not null;

    public IReadOnlyList<PageLine> Lines => lines;

    /// <summary>Characters so far.</summary>
    public int Length => text.Length;

    public IReadOnlyList<PageSpan> Signed => signed;

    public override string ToString() => text.ToString();

    /// <summary>Notes what the text since <paramref name="from"/> is; a long one is a block about it.</summary>
    public void Sign(PageRole role, int from, string? value)
    {
        const int Longest = 200, Most = 2_000;
        while (from < text.Length && char.IsWhiteSpace(text[from]))
            from++;
        if (text.Length - from <= Longest && (text.Length > from || value is not null) && signed.Count < Most)
            signed.Add(new PageSpan(role, from, text.Length, value));
    }

    /// <summary>Ends the line.</summary>
    /// <param name="apart">Line breaks before the next one, at least: 1, or 2 for a paragraph.</param>
    public void Break(int apart)
    {
        if (element is not null)
            lines.Add(new PageLine(start, text.Length, element, linked, stressed));
        (element, space, linked, stressed) = (null, false, 0, 0);
        breaks = Math.Max(breaks, apart);
    }

    /// <summary>A break as typed: two of them part paragraphs.</summary>
    public void TypedBreak() => Break(element is null ? Math.Min(2, breaks + 1) : 1);

    public void Space() => space = true;

    /// <param name="in">The nearest block.</param>
    /// <param name="preformatted">Blanks and breaks stay.</param>
    public void Add(ReadOnlySpan<char> data, PageElement @in, bool isLinked, bool isStressed, bool preformatted)
    {
        for (var i = 0; i < data.Length; i++)
        {
            var c = data[i];
            var class_ = Chars.Class(c);
            if ((class_ & CharClass.Space) != 0)
            {
                if (preformatted && (class_ & CharClass.LineBreak) != 0)
                    Break(1);
                else
                    space = true;
                continue;
            }

            // Joiners and direction marks stay: words of several scripts need them.
            if ((class_ & CharClass.Invisible) != 0 && c is not ('\u200c' or '\u200d' or '\u200e' or '\u200f' or (>= '\u202a' and <= '\u202e') or (>= '\u2066' and <= '\u2069')))
                continue;
            if (element is null)
            {
                if (lines.Count > 0)
                    text.Append('\n', breaks);
                (element, start, breaks, space) = (@in, text.Length, 0, false);
            }
            else if (space)
            {
                text.Append(' ');
                space = false;
            }

            if (char.IsHighSurrogate(c) && i + 1 < data.Length && char.IsLowSurrogate(data[i + 1]))
                text.Append(c).Append(data[++i]);
            else
                text.Append(char.IsSurrogate(c) ? '\ufffd' : c);
            linked += isLinked ? 1 : 0;
            stressed += isStressed ? 1 : 0;
        }
    }
}
