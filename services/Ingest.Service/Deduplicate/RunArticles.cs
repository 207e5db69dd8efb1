using System.Text;
using Ingest.Core.Deduplication;
using Microsoft.Win32.SafeHandles;

namespace Ingest.Service.Deduplicate;

/// <summary>
/// The articles of one run, by their number in the order of decisions, for comparison with later ones. In memory an article takes only
/// the place where it stands in a temporary file, which goes with the process.
/// </summary>
sealed class RunArticles : IDisposable
{
    /// <summary>Bytes that are gathered before they are written.</summary>
    const int WriteSize = 1 << 20;

    readonly SafeFileHandle file = File.OpenHandle(
        Path.Combine(Path.GetTempPath(), Path.GetRandomFileName()), FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, FileOptions.DeleteOnClose);
    readonly List<long> places = [];
    readonly MemoryStream waiting = new(WriteSize);
    long written;

    /// <summary>Adds the article that gets the next number, the first being 1.</summary>
    /// <exception cref="IOException">The temporary file cannot be written.</exception>
    public void Add(string id, StoryArticle article)
    {
        if (waiting.Length >= WriteSize)
        {
            RandomAccess.Write(file, waiting.GetBuffer().AsSpan(0, (int)waiting.Length), written);
            written += waiting.Length;
            waiting.SetLength(0);
        }

        places.Add(written + waiting.Length);
        using var writer = new BinaryWriter(waiting, Encoding.UTF8, leaveOpen: true);
        writer.Write(id);
        writer.Write(article.Arrival.ToUnixTimeMilliseconds());
        foreach (var field in (ReadOnlySpan<string?>)[article.Agency, article.Publisher, article.Version, article.Correction])
        {
            writer.Write(field is not null);
            writer.Write(field ?? "");
        }

        writer.Write(article.Body);
    }

    public StoryArticle Read(long number)
    {
        using var reader = Open(number);
        reader.ReadString();
        var arrival = DateTimeOffset.FromUnixTimeMilliseconds(reader.ReadInt64());
        var (agency, publisher, version, correction) = (Field(reader), Field(reader), Field(reader), Field(reader));
        return new StoryArticle(reader.ReadString(), arrival) { Agency = agency, Publisher = publisher, Version = version, Correction = correction };
    }

    public string Id(long number)
    {
        using var reader = Open(number);
        return reader.ReadString();
    }

    public void Dispose() => file.Dispose();

    static string? Field(BinaryReader reader)
    {
        var given = reader.ReadBoolean();
        var text = reader.ReadString();
        return given ? text : null;
    }

    BinaryReader Open(long number)
    {
        var place = places[(int)number - 1];
        var end = number < places.Count ? places[(int)number] : written + waiting.Length;
        if (place >= written)
            return new BinaryReader(new MemoryStream(waiting.GetBuffer(), (int)(place - written), (int)(end - place), writable: false), Encoding.UTF8);
        var bytes = new byte[end - place];
        var read = 0;
        while (read < bytes.Length)
            read += RandomAccess.Read(file, bytes.AsSpan(read), place + read) is > 0 and var count
                ? count
                : throw new EndOfStreamException($"The temporary file of the run ends at {place + read}, within an article. Was it cut?");
        return new BinaryReader(new MemoryStream(bytes), Encoding.UTF8);
    }
}
