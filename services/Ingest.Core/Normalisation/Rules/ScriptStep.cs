using System.Buffers;
using System.Collections.Frozen;
using Ingest.Core.Articles;
using Ingest.Core.Normalisation.Characters;
using Ingest.Core.Normalisation.Documents;
using Ingest.Core.Normalisation.Lines;

namespace Ingest.Core.Normalisation.Rules;

/// <summary>
/// Takes out the code of a page that was extracted as lines of its text: scripts, style sheets, JSON-LD, calls of advertisers. In an article
/// about code, code is text: where the article speaks of the language or of a name in the code, or announces it with a colon.
/// </summary>
/// <param name="scorers">
/// The rule whose decisions are taken over: a line that the scorer found strange is code for certain. Null for the step before all others,
/// which looks at the head only: a line of code above the text is no headline. What stands further down is left to show the scorer that
/// the text is a page.
/// </param>
internal sealed class ScriptStep(string? scorers = null) : RuleStep
{
    const string Line = "script.line";

    /// <summary>Characters of a line that are looked at: what it is shows at its beginning.</summary>
    const int Reach = 1000;

    /// <summary>Signs of code in a line that are proof, with an end that no sentence has.</summary>
    const int Proof = 2;

    /// <summary>Names of code that are looked for in the text.</summary>
    const int MostNames = 40;

    static readonly SearchValues<char> Braces = SearchValues.Create("{};=");

    /// <summary>What hardly a sentence has; each counts once a line.</summary>
    static readonly string[] Signs =
    [
        "function(", "function (", "()", ");", "});", "};", "){", ") {", "||", "&&", "===", "!==", "=>", "window.", "document.", "var ", "const ", "let ",
        ".push(", "typeof ", "new ", "[];", "{}", "= {", "if(", "if (", "return ", "('", "(\"", "null", "undefined", "true,", "false,", "!important",
    ];

    static readonly string[] Subjects = Wording.Of("code.subject");

    static readonly SearchValues<string> AnySubject = SearchValues.Create(Subjects, StringComparison.OrdinalIgnoreCase);

    const string Story = "Harbour opens again\n\nThe harbour opened again on Monday after three weeks of repairs, the authority said.\n\n{0}\n\nShips were waiting in a long line outside the breakwater.";

    public override IReadOnlyList<RuleNote> Notes { get; } = scorers is null ? [] :
    [
        new(Line, BlockKind.CrawlArtefact, new("googletag.cmd", string.Format(Story, "googletag.cmd.push(function() { googletag.display('harbour-1'); });")),
            new("setGate", string.Format(Story, "The gate would not open because of a line in its program:\n\nsetGate(function() { return open == null; });"))),
    ];

    public override void Apply(Document document)
    {
        if (scorers is null)
            document.FindProse();
        List<Segment>? code = null;
        Segment? behind = null;
        for (var segment = document.First; segment is not null; segment = segment.Next)
        {
            if (scorers is null && segment == document.FirstProse)
                break;
            if (!IsOpen(segment) || !IsCode(document, segment))
                continue;
            var last = End(document, segment);
            if (IsAnnounced(document, segment))
            {
                segment = behind = last;
                continue;
            }

            code ??= [];
            for (var before = segment.Previous; before is not null && IsOpen(before) && before != behind && IsComment(document.Slice(before)); before = before.Previous)
                code.Add(before);
            for (var line = segment; ; line = line.Next!)
            {
                code.Add(line);
                if (line == last)
                    break;
            }

            segment = behind = last;
        }

        if (code is null || IsSpokenOf(document, code))
            return;
        foreach (var line in code)
        {
            line.Decide(BlockKind.CrawlArtefact, Line);
            line.Evidence = null;
        }
    }

    bool IsOpen(Segment segment) => segment.Undecided || segment.Rule == scorers;

    static bool IsCode(Document document, Segment segment)
    {
        var line = document.Slice(segment);
        if (line[0] is '<' or '{' && IsPlaceholder(line))
            return true;
        // A script that HTML hides ends in a comment's end.
        if (line[^1] == '>' && line.EndsWith("-->"))
            line = line[..^3].TrimEnd("/ ");
        if (line.IsEmpty)
            return false;
        // Nearly all lines end in a letter or a full stop, and are let go here.
        if (line[^1] is not (';' or '{' or '}' or '(' or ')' or '[' or ']' or ','))
            return IsAdSlot(line);
        var start = line[..Math.Min(line.Length, Reach)];
        return start.ContainsAny(Braces)
            ? IsData(start, segment, document) || IsStyle(start, line[^1], segment) || IsScript(start, line[^1])
            : line[^1] == ')' && IsCall(line);
    }

    /// <summary><c>&lt;!-- 300x250 --&gt;</c>, <c>{{ ad }}</c>, <c>{% include "ad" %}</c>, as a whole line.</summary>
    static bool IsPlaceholder(ReadOnlySpan<char> line) =>
        line.StartsWith("<!--") && line.EndsWith("-->") || line.Length < 120 && (line.StartsWith("{{") && line.EndsWith("}}") || line.StartsWith("{%") && line.EndsWith("%}"));

    /// <summary>
    /// <c>{"@context": "https://schema.org", …}</c>, or the brace that opens it on a line of its own; and data without a blank. What is set
    /// for people to read has blanks behind its colons.
    /// </summary>
    static bool IsData(ReadOnlySpan<char> line, Segment segment, Document document)
    {
        if (line[0] is not ('{' or '['))
            return false;
        if (line.Length > 1)
            return IsLinkedData(line) || line.Count("\":") >= Proof && line.Count('"') >= 4 * Proof && line.IndexOf("\": ") < 0;
        var next = segment.Next;
        for (var lines = 0; next is not null && lines < 3; next = next.Next, lines++)
            if (IsLinkedData(document.Slice(next)))
                return true;
        return false;
    }

    static bool IsLinkedData(ReadOnlySpan<char> line) =>
        line.Contains("\"@context\"", StringComparison.Ordinal) || line.Contains("\"@type\"", StringComparison.Ordinal);

    /// <summary><c>.box p { margin: 0; }</c>, <c>@media (max-width: 767px) {</c>.</summary>
    static bool IsStyle(ReadOnlySpan<char> line, char last, Segment segment)
    {
        if (line[0] == '@' && last is '{' or '}' or ';' && (line.StartsWith("@media") || line.StartsWith("@import") || line.StartsWith("@font-face") || line.StartsWith("@keyframes") || line.StartsWith("@charset")))
            return true;
        var open = line.IndexOf('{');
        if (open < 1 || last is not ('}' or '{' or ';') || segment.Traits.EndsSentence)
            return false;
        var selector = line[..open].Trim();
        var rest = line[(open + 1)..];
        return IsSelector(selector) && (rest.Trim().IsEmpty ? selector[0] is '.' or '#' or '@' : IsProperty(rest));
    }

    /// <summary>Names of classes and the like, or elements of HTML.</summary>
    static bool IsSelector(ReadOnlySpan<char> text)
    {
        if (text.Length is 0 or > 300 || text.IndexOfAnyExcept(SelectorSigns) >= 0)
            return false;
        return text.ContainsAny('.', '#', '@') || text.ContainsAny('[', '>') || Elements.Contains(text[..(text.IndexOfAny(' ', ',', ':') is >= 0 and var end ? end : text.Length)]);
    }

    /// <summary><c>margin: 0;</c></summary>
    static bool IsProperty(ReadOnlySpan<char> text)
    {
        text = text.TrimStart();
        var colon = text.IndexOf(':');
        return colon >= 3 && text[..colon].TrimEnd().IndexOfAnyExcept(PropertySigns) < 0 && text[colon..].ContainsAny(';', '}');
    }

    static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> Elements = FrozenSet.ToFrozenSet(
        "html body p a div span h1 h2 h3 h4 h5 h6 ul ol li img table tr td th iframe figure figcaption section article header footer nav button form input blockquote em strong".Split(' '))
        .GetAlternateLookup<ReadOnlySpan<char>>();

    static readonly SearchValues<char> PropertySigns = SearchValues.Create("abcdefghijklmnopqrstuvwxyz-");

    static readonly SearchValues<char> SelectorSigns =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.#:,>+~*[]=\"'() @%");

    static bool IsScript(ReadOnlySpan<char> line, char last)
    {
        if (last is not (';' or '{' or '}' or ')' or ',' or '(' or '[' or ']') || !line.ContainsAny('(', '{', '='))
            return false;
        if (last == ';' && IsStatement(line) || last == ')' && IsCall(line))
            return true;
        var found = 0;
        foreach (var sign in Signs)
            found += line.Contains(sign, StringComparison.Ordinal) ? 1 : 0;
        return found >= (last is ';' or '{' or '}' ? Proof : Proof + 1);
    }

    /// <summary><c>var a = 1;</c>, <c>window.loaded = true;</c>, <c>OA_show(12);</c>: a name, and directly behind it what is done with it.</summary>
    static bool IsStatement(ReadOnlySpan<char> line)
    {
        var declares = line.StartsWith("var ") || line.StartsWith("let ") || line.StartsWith("const ");
        if (declares)
            line = line[(line.IndexOf(' ') + 1)..];
        var end = line.IndexOfAnyExcept(NameSigns);
        if (end < 1)
            return false;
        var rest = line[end..].TrimStart();
        return line[end] == '(' && line.EndsWith(");") || rest.Length > 1 && rest[0] == '=' && (declares || line[..end].ContainsAny('.', '_', '$'));
    }

    /// <summary><c>OneTrust.LoadBanner()</c>: a name of a name, and nothing but its brackets.</summary>
    static bool IsCall(ReadOnlySpan<char> line)
    {
        var end = line.IndexOfAnyExcept(NameSigns);
        return end > 2 && line[end - 1] != '.' && line[end] == '(' && !line.Contains(' ') && line[..end].IndexOf('.') is > 0 and var stop && char.IsAsciiLetter(line[stop + 1]);
    }

    static readonly SearchValues<char> NameSigns =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_$.");

    /// <summary><c>div-gpt-ad-20077-1</c>: the name of a place for an advertisement, alone on its line.</summary>
    static bool IsAdSlot(ReadOnlySpan<char> line) =>
        line.Length is > 8 and < 80 && !line.Contains(' ') && line.ContainsAny('-', '_') && line.ContainsAnyInRange('0', '9')
        && (line.Contains("gpt-ad", StringComparison.OrdinalIgnoreCase) || line.StartsWith("ad-slot", StringComparison.OrdinalIgnoreCase)
            || line.Contains("_ad_", StringComparison.OrdinalIgnoreCase) || line.StartsWith("adsbygoogle", StringComparison.OrdinalIgnoreCase));

    /// <summary>What opens or closes a script that HTML hides: <c>&lt;!--</c>, <c>//&lt;![CDATA[</c>, <c>//--&gt;</c>.</summary>
    static bool IsComment(ReadOnlySpan<char> line) =>
        line.Length < 80 && (line.StartsWith("<!--") || line.StartsWith("//") || line.StartsWith("/*") || line is "-->" or "]]>");

    /// <summary>The last line of the code that begins here: what looks like its rest, as far as its braces are open or the lines adjoin.</summary>
    Segment End(Document document, Segment first)
    {
        var depth = Depth(document.Slice(first));
        var last = first;
        for (var next = first.Next; next is not null; next = next.Next)
        {
            var line = document.Slice(next);
            // A phrase may have taken a line from the midst of it: "author": {
            if (!IsOpen(next) && (depth <= 0 || next.Kind.IsBody())
                || !(IsRest(line) && (depth > 0 || next.Breaks == 1)) && !IsComment(line))
                break;
            depth += Depth(line);
            last = next;
        }

        return last;
    }

    static int Depth(ReadOnlySpan<char> line) => line.Count('{') + line.Count('[') + line.Count('(') - line.Count('}') - line.Count(']') - line.Count(')');

    /// <summary>A statement, a value or a closing brace.</summary>
    static bool IsRest(ReadOnlySpan<char> line) =>
        line[^1] is ';' or '{' or '}' or '[' or ']' or '(' || line[0] is '}' or ')' or ']' or '{'
        || line[^1] == ',' && (line[0] is '"' or '\'' || line.ContainsAny('=', '(')) || line[0] is '"' && (line[^1] == '"' && !line.Contains(' ') || line.Contains("\":", StringComparison.Ordinal));

    /// <summary>"It read:" above the code.</summary>
    static bool IsAnnounced(Document document, Segment segment)
    {
        var before = segment.Previous;
        while (before is { InBody: false })
            before = before.Previous;
        return before is not null && document.Text[before.End - 1] is ':' or '：' && before.Traits.Words >= 3;
    }

    /// <summary>True where the text beside the code speaks of code, or of a name in it that is no word.</summary>
    static bool IsSpokenOf(Document document, List<Segment> code)
    {
        var taken = code.ToHashSet();
        var names = Names(document, code);
        foreach (var segment in document.Segments)
        {
            if (!segment.InBody || taken.Contains(segment))
                continue;
            var text = document.Slice(segment);
            foreach (var subject in text.ContainsAny(AnySubject) ? Subjects : [])
                if (HasWord(text, subject, StringComparison.OrdinalIgnoreCase))
                    return true;
            foreach (var name in names)
                if (HasWord(text, name, StringComparison.Ordinal))
                    return true;
        }

        return false;
    }

    static bool HasWord(ReadOnlySpan<char> text, string word, StringComparison comparison)
    {
        for (var from = 0; text[from..].IndexOf(word, comparison) is >= 0 and var ahead; from += ahead + 1)
        {
            var (at, end) = (from + ahead, from + ahead + word.Length);
            if ((at == 0 || !char.IsLetterOrDigit(text[at - 1])) && (end == text.Length || !char.IsLetterOrDigit(text[end])))
                return true;
        }

        return false;
    }

    /// <summary>Names with a capital or a low line inside, but for those that begin like a brand's ("YouTube").</summary>
    static HashSet<string> Names(Document document, List<Segment> code)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var segment in code)
        {
            var line = document.Slice(segment);
            for (var i = 0; i < line.Length && names.Count < MostNames; i++)
            {
                var start = i;
                var telling = false;
                while (i < line.Length && (char.IsAsciiLetterOrDigit(line[i]) || line[i] is '_' or '$'))
                {
                    telling |= i > start && (char.IsAsciiLetterUpper(line[i]) && char.IsAsciiLetterLower(line[i - 1]) || line[i] == '_');
                    i++;
                }

                if (telling && i - start >= 6 && !char.IsAsciiDigit(line[start]) && (!char.IsAsciiLetterUpper(line[start]) || line[start..i].Contains('_')))
                    names.Add(line[start..i].ToString());
            }
        }

        return names;
    }
}
