using System.Text;
using System.Text.Json;
using Ingest.Core.Normalisation.Reading;

namespace Ingest.Core.Forms.Text;

/// <summary>
/// The parts of a JSON file that holds many entries, found by their brackets and quotes alone: so one that is damaged leaves the others whole,
/// and a file that is cut has all before the cut. Each part is parsed by itself.
/// </summary>
static class JsonParts
{
    static readonly JsonDocumentOptions Loose = new() { AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip };

    /// <summary>The bytes in UTF-8, whatever they were in; empty for what is no text.</summary>
    public static ReadOnlyMemory<byte> Utf8(ReadOnlyMemory<byte> bytes)
    {
        // Nearly all files are so already; only UTF-16 has zeros.
        if (System.Text.Unicode.Utf8.IsValid(bytes.Span) && !bytes.Span.Contains((byte)0))
            return bytes.Span.StartsWith("\ufeff"u8) ? bytes[3..] : bytes;
        return FileText.Decode(bytes.Span) is { } text ? Encoding.UTF8.GetBytes(text) : default;
    }

    /// <summary>The elements of a list.</summary>
    /// <param name="json">From its first bracket on.</param>
    public static IEnumerable<ReadOnlyMemory<byte>> Elements(ReadOnlyMemory<byte> json)
    {
        for (var at = Next(json.Span, 1); at < json.Length && json.Span[at] != (byte)']'; at = Next(json.Span, at))
        {
            var end = EndOf(json.Span, at);
            yield return json[at..end];
            at = end;
        }
    }

    /// <summary>The values of a text that stand one behind the other. Where each has a line of its own, one that is damaged ends with its line.</summary>
    public static IEnumerable<ReadOnlyMemory<byte>> Sequence(ReadOnlyMemory<byte> json)
    {
        var isLines = AreLines(json.Span, Begin(json.Span));
        for (var at = Begin(json.Span); at < json.Length; at = Next(json.Span, at))
        {
            var end = isLines ? EndOfLine(json.Span, at) : EndOf(json.Span, at);
            yield return json[at..end];
            at = end;
        }
    }

    /// <summary>Whether each value has a line of its own: the first has, or it is broken and the next line begins with another.</summary>
    static bool AreLines(ReadOnlySpan<byte> json, int at)
    {
        var end = EndOfLine(json, at);
        var next = Next(json, end);
        return end == EndOf(json, at) || next < json.Length && json[at] == (byte)'{' && json[next] == (byte)'{' && json[next - 1] == (byte)'\n';
    }

    static int EndOfLine(ReadOnlySpan<byte> json, int at)
    {
        var line = json[at..];
        if (line.IndexOf((byte)'\n') is >= 0 and var end)
            line = line[..end];
        return at + Math.Max(line.TrimEnd(" \t\r,"u8).Length, Math.Min(1, line.Length));
    }

    /// <summary>The members of an object; names as they are written.</summary>
    /// <param name="json">From its first bracket on.</param>
    public static IEnumerable<(string Name, ReadOnlyMemory<byte> Value)> Members(ReadOnlyMemory<byte> json)
    {
        for (var at = Next(json.Span, 1); at < json.Length && json.Span[at] == (byte)'"'; at = Next(json.Span, at))
        {
            var end = EndOf(json.Span, at);
            var name = Encoding.UTF8.GetString(json.Span[at..end]).Trim('"');
            at = Next(json.Span, end, (byte)':');
            if (at >= json.Length)
                yield break;
            end = EndOf(json.Span, at);
            yield return (name, json[at..end]);
            at = end;
        }
    }

    /// <summary>Where the first part of a text begins.</summary>
    public static int Begin(ReadOnlySpan<byte> json) => Next(json, 0, 0);

    /// <param name="fault">What is wrong with it, where it is null.</param>
    public static JsonDocument? Parse(ReadOnlyMemory<byte> json, out string fault)
    {
        fault = "";
        try
        {
            return JsonDocument.Parse(json, Loose);
        }
        catch (JsonException e)
        {
            var line = e.LineNumber > 0 ? $"line {e.LineNumber + 1}, " : "";
            fault = $"It is not JSON: {RecordReader.Reason(e)} ({line}byte {e.BytePositionInLine}).";
            return null;
        }
    }

    static int Next(ReadOnlySpan<byte> json, int at, byte separator = (byte)',')
    {
        while (at < json.Length && (json[at] is (byte)' ' or (byte)'\t' or (byte)'\n' or (byte)'\r' || json[at] == separator))
            at++;
        return at;
    }

    /// <summary>Where a value ends that begins here: always behind its beginning.</summary>
    static int EndOf(ReadOnlySpan<byte> json, int at)
    {
        var depth = 0;
        while (at < json.Length)
        {
            var b = json[at++];
            if (b == (byte)'"')
                at = EndOfString(json, at);
            else if (b is (byte)'[' or (byte)'{')
                depth++;
            else if (b is (byte)']' or (byte)'}')
                depth--;
            else if (depth > 0)
                continue;
            // A number or a word ends where something else begins.
            if (depth < 0 || depth == 0 && (b is (byte)'"' or (byte)']' or (byte)'}' || at >= json.Length || json[at] is (byte)',' or (byte)']' or (byte)'}' or (byte)':'))
                return at;
        }

        return at;
    }

    static int EndOfString(ReadOnlySpan<byte> json, int at)
    {
        while (at < json.Length)
        {
            var found = json[at..].IndexOfAny((byte)'"', (byte)'\\');
            if (found < 0)
                return json.Length;
            at += found + 1;
            if (json[at - 1] == (byte)'"')
                return at;
            at++;
        }

        return json.Length;
    }
}
