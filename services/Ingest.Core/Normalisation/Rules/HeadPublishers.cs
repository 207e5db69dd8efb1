using Ingest.Core.Articles;
using Ingest.Core.Normalisation.Characters;
using Ingest.Core.Normalisation.Documents;
using Ingest.Core.Normalisation.Lines;
using Ingest.Core.Normalisation.Phrases;

namespace Ingest.Core.Normalisation.Rules;

/// <summary>Who printed it, where the head says so: a name above the headline, or the site's name behind it.</summary>
internal static class HeadPublishers
{
    public const string Suffix = "publisher.suffix";

    /// <summary>What PressReader puts under an article: above it stands the publisher's name.</summary>
    public static readonly IReadOnlyList<PhraseRule> PressReader = PhraseRule.Group("pressreader");

    /// <summary>"… - The Harbour Times", "… | Harbour Times": the site behind its headline, where something else names it too.</summary>
    public static void CutSite(Document document, Segment headline)
    {
        var line = document.Slice(headline);
        var bar = line.LastIndexOfAny('|', '·');
        var at = Math.Max(bar, Math.Max(line.LastIndexOf(" - "), Math.Max(line.LastIndexOf(" – "), line.LastIndexOf(" — "))));
        if (at < 10 || line.Length - at < 4)
            return;
        var name = line[at..].TrimStart(" -–—|·");
        if (name.IsEmpty || name.Length > 40 || Chars.WordsIn(name) > 5 || Chars.Is(name[^1], CharClass.Terminal)
            || !(at == bar && Chars.Is(name[0], CharClass.Upper | CharClass.Spaceless) || Outlets.Is(name) || IsSite(document, headline, name)))
            return;
        var site = document.Cut(headline, headline.Start + at);
        site.Decide(BlockKind.Publisher, Suffix);
        document.Draft.Set(Field.Publisher, name.ToString(), Suffix, site);
    }

    /// <summary>The record, a URL or the copyright line names the same.</summary>
    static bool IsSite(Document document, Segment headline, ReadOnlySpan<char> name)
    {
        if (document.Given.Publisher is { } publisher && Chars.SayTheSame(name, publisher) || IsHolder(document, name.ToString()))
            return true;
        if (IsOfHost(document.Given.Url, name))
            return true;
        var steps = 0;
        for (var segment = document.Last; segment is not null && segment != headline && steps < 12; segment = segment.Previous, steps++)
            if (segment.Traits.HasUrl && segment.Traits.Words < 40 && document.Slice(segment) is var line
                && line.IndexOf("http", StringComparison.OrdinalIgnoreCase) is var url and >= 0
                && IsOfHost(line[url..].ToString(), name))
                return true;
        return false;
    }

    /// <summary>"The Harbour Times" at harbourtimes.example.</summary>
    static bool IsOfHost(string? url, ReadOnlySpan<char> name)
    {
        if (!Uri.TryCreate(url, UriKind.Absolute, out var uri))
            return false;
        if (name.StartsWith("The ", StringComparison.OrdinalIgnoreCase))
            name = name[4..];
        foreach (var label in uri.IdnHost.Split('.'))
            if (label.Length >= 4 && (Chars.SayTheSame(name, label) || label.StartsWith("the", StringComparison.Ordinal) && Chars.SayTheSame(name, label.AsSpan(3))))
                return true;
        return false;
    }

    /// <summary>
    /// A name above the headline: short, without signs or verbs' endings, and the line behind it is the better headline; or a trailer,
    /// copyright line or URL further down says the same name.
    /// </summary>
    public static bool IsPublisher(Document document, Segment line, Segment next)
    {
        if (line.Traits.Words > 6 || line.Traits.Digits > 0 || line.Traits.EndsSentence || next.Traits.Words < 3)
            return false;
        if (line.Traits.Capitalised * 3 < line.Traits.Words * 2 && line.Traits.Spaceless == 0)
            return false;
        return document.Draft.Media.Exists(m => m.Caption.Length > 0) && line.Next == next
            || HasPressReaderTrailer(document) || Publishers.IsName(document.TextOf(line))
            || IsHolder(document, document.TextOf(line));
    }

    /// <summary>A copyright line at the end names the same.</summary>
    static bool IsHolder(Document document, string name)
    {
        var steps = 0;
        for (var segment = document.Last; segment is not null && steps < 40; segment = segment.Previous, steps++)
            if (segment.Kind == BlockKind.Copyright && !segment.Undecided
                && document.Slice(segment).Contains(name, StringComparison.OrdinalIgnoreCase))
                return true;
        return false;
    }

    static bool HasPressReaderTrailer(Document document)
    {
        var steps = 0;
        for (var segment = document.Last; segment is not null && steps < 12; segment = segment.Previous, steps++)
            if (segment.Rule is { } name && PressReader.Any(r => r.Name == name))
                return true;
        for (var (segment, count) = (document.First, 0); segment is not null && count < 8; segment = segment.Next, count++)
            if (segment.Undecided && document.Slice(segment).StartsWith("- By ", StringComparison.OrdinalIgnoreCase))
                return true;
        return false;
    }
}
