using System.Globalization;
using Ingest.Ledger;

namespace Ingest.Service.Run;

/// <summary>
/// Standard input, kept in a temporary file so that it can be read more than once. Only its owner may read it, and nothing is left of it
/// however the program ends: on Linux it has no name from the start.
/// </summary>
sealed class SpooledInput : IDisposable
{
    FileStream? file;
    string path = "";

    /// <summary>The whole input, from its start.</summary>
    /// <exception cref="LedgerException">The temporary file cannot be written.</exception>
    public Stream Open()
    {
        try
        {
            file ??= Spooled();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new LedgerException(
                $"Standard input cannot be kept in {Path.GetTempPath()} ({e.Message.TrimEnd('.')}). Set TMPDIR to a folder with room for it, or use --stream, which reads it once.");
        }

        return new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, 1 << 16);
    }

    public void Dispose() => file?.Dispose();

    FileStream Spooled()
    {
        path = Path.Combine(Path.GetTempPath(), $"ingest-input-{Guid.NewGuid():N}");
        var options = new FileStreamOptions
        {
            Mode = FileMode.CreateNew, Access = FileAccess.ReadWrite, Share = FileShare.ReadWrite | FileShare.Delete, Options = FileOptions.DeleteOnClose,
        };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        var spooled = new FileStream(path, options);
        if (OperatingSystem.IsLinux())
        {
            File.Delete(path);
            path = string.Create(CultureInfo.InvariantCulture, $"/proc/self/fd/{spooled.SafeFileHandle.DangerousGetHandle()}");
        }

        using var input = Console.OpenStandardInput();
        input.CopyTo(spooled);
        spooled.Flush();
        return spooled;
    }
}
