using System.ComponentModel.DataAnnotations;

namespace Ingest.Service.Accept;

/// <summary>Settings of the section <c>Ingest:Accept</c>.</summary>
sealed class AcceptSettings
{
    // Ranges of long numbers are given as double: as int, a value beyond int would not be refused but overflow.

    /// <summary>Articles that may wait for their outcome before HTTP answers 429 and the queue is left alone.</summary>
    [Range(1d, 100_000_000)]
    public long MostUnfinished { get; set; } = 100_000;

    /// <summary>Bytes of a body with one article, or of a message that is a file; larger bodies are answered with 413.</summary>
    [Range(1024d, 1 << 30)]
    public long MaxArticleBytes { get; set; } = 16 * 1024 * 1024;

    /// <summary>Bytes of a batch over HTTP. A batch is read as a stream, so this bounds time, not memory.</summary>
    [Range(1024, 1L << 40)]
    public long MaxBatchBytes { get; set; } = 1L << 30;
}
