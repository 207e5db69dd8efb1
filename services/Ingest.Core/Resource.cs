namespace Ingest.Core;

/// <summary>The data files that are compiled into the assembly.</summary>
internal static class Resource
{
    /// <summary>The lines of an embedded text, without blank lines and those that begin with '#'.</summary>
    public static IEnumerable<string> Lines(string name)
    {
        using var stream = typeof(Resource).Assembly.GetManifestResourceStream(name)
            ?? throw new InvalidOperationException($"The embedded file '{name}' is missing.");
        using var reader = new StreamReader(stream);
        while (reader.ReadLine() is { } line)
        {
            var trimmed = line.Trim();
            if (trimmed.Length > 0 && trimmed[0] != '#')
                yield return trimmed;
        }
    }
}
