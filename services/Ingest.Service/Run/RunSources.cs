using Ingest.Core.Articles;
using Ingest.Core.Normalisation.Reading;
using Ingest.Core.Normalisation.Sources;
using Ingest.Ledger;

namespace Ingest.Service.Run;

/// <summary>From what a run learns what its sources repeat.</summary>
enum Learning
{
    /// <summary>From all of its articles, before the first is cleaned.</summary>
    Whole,

    /// <summary>For each article from those before it, as a service does.</summary>
    Stream,
    None,
}

/// <summary>What the sources of a run are known to repeat.</summary>
/// <param name="byFolder">An article that names no source has its folder for one.</param>
sealed class RunSources(Learning learning, bool byFolder)
{
    readonly SourceSurvey survey = new();
    readonly Dictionary<string, SourceHistory> histories = new(StringComparer.Ordinal);
    readonly Dictionary<string, SourceRulings> ruled = new(StringComparer.Ordinal);
    RulingLog? rulings;
    int lastRuling;

    public Learning Learning { get; } = learning;

    /// <summary>The same for an input that can be read only once.</summary>
    public RunSources OfStream() => new(Learning.Stream, byFolder);

    /// <summary>What is ruled in a ledger holds for the run, as it stands now.</summary>
    /// <exception cref="LedgerException">The ledger cannot be read.</exception>
    public void Heed(LedgerStore ledger)
    {
        rulings = new RulingLog(ledger);
        lastRuling = rulings.End();
    }

    /// <summary>An article that was looked over.</summary>
    /// <param name="Text">Null where there is nothing to learn from it.</param>
    public readonly record struct Looked(string? Source, SourceText? Text, string Id);

    /// <summary>Looks over the articles of some inputs of a whole, before any of it is cleaned; on any thread.</summary>
    public Looked[] Look(RawArticle[] inputs)
    {
        var looked = new Looked[inputs.Length][];
        Parallel.For(0, inputs.Length, i =>
        {
            var read = RawReader.Read(inputs[i]);
            var parts = ArticleParts.Of(inputs[i], read);
            looked[i] = parts.Count == 1 ? [Look(inputs[i], read)] : [.. parts.Select(p => Look(p, RawReader.Read(p)))];
        });
        return [.. looked.SelectMany(l => l)];
    }

    Looked Look(RawArticle raw, ReadArticle read) =>
        read.Article is { } article && SourceOf(raw, read) is { } source ? new Looked(source, SourceText.Of(article), read.Id) : default;

    /// <summary>Learns from the next that were looked over, in their order.</summary>
    public void Survey(Looked[] articles)
    {
        foreach (var (source, text, id) in articles)
            if (text is not null)
                survey.Learn(source, text, id);
    }

    /// <summary>All were looked over.</summary>
    public void Complete() => survey.Complete();

    /// <summary>What is known for each of the next articles.</summary>
    public SourceProfile[] ProfilesOf(Submission[] articles)
    {
        var profiles = Learnt(articles);
        if (lastRuling > 0)
            for (var i = 0; i < profiles.Length; i++)
                if (SourceOf(articles[i].Raw, articles[i].Read) is { } source)
                    profiles[i] = profiles[i].With(RulingsOf(source));
        return profiles;
    }

    SourceRulings RulingsOf(string source)
    {
        if (!ruled.TryGetValue(source, out var known))
            ruled[source] = known = rulings!.Of(source, SourceRulings.None, lastRuling);
        return known;
    }

    SourceProfile[] Learnt(Submission[] articles)
    {
        var profiles = new SourceProfile[articles.Length];
        if (Learning != Learning.Stream)
        {
            for (var i = 0; i < profiles.Length; i++)
                profiles[i] = Learning == Learning.None ? SourceProfile.Unknown : survey.ProfileOf(SourceOf(articles[i].Raw, articles[i].Read));
            return profiles;
        }

        var texts = new SourceText?[articles.Length];
        Parallel.For(0, articles.Length, i => texts[i] = articles[i].Read.Article is { } article ? SourceText.Of(article) : null);
        for (var i = 0; i < profiles.Length; i++)
        {
            profiles[i] = SourceProfile.Unknown;
            if (texts[i] is not { } text || SourceOf(articles[i].Raw, articles[i].Read) is not { } source)
                continue;
            if (!histories.TryGetValue(source, out var history))
                histories[source] = history = new SourceHistory();
            profiles[i] = history.Profile;
            history.Learn(text, articles[i].Id);
        }

        return profiles;
    }

    string? SourceOf(RawArticle raw, ReadArticle read) => SourceName.Of(read.Metadata) ?? (byFolder ? raw.Folder : null);
}
