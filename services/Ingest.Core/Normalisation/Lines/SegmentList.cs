using System.Collections;

namespace Ingest.Core.Normalisation.Lines;

/// <summary>
/// Segments from one on, up to another that is not among them, or to the last. It may be cut while it is walked. A structure, as each rule walks it
/// several times for each article.
/// </summary>
internal readonly struct SegmentList(Segment? first, Segment? end) : IEnumerable<Segment>
{
    public Enumerator GetEnumerator() => new(first, end);

    IEnumerator<Segment> IEnumerable<Segment>.GetEnumerator() => GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    internal struct Enumerator(Segment? first, Segment? end) : IEnumerator<Segment>
    {
        Segment? next = first;

        public Segment Current { get; private set; } = null!;

        readonly object IEnumerator.Current => Current;

        public bool MoveNext()
        {
            // Only now, behind what the loop did with the one before: it may have been cut.
            if (Current is not null)
                next = Current.Next;
            if (next is null || next == end)
                return false;
            Current = next;
            return true;
        }

        public readonly void Reset() => throw new NotSupportedException();

        public readonly void Dispose()
        {
        }
    }
}
