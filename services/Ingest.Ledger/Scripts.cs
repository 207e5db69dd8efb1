using System.Globalization;

namespace Ingest.Ledger;

/// <summary>The numbered scripts of a store's schema, which are in its folder.</summary>
static class Scripts
{
    /// <summary>In their order.</summary>
    public static IReadOnlyList<(int Number, string Name, string Script)> Of(string store)
    {
        var assembly = typeof(Scripts).Assembly;
        var folder = $"{store}/";
        return [.. assembly.GetManifestResourceNames().Where(n => n.StartsWith(folder, StringComparison.Ordinal)).Order(StringComparer.Ordinal).Select(resource =>
        {
            using var reader = new StreamReader(assembly.GetManifestResourceStream(resource)!);
            var name = Path.GetFileNameWithoutExtension(resource);
            return (int.Parse(name.AsSpan(0, 4), CultureInfo.InvariantCulture), name, reader.ReadToEnd());
        })];
    }
}
