using System.Text.Json;
using Ingest.Contracts.V1;
using Ingest.Core.Normalisation.Reading;
using Ingest.Core.Normalisation.Sources;
using Ingest.Ledger;
using Ingest.Service.Display;
using Verdict = Ingest.Core.Articles.Verdict;

namespace Ingest.Service.Normalise;

/// <summary>Reads rulings as people and other installations send them: one in a body, or the lines of an export.</summary>
static class RulingReader
{
    /// <summary>Of an import, which is held in memory until all of it is read.</summary>
    public const int MostBytes = 16 << 20, MostLines = 100_000;

    /// <summary>Of a <see cref="SourceRuling"/>: its text, each character as an escape, and some room.</summary>
    public const int MostRulingBytes = 1 << 16;

    static readonly string[] OfLine = [nameof(SourcePassage.Source), nameof(SourcePassage.Text), nameof(SourcePassage.Ruling)];

    /// <summary>What an export tells beside, and an import does not need.</summary>
    static readonly string[] Told =
        [nameof(SourcePassage.Passage), nameof(SourcePassage.Articles), nameof(SourcePassage.Share), nameof(SourcePassage.Ids)];

    /// <exception cref="FormatException">The name is none; the message is a sentence.</exception>
    public static string Source(string given)
    {
        if (SourceName.Written(given) is not { } source)
            throw new FormatException("The name of the source is empty. Name one as 'ingest sources' lists it.");
        if (Terminal.Utf8.GetByteCount(source) is var bytes && bytes > RecordReader.MostIdBytes)
            throw new FormatException($"The name of the source has {bytes} bytes, more than {RecordReader.MostIdBytes}. No feed has such a name.");
        return source;
    }

    /// <summary>A <see cref="SourceRuling"/>.</summary>
    /// <exception cref="FormatException">It is none; the message says why, in sentences.</exception>
    public static NewRuling Ruling(ReadOnlyMemory<byte> json, string source)
    {
        var (_, text, ruling) = Fields(json, [nameof(SourceRuling.Text), nameof(SourceRuling.Ruling)], []);
        return new NewRuling(source, Passage(text), ruling switch
        {
            "keep" => Verdict.Keep,
            "remove" => Verdict.Remove,
            null => throw new FormatException("It has no \"ruling\". Send keep or remove."),
            _ => throw new FormatException($"Its \"ruling\" is '{ruling}'. Send keep or remove.{Typos.Hint(ruling, ["keep", "remove"])}"),
        });
    }

    /// <summary>The lines of an export, each a <see cref="SourcePassage"/>; blank ones are passed over.</summary>
    /// <exception cref="FormatException">One of them is none; the message names it and says why, in sentences.</exception>
    public static List<NewRuling> Lines(ReadOnlyMemory<byte> file)
    {
        var rulings = new List<NewRuling>();
        if (file.Span.StartsWith("\ufeff"u8))
            file = file[3..];
        for (var number = 1; !file.IsEmpty; number++)
        {
            var end = file.Span.IndexOf((byte)'\n');
            var line = end < 0 ? file : file[..end];
            file = end < 0 ? default : file[(end + 1)..];
            if (line.Span.Trim(" \t\r"u8).IsEmpty)
                continue;
            if (rulings.Count == MostLines)
                throw new FormatException($"It has more than {MostLines} lines. Import it in parts.");
            try
            {
                rulings.Add(Line(line));
            }
            catch (FormatException e)
            {
                throw new FormatException($"Line {number} cannot be imported, so nothing was. {e.Message}", e);
            }
        }

        return rulings;
    }

    static NewRuling Line(ReadOnlyMemory<byte> line)
    {
        var (source, text, ruling) = Fields(line, OfLine, Told);
        if (source is null)
            throw new FormatException("It has no \"source\". Add the name of the feed, the publisher or the site.");
        var passage = Passage(text);
        var verdict = ruling switch
        {
            null or "learnt" => Verdict.Learnt,
            "keep" => Verdict.Keep,
            "remove" => Verdict.Remove,
            _ => throw new FormatException(
                $"Its \"ruling\" is '{ruling}'. Use keep or remove, or leave it out for what was learnt.{Typos.Hint(ruling, ["keep", "remove", "learnt"])}"),
        };
        return verdict != Verdict.Learnt || passage.Words >= NamedPassage.LeastLearntWords
            ? new NewRuling(Source(source), passage, verdict)
            : throw new FormatException(
                $"Its \"text\" '{passage.Text}' is too short to be learnt: it has fewer than {NamedPassage.LeastLearntWords} words. Add \"ruling\":\"remove\" to remove it by hand.");
    }

    static NamedPassage Passage(string? text) => text is null
        ? throw new FormatException("It has no \"text\". Add a line, or a sentence, as it stands in the articles.")
        : Passage(text, "Its \"text\"");

    /// <param name="called">What the text is called in a sentence about it.</param>
    /// <exception cref="FormatException">The text names no passage; the message is a sentence.</exception>
    public static NamedPassage Passage(string text, string called)
    {
        try
        {
            return NamedPassage.Of(text);
        }
        catch (FormatException e)
        {
            throw new FormatException($"{called} {e.Message}.", e);
        }
    }

    /// <summary>The strings of an object; null for those that are missing or null.</summary>
    /// <param name="known">Its strings.</param>
    /// <param name="told">Fields that it may have beside.</param>
    static (string? Source, string? Text, string? Ruling) Fields(ReadOnlyMemory<byte> json, string[] known, string[] told)
    {
        string? source = null, text = null, ruling = null;
        try
        {
            using var document = JsonDocument.Parse(json);
            if (document.RootElement.ValueKind != JsonValueKind.Object)
                throw new FormatException("It is JSON, but no object.");
            foreach (var field in document.RootElement.EnumerateObject())
            {
                // A mistyped name would make another ruling of it.
                if (!known.Concat(told).Any(n => Named(field, n)))
                    throw new FormatException($"It has a field '{field.Name}', which is not known.{Typos.Hint(field.Name, known.Select(JsonNamingPolicy.CamelCase.ConvertName))}");
                if (!known.Any(n => Named(field, n)))
                    continue;
                if (field.Value.ValueKind is not (JsonValueKind.String or JsonValueKind.Null))
                    throw new FormatException($"Its \"{field.Name}\" is not a string.");
                var value = field.Value.GetString();
                if (Named(field, nameof(SourcePassage.Source)))
                    source = value;
                else if (Named(field, nameof(SourcePassage.Text)))
                    text = value;
                else
                    ruling = value;
            }
        }
        catch (JsonException e)
        {
            throw new FormatException($"It is not JSON: {RecordReader.Reason(e)} (byte {e.BytePositionInLine}).", e);
        }
        catch (InvalidOperationException e)
        {
            throw new FormatException("It has a string that is not valid text: a \\u escape is half of a surrogate pair.", e);
        }

        return (source, text, ruling);
    }

    static bool Named(JsonProperty field, string name) => field.NameEquals(JsonNamingPolicy.CamelCase.ConvertName(name));
}
