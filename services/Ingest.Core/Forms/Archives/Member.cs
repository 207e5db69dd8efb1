using Ingest.Core.Articles;

namespace Ingest.Core.Forms.Archives;

/// <summary>A file in an archive, of which only the name is used: nothing is written anywhere.</summary>
internal static class Member
{
    /// <param name="path">As the archive has it.</param>
    /// <param name="number">Its place, from 1.</param>
    public static RawArticle Of(RawArticle archive, string path, int number) => archive with
    {
        Id = InputForm.IdOf(archive, path, number),
        Name = $"{archive.Name}#{path}",
        Folder = Path.GetFileName(Path.GetDirectoryName(path)) is { Length: > 0 } folder ? folder : archive.Folder,
    };
}
