using System.Buffers;
using System.Collections.Frozen;
using Ingest.Core.Normalisation.Characters;

namespace Ingest.Core.Normalisation.Decoding;

/// <summary>
/// Takes the shortcodes of WordPress out of a text: <c>[vc_row]</c>, <c>[gallery ids="1,2"]</c>, <c>[dropcap]T[/dropcap]he</c>. A word in
/// brackets is none, as <c>[sic]</c> or <c>[the mill]</c>: it has attributes, is closed, or has a name that no prose has.
/// </summary>
internal static class Shortcodes
{
    public const string Note = "removed WordPress shortcodes";

    /// <summary>What is left of a caption's shortcode, at the beginning of its line, for the rule of captions.</summary>
    public const string Caption = "[caption] ";

    const int LongestTag = 2048, LongestName = 48, LongestAddress = 400;

    /// <summary>Names that plugins begin theirs with.</summary>
    static readonly string[] Prefixes = ["vc_", "et_pb_", "fusion_", "su_", "av_", "td_", "tdc_", "mk_", "ux_", "nectar_", "cmsms_", "wpforms", "mc4wp_", "gravityform", "contact-form", "ninja_form", "adrotate", "wp_ad", "bsa_", "the_ad"];

    /// <summary>Names that are known without attributes, alone on their line: in prose they are words ("her [Instagram] channel").</summary>
    static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> Names = FrozenSet.ToFrozenSet(
        "gallery embed audio video playlist caption wp_caption dropcap pullquote youtube vimeo instagram tweet twitter facebook soundcloud spotify googlemaps adinserter adsense rev_slider metaslider sharethis social_share blockquote".Split(' '),
        StringComparer.OrdinalIgnoreCase).GetAlternateLookup<ReadOnlySpan<char>>();

    static readonly SearchValues<char> Ends = SearchValues.Create("[]\n");

    static readonly SearchValues<char> Quotes = SearchValues.Create("\"'”“″’&");

    readonly record struct Tag(int Start, int End, string Name, bool Closes, bool IsCertain)
    {
        public bool Is(string name) => string.Equals(Name, name, StringComparison.OrdinalIgnoreCase);
    }

    /// <returns>Null where there is none.</returns>
    public static (string Text, SourceMap Map)? Remove(string text)
    {
        var tags = new List<Tag>();
        for (var i = Next(text, 0); i >= 0;)
        {
            var tag = Read(text, i);
            if (tag is { } found)
                tags.Add(found);
            i = Next(text, tag?.End ?? i + 1);
        }

        if (tags.Count == 0)
            return null;
        var closed = tags.Where(t => t.Closes).Select(t => t.Name).ToHashSet(StringComparer.OrdinalIgnoreCase);
        closed.IntersectWith(tags.Where(t => !t.Closes).Select(t => t.Name));
        tags.RemoveAll(t => !t.IsCertain && !closed.Contains(t.Name));
        if (tags.Count == 0)
            return null;
        var edits = new Edits(text);
        for (var i = 0; i < tags.Count; i++)
        {
            var (tag, next) = (tags[i], i + 1 < tags.Count ? tags[i + 1] : default);
            var holds = !tag.Closes && next.Closes && next.Is(tag.Name);
            if (holds && IsCaption(tag))
            {
                var words = BehindPicture(text, tag.End, next.Start);
                var parts = IsEdge(text, tag.Start - 1) ? "" : "\n\n";
                edits.Replace(tag.Start, words, words < next.Start && words - tag.Start >= Caption.Length + parts.Length ? parts + Caption : parts);
                edits.Replace(next.Start, next.End, "\n\n");
                i++;
            }
            else if (holds && IsAddress(text.AsSpan(tag.End, next.Start - tag.End)))
            {
                edits.Replace(tag.Start, next.End, "");
                i++;
            }
            else
            {
                edits.Replace(tag.Start, tag.End, IsInline(text, tag) ? "" : "\n\n");
            }
        }

        return edits.Finish();
    }

    static int Next(string text, int from) => from < text.Length ? text.IndexOf('[', from) : -1;

    static Tag? Read(string text, int start)
    {
        var closes = start + 1 < text.Length && text[start + 1] == '/';
        var from = closes ? start + 2 : start + 1;
        var to = from;
        while (to < text.Length && to - from < LongestName && (char.IsAsciiLetterOrDigit(text[to]) || text[to] is '_' or '-'))
            to++;
        if (to == from || to == text.Length || !char.IsAsciiLetter(text[from]) || text[to] is not (']' or ' ' or '/' or '\u00a0'))
            return null;
        var rest = text.AsSpan(to, Math.Min(text.Length - to, LongestTag));
        var end = rest.IndexOfAny(Ends);
        // A list in an attribute has brackets of its own.
        while (end >= 0 && rest[end] == '[' && end > 0 && rest[end - 1] is '"' or '=')
            end = rest[(end + 1)..].IndexOfAny(Ends) is >= 0 and var ahead ? end + 1 + ahead : -1;
        if (end < 0 || rest[end] != ']')
            return null;
        var name = text.AsSpan(from, to - from);
        var attributes = rest[..end].Trim();
        // "[gallery]", "[gallery 12]" and "[tweet https://…]", but not "[video of the day]".
        var certain = HasAttribute(attributes) || !attributes.Contains(' ')
            && (IsPlugin(name) || Names.Contains(name) && name.IndexOfAnyInRange('A', 'Z') < 0
                && (attributes.ContainsAnyInRange('0', '9') || attributes.Contains("://", StringComparison.Ordinal) || IsAlone(text, start, to + end + 1)));
        // What neither has attributes nor is a closed pair's is a word in brackets: "[the end of]".
        return certain || closes || attributes.IsEmpty ? new Tag(start, to + end + 1, name.ToString(), closes, certain) : null;
    }

    static bool IsPlugin(ReadOnlySpan<char> name)
    {
        foreach (var prefix in Prefixes)
            if (name.StartsWith(prefix, StringComparison.OrdinalIgnoreCase))
                return true;
        return false;
    }

    /// <summary><c>ids="1,2"</c>, in whatever quotation marks an editor made of them, or a number.</summary>
    static bool HasAttribute(ReadOnlySpan<char> attributes)
    {
        var sign = attributes.IndexOf('=');
        return sign > 0 && sign + 1 < attributes.Length && (char.IsAsciiLetterOrDigit(attributes[sign - 1]) || attributes[sign - 1] is '_' or '-')
            && (Quotes.Contains(attributes[sign + 1]) || char.IsAsciiDigit(attributes[sign + 1]));
    }

    static bool IsCaption(Tag tag) => tag.Is("caption") || tag.Is("wp_caption");

    /// <summary>Behind the picture that a caption is of, and the link around it.</summary>
    static int BehindPicture(string text, int start, int end)
    {
        var at = start;
        while (at < end)
        {
            if (char.IsWhiteSpace(text[at]))
                at++;
            else if (text[at] == '<' && text.AsSpan(at, end - at).IndexOf('>') is > 0 and var close)
                at += close + 1;
            else
                break;
        }

        return at;
    }

    /// <summary>What a player or a post is shown from: an address or a number, no text.</summary>
    static bool IsAddress(ReadOnlySpan<char> inside)
    {
        inside = inside.Trim();
        return inside.IsEmpty || inside.Length <= LongestAddress && !inside.ContainsAny(' ', '\n')
            && (inside.Contains("://", StringComparison.Ordinal) || inside.IndexOfAnyExceptInRange('0', '9') < 0);
    }

    static bool IsAlone(string text, int start, int end)
    {
        while (start > 0 && text[start - 1] is ' ' or '\t')
            start--;
        while (end < text.Length && text[end] is ' ' or '\t')
            end++;
        return IsEdge(text, start - 1) && (end == text.Length || IsEdge(text, end));
    }

    static bool IsEdge(string text, int at) => at < 0 || text[at] is '\n' or '\r';

    /// <summary>
    /// True where a sentence goes on over the tag: a big first letter, a quotation in a line. What builds the page parts its paragraphs.
    /// </summary>
    static bool IsInline(string text, Tag tag)
    {
        if (tag.Name.Length <= 2)
            return true;
        int left = tag.Start - 1, right = tag.End;
        while (left >= 0 && text[left] is ' ' or '\u00a0')
            left--;
        while (right < text.Length && text[right] is ' ' or '\u00a0')
            right++;
        return left >= 0 && right < text.Length && text[left] is not ('\n' or '\r' or ']' or '>') && text[right] is not ('\n' or '\r' or '[' or '<')
            && !(Chars.Is(text[left], CharClass.Terminal | CharClass.Closer) && !Chars.Is(text[right], CharClass.Lower));
    }
}
