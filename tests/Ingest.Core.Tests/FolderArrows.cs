using System.Text.RegularExpressions;

namespace Ingest.Core.Tests;

/// <summary>
/// Which folders of a project use which: folder A has an arrow to B where a file of A names a type that a file of B declares. Read from the
/// sources, because the compiled program no longer shows constants and what was inlined. The folder of the root itself is called "".
/// </summary>
/// <remarks>
/// A name counts where the compiler would find that type by it: in a file that imports the type's namespace, stands in or below it, or
/// writes its last part before the name. So types of one name in two folders are told apart, also where one namespace is
/// the parent of another.
/// </remarks>
sealed class FolderArrows
{
    const RegexOptions Lines = RegexOptions.Multiline | RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking;

    static readonly Regex Global = new(@"^global using (?<name>[\w.]+);", Lines);
    static readonly Regex Words = new(@"[A-Za-z_]\w*", RegexOptions.NonBacktracking);

    readonly Dictionary<(string From, string To), SortedSet<string>> mentions = [];

    FolderArrows(IEnumerable<(string Path, string Text)> sources)
    {
        var files = sources.Select(s => new SourceFile(s.Path, SourceCode.Of(s.Text))).ToList();
        var everywhere = files.SelectMany(f => Global.Matches(f.Code).Select(Name)).ToHashSet();
        var types = files.SelectMany(f => f.Types.Select(t => (Name: t, f.Namespace, f.Folder))).ToLookup(t => t.Name);
        foreach (var file in files)
            foreach (var mention in Words.EnumerateMatches(file.Body))
            {
                var name = file.Body.AsSpan(mention.Index, mention.Length).ToString();
                foreach (var type in types[name])
                    if (type.Folder != file.Folder && file.Means(type.Namespace, mention.Index, everywhere))
                        Add(file, type.Folder, name);
            }
    }

    /// <summary>All arrows, by their folders.</summary>
    public IReadOnlyCollection<(string From, string To)> All => mentions.Keys;

    /// <param name="root">The folder of the project.</param>
    public static FolderArrows In(string root) => new(
        from path in Directory.EnumerateFiles(root, "*.cs", SearchOption.AllDirectories)
        let relative = Path.GetRelativePath(root, path).Replace('\\', '/')
        where relative.Split('/')[0] is not ("bin" or "obj")
        select (relative, File.ReadAllText(path)));

    public static FolderArrows Of(params (string Path, string Text)[] sources) => new(sources);

    /// <summary>
    /// The arrows from whose end their start can be reached again, two-way pairs and longer rings, with the files and the names that make
    /// them. None where the folders can be read one after the other.
    /// </summary>
    public IReadOnlyList<string> Rounds()
    {
        var reach = mentions.Keys.Select(a => a.From).Distinct().ToDictionary(f => f, Reached);
        return [.. mentions.Where(a => a.Key.From != a.Key.To && reach.GetValueOrDefault(a.Key.To)?.Contains(a.Key.From) == true)
            .OrderBy(a => a.Key)
            .Select(a => $"{Shown(a.Key.From)} -> {Shown(a.Key.To)}: {string.Join(", ", a.Value)}")];
    }

    static string Name(Match match) => match.Groups["name"].Value;

    static string Shown(string folder) => folder.Length == 0 ? "(top)" : folder;

    HashSet<string> Reached(string from)
    {
        var (reached, open) = (new HashSet<string>(), new Stack<string>([from]));
        while (open.TryPop(out var folder))
            foreach (var (_, to) in mentions.Keys.Where(a => a.From == folder))
                if (reached.Add(to))
                    open.Push(to);
        return reached;
    }

    void Add(SourceFile file, string to, string name)
    {
        if (!mentions.TryGetValue((file.Folder, to), out var found))
            mentions[(file.Folder, to)] = found = new(StringComparer.Ordinal);
        found.Add($"{Path.GetFileName(file.Path)} names {name}");
    }

    sealed class SourceFile
    {
        static readonly Regex NamespaceLine = new(@"^namespace (?<name>[\w.]+)", Lines);
        static readonly Regex Imports = new(@"^(global )?using (?<name>[\w.]+);", Lines);
        static readonly Regex Declarations = new(
            @"^((public|internal|file|sealed|static|abstract|readonly|ref|partial|unsafe) )*(class|struct|interface|enum|record( struct| class)?|delegate [\w<>?,\[\] ]+?) (?<name>\w+)", Lines);

        readonly HashSet<string> imports;

        public SourceFile(string path, string code)
        {
            (Path, Code) = (path, code);
            Folder = path.Contains('/', StringComparison.Ordinal) ? path[..path.LastIndexOf('/')] : "";
            Namespace = Name(NamespaceLine.Match(code));
            imports = [.. Imports.Matches(code).Select(Name)];
            Types = [.. Declarations.Matches(code).Select(Name)];
            Body = NamespaceLine.Replace(Imports.Replace(code, ""), "");
        }

        public string Path { get; }
        public string Code { get; }
        public string Folder { get; }
        public string Namespace { get; }

        /// <summary>The types that stand for themselves; those inside others are reached through these.</summary>
        public IReadOnlyList<string> Types { get; }

        /// <summary>The code without its imports and namespace; an alias is a mention.</summary>
        public string Body { get; }

        /// <summary>True where the name at this place of the body may be one of that namespace.</summary>
        public bool Means(string space, int at, HashSet<string> everywhere)
        {
            if (at > 0 && Body[at - 1] == '.')
            {
                var end = at - 1;
                var start = end;
                while (start > 0 && (char.IsLetterOrDigit(Body[start - 1]) || Body[start - 1] == '_'))
                    start--;
                return Body.AsSpan(start, end - start).SequenceEqual(space.AsSpan(space.LastIndexOf('.') + 1));
            }

            return imports.Contains(space) || everywhere.Contains(space) || Namespace == space
                || Namespace.StartsWith(space + ".", StringComparison.Ordinal);
        }
    }
}
