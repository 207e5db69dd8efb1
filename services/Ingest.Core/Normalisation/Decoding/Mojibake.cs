using System.Text;

namespace Ingest.Core.Normalisation.Decoding;

/// <summary>
/// Mends UTF-8 that was read as Windows-1252 or Latin-1, once or several times over. One pass over the text judges it, and only a text
/// with proof is mended, so that an honest <c>Ã</c> or <c>Â°</c> stays.
/// </summary>
internal static class Mojibake
{
    /// <summary>Wrong readings on top of each other that are undone. More than two have not been seen.</summary>
    const int MaxDepth = 3;

    /// <param name="Sequences">How many characters were mended.</param>
    public sealed record Repaired(string Text, IReadOnlyList<(string Before, SourceMap Map)> Layers, int Sequences)
    {
        public string Note =>
            $"repaired {Sequences} {(Sequences == 1 ? "sequence" : "sequences")} of UTF-8 read as Windows-1252{(Layers.Count > 1 ? $", {Layers.Count} times over" : "")}";
    }

    /// <summary>The mended text, or null where there is nothing to mend.</summary>
    public static Repaired? Repair(string text)
    {
        var layers = new List<(string, SourceMap)>();
        var sequences = 0;
        while (layers.Count < MaxDepth && Judge(text, needed: layers.Count == 0 ? 2 : 1) is { } verdict)
        {
            var before = text;
            text = Mend(before, verdict, out var map, out var mended);
            layers.Add((before, map));
            sequences = Math.Max(sequences, mended);
        }

        return layers.Count == 0 ? null : new Repaired(text, layers, sequences);
    }

    /// <summary>For each family, whether its weak sequences are mended too; null for a text without proof.</summary>
    /// <param name="needed">Firm sequences that make a proof: fewer where a reading was undone already.</param>
    static bool[]? Judge(ReadOnlySpan<char> text, int needed)
    {
        Span<int> firm = stackalloc int[MojibakeSequence.Families];
        firm.Clear();
        var total = 0;
        foreach (var (_, sequence) in new Sequences(text))
        {
            if (sequence.Suspicion < Suspicion.Firm)
                continue;
            var weight = sequence.Suspicion == Suspicion.Proof ? needed : 1;
            firm[sequence.Family] += weight;
            total += weight;
        }

        if (total < needed)
            return null;
        var families = new bool[MojibakeSequence.Families];
        for (var i = 0; i < families.Length; i++)
            families[i] = firm[i] > 0;
        return families;
    }

    static string Mend(string text, bool[] families, out SourceMap map, out int mended)
    {
        var edits = new Edits(text);
        foreach (var (at, sequence) in new Sequences(text))
            if (sequence.Suspicion != Suspicion.Weak || families[sequence.Family])
                edits.Replace(at, at + sequence.Length, new Rune(sequence.CodePoint).ToString());
        mended = edits.Count;
        (text, map) = edits.Finish();
        return text;
    }

    /// <summary>Walks the sequences of a text in order; they do not overlap.</summary>
    ref struct Sequences(ReadOnlySpan<char> text)
    {
        readonly ReadOnlySpan<char> text = text;
        int next;
        MojibakeSequence last;

        public (int At, MojibakeSequence Sequence) Current { get; private set; }

        public readonly Sequences GetEnumerator() => this;

        public bool MoveNext()
        {
            while (next < text.Length)
            {
                // The possible first bytes; anything else is skipped at the speed of the vector unit.
                var skip = text[next..].IndexOfAnyInRange('\u00c2', '\u00f4');
                if (skip < 0)
                    return false;
                var previous = skip == 0 ? last : default;
                var at = next + skip;
                last = MojibakeSequence.At(text, at);
                next = at + Math.Max(1, last.Length);
                if (last.Length == 0)
                    continue;
                var following = next < text.Length ? MojibakeSequence.At(text, next) : default;
                if (last.Suspicion == Suspicion.Weak && (last.IsRunWith(previous) || last.IsRunWith(following)))
                    last = last with { Suspicion = Suspicion.Firm };
                Current = (at, last);
                return true;
            }

            return false;
        }
    }
}
