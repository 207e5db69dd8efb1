using System.Text.Json;
using Ingest.Core.Articles;
using Ingest.Core.Forms;

namespace Ingest.Core.Tests.Forms;

/// <summary>Files of wires: ninjs, NewsML of both kinds, NITF, IPTC 7901 and ANPA 1312.</summary>
public class WireFormTests
{
    static readonly string Folder = FindFolder();

    static readonly RawArticle File0 = new("", ArticleForm.Text, ReadOnlyMemory<byte>.Empty, ArticleMetadata.None, "file");

    static readonly InputLimits Limits = new(MaxArticle: 1 << 20);

    public static TheoryData<string> Samples() =>
        [.. Directory.EnumerateFiles(Folder).Select(f => Path.GetFileName(f)!).Where(f => !f.Contains(".expected.", StringComparison.Ordinal) && f[0] is >= '0' and <= '9').Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Samples))]
    public void A_sample_is_read_as_expected(string name)
    {
        var articles = Read(File.ReadAllBytes(Path.Combine(Folder, name)));
        using var expected = JsonDocument.Parse(File.ReadAllText(Path.Combine(Folder, Path.ChangeExtension(name, ".expected.json"))));
        var found = articles.Where(a => a.Refused is null && a.OverLimit is null).ToList();
        if (!expected.RootElement.TryGetProperty("articles", out var wanted))
        {
            Assert.Empty(found);
            return;
        }

        Assert.True(found.Count == wanted.GetArrayLength(), $"{found.Count} articles, and {wanted.GetArrayLength()} are expected; {string.Join("; ", articles.Select(a => a.Refused?.Detail))}");
        var faults = found.Zip(wanted.EnumerateArray()).SelectMany(p => WireExpectation.Faults(p.First, p.Second)).ToList();
        Assert.True(faults.Count == 0, string.Join('\n', faults));
    }

    /// <summary>Nothing where no form is recognised.</summary>
    static List<RawArticle> Read(byte[] bytes, InputLimits? limits = null)
    {
        if (InputForms.Of(new InputStart(bytes.AsMemory(0, Math.Min(bytes.Length, InputForms.LookAhead)), "")) is not { } form)
            return [];
        using var content = new MemoryStream(bytes);
        return [.. form.Read(content, File0, limits ?? Limits)];
    }

    static string FindFolder()
    {
        var root = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(root, "Ingest.sln")))
            root = Path.GetDirectoryName(root) ?? throw new InvalidOperationException($"No Ingest.sln above {AppContext.BaseDirectory}.");
        return Path.Combine(root, "tests/Ingest.Core.Tests/Samples/forms/wires");
    }
}
