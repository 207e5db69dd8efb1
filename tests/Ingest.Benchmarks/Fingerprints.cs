using System.Diagnostics;
using System.Globalization;
using System.Text;
using Ingest.Core.Deduplication;
using Ingest.Core.Deduplication.Fingerprints;
using Ingest.Core.Deduplication.Text;

namespace Ingest.Benchmarks;

/// <summary>
/// Normalised text in, fingerprint out, on one core: articles and megabytes a second of each kernel, beside the scalar
/// reference and a plain pass that only counts the blanks of the same texts. The kernels take turns and the best round counts,
/// since the machine's noise only ever adds.
/// </summary>
static class Fingerprints
{
    const int Rounds = 30;

    public static void Print()
    {
        Console.WriteLine($"{"3,000 characters",-22}{"",-14}{"articles/s",12}{"µs",8}{"MB/s",8}{"x scalar",10}{"x plain",9}{"split µs",10}{"shingle",9}{"sample",8}{"words",7}{"sample",8}");
        foreach (var (name, texts) in FingerprintTexts.All())
            Print(name, texts);
    }

    static void Print(string name, string[] texts)
    {
        var bytes = texts.Average(t => Encoding.UTF8.GetByteCount(t));
        var kernels = WordKernel.Supported.ToArray();
        var stages = kernels.Select(k => new Stages(k)).ToArray();
        var best = stages.Select(_ => new double[4]).ToArray();
        foreach (var b in best)
            Array.Fill(b, double.MaxValue);
        var plain = double.MaxValue;
        for (var round = 0; round < Rounds; round++)
        {
            plain = Math.Min(plain, Seconds(texts, t => t.AsSpan().Count(' ')));
            for (var k = 0; k < kernels.Length; k++)
                for (var stage = 0; stage < 4; stage++)
                    best[k][stage] = Math.Min(best[k][stage], Seconds(texts, stages[k].Run(stage)));
        }

        var sample = texts.Select(t => stages[0].Fingerprinter.Compute(t)).ToArray();
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{name,-22}{"plain pass",-14}{1 / plain,12:0}{plain * 1e6,8:0.00}{bytes / plain / 1e6,8:0}"));
        for (var k = 0; k < kernels.Length; k++)
        {
            var (all, split, shingle, sampling) = (best[k][0], best[k][1], best[k][2], best[k][3]);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{"",-22}{kernels[k].Name,-14}{1 / all,12:0}{all * 1e6,8:0.00}{bytes / all / 1e6,8:0}{best[0][0] / all,10:0.00}{plain / all,9:0.000}{split * 1e6,10:0.00}{(shingle - split) * 1e6,9:0.00}{(sampling - shingle) * 1e6,8:0.00}{sample.Average(f => f.Words),7:0}{sample.Average(f => f.Hashes.Length),8:0}"));
        }
    }

    /// <summary>Seconds a text.</summary>
    static double Seconds(string[] texts, Func<string, int> run)
    {
        var sum = 0;
        var clock = Stopwatch.GetTimestamp();
        foreach (var text in texts)
            sum += run(text);
        var elapsed = Stopwatch.GetElapsedTime(clock).TotalSeconds;
        GC.KeepAlive(sum);
        return elapsed / texts.Length;
    }

    /// <summary>The whole, and its first steps alone, of one kernel.</summary>
    sealed class Stages(WordKernel kernel)
    {
        readonly WordSequence words = new(kernel);
        readonly Shingles shingles = new(3, 6);
        readonly Sampler sampler = new(10, 4, 64);
        readonly ulong[] hashes = new ulong[1 << 16];

        public Fingerprinter Fingerprinter { get; } = new(new DeduplicationOptions(), kernel);

        public Func<string, int> Run(int stage) => stage switch
        {
            0 => text => Fingerprinter.Compute(text).Hashes.Length,
            1 => Split,
            2 => text => Shingle(text),
            _ => text => sampler.Sample(hashes.AsSpan(0, Shingle(text)), 0).Hashes.Length,
        };

        int Split(string text)
        {
            words.Read(text);
            return words.Count;
        }

        int Shingle(string text)
        {
            words.Read(text);
            shingles.Hash(words.Hashes, hashes);
            return words.Count;
        }
    }
}
