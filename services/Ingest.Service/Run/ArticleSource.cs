using ICSharpCode.SharpZipLib;
using Ingest.Core.Articles;
using Ingest.Core.Forms;
using Ingest.Core.Inputs;
using Ingest.Core.Normalisation.Reading;
using Ingest.Ledger;
using Ingest.Service.Display;

namespace Ingest.Service.Run;

/// <summary>A file with articles.</summary>
/// <param name="Path"><c>-</c> for standard input.</param>
/// <param name="Name">How it is called in a table: below its folder.</param>
/// <param name="Folder">The folder that was named; null where the file itself was.</param>
sealed record ArticleFile(string Path, string Name, string? Folder)
{
    /// <summary>It is a pipe or a device, and not standard input: it can be read once.</summary>
    public bool IsStream
    {
        get
        {
            try
            {
                return Path != "-" && FileStatus.Of(Path) is { IsStream: true };
            }
            catch (IOException)
            {
                // Reading it says why.
                return false;
            }
        }
    }
}

/// <summary>
/// Takes raw articles from files, folders and standard input. What cannot be opened is a fault of the run; whether there is an
/// article in what can be opened is the normaliser's word. Memory holds one article at a time, or those that one export holds together.
/// </summary>
/// <param name="columns">What is said of tables; every column is known by its name where nothing is.</param>
/// <param name="standardInput">Where <c>-</c> is read from, each time that it is.</param>
sealed class ArticleSource(long maxBytes, ColumnMap? columns = null, Func<Stream>? standardInput = null)
{
    /// <summary>That are named.</summary>
    const int MostSkipped = 10;

    readonly InputLimits limits = new(maxBytes) { Columns = columns ?? ColumnMap.None };

    /// <summary>What could not be opened or read, with the reason.</summary>
    public List<string> Faults { get; } = [];

    /// <summary>What was passed by in folders, with the reason.</summary>
    public List<string> Skipped { get; } = [];

    /// <summary>A column that was given and that nothing has, as a usage error; null where all are found, or where something could not be read.</summary>
    public string? MissingColumn => Faults.Count == 0 && limits.Columns.Missing() is { } missing ? $"--columns {missing}" : null;

    /// <summary>Says on the error stream what was passed by, and what could not be read.</summary>
    public void Tell()
    {
        foreach (var skipped in Skipped.Take(MostSkipped))
            Terminal.Complain($"skipped {skipped}.");
        if (Skipped.Count > MostSkipped)
            Terminal.Complain($"skipped {Skipped.Count - MostSkipped} more of the same kinds.");
        Faults.ForEach(Terminal.Complain);
    }

    public IEnumerable<RawArticle> Read(IEnumerable<string> paths) => Read(Find(paths));

    public IEnumerable<RawArticle> Read(IEnumerable<ArticleFile> files) => ReadWhole(files).SelectMany(ArticleParts.Of);

    /// <summary>What may be several articles as one: see <see cref="ArticleParts"/>.</summary>
    public IEnumerable<RawArticle> ReadWhole(IEnumerable<ArticleFile> files) =>
        files.SelectMany(f => f.Path == "-" ? ReadStandardInput() : ReadFile(f.Path, f.Name));

    /// <summary>The files that are to be read, in their order; nothing is opened yet.</summary>
    public List<ArticleFile> Find(IEnumerable<string> paths) => [.. paths.SelectMany(FindIn)];

    IEnumerable<ArticleFile> FindIn(string path) => path != "-" && Directory.Exists(path)
        ? Walk(path).Select(file => new ArticleFile(file, Path.GetRelativePath(path, file), path))
        : [new ArticleFile(path, Path.GetFileName(path), null)];

    /// <summary>
    /// The articles below a folder, in the order of their paths. Expected outcomes that stand beside samples
    /// (<c>expected.jsonl</c>) are none, nor are files with another ending; a file named on the command line is always read.
    /// </summary>
    List<string> Walk(string folder)
    {
        var walk = new FolderWalk(path => InputFiles.IsWanted(path) || Maildir.Holds(path));
        var files = walk.Files(folder);
        Faults.AddRange(walk.Faults);
        Skipped.AddRange(walk.Skipped);
        if (files.Count == 0 && walk.Faults.Count == 0)
            Faults.Add($"{folder} contains no article: looked for {string.Join(", ", InputFiles.Endings)}, each also with .gz or .zst, and for mail folders.");
        return files;
    }

    IEnumerable<RawArticle> ReadFile(string path, string name)
    {
        Stream stream;
        try
        {
            stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, 1 << 16, FileOptions.SequentialScan);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            Faults.Add($"cannot read {path}: {(e is FileNotFoundException or DirectoryNotFoundException ? "there is no such file or folder." : e.Message)}");
            return [];
        }

        var contentType = Maildir.Holds(path) ? "message/rfc822" : null;
        return Guarded(path, stream, InputFiles.Read(stream, File(path, name), limits, contentType));
    }

    /// <summary>
    /// Passes inputs on; a fault while reading (a broken .gz, a failing disk) ends this file and is reported, not the run.
    /// </summary>
    IEnumerable<RawArticle> Guarded(string path, Stream stream, IEnumerable<RawArticle> inputs)
    {
        using (stream)
        {
            using var each = inputs.GetEnumerator();
            while (true)
            {
                try
                {
                    if (!each.MoveNext())
                        yield break;
                }
                catch (Exception e) when (e is IOException or InvalidDataException or UnauthorizedAccessException or SharpZipBaseException)
                {
                    Faults.Add($"cannot read {path} to its end: {e.Message}");
                    yield break;
                }

                yield return each.Current;
            }
        }
    }

    /// <summary>Standard input has no name: it is what it begins like, JSON Lines where its first character is a brace.</summary>
    IEnumerable<RawArticle> ReadStandardInput()
    {
        var stream = standardInput?.Invoke() ?? new BufferedStream(Console.OpenStandardInput(), 1 << 16);
        return Guarded("standard input", stream, InputFiles.Read(stream, File("-", "-"), limits));
    }

    static RawArticle File(string path, string name) => new(path, ArticleForm.Text, default, ArticleMetadata.None, "file") { Name = name, Folder = FolderOf(path) };

    static string? FolderOf(string path) =>
        Path.GetFileName(Path.GetDirectoryName(Path.GetFullPath(path))) is { Length: > 0 } folder ? folder : null;
}
