using System.Buffers;
using System.Collections.Frozen;
using System.Net;

namespace Ingest.Core.Normalisation.Decoding;

/// <summary>
/// Takes HTML's tags out of a text that still has them, and puts line breaks where they made paragraphs; reads its entities. Only tags that
/// HTML has, and only where several of them build the text: <c>&lt;ABSX.N&gt;</c> and a tag that an article speaks of stay.
/// </summary>
internal static class Markup
{
    public const string Note = "removed HTML markup";

    /// <summary>Tags that are proof: of paragraphs and the like, or links.</summary>
    const int Proof = 2;

    const int LongestTag = 4096, LongestEntity = 12;

    enum Kind
    {
        /// <summary>It parts nothing.</summary>
        Inline,

        /// <summary>A line break.</summary>
        Line,

        /// <summary>The end or the beginning of a paragraph.</summary>
        Block,

        /// <summary>Goes with all that is in it.</summary>
        Hidden,
    }

    static readonly FrozenDictionary<string, Kind> Tags = new (Kind Kind, string Names)[]
    {
        (Kind.Inline, "a abbr acronym b bdi bdo big cite code data del dfn em font i img input ins kbd label mark q s samp small source span strike strong sub sup time tt u var wbr"),
        (Kind.Line, "br li td th dt dd tr option"),
        (Kind.Block, "address article aside audio blockquote body button caption center details div dl fieldset figcaption figure footer form h1 h2 h3 h4 h5 h6 head header hr html main nav ol p picture pre section summary table tbody tfoot thead title ul video"),
        (Kind.Hidden, "script style noscript template iframe svg object"),
    }.SelectMany(k => k.Names.Split(' ').Select(n => (n, k.Kind))).ToFrozenDictionary(t => t.n, t => t.Kind, StringComparer.OrdinalIgnoreCase);

    static readonly FrozenDictionary<string, Kind>.AlternateLookup<ReadOnlySpan<char>> KindOf = Tags.GetAlternateLookup<ReadOnlySpan<char>>();

    static readonly SearchValues<char> Marks = SearchValues.Create("<&");

    /// <summary>Entities that have an <c>&amp;amp;</c> for their <c>&amp;</c>, and are proof that a text was escaped twice.</summary>
    const int EscapedTwice = 2;

    /// <param name="again">Whether what is left has marks that were escaped themselves: the whole markup was, or several entities.</param>
    /// <returns>Null where there is none.</returns>
    public static (string Text, SourceMap Map)? Remove(string text, out bool again)
    {
        again = false;
        if (text.AsSpan().IndexOfAny(Marks) is not (>= 0 and var first))
            return null;
        var twice = 0;
        var ends = new Ends(text);
        var tags = HasTags(text, first, ends);
        var edits = new Edits(text);
        for (var i = first; i >= 0 && i < text.Length;)
        {
            var end = i + 1;
            if (text[i] == '&')
            {
                if (Entity(text, i) is { } entity)
                {
                    edits.Replace(i, end = entity.End, entity.Text);
                    twice += entity.Text == "&" && Entity($"&{text.AsSpan(end, Math.Min(LongestEntity, text.Length - end))}", 0) is not null ? 1 : 0;
                }
            }
            else if (tags && Read(text, i, ends) is { } tag)
            {
                edits.Replace(i, end = tag.Kind == Kind.Hidden ? EndOf(text, tag, ends) : tag.End, tag.Kind switch
                {
                    Kind.Line => "\n",
                    Kind.Block => "\n\n",
                    _ => "",
                });
            }

            i = end < text.Length && text.AsSpan(end).IndexOfAny(Marks) is >= 0 and var ahead ? end + ahead : -1;
        }

        if (edits.Count == 0)
            return null;
        var (left, map) = edits.Finish();
        // In a text that has tags, those that are escaped are spoken of.
        again = twice >= EscapedTwice || !tags && IsBuiltOfTags(left);
        return (left, map);
    }

    readonly record struct Tag(int Start, int End, Kind Kind, string Name, bool Closes);

    static bool HasTags(string text, int first, Ends ends)
    {
        var proof = 0;
        for (int i = first, behind; i >= 0 && proof < Proof; i = text.IndexOf('<', behind))
        {
            behind = i + 1;
            if (Read(text, i, ends) is not { } tag)
                continue;
            behind = tag.End;
            // A tag that begins or ends a line, or has attributes, builds the text; between words it is spoken of.
            proof += text.AsSpan(i, tag.End - i).Contains('=') || IsEdge(text, i - 1) || IsEdge(text, tag.End) ? 1 : 0;
        }

        return proof >= Proof;
    }

    /// <summary>
    /// True where most lines begin or end with a tag. What was escaped may be code that an article is about, so that this asks for more.
    /// </summary>
    static bool IsBuiltOfTags(string text)
    {
        int lines = 0, tagged = 0;
        var ends = new Ends(text);
        for (int start = 0, end; start < text.Length; start = end + 1)
        {
            end = text.IndexOf('\n', start) is >= 0 and var next ? next : text.Length;
            var line = text.AsSpan(start, end - start);
            if (line.IsWhiteSpace())
                continue;
            lines++;
            var ink = start + line.Length - line.TrimStart().Length;
            tagged += Read(text, ink, ends) is { Kind: Kind.Block or Kind.Line } || line.TrimEnd().EndsWith('>') && text.LastIndexOf('<', end - 1, line.Length) is >= 0 and var last && Read(text, last, ends) is { Kind: Kind.Block or Kind.Line } ? 1 : 0;
        }

        return tagged * 2 > lines;
    }

    static bool IsEdge(string text, int i) => i < 0 || i >= text.Length || text[i] is '\n' or '\r' or '<' or '>';

    /// <summary>The tag at a place; null where there is none that HTML has.</summary>
    static Tag? Read(string text, int start, Ends ends)
    {
        if (text.AsSpan(start).StartsWith("<!--"))
            return ends.Next("-->", start) is { } behind ? new Tag(start, behind + 3, Kind.Inline, "", false) : null;
        if (text[start] != '<')
            return null;
        var closes = start + 1 < text.Length && text[start + 1] == '/';
        var from = closes ? start + 2 : start + 1;
        var to = from;
        while (to < text.Length && to - from < LongestEntity && char.IsAsciiLetterOrDigit(text[to]))
            to++;
        if (to == text.Length || text[to] is not ('>' or '/' or ' ' or '\t' or '\n' or '\r') || !KindOf.TryGetValue(text.AsSpan(from, to - from), out var kind))
            return null;
        var end = text.AsSpan(to, Math.Min(LongestTag, text.Length - to)).IndexOf('>');
        // Attributes have no tags in them.
        return end < 0 || text.AsSpan(to, end).Contains('<') ? null : new Tag(start, to + end + 1, kind, text[from..to], closes);
    }

    /// <summary>Where an element ends whose inside is hidden; of one that does not end, its tag.</summary>
    static int EndOf(string text, Tag tag, Ends ends) =>
        !tag.Closes && ends.Next($"</{tag.Name.ToLowerInvariant()}", tag.End) is { } closing && text.IndexOf('>', closing) is >= 0 and var end ? end + 1 : tag.End;

    static (int End, string Text)? Entity(string text, int start)
    {
        var end = text.AsSpan(start, Math.Min(LongestEntity, text.Length - start)).IndexOf(';');
        if (end < 3)
            return null;
        var entity = text.Substring(start, end + 1);
        // What is none stays as it is.
        return WebUtility.HtmlDecode(entity) is var read && read.Length < entity.Length ? (start + end + 1, read) : null;
    }

    /// <summary>Where the next end of something is: each stretch of the text is looked through once, however much has begun in it.</summary>
    sealed class Ends(string text)
    {
        readonly Dictionary<string, int> next = new(StringComparer.Ordinal);

        public int? Next(string end, int from)
        {
            if (!next.TryGetValue(end, out var at) || at < from)
                next[end] = at = text.IndexOf(end, from, StringComparison.OrdinalIgnoreCase) is >= 0 and var found ? found : int.MaxValue;
            return at == int.MaxValue ? null : at;
        }
    }
}
