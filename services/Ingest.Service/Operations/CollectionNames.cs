using Ingest.Core.Articles;
using Ingest.Service.Display;

namespace Ingest.Service.Operations;

/// <summary>The collections of an installation.</summary>
/// <param name="Declared">All that there are, the default one first.</param>
/// <param name="Served">Those that this process serves.</param>
sealed record CollectionRoster(IReadOnlyList<string> Declared, IReadOnlyList<string> Served);

/// <summary>What a collection may be called. Its name is a part of names of files, schemas, queues and paths.</summary>
static class CollectionNames
{
    const int MostCharacters = 30;

    public const string Rule = "a name has 1 to 30 lower-case English letters, digits and hyphens, and begins with a letter or digit";

    public static bool IsOne(string name) => name.Length is > 0 and <= MostCharacters && name[0] != '-'
        && name.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-');

    /// <summary>What something of the installation is called for a collection: <c>ingest.accept.sport</c>.</summary>
    public static string Of(string name, string collection) => collection == ArticleIds.DefaultCollection ? name : $"{name}.{collection}";

    /// <summary>The ledger's file: <c>ingest.sport.db</c> beside <c>ingest.db</c>.</summary>
    public static string FileOf(string file, string collection) =>
        collection == ArticleIds.DefaultCollection ? file : Path.ChangeExtension(file, $"{collection}{Path.GetExtension(file)}");

    /// <summary>Which of the declared ones a list names, in the order of their declaration; all where there is no list.</summary>
    /// <exception cref="FormatException">One is not declared.</exception>
    public static IReadOnlyList<string> Among(IReadOnlyList<string> declared, string? list)
    {
        var named = (list ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).ToHashSet(StringComparer.Ordinal);
        if (named.FirstOrDefault(n => !declared.Contains(n)) is { } unknown)
            throw new FormatException(
                $"has '{Secrets.Hidden(unknown)}', which is not declared: a section Ingest:Collections:NAME declares a collection. Declared: {string.Join(", ", declared)}.{Typos.Hint(unknown, declared)}");
        return named.Count == 0 ? declared : [.. declared.Where(named.Contains)];
    }
}
