namespace Ingest.Core.Articles;

/// <summary>
/// The outcome of cleaning one raw article: an article, or the reason why there is none; in both cases every decision.
/// </summary>
/// <param name="Blocks">All blocks in the order of the raw text, kept and removed: they tile it but for white space.</param>
public sealed record NormalisationResult(Article? Article, Rejection? Rejection, IReadOnlyList<Block> Blocks, IReadOnlyList<string> Notes)
{
    /// <summary>Version of the rules that made it: this program's, unless it was read from where another one kept it.</summary>
    public string Normaliser { get; init; } = NormaliserVersion.Current;

    public static NormalisationResult Rejected(Rejection rejection, IReadOnlyList<string>? notes = null) =>
        new(null, rejection, [], notes ?? []);
}

/// <summary>The rules of this program.</summary>
public static class NormaliserVersion
{
    /// <summary>Changes with every change of rules that changes an outcome.</summary>
    public const string Current = "4";
}
