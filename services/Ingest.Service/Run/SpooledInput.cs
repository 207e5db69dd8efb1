namespace Ingest.Service.Run;

/// <summary>Standard input, kept in a temporary file so that it can be read more than once. The file goes with the program.</summary>
sealed class SpooledInput : IDisposable
{
    FileStream? file;

    /// <summary>The whole input, from its start.</summary>
    public Stream Open()
    {
        if (file is null)
        {
            file = new FileStream(
                Path.Combine(Path.GetTempPath(), $"ingest-input-{Guid.NewGuid():N}"), FileMode.CreateNew, FileAccess.ReadWrite,
                FileShare.ReadWrite | FileShare.Delete, 1 << 16, FileOptions.DeleteOnClose);
            using var input = Console.OpenStandardInput();
            input.CopyTo(file);
            file.Flush();
        }

        return new FileStream(file.Name, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, 1 << 16);
    }

    public void Dispose() => file?.Dispose();
}
