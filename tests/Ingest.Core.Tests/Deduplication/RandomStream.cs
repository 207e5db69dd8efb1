using Ingest.Core.Deduplication;
using Ingest.Core.Deduplication.Fingerprints;

namespace Ingest.Core.Tests.Deduplication;

/// <summary>
/// A stream that meets everything by which one window could differ from another: copies, edits, excerpts, revisions,
/// passages that are common, stories that leave and come back, arrivals out of order, and in every second stream shingles
/// that share the bits which the index knows.
/// </summary>
sealed class RandomStream
{
    readonly Random random;
    readonly Prose prose;
    readonly bool isCrowded;

    /// <summary>Arrivals are at random and few texts come over and over: several stories have the same words.</summary>
    readonly bool isDisordered;
    readonly string[] passages;
    DateTimeOffset clock = ArticleStream.Start;

    public RandomStream(int seed)
    {
        random = new Random(seed);
        prose = new Prose(seed);
        isCrowded = random.Next(2) == 0;
        isDisordered = random.Next(3) == 0;
        passages = [.. Enumerable.Range(0, 3).Select(_ => prose.Text(20))];
        Options = new DeduplicationOptions
        {
            Window = TimeSpan.FromMinutes(random.Next(1, 60)),
            MaximumCount = random.Next(4) == 0 ? random.Next(1, 10) : random.Next(10, 120),
            CommonStories = random.Next(2, 6),
            SampleOneIn = random.Next(1, 4),
            Containment = random.Next(3, 8) / 10.0,
        };
        var fingerprinter = new Fingerprinter(Options);
        var count = random.Next(40, 200);
        while (Articles.Count < count)
            Articles.Add(Next());
        Fingerprints = Articles.ConvertAll(a => Crowded(fingerprinter.Compute(a.Body)));
        Decisions = Decide(New(), 0, count);
    }

    public DeduplicationOptions Options { get; }
    public List<StoryArticle> Articles { get; } = [];

    /// <summary>The log's clock at each decision, now and then one that was set back.</summary>
    public List<DateTimeOffset> Clocks { get; } = [];
    public List<Fingerprint> Fingerprints { get; }

    /// <summary>What one deduplicator decides about all of them.</summary>
    public List<Decision> Decisions { get; }

    public Deduplicator New() => new(Options, number => Articles[(int)number - 1]);

    public List<Decision> Decide(Deduplicator deduplicator, int from, int to) =>
        [.. Enumerable.Range(from, to - from).Select(i => deduplicator.Decide(Articles[i], Fingerprints[i], Clocks[i]))];

    /// <summary>The log of the articles from one place (from 0) to another.</summary>
    public IEnumerable<Remembered> Log(int from, int to) => Decisions[from..to].Select(d => d.Remembered);

    /// <summary>All of a decision, to be compared.</summary>
    public static string Text(Decision decision) =>
        $"{decision with { Match = null }} {decision.Match} {string.Join('|', decision.Match?.Changes ?? [])} {string.Join(',', decision.Remembered.Posted)}";

    StoryArticle Next()
    {
        clock += TimeSpan.FromSeconds(random.Next(30));
        if (random.Next(60) == 0)
            clock += Options.Window * 1.5;
        var arrival = random.Next(isDisordered ? 2 : 8) == 0 ? clock + Options.Window * (random.NextDouble() * 3 - 2) : clock;
        Clocks.Add(random.Next(20) == 0 ? clock - Options.Window * random.NextDouble() : clock);
        var earlier = Articles.Count == 0
            ? ""
            : Articles[Math.Max(0, Articles.Count - 1 - random.Next(random.Next(3) == 0 ? 200 : 15))].Body;
        var words = earlier.Split(' ').Length;
        var body = isDisordered && random.Next(2) == 0 ? passages[random.Next(passages.Length)] : random.Next(10) switch
        {
            0 => earlier,
            1 or 2 when words > 10 => prose.Replace(earlier, 2),
            3 when words > 10 => Prose.Part(earlier, random.Next(words / 2), words / 2),
            4 when words < 200 => earlier + " " + prose.Text(20),
            5 => passages[random.Next(passages.Length)],
            6 or 7 => passages[random.Next(passages.Length)] + " " + prose.Text(random.Next(10, 60)),
            8 when random.Next(4) == 0 => "",
            _ => prose.Text(random.Next(1, 60)),
        };
        return new StoryArticle(body, arrival)
        {
            Agency = random.Next(3) == 0 ? null : "AFP",
            Publisher = random.Next(2) == 0 ? "AFP" : "Harbour Post",
            Version = random.Next(4) == 0 ? $"UPDATE {random.Next(1, 5)}" : null,
        };
    }

    /// <summary>
    /// Leaves a few hundred values of the bits that the index knows, so that strangers meet there, and an article meets itself.
    /// </summary>
    Fingerprint Crowded(Fingerprint fingerprint) => !isCrowded ? fingerprint : fingerprint with
    {
        Hashes = [.. fingerprint.Hashes.Select(Crowded).Distinct()],
        TextHash = Crowded(fingerprint.TextHash),
    };

    static ulong Crowded(ulong hash) => hash & ~0x1_FFFF_FFFFUL | (hash >> 40 & 15) << 1 | (hash >> 48 & 31) << 17 | 1;
}
