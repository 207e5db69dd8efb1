using Ingest.Core.Deduplication;

namespace Ingest.Accuracy.Stories;

/// <summary>What the program does with the labelled stories.</summary>
static class StoryCommands
{
    const int Shuffles = 5;

    /// <summary>The program as it is, in the given order and in five others; fails where a figure falls below its floor.</summary>
    public static int Score()
    {
        var articles = LabelledStream.Read();
        var failed = false;
        for (var seed = 0; seed <= Shuffles; seed++)
        {
            var stream = LabelledStream.Shuffled(articles, seed);
            var score = StoryScore.Of(stream, Methods.Ingest(stream, new DeduplicationOptions()));
            if (seed == 0)
                Console.WriteLine($"{"order",-10}{score.Heading}");
            Console.WriteLine($"{(seed == 0 ? "as given" : $"shuffle {seed}"),-10}{score}");
            var figures = score.Kinds.ToDictionary(k => k.Key, k => k.Value);
            (figures["ari"], figures["precision"], figures["alone"], figures["largest"]) =
                (score.Ari, score.Precision, -score.Joined, -score.Largest);
            failed |= Floors.Fall("stories", figures);
        }

        return failed ? 1 : 0;
    }

    /// <summary>Chooses the containment on one half of the stories and scores it on the other, and the other way round.</summary>
    public static int CrossValidate()
    {
        double[] containments = [0.45, 0.5, 0.55, 0.6, 0.65, 0.7];
        var articles = LabelledStream.Read();
        var halves = articles.GroupBy(a => (int.Parse(a.Story) & 1) == 0).OrderBy(g => g.Key).Select(g => g.ToList()).ToArray();
        var headed = false;
        foreach (var (own, other) in new[] { (halves[0], halves[1]), (halves[1], halves[0]) })
        {
            var scores = containments.Select(c =>
                (c, Score: StoryScore.Of(own, Methods.Ingest(own, new DeduplicationOptions { Containment = c })))).ToList();
            if (!headed)
                Console.WriteLine($"{"",-22}{scores[0].Score.Heading}");
            headed = true;
            foreach (var (containment, score) in scores)
                Console.WriteLine($"{$"chosen from   {containment:f2}",-22}{score}");
            // As the goals put it: no more false joins than 20 in 8,000, and of what is left the best ARI.
            var allowed = own.GroupBy(a => a.Story).Count(g => g.Count() == 1) / 400;
            var best = scores.Where(s => s.Score.Joined <= allowed).MaxBy(s => s.Score.Ari).c;
            Console.WriteLine($"{$"on the other  {best:f2}",-22}{StoryScore.Of(other, Methods.Ingest(other, new DeduplicationOptions { Containment = best }))}");
        }

        return 0;
    }

    /// <summary>What else could decide, each at several settings.</summary>
    public static int Compare()
    {
        var articles = LabelledStream.Read();
        var headed = false;
        foreach (var (bands, rows, resemblance) in new[]
        {
            (16, 8, 0.5), (32, 4, 0.5), (32, 4, 0.4), (32, 4, 0.3), (64, 2, 0.3), (64, 2, 0.2)
        })
            Print($"banded {bands}x{rows}, {resemblance:f1}", Methods.Banded(articles, bands, rows, resemblance));
        foreach (var (words, oneIn, containment) in new[]
        {
            (5, 1, 0.4), (5, 1, 0.5), (3, 1, 0.4), (3, 1, 0.5), (3, 1, 0.6), (2, 1, 0.6), (3, 4, 0.5), (3, 8, 0.5), (3, 16, 0.5)
        })
            Print($"sampled {words} words, 1/{oneIn}, {containment:f1}", Methods.Sampled(articles, words, oneIn, containment));
        var standard = new DeduplicationOptions();
        foreach (var options in new[]
        {
            standard, standard with { ShingleWords = 2 }, standard with { ShingleWords = 4 },
            standard with { SampleOneIn = 5 }, standard with { SampleOneIn = 20 },
            standard with { CommonStories = 6 }, standard with { CommonStories = 24 },
            standard with { Containment = 0.55 }, standard with { Containment = 0.65 }
        })
            Print($"ingest {options.ShingleWords}w 1/{options.SampleOneIn} {options.CommonStories}s {options.Containment:f2}",
                Methods.Ingest(articles, options));
        return 0;

        void Print(string name, List<long> found)
        {
            var score = StoryScore.Of(articles, found);
            if (!headed)
                Console.WriteLine($"{"",-26}{score.Heading}");
            headed = true;
            Console.WriteLine($"{name,-26}{score}");
        }
    }
}
