using System.Buffers;
using System.Collections.Frozen;
using System.Text;

namespace Ingest.Core.Normalisation.Decoding;

/// <summary>
/// Mends UTF-8 that was read as Mac Roman (<c>√©</c> for <c>é</c>, <c>‚Äô</c> for <c>’</c>) or as Windows-1251 (<c>РґР°</c> for <c>да</c>).
/// Only where nearly everything that may be the first byte of a character is followed by the others: in honest copy next to nothing is.
/// What was read as Windows-1252 is the business of <see cref="Mojibake"/>, which comes first: Greek read as Mac Roman has sequences of both,
/// and stays as it is.
/// </summary>
internal static class Misreadings
{
    /// <summary>Sequences that are proof, and their share of what may begin one.</summary>
    const int Proof = 2;
    const double Share = 0.8;

    static readonly Reading[] Readings = [new("Mac Roman", 10000), new("Windows-1251", 1251)];

    /// <returns>Null where there is nothing to mend.</returns>
    public static (string Text, SourceMap Map, string Note)? Undo(string text)
    {
        foreach (var reading in Readings)
            if (reading.Undo(text) is { } undone)
                return undone;
        return null;
    }

    sealed class Reading
    {
        readonly string name;
        readonly FrozenDictionary<char, byte> bytes;
        readonly SearchValues<char> leads;

        public Reading(string name, int codePage)
        {
            var encoding = CodePagesEncodingProvider.Instance.GetEncoding(codePage)!;
            var upper = Enumerable.Range(0x80, 0x80).Select(b => (Char: encoding.GetString([(byte)b])[0], Byte: (byte)b)).ToList();
            this.name = name;
            bytes = upper.DistinctBy(u => u.Char).ToFrozenDictionary(u => u.Char, u => u.Byte);
            leads = SearchValues.Create([.. upper.Where(u => u.Byte is >= 0xc2 and <= 0xf4).Select(u => u.Char)]);
        }

        public (string Text, SourceMap Map, string Note)? Undo(string text)
        {
            var found = new List<(int At, int Length, Rune Rune)>();
            var possible = 0;
            for (var i = NextLead(text, 0); i >= 0; i = NextLead(text, i + 1))
            {
                possible++;
                if (Sequence(text, i) is { } sequence)
                {
                    found.Add((i, sequence.Length, sequence.Rune));
                    i += sequence.Length - 1;
                }

                // Most letters of a Russian text may begin a sequence. It ends here where not even a rest of nothing but sequences, of two
                // characters each, would be enough.
                var rest = (text.Length - i) / 2;
                if (found.Count + rest < Share * (possible + rest))
                    return null;
            }

            if (found.Count < Proof || found.Count < Share * possible)
                return null;
            var edits = new Edits(text);
            foreach (var (at, length, rune) in found)
                edits.Replace(at, at + length, rune.ToString());
            var (mended, map) = edits.Finish();
            return (mended, map, $"repaired {found.Count} sequences of UTF-8 read as {name}");
        }

        int NextLead(string text, int from) =>
            from < text.Length && text.AsSpan(from).IndexOfAny(leads) is >= 0 and var ahead ? from + ahead : -1;

        /// <summary>The character whose bytes stand there; null where they are none.</summary>
        (Rune Rune, int Length)? Sequence(string text, int at)
        {
            Span<byte> read = stackalloc byte[4];
            var length = 0;
            while (length < read.Length && at + length < text.Length && bytes.TryGetValue(text[at + length], out read[length]))
                length++;
            return Rune.DecodeFromUtf8(read[..length], out var rune, out var used) == OperationStatus.Done && used > 1 ? (rune, used) : null;
        }
    }
}
