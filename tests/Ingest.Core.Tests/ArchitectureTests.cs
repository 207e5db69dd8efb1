using System.Diagnostics;
using Ingest.Core.Normalisation;
using Ingest.Core.Normalisation.Rules;

namespace Ingest.Core.Tests;

/// <summary>The arrows between the rooms, and what no room may hold.</summary>
public class ArchitectureTests
{
    static readonly string Root = FindRoot();

    /// <summary>The tracked files, and those about to be; null where there is no git or no checkout (an exported tree).</summary>
    static readonly List<string>? Files = TrackedFiles();

    [Fact]
    public void The_core_references_nothing_of_ours() => Assert.DoesNotContain(
        typeof(Normaliser).Assembly.GetReferencedAssemblies(), a => a.Name!.StartsWith("Ingest", StringComparison.OrdinalIgnoreCase));

    [Theory]
    [InlineData("System.Net")]
    [InlineData("System.Text.RegularExpressions")]
    [InlineData("System.IO.FileSystem")]
    [InlineData("System.Console")]
    [InlineData("System.Diagnostics.Process")]
    public void The_core_is_pure(string library) => Assert.DoesNotContain(
        typeof(Normaliser).Assembly.GetReferencedAssemblies(), a => a.Name!.StartsWith(library, StringComparison.Ordinal));

    [Theory]
    [InlineData("contracts/Ingest.Contracts/Ingest.Contracts.csproj")]
    [InlineData("services/Ingest.Core/Ingest.Core.csproj")]
    [InlineData("services/Ingest.Ledger/Ingest.Ledger.csproj", "Ingest.Core")]
    [InlineData("services/Ingest.Service/Ingest.Service.csproj", "Ingest.Core", "Ingest.Contracts", "Ingest.Ledger")]
    public void Projects_reference_only_what_the_arrows_allow(string project, params string[] allowed)
    {
        var references = System.Xml.Linq.XDocument.Load(Path.Combine(Root, project)).Descendants("ProjectReference")
            .Select(r => Path.GetFileNameWithoutExtension(r.Attribute("Include")!.Value.Replace('\\', '/')));
        Assert.Empty(references.Except(allowed, StringComparer.Ordinal));
    }

    /// <summary>
    /// What stands at the top of a room (its entry and options) may use all folders of the room, and none of these uses it.
    /// </summary>
    [Theory]
    [InlineData("services/Ingest.Core")]
    [InlineData("services/Ingest.Service")]
    public void Folders_use_each_other_one_way(string project) => Assert.Empty(FolderArrows.In(Path.Combine(Root, project)).Rounds());

    [Fact]
    public void Every_list_of_words_is_read_by_code()
    {
        var code = string.Concat(
            Directory.EnumerateFiles(Path.Combine(Root, "services/Ingest.Core/Normalisation"), "*.cs", SearchOption.AllDirectories)
                .Select(File.ReadAllText));
        Assert.All(Wording.Kinds, kind => Assert.Contains($"\"{kind}\"", code, StringComparison.Ordinal));
    }

    [Fact]
    public void No_folder_is_a_drawer_for_odds_and_ends() => Assert.DoesNotContain(
        Directory.EnumerateDirectories(Root, "*", SearchOption.AllDirectories)
            .Select(d => Path.GetRelativePath(Root, d).Replace('\\', '/').Split('/')),
        parts => parts[0] is "services" or "contracts" or "tests" && !parts.Contains("bin") && !parts.Contains("obj")
            && parts[^1] is "Common" or "Shared" or "Utils" or "Helpers" or "Interfaces");

    [Fact]
    public void No_file_names_a_place_on_somebodys_machine()
    {
        if (Files is null)
            return;
        // Put together here, so that this file does not name one itself.
        string[] places = ["/home" + "/", "/work" + "/", "C:\\" + "Users", "/Us" + "ers/", "/root" + "/"];
        var faults = new List<string>();
        foreach (var file in Files.Where(f => new FileInfo(Path.Combine(Root, f)).Length < 1 << 20))
        {
            var text = File.ReadAllText(Path.Combine(Root, file));
            faults.AddRange(places.Where(p => NamesFolder(text, p)).Select(p => $"{file} names {p}"));
        }

        Assert.Empty(faults);
    }

    /// <summary>Not the middle of an address or of a longer path.</summary>
    static bool NamesFolder(string text, string place)
    {
        for (var at = text.IndexOf(place, StringComparison.Ordinal); at >= 0; at = text.IndexOf(place, at + 1, StringComparison.Ordinal))
            if (at == 0 || !char.IsLetterOrDigit(text[at - 1]) && text[at - 1] is not ('.' or '/' or '-' or '_' or '}' or ')'))
                return true;
        return false;
    }

    static List<string>? TrackedFiles()
    {
        try
        {
            using var git = Process.Start(new ProcessStartInfo("git", ["ls-files", "--cached", "--others", "--exclude-standard"])
            {
                WorkingDirectory = Root,
                UseShellExecute = false,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            })!;
            var files = git.StandardOutput.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries);
            git.WaitForExit();
            return git.ExitCode == 0 ? [.. files.Where(f => File.Exists(Path.Combine(Root, f)))] : null;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return null;
        }
    }

    static string FindRoot()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "Ingest.sln")))
            folder = Path.GetDirectoryName(folder)
                ?? throw new InvalidOperationException($"No Ingest.sln above {AppContext.BaseDirectory}.");
        return folder;
    }
}
