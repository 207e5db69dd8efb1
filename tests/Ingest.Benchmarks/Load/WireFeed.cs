using System.Text.Encodings.Web;
using System.Text.Json;

namespace Ingest.Benchmarks.Load;

/// <summary>Generated articles of about 3 KB as records: 70 in 100 are new, 30 edited copies of an earlier one.</summary>
static class WireFeed
{
    static readonly JsonSerializerOptions Json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>One record as JSON in UTF-8.</summary>
    /// <param name="run">Articles of another run have other ids.</param>
    public static byte[] Record(string run, long number) =>
        JsonSerializer.SerializeToUtf8Bytes(new { id = $"{run}/{number}", text = Text(number) }, Json);

    /// <summary>A headline and paragraphs.</summary>
    static string Text(long number) =>
        $"Wire story number {number} of the day\n\n{new Wire().Article(number).Replace("\n", "\n\n", StringComparison.Ordinal)}\n";

    public static void Write(string file, string run, int articles)
    {
        using var output = File.Create(file);
        for (var i = 0; i < articles; i++)
        {
            output.Write(Record(run, i));
            output.WriteByte((byte)'\n');
        }
    }
}
