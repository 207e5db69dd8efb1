namespace Ingest.Core.Normalisation.Lines;

/// <summary>What a line or sentence has in common with other articles of its source.</summary>
/// <param name="Others">Different articles that have it too.</param>
/// <param name="MaskedOthers">The same with all numbers alike.</param>
/// <param name="Share">Share of the source's articles that have it.</param>
/// <param name="Ids">The different articles, this one perhaps among them.</param>
internal readonly record struct Repetition(int Others, int MaskedOthers, float Share, int Words, string[] Ids)
{
    /// <summary>
    /// In three different articles, and no mere label: of 100 such passages of 132,629 articles 94 are boilerplate, of shorter ones 50.
    /// </summary>
    public bool IsBoilerplate => Others >= 2 && Words >= 5;
}
