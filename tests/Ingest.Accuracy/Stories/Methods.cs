using System.Numerics;
using Ingest.Core.Deduplication;
using Ingest.Core.Deduplication.Fingerprints;
using Ingest.Core.Deduplication.Text;

namespace Ingest.Accuracy.Stories;

/// <summary>
/// What else could decide, each over one streaming pass: an article joins the story of the earlier article that is most like it, if that
/// is like it enough. Kept so that the choice can be measured again on other data.
/// </summary>
static class Methods
{
    public static List<long> Ingest(IReadOnlyList<StreamArticle> articles, DeduplicationOptions options)
    {
        var deduplicator = new Deduplicator(options, number => articles[(int)number - 1].Article);
        return [.. articles.Select(a => deduplicator.Decide(a.Article, a.Article.Arrival).Story)];
    }

    /// <summary>
    /// Classic MinHash: <paramref name="bands"/> times <paramref name="rows"/> permutations; articles with an equal band are candidates,
    /// the share of equal minima estimates their resemblance.
    /// </summary>
    public static List<long> Banded(IReadOnlyList<StreamArticle> articles, int bands, int rows, double resemblance)
    {
        var random = new Random(1);
        var factors = Enumerable.Range(0, bands * rows).Select(_ => (ulong)random.NextInt64() | 1).ToArray();
        var index = new Dictionary<(int Band, ulong Hash), List<int>>();
        var signatures = new List<ulong[]>();
        var stories = new List<long>();
        foreach (var article in articles)
        {
            var signature = new ulong[factors.Length];
            Array.Fill(signature, ulong.MaxValue);
            foreach (var shingle in Shingles(article, 3))
                for (var i = 0; i < factors.Length; i++)
                    signature[i] = Math.Min(signature[i], BitOperations.RotateLeft(shingle * factors[i], 31) * 0x9E3779B97F4A7C15);
            var (best, likeness) = (-1, resemblance);
            for (var band = 0; band < bands; band++)
            {
                var hash = 0UL;
                for (var row = 0; row < rows; row++)
                    hash = BitOperations.RotateLeft(hash, 7) ^ signature[band * rows + row];
                if (!index.TryGetValue((band, hash), out var having))
                    index[(band, hash)] = having = [];
                foreach (var earlier in having)
                {
                    var equal = 0;
                    for (var i = 0; i < signature.Length; i++)
                        equal += signatures[earlier][i] == signature[i] ? 1 : 0;
                    if (equal >= likeness * signature.Length)
                        (best, likeness) = (earlier, equal / (double)signature.Length);
                }

                having.Add(signatures.Count);
            }

            stories.Add(best < 0 ? stories.Count : stories[best]);
            signatures.Add(signature);
        }

        return stories;
    }

    /// <summary>
    /// Sampled MinHash alone, one shingle in <paramref name="oneIn"/> (1 for all of them: exact): the share of the
    /// smaller sample that is in the other.
    /// </summary>
    public static List<long> Sampled(IReadOnlyList<StreamArticle> articles, int words, int oneIn, double containment)
    {
        var index = new Dictionary<ulong, List<int>>();
        var sizes = new List<int>();
        var stories = new List<long>();
        foreach (var article in articles)
        {
            var sample = Shingles(article, words).Where(s => s < ulong.MaxValue / (ulong)oneIn).Distinct().ToArray();
            var shared = new Dictionary<int, int>();
            foreach (var shingle in sample)
            {
                if (!index.TryGetValue(shingle, out var having))
                    index[shingle] = having = [];
                // Beyond this a shingle is a phrase of the language.
                if (having.Count <= 200)
                    foreach (var earlier in having)
                        shared[earlier] = shared.GetValueOrDefault(earlier) + 1;
                having.Add(sizes.Count);
            }

            var (best, likeness) = (-1, containment);
            foreach (var (earlier, count) in shared)
            {
                var share = count / (double)Math.Max(2, Math.Min(sample.Length, sizes[earlier]));
                if (count >= 2 && (share > likeness || share == likeness && earlier < best))
                    (best, likeness) = (earlier, share);
            }

            stories.Add(best < 0 ? stories.Count : stories[best]);
            sizes.Add(sample.Length);
        }

        return stories;
    }

    static IEnumerable<ulong> Shingles(StreamArticle article, int words)
    {
        var sequence = new WordSequence();
        sequence.Read(article.Article.Body);
        var hashes = new ulong[sequence.Count];
        new Shingles(words, 2 * words).Hash(sequence.Hashes, hashes);
        return hashes.Where(h => h != 0);
    }
}
