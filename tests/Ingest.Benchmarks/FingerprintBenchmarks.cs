using BenchmarkDotNet.Attributes;
using Ingest.Core.Deduplication;
using Ingest.Core.Deduplication.Fingerprints;
using Ingest.Core.Deduplication.Text;

namespace Ingest.Benchmarks;

/// <summary>
/// Fingerprints of articles of 3,000 characters with each kernel on one core, beside a plain pass that only counts their blanks. The mean
/// is for <see cref="FingerprintTexts.Count"/> articles. For a quick look, with the steps apart, run the program with <c>fingerprints</c>.
/// </summary>
[MemoryDiagnoser]
public class FingerprintBenchmarks
{
    string[] texts = [];
    Fingerprinter fingerprinter = null!;

    [Params("English", "English, curly quotes", "Russian", "Chinese")]
    public string Language { get; set; } = "English";

    [ParamsSource(nameof(Kernels))]
    public string Kernel { get; set; } = "scalar";

    public static IEnumerable<string> Kernels => WordKernel.Supported.Select(k => k.Name);

    [GlobalSetup]
    public void Make()
    {
        texts = FingerprintTexts.All().Single(t => t.Name == Language).Texts;
        fingerprinter = new Fingerprinter(new DeduplicationOptions(), WordKernel.Choose(Kernel, WordKernel.All));
    }

    [Benchmark(Baseline = true)]
    public int PlainPass()
    {
        var blanks = 0;
        foreach (var text in texts)
            blanks += text.AsSpan().Count(' ');
        return blanks;
    }

    [Benchmark]
    public int Fingerprint()
    {
        var sampled = 0;
        foreach (var text in texts)
            sampled += fingerprinter.Compute(text).Hashes.Length;
        return sampled;
    }
}
