using System.Text;

namespace Ingest.Core.Tests;

/// <summary>
/// C# source without what is no code: comments and the text of literals. What stands in the holes of interpolated strings
/// is code, and stays.
/// </summary>
static class SourceCode
{
    public static string Of(string source)
    {
        var code = new StringBuilder(source.Length);
        var at = 0;
        Read(source, ref at, code, inHole: false);
        return code.ToString();
    }

    /// <summary>Reads to the end, or in a hole to the brace that closes it.</summary>
    static void Read(string source, ref int at, StringBuilder code, bool inHole)
    {
        var depth = 0;
        while (at < source.Length)
        {
            var c = source[at];
            if (inHole && (c == '{' || c == '}'))
            {
                depth += c == '{' ? 1 : -1;
                if (depth < 0)
                    return;
            }

            if (Follows(source, at, "//"))
                at = Behind(source, at, "\n") - 1;
            else if (Follows(source, at, "/*"))
                at = Behind(source, at + 2, "*/");
            else if (c == '\'')
                SkipCharacter(source, ref at);
            else if (IsString(source, at))
                ReadString(source, ref at, code);
            else
            {
                code.Append(c);
                at++;
            }
        }
    }

    static bool IsString(string source, int at)
    {
        while (at < source.Length && source[at] is '$' or '@')
            at++;
        return at < source.Length && source[at] == '"';
    }

    static void ReadString(string source, ref int at, StringBuilder code)
    {
        int dollars = 0, quotes = 0;
        var verbatim = false;
        for (; source[at] is '$' or '@'; at++)
            (dollars, verbatim) = source[at] == '$' ? (dollars + 1, verbatim) : (dollars, true);
        while (at + quotes < source.Length && source[at + quotes] == '"')
            quotes++;
        // Three and more open a raw string, which ends with as many; two are an empty one.
        var raw = quotes >= 3 && !verbatim;
        var end = raw ? new string('"', quotes) : "\"";
        at += raw ? quotes : 1;
        code.Append(' ');
        while (at < source.Length && !Follows(source, at, end) || verbatim && Follows(source, at, "\"\""))
        {
            var braces = 0;
            while (dollars > 0 && at + braces < source.Length && source[at + braces] == '{')
                braces++;
            if (braces > 0 && (raw ? braces >= dollars : braces % 2 == 1))
            {
                at += braces;
                Read(source, ref at, code, inHole: true);
                code.Append(' ');
                at += raw ? dollars : 1;
            }
            else
            {
                at += braces > 0 ? braces : !raw && !verbatim && source[at] == '\\' || verbatim && source[at] == '"' ? 2 : 1;
            }
        }

        at += end.Length;
    }

    static void SkipCharacter(string source, ref int at)
    {
        for (at++; at < source.Length && source[at] != '\''; at++)
            if (source[at] == '\\')
                at++;
        at++;
    }

    static bool Follows(string source, int at, string sign) => string.CompareOrdinal(source, at, sign, 0, sign.Length) == 0;

    static int Behind(string source, int from, string sign) =>
        source.IndexOf(sign, from, StringComparison.Ordinal) is >= 0 and var found ? found + sign.Length : source.Length + 1;
}
