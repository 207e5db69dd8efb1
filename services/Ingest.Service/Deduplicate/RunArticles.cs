using System.Text;
using Ingest.Core.Deduplication;
using Microsoft.Win32.SafeHandles;

namespace Ingest.Service.Deduplicate;

/// <summary>
/// The articles of one run, by their number in the order of decisions, for comparison with later ones. In memory an article takes only
/// the place where it stands in a temporary file, which goes with the process, however that ends.
/// </summary>
sealed class RunArticles : IDisposable
{
    /// <summary>Bytes that are gathered before they are written.</summary>
    const int WriteSize = 1 << 20;

    /// <summary>Bytes that hold the longest id, which is a path or a string of a record; a longer one is read in a second try.</summary>
    const int IdSize = 4096;

    readonly FileStream stream;
    readonly SafeFileHandle file;
    readonly List<long> places = [];
    readonly MemoryStream waiting = new(WriteSize);
    long written;

    /// <exception cref="TemporaryFileException">The temporary file cannot be made.</exception>
    public RunArticles()
    {
        try
        {
            stream = Create(Path.Combine(Path.GetTempPath(), $"ingest-{Path.GetRandomFileName()}"));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new TemporaryFileException(e);
        }

        file = stream.SafeFileHandle;
    }

    /// <summary>Adds the article that gets the next number, the first being 1.</summary>
    /// <exception cref="TemporaryFileException">The temporary file cannot be written.</exception>
    public void Add(string id, StoryArticle article)
    {
        if (waiting.Length >= WriteSize)
            WriteOut();

        places.Add(written + waiting.Length);
        using var writer = new BinaryWriter(waiting, Encoding.UTF8, leaveOpen: true);
        writer.Write(id);
        writer.Write(article.Arrival.ToUnixTimeMilliseconds());
        foreach (var field in (ReadOnlySpan<string?>)[article.Headline, article.Agency, article.Publisher, article.Version, article.Correction])
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
        var (headline, agency, publisher, version, correction) = (Field(reader), Field(reader), Field(reader), Field(reader), Field(reader));
        return new StoryArticle(reader.ReadString(), arrival) { Headline = headline, Agency = agency, Publisher = publisher, Version = version, Correction = correction };
    }

    public string Id(long number)
    {
        try
        {
            using var reader = Open(number, IdSize);
            return reader.ReadString();
        }
        catch (EndOfStreamException)
        {
            using var reader = Open(number);
            return reader.ReadString();
        }
    }

    public void Dispose() => stream.Dispose();

    /// <summary>
    /// Readable by its owner only. It loses its name as soon as it is open, so that nothing is left of it even where the process is killed;
    /// Windows, which takes no name from an open file, deletes it when the last handle goes.
    /// </summary>
    static FileStream Create(string path)
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.ReadWrite, Share = FileShare.None, BufferSize = 0 };
        if (OperatingSystem.IsWindows())
        {
            options.Options = FileOptions.DeleteOnClose;
            return new FileStream(path, options);
        }

        options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        var opened = new FileStream(path, options);
        File.Delete(path);
        return opened;
    }

    void WriteOut()
    {
        try
        {
            RandomAccess.Write(file, waiting.GetBuffer().AsSpan(0, (int)waiting.Length), written);
        }
        catch (Exception e) when (e is IOException or ArgumentOutOfRangeException)
        {
            // The runtime's word for a file system or a limit that allows no file of this size is an argument out of range.
            throw new TemporaryFileException(e);
        }

        written += waiting.Length;
        waiting.SetLength(0);
    }

    static string? Field(BinaryReader reader)
    {
        var given = reader.ReadBoolean();
        var text = reader.ReadString();
        return given ? text : null;
    }

    BinaryReader Open(long number, int most = int.MaxValue)
    {
        var place = places[(int)number - 1];
        var end = number < places.Count ? places[(int)number] : written + waiting.Length;
        var length = (int)Math.Min(end - place, most);
        return place >= written
            ? new BinaryReader(new MemoryStream(waiting.GetBuffer(), (int)(place - written), length, writable: false), Encoding.UTF8)
            : new BinaryReader(new MemoryStream(Bytes(place, length)), Encoding.UTF8);
    }

    byte[] Bytes(long place, int length)
    {
        var bytes = new byte[length];
        var read = 0;
        try
        {
            while (read < length)
                read += RandomAccess.Read(file, bytes.AsSpan(read), place + read) is > 0 and var count
                    ? count
                    : throw new IOException($"it ends at {place + read}, within an article.");
        }
        catch (IOException e)
        {
            throw new TemporaryFileException(e);
        }

        return bytes;
    }
}

/// <summary>The temporary file of a run cannot be made, written or read; the message says where, why and what to do.</summary>
sealed class TemporaryFileException(Exception reason) : Exception(
    $"cannot keep the run's articles in {Path.GetTempPath()}: {Reason(reason)} Set TMPDIR to a folder with room for the articles' text.", reason)
{
    static string Reason(Exception reason) => reason switch
    {
        DirectoryNotFoundException => "there is no such folder.",
        UnauthorizedAccessException => "it may not be written to.",
        ArgumentOutOfRangeException => "no file may grow so large there.",
        // Behind the colon stands the path of a file that has no name any more.
        _ => reason.Message.Split(" : '")[0].TrimEnd('.') + ".",
    };
}
