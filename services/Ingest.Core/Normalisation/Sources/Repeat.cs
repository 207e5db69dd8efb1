using Ingest.Core.Normalisation.Lines;

namespace Ingest.Core.Normalisation.Sources;

/// <summary>What is known of a passage that a source repeats.</summary>
/// <param name="Different">Different articles that have it; not more than are counted.</param>
/// <param name="Share">Share of the source's articles that have it.</param>
/// <param name="Ids">The different articles.</param>
internal readonly record struct Repeat(int Different, float Share, string[] Ids);

/// <summary>A sentence of a line with several, at one of its ends or (<paramref name="IsAside"/>) between others.</summary>
internal readonly record struct RepeatedSentence(int Start, int End, bool IsAside, Repetition Repetition);

/// <summary>What a source repeats of one text.</summary>
/// <param name="Lines">A number a line that is not blank.</param>
/// <param name="Sentences">Those that are repeated, in the order of the text.</param>
internal sealed record RepeatedText(Repetition[] Lines, RepeatedSentence[] Sentences)
{
    public static RepeatedText Nothing { get; } = new([], []);
}
