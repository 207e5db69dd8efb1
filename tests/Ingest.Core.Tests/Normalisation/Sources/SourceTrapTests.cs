using Ingest.Core.Articles;
using Ingest.Core.Normalisation;
using Ingest.Core.Normalisation.Sources;

namespace Ingest.Core.Tests.Normalisation.Sources;

/// <summary>
/// Repeats that are the article's own, which learning must leave, and repeats that are the source's, which it must take: written before the
/// learner. The texts are made of invented sentences.
/// </summary>
public sealed class SourceTrapTests
{
    static readonly Normaliser Normaliser = new();

    static readonly string[] Towns = ["Almhult", "Brenna", "Corvik", "Dalsund", "Egge", "Fossnes", "Gravdal", "Holmby", "Istad", "Jevnaker", "Kvale", "Lomen"];

    static readonly string[] Things = ["bridge", "ferry", "school", "library", "stadium", "market", "tunnel", "museum", "harbour", "clinic", "theatre", "station"];

    /// <summary>A sentence that no other article has.</summary>
    static string Sentence(int article, int sentence)
    {
        string town = Towns[(article * 5 + sentence) % 12], thing = Things[(article * 7 + sentence * 3) % 12], other = Things[(article + sentence * 5 + 1) % 12];
        return (sentence % 4) switch
        {
            0 => $"The council of {town} voted on the {thing} with {article * 13 + sentence} votes after a debate that lasted {sentence + 3} hours.",
            1 => $"Work on the {thing} near the {other} of {town} costs {article * 31 + sentence * 7} million crowns, an engineer told the paper.",
            2 => $"\"We waited {article + sentence * 2 + 4} years for this {thing}, and nobody in {town} believed in it any more,\" said a baker.",
            _ => $"Critics from {town} fear that the {other} will suffer when {article * 3 + sentence} more lorries pass the {thing} every day.",
        };
    }

    static string Headline(int article) => $"{Towns[article % 12]} gets its {Things[article * 5 % 12]} after {article + 2} years";

    static IEnumerable<string> Own(int article, int from, int to) => Enumerable.Range(from, to - from).Select(s => Sentence(article, s));

    static string Text(params IEnumerable<string>[] parts) => string.Join("\n\n", parts.SelectMany(p => p));

    /// <summary>Cleans each article with what was learnt from all of them, as a run does, and with what came before, as a stream does.</summary>
    static IEnumerable<(string Mode, int Article, NormalisationResult Result)> Cleaned(List<string> articles)
    {
        var texts = articles.ConvertAll(a => SourceText.Of(new ArticleText(a)));
        var survey = new SourceSurvey();
        for (var i = 0; i < articles.Count; i++)
            survey.Learn("the coast", texts[i], $"{i}");
        survey.Complete();
        var history = new SourceHistory();
        for (var i = 0; i < articles.Count; i++)
        {
            yield return ("run", i, Normaliser.Normalise(new ArticleText(articles[i]), survey.ProfileOf("the coast")));
            yield return ("stream", i, Normaliser.Normalise(new ArticleText(articles[i]), history.Profile));
            history.Learn(texts[i], $"{i}");
        }
    }

    static string Body(NormalisationResult result) => string.Join("\n", result.Article!.Body);

    static void AllStay(List<string> articles, params string[] repeated)
    {
        foreach (var (mode, article, result) in Cleaned(articles))
        {
            Assert.DoesNotContain(result.Blocks, b => b.Rule == "source.repeated");
            foreach (var line in repeated.Where(r => articles[article].Contains(r, StringComparison.Ordinal)))
                Assert.True(Body(result).Contains(line, StringComparison.Ordinal),
                    $"{mode}, article {article} lost '{line}': {string.Join('\n', result.Blocks.Select(b => $"{b.Rule}: {b.Text}"))}");
        }
    }

    /// <summary>Gone from the third article on in a stream, and from all in a run; the article's own sentences stay.</summary>
    static void AllGo(List<string> articles, params string[] repeated)
    {
        foreach (var (mode, article, result) in Cleaned(articles))
        {
            if (mode == "stream" && article < 3)
                continue;
            foreach (var line in repeated)
            {
                Assert.False(Body(result).Contains(line, StringComparison.Ordinal),
                    $"{mode}, article {article} kept '{line}': {string.Join('\n', result.Blocks.Select(b => $"{b.Rule}: {b.Text}"))}");
            }

            for (var s = 0; s < 4; s++)
                Assert.Contains(Sentence(article, s), Body(result), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_line_beside_different_articles_goes()
    {
        const string Advert = "Get our app and never miss a story from your own street again.";
        const string Outro = "Our newsroom is funded by its readers and by nobody else at all.";
        AllGo([.. Enumerable.Range(0, 8).Select(a => Text([Headline(a)], Own(a, 0, 3), [Advert], Own(a, 3, 6), [Outro]))], Advert, Outro);
    }

    [Fact]
    public void A_sentence_glued_to_the_ends_of_a_paragraph_goes()
    {
        const string Advert = "Our weekly letter brings the best of the coast to your kitchen table.";
        AllGo([.. Enumerable.Range(0, 8).Select(a => Text([Headline(a)], [string.Join(' ', Own(a, 0, 4)) + " " + Advert], Own(a, 4, 6)))], Advert);
    }

    [Fact]
    public void A_labelled_sentence_inside_a_flattened_text_goes()
    {
        const string Label = "Lire aussi : les dix plus belles plages du nord.";
        AllGo([.. Enumerable.Range(0, 8).Select(a => string.Join(' ', Own(a, 0, 4).Append(Label).Concat(Own(a, 4, 9))))], Label);
    }

    [Fact]
    public void Subheads_stay()
    {
        AllStay([.. Enumerable.Range(0, 8).Select(a => Text([Headline(a)], Own(a, 0, 3), ["What comes next?"], Own(a, 3, 6), ["Why it matters for the whole coast"], Own(a, 6, 8)))],
            "What comes next?", "Why it matters for the whole coast");
    }

    [Fact]
    public void Speaker_labels_stay()
    {
        AllStay([.. Enumerable.Range(0, 8).Select(a => Text([Headline(a)], Own(a, 0, 2), ["Mayor Lindqvist:"], Own(a, 2, 4), ["Our reporter:"], Own(a, 4, 6), ["Mayor Lindqvist:"], Own(a, 6, 8)))],
            "Mayor Lindqvist:", "Our reporter:");
    }

    [Fact]
    public void Section_names_of_a_bulletin_stay()
    {
        AllStay([.. Enumerable.Range(0, 8).Select(a => Text([$"The morning of day {a + 3}"], ["Home news from the coast and the hills"], Own(a, 0, 3), ["Abroad"], Own(a, 3, 6), ["Sport in the region and beyond"], Own(a, 6, 9)))],
            "Home news from the coast and the hills", "Abroad", "Sport in the region and beyond");
    }

    [Fact]
    public void Half_a_sentence_before_an_initial_stays()
    {
        const string Name = "County treasurer and council member Charles E.";
        AllStay([.. Enumerable.Range(0, 6).Select(a => Text([Headline(a)], Own(a, 0, 3), [$"{Name} Orrin said that {Towns[a]} had waited for {a + 2} years. {Sentence(a, 9)}"], Own(a, 3, 5)))], Name);
    }

    [Fact]
    public void A_refrain_stays()
    {
        const string Refrain = "And still the river runs beneath the old stone bridge.";
        AllStay([.. Enumerable.Range(0, 8).Select(a => a == 3
            ? Text([Headline(a)], Own(a, 0, 2), [Refrain], Own(a, 2, 4), [Refrain], Own(a, 4, 6), [Refrain])
            : Text([Headline(a)], Own(a, 0, 6)))], Refrain);
    }

    [Fact]
    public void Formulas_of_notices_stay()
    {
        const string Opening = "Notice is hereby given under section nine of the harbours act of this country.";
        const string Closing = "Any person who wishes to object must write to the clerk of the court within three weeks.";
        AllStay([.. Enumerable.Range(0, 8).Select(a => Text([Opening], [$"Case {a * 7 + 11}, parish of {Towns[a]}"], [$"Estate of the late owner of the {Things[a]}"], [Closing]))],
            Opening, Closing);
    }

    [Fact]
    public void Copies_of_one_article_teach_nothing()
    {
        var articles = Enumerable.Range(0, 10).Select(i => Text([$"{Headline(1)} ({i})"], [$"{Towns[i]}, Monday"], Own(1, 0, 7))).ToList();
        AllStay(articles, [.. Own(1, 0, 7)]);
    }

    [Fact]
    public void Versions_of_a_live_blog_teach_nothing()
    {
        // Newest first; each version has more, and the late ones let the oldest go.
        AllStay([.. Enumerable.Range(0, 14).Select(v => Text(["Live: the storm on the coast"], Own(2, Math.Max(0, v - 6), v + 3).Reverse()))],
            [.. Own(2, 0, 16)]);
    }

    [Fact]
    public void Versions_of_a_live_blog_among_other_articles_teach_nothing()
    {
        AllStay([.. Enumerable.Range(0, 24).Select(i => i % 2 == 0
            ? Text(["Live: the storm on the coast"], Own(2, Math.Max(0, i / 2 - 6), i / 2 + 3).Reverse())
            : Text([Headline(i + 40)], Own(i + 40, 0, 6)))], [.. Own(2, 0, 14)]);
    }

    [Fact]
    public void An_update_that_changes_much_teaches_nothing()
    {
        // Each version keeps two thirds of the one before it.
        AllStay([.. Enumerable.Range(0, 8).Select(v => Text([Headline(5)], Own(5, v * 2, v * 2 + 6)))], [.. Own(5, 0, 20)]);
    }

    [Fact]
    public void A_column_that_many_print_teaches_each_of_them_nothing()
    {
        // One source has it twice, among its own articles.
        AllStay([.. Enumerable.Range(0, 9).Select(i => i is 2 or 6 ? Text(["The coast and I"], Own(90, 0, 8)) : Text([Headline(i)], Own(i, 0, 6)))],
            [.. Own(90, 0, 8)]);
    }

    [Fact]
    public void A_first_article_is_cleaned_as_without_a_source()
    {
        var text = Text([Headline(0)], Own(0, 0, 6));
        var known = Normaliser.Normalise(new ArticleText(text), new SourceHistory().Profile);
        Assert.Equal(Body(Normaliser.Normalise(new ArticleText(text))), Body(known));
    }

    [Fact]
    public void A_page_of_nothing_but_repeats_keeps_its_text()
    {
        // An article that was published again under its furniture: nothing else stands there.
        const string Advert = "Get our app and never miss a story from your own street again.";
        var articles = Enumerable.Range(0, 8).Select(a => Text([Headline(a)], Own(a, 0, 5), [Advert])).Append(Advert).ToList();
        foreach (var (_, _, result) in Cleaned(articles).Where(c => c.Article == articles.Count - 1))
            Assert.DoesNotContain(result.Blocks, b => b.Rule == "source.repeated");
    }
}
