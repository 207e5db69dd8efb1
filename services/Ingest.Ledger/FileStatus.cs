using System.Runtime.InteropServices;

namespace Ingest.Ledger;

/// <summary>What is found at a path.</summary>
public enum FileKind
{
    Regular,
    Folder,
    Pipe,
    Socket,
    Device,
}

/// <summary>
/// Tells files apart whatever they are called: equal for two paths that lead to the same file, over symbolic links and hard links. Of a
/// file that is still to be made it is the folder's, with the name.
/// </summary>
/// <param name="Name">Empty for a file that is there; where the system gives no numbers, the full path.</param>
public readonly record struct FileIdentity(ulong Device, ulong Number, string Name);

/// <summary>What the system says about the file at a path; links are followed.</summary>
/// <param name="Size">In bytes.</param>
/// <param name="Names">Hard links to it, its name among them.</param>
public sealed record FileStatus(FileIdentity Identity, FileKind Kind, long Size, long Names)
{
    /// <summary>A pipe, a socket or a device: it has no beginning and no end of its own.</summary>
    public bool IsStream => Kind is not (FileKind.Regular or FileKind.Folder);

    const int NoSuchFile = 2, NotAFolder = 20;

    /// <returns>Null where nothing is there, or a link leads nowhere.</returns>
    /// <exception cref="IOException">The system does not say.</exception>
    public static FileStatus? Of(string path)
    {
        if (!OperatingSystem.IsLinux())
            return ByPath(path);
        var error = Status(path, out var found);
        if (error is NoSuchFile or NotAFolder)
            return null;
        if (error != 0)
            throw new IOException(Marshal.GetPInvokeErrorMessage(error));
        var device = ((ulong)found.DeviceMajor << 32) | found.DeviceMinor;
        return new FileStatus(new FileIdentity(device, found.Inode, ""), KindOf(found.Mode), (long)found.Size, found.Links);
    }

    /// <summary>The identity of a file that is there, or of the one that would be made at the path.</summary>
    public static FileIdentity IdentityOf(string path)
    {
        if (Find(path) is { } found)
            return found.Identity;
        path = Target(path);
        return Path.GetDirectoryName(path) is { } folder && Find(folder) is { } parent
            ? parent.Identity with { Name = Path.Combine(parent.Identity.Name, Path.GetFileName(path)) }
            : new FileIdentity(0, 0, path);
    }

    /// <summary>The full path of the file that a path leads to; it need not be there.</summary>
    public static string Target(string path)
    {
        if (path.Length == 0)
            return path;
        // The library takes the target of a link without a folder for one in the root.
        path = Path.GetFullPath(path);
        try
        {
            return File.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName ?? path;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // There is nothing, or the links go round.
            return path;
        }
    }

    /// <summary>Whether this process may write to a file or folder that is there. Touches nothing.</summary>
    public static bool IsWritable(string path)
    {
        const int Write = 2;
        return !OperatingSystem.IsLinux() || Access(path, Write) == 0;
    }

    /// <summary>Gives a file the owner and group of another, as far as this process may: others than root mostly may not.</summary>
    public static void CopyOwner(string from, string to)
    {
        if (OperatingSystem.IsLinux() && Status(from, out var found) == 0 && Status(to, out var now) == 0 && (found.User, found.Group) != (now.User, now.Group))
            _ = ChangeOwner(to, found.User, found.Group);
    }

    static FileStatus? Find(string path)
    {
        try
        {
            return Of(path);
        }
        catch (IOException)
        {
            return null;
        }
    }

    static FileStatus? ByPath(string path)
    {
        var target = Target(path);
        var identity = new FileIdentity(0, 0, target);
        if (Directory.Exists(target))
            return new FileStatus(identity, FileKind.Folder, 0, 1);
        return File.Exists(target) ? new FileStatus(identity, FileKind.Regular, new FileInfo(target).Length, 1) : null;
    }

    static FileKind KindOf(ushort mode) => (mode & 0xf000) switch
    {
        0x8000 => FileKind.Regular,
        0x4000 => FileKind.Folder,
        0x1000 => FileKind.Pipe,
        0xc000 => FileKind.Socket,
        _ => FileKind.Device,
    };

    /// <returns>The system's error; 0 for none.</returns>
    static int Status(string path, out StatusRecord found)
    {
        const int CurrentFolder = -100, Basic = 0x7ff;
        return StatusAt(CurrentFolder, path, 0, Basic, out found) == 0 ? 0 : Marshal.GetLastPInvokeError();
    }

    // .NET tells neither identity nor kind. Of the system's calls, statx has one form on every processor.
    [DllImport("libc", EntryPoint = "statx", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    static extern int StatusAt(int folder, [MarshalAs(UnmanagedType.LPUTF8Str)] string path, int flags, uint mask, out StatusRecord found);

    [DllImport("libc", EntryPoint = "access", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    static extern int Access([MarshalAs(UnmanagedType.LPUTF8Str)] string path, int mode);

    [DllImport("libc", EntryPoint = "chown", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    static extern int ChangeOwner([MarshalAs(UnmanagedType.LPUTF8Str)] string path, uint user, uint group);

    /// <summary>The kernel's struct statx, as far as it is read.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 256)]
    struct StatusRecord
    {
        [FieldOffset(16)]
        public uint Links;

        [FieldOffset(20)]
        public uint User;

        [FieldOffset(24)]
        public uint Group;

        [FieldOffset(28)]
        public ushort Mode;

        [FieldOffset(32)]
        public ulong Inode;

        [FieldOffset(40)]
        public ulong Size;

        [FieldOffset(136)]
        public uint DeviceMajor;

        [FieldOffset(140)]
        public uint DeviceMinor;
    }
}
