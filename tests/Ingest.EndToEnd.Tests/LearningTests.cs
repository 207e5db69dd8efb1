using System.Text;
using System.Text.Json.Nodes;
using static Ingest.EndToEnd.Tests.Workplace;

namespace Ingest.EndToEnd.Tests;

/// <summary>What a source says beside different articles is taken out, and evidence is given for it.</summary>
public sealed class LearningTests : IDisposable
{
    internal const string Advert = "Get our app and miss no story from your own street again.";

    static readonly Lazy<byte[]> four = new(() => LedgerOf(4));

    readonly Workplace at = new();

    public void Dispose() => at.Dispose();

    /// <summary>An article in whose middle its source advertises.</summary>
    internal static string Advertised(int number)
    {
        var paragraphs = Paragraphs(9000 + number);
        return Text([$"Number {number} of the {paragraphs[0].Split(' ')[3]} series", .. paragraphs[..2], Advert, .. paragraphs[2..]]);
    }

    static string Feed(int articles, string? feed = "coast") => string.Concat(Enumerable.Range(1, articles).Select(i =>
        new JsonObject { ["id"] = $"a{i}", ["feed"] = feed, ["text"] = Advertised(i) }.ToJsonString() + "\n"));

    static bool Keeps(JsonNode line) => line["article"]!["body"]!.AsArray().Any(p => ((string)p!).Contains(Advert, StringComparison.Ordinal));

    static JsonNode Block(JsonNode line) => Assert.Single(line["removed"]!.AsArray(), b => (string)b!["rule"]! == "source.repeated")!;

    [Fact]
    public void A_run_looks_its_whole_input_over_first()
    {
        at.Write("in.jsonl", Feed(4));
        var lines = at.Run("run", "in.jsonl", "--output", "-").Lines;
        Assert.All(lines, l => Assert.False(Keeps(l)));
        Assert.All(lines, l =>
        {
            Assert.Equal(Advert, (string)Block(l)["text"]!);
            Assert.Equal("furniture", (string)Block(l)["kind"]!);
            Assert.Equal(3, (int)Block(l)["repeated"]!["articles"]!);
            Assert.Equal(new[] { "a1", "a2", "a3", "a4" }.Except([(string)l["id"]!]), Block(l)["repeated"]!["ids"]!.AsArray().Select(i => (string)i!));
        });
        // The same from standard input, which can be read only once.
        var input = at.Run(Encoding.UTF8.GetBytes(Feed(4)), "run", "-", "--output", "-").Lines;
        Assert.Equal(lines.Select(l => l["removed"]!.ToJsonString()), input.Select(l => l["removed"]!.ToJsonString()));
    }

    [Fact]
    public void A_stream_learns_from_what_came_before()
    {
        at.Write("in.jsonl", Feed(8));
        var lines = at.Run("run", "in.jsonl", "--output", "-", "--stream").Lines;
        Assert.Equal([true, true, false, false, false, false, false, false], lines.Select(Keeps));
        Assert.All(at.Run("run", "in.jsonl", "--output", "-", "--no-learning").Lines, l => Assert.True(Keeps(l)));
    }

    [Fact]
    public void A_source_is_the_feed_the_publisher_the_site_or_the_folder_if_asked()
    {
        at.Write("publisher.jsonl", Feed(4).Replace("\"feed\":", "\"publisher\":", StringComparison.Ordinal));
        Assert.All(at.Run("run", "publisher.jsonl", "--output", "-").Lines, l => Assert.False(Keeps(l)));
        at.Write("site.jsonl", string.Concat(Enumerable.Range(1, 4).Select(i =>
            new JsonObject { ["id"] = $"a{i}", ["url"] = $"https://{(i % 2 == 0 ? "www." : "")}coast.example/{i}", ["text"] = Advertised(i) }.ToJsonString() + "\n")));
        Assert.All(at.Run("run", "site.jsonl", "--output", "-").Lines, l => Assert.False(Keeps(l)));
        at.Write("none.jsonl", Feed(4, feed: null));
        Assert.All(at.Run("run", "none.jsonl", "--output", "-").Lines, l => Assert.True(Keeps(l)));
        for (var i = 1; i <= 4; i++)
            at.Write($"coast/{i}.txt", Advertised(i));
        Assert.All(at.Run("run", "coast", "--output", "-").Lines, l => Assert.True(Keeps(l)));
        Assert.All(at.Run("run", "coast", "--output", "-", "--source-from", "folder").Lines, l => Assert.False(Keeps(l)));
    }

    [Fact]
    public void One_source_teaches_another_nothing()
    {
        at.Write("in.jsonl", string.Concat(Enumerable.Range(1, 6).Select(i =>
            new JsonObject { ["id"] = $"a{i}", ["feed"] = $"feed {i}", ["text"] = Advertised(i) }.ToJsonString() + "\n")));
        Assert.All(at.Run("run", "in.jsonl", "--output", "-").Lines, l => Assert.True(Keeps(l)));
    }

    [Fact]
    public void Explain_names_the_articles()
    {
        at.Write("in.jsonl", Feed(4));
        var explained = at.Run("run", "in.jsonl", "--explain").Output;
        Assert.Contains("source.repeated [in 3 other articles of its source: a2, a3, a4]", explained, StringComparison.Ordinal);
    }

    [Fact]
    public void Sources_shows_what_was_learnt_and_leaves_the_ledger_as_it_is()
    {
        at.Write("in.jsonl", Feed(6) + Feed(2, "hills\u001b[31m"));
        at.Run("run", "in.jsonl", "--ledger", "kept.db", "--output", "out.jsonl");
        var before = File.ReadAllBytes(at.PathTo("kept.db"));
        var all = at.Run("sources", "--ledger", "kept.db");
        Assert.Equal(0, all.Exit);
        Assert.Matches("│ coast +│ +6 │ .* │ +[0-9]+ % │ furniture [0-9]+ %", all.Output);
        Assert.DoesNotContain('\u001b', all.Output);
        var one = at.Run("sources", "coast", "--ledger", "kept.db");
        Assert.Contains("coast: 6 articles; of the text of the last 6, ", one.Output, StringComparison.Ordinal);
        Assert.Matches("│ Get our app and miss no story .* │ +4 or more │ +100 % │ a1, a2, a3", one.Output);
        Assert.Equal(before, File.ReadAllBytes(at.PathTo("kept.db")));
        var none = at.Run("sources", "coats", "--ledger", "kept.db");
        Assert.Equal(1, none.Exit);
        Assert.Contains("no article of the source 'coats'. 'ingest sources' lists the sources. Did you mean 'coast'?", none.Errors, StringComparison.Ordinal);
    }

    static IEnumerable<string> Evidence(JsonNode line) =>
        line["removed"]!.AsArray().Where(b => (string)b!["rule"]! == "source.repeated").Select(b => (string?)b!["evidence"] ?? "learnt");

    /// <summary>A copy of a ledger with four articles of one source, which is made once.</summary>
    void Ledger() => at.Write("kept.db", four.Value);

    static byte[] LedgerOf(int articles)
    {
        using var place = new Workplace();
        place.Write("in.jsonl", Feed(articles));
        Assert.Equal(0, place.Run("run", "in.jsonl", "--ledger", "kept.db", "--output", "out.jsonl").Exit);
        Assert.Empty(Directory.GetFiles(place.Folder, "kept.db-*"));
        return File.ReadAllBytes(place.PathTo("kept.db"));
    }

    void Does(string says, params string[] arguments)
    {
        var run = at.Run(arguments);
        Assert.Equal((0, says + "\n"), (run.Exit, run.Output));
    }

    /// <summary>The outcome of another article of the source, in the ledger.</summary>
    JsonNode Next(int number, string ledger = "kept.db")
    {
        at.Write("next.jsonl", new JsonObject { ["id"] = $"a{number}", ["feed"] = "coast", ["text"] = Advertised(number) }.ToJsonString() + "\n");
        return Assert.Single(at.Run("run", "next.jsonl", "--ledger", ledger, "--output", "-").Lines);
    }

    void Replays(int decisions)
    {
        Assert.Equal(0, at.Run("check", "--ledger", "kept.db").Exit);
        var replayed = at.Run("replay", "--normaliser", "--ledger", "kept.db", "--to", $"again-{decisions}.db");
        Assert.True(replayed.Output.Contains($"{decisions} decisions: {decisions} the same, 0 different.", StringComparison.Ordinal), replayed.Output + replayed.Errors);
    }

    [Fact]
    public void What_an_operator_rules_counts_more_than_what_was_learnt_until_it_is_withdrawn()
    {
        at.Write("in.jsonl", Feed(8));
        at.Run("run", "in.jsonl", "--stream", "--ledger", "kept.db", "--output", "out.jsonl");
        Does($"coast: '{Advert.ToUpperInvariant()}' is kept from now on.", "sources", "keep", "coast", Advert.ToUpperInvariant(), "--ledger", "kept.db");
        at.Write("more.jsonl", string.Concat(Feed(12).Split('\n').Skip(8).Select(l => l + "\n")));
        Assert.All(at.Run("run", "more.jsonl", "--stream", "--ledger", "kept.db", "--output", "-").Lines, l => Assert.True(Keeps(l)));
        Assert.Matches("│ GET OUR APP AND .* │ keep +│ +4 or more │ +100 % │ a1, a2, a3", at.Run("sources", "coast", "--ledger", "kept.db").Output);
        Does($"coast: nothing is ruled of '{Advert}' any more.", "sources", "forget", "coast", Advert, "--ledger", "kept.db");
        Assert.DoesNotContain("keep", at.Run("sources", "coast", "--ledger", "kept.db").Output, StringComparison.Ordinal);
        var twice = at.Run("sources", "forget", "coast", Advert, "--ledger", "kept.db");
        Assert.Equal(1, twice.Exit);
        Assert.Contains($"Nothing is ruled of '{Advert}' for the source 'coast'.", twice.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_to_be_removed_goes_from_the_first_article_on_and_says_why()
    {
        at.Write("kept.db", LedgerOf(1));
        Does($"coast: '{Advert}' is removed from now on.", "sources", "remove", "coast", Advert, "--ledger", "kept.db");
        var next = Next(2);
        Assert.False(Keeps(next));
        Assert.Equal(["ruled by hand"], Evidence(next));
        at.Write("third.jsonl", Feed(3).Split('\n')[2] + "\n");
        Assert.Contains("source.repeated [ruled by hand]", at.Run("run", "third.jsonl", "--explain", "--ledger", "kept.db").Output, StringComparison.Ordinal);
        // Another source, another ledger: nothing is ruled.
        Assert.True(Keeps(Next(4, "other.db")));
    }

    [Fact]
    public void A_source_without_articles_may_be_ruled_on_and_a_warning_says_so()
    {
        Ledger();
        var run = at.Run("sources", "remove", " coats\n", "Read\u001b also", "--ledger", "kept.db");
        Assert.Equal((0, "coats: 'Read also' is removed from now on.\n"), (run.Exit, run.Output));
        Assert.Equal("There is no article of the source 'coats' yet. 'ingest sources' lists the sources.\n", run.Errors);
        Assert.Matches("│ coats +│ +0 │ +│", at.Run("sources", "--ledger", "kept.db").Output);
        Assert.StartsWith("coats: no articles yet.", at.Run("sources", "coats", "--ledger", "kept.db").Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("coast", "", "TEXT has neither letter nor digit.")]
    [InlineData("coast", "One line.\nAnother.", "TEXT has several lines.")]
    [InlineData(" ", "One line.", "The name of the source is empty.")]
    public void What_names_no_passage_or_no_source_is_refused(string source, string text, string fault)
    {
        Ledger();
        foreach (var command in (string[])["keep", "remove", "forget"])
        {
            var run = at.Run("sources", command, source, text, "--ledger", "kept.db");
            Assert.Equal((1, ""), (run.Exit, run.Output));
            Assert.Contains(fault, run.Errors, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void What_one_ledger_learnt_another_starts_with()
    {
        Ledger();
        at.Run("sources", "keep", "hills", "Why it matters", "--ledger", "kept.db");
        Assert.Equal(0, at.Run("sources", "export", "--output", "learnt.jsonl", "--ledger", "kept.db").Exit);
        var lines = at.Run("sources", "export", "coast", "--ledger", "kept.db").Lines;
        Assert.Equal(["coast"], lines.Select(l => (string)l["source"]!));
        Assert.Equal((Advert, 4, 1.0, null), ((string)lines[0]["text"]!, (int)lines[0]["articles"]!, (double)lines[0]["share"]!, (string?)lines[0]["ruling"]));
        Assert.Equal(["a1", "a2", "a3"], lines[0]["ids"]!.AsArray().Select(i => (string)i!));

        Does("2 passages imported, 0 held already, 0 ruled on by hand here.", "sources", "import", "learnt.jsonl", "--ledger", "new.db");
        Does("0 passages imported, 2 held already, 0 ruled on by hand here.", "sources", "import", "learnt.jsonl", "--ledger", "new.db");
        var first = Next(1, "new.db");
        Assert.False(Keeps(first));
        Assert.Equal(["learnt elsewhere"], Evidence(first));
        Assert.Matches("│ Get our app .* │ learnt elsewhere +│", at.Run("sources", "coast", "--ledger", "new.db").Output);
        // What is handed on is what was taken over.
        Assert.Equal(
            [("coast", Advert, "learnt"), ("hills", "Why it matters", "keep")],
            at.Run("sources", "export", "--ledger", "new.db").Lines.Select(l => ((string)l["source"]!, (string)l["text"]!, (string)l["ruling"]!)));
        // It ranks below what is ruled here.
        at.Run("sources", "keep", "coast", Advert, "--ledger", "new.db");
        Does("0 passages imported, 1 held already, 1 ruled on by hand here.", "sources", "import", "learnt.jsonl", "--ledger", "new.db");
        Assert.True(Keeps(Next(2, "new.db")));
    }

    [Theory]
    [InlineData("[1]", "It is JSON, but no object.")]
    [InlineData("{", "It is not JSON: ")]
    [InlineData("""{"source":"coast","text":7}""", "Its \"text\" is not a string.")]
    [InlineData("""{"source":"coast"}""", "It has no \"text\".")]
    [InlineData("""{"text":"Get our app"}""", "It has no \"source\".")]
    [InlineData("""{"source":" ","text":"Get our app","ruling":"keep"}""", "The name of the source is empty.")]
    [InlineData("""{"source":"coast","text":"One.\nTwo.","ruling":"keep"}""", "Its \"text\" has several lines.")]
    [InlineData("""{"source":"coast","text":"Get our app"}""", "is too short to be learnt: it has fewer than 5 words. Add \"ruling\":\"remove\"")]
    [InlineData("""{"source":"coast","text":"Get our app","ruling":"kep"}""", "Its \"ruling\" is 'kep'. Use keep or remove, or leave it out for what was learnt. Did you mean 'keep'?")]
    [InlineData("""{"source":"coast","text":"Get our app","rulling":"keep"}""", "It has a field 'rulling', which is not known. Did you mean 'ruling'?")]
    [InlineData("""{"source":"coast","text":"\ud800","ruling":"keep"}""", "It has a string that is not valid text")]
    public void A_line_that_cannot_be_imported_is_named_and_nothing_is_imported(string line, string fault)
    {
        at.Write("lines.jsonl", $"{{\"source\":\"coast\",\"text\":\"Read also\",\"ruling\":\"remove\"}}\n\n{line}\n");
        Ledger();
        foreach (var ledger in (string[])["new.db", "kept.db"])
        {
            var run = at.Run("sources", "import", "lines.jsonl", "--ledger", ledger);
            Assert.Equal((1, ""), (run.Exit, run.Output));
            Assert.StartsWith("ingest: Line 3 cannot be imported, so nothing was. ", run.Errors, StringComparison.Ordinal);
            Assert.Contains(fault, run.Errors, StringComparison.Ordinal);
            Assert.Equal(ledger == "kept.db", File.Exists(at.PathTo(ledger)));
        }

        Assert.DoesNotContain("Read also", at.Run("sources", "coast", "--ledger", "kept.db").Output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_replay_cleans_with_what_was_ruled_then()
    {
        at.Write("in.jsonl", Feed(1));
        at.Run("run", "in.jsonl", "--stream", "--ledger", "kept.db", "--output", "out.jsonl");
        at.Run("sources", "remove", "coast", Advert, "--ledger", "kept.db");
        Stream(2);
        at.Run("sources", "keep", "coast", Advert, "--ledger", "kept.db");
        Stream(3);
        at.Run("sources", "forget", "coast", Advert, "--ledger", "kept.db");
        Stream(4);
        Replays(4);
        // The copied part of a ledger that is decided again from later on knows them too.
        Assert.Contains("2 decisions: 2 the same, 0 different.", at.Run("replay", "--normaliser", "--from", "3", "--ledger", "kept.db", "--to", "later.db").Output, StringComparison.Ordinal);
        Assert.Equal(0, at.Run("check", "--ledger", "later.db").Exit);

        void Stream(int number)
        {
            at.Write("next.jsonl", Feed(number).Split('\n')[number - 1] + "\n");
            at.Run("run", "next.jsonl", "--stream", "--ledger", "kept.db", "--output", "out.jsonl");
        }
    }

    [Fact]
    public void Options_that_exclude_each_other_are_refused()
    {
        at.Write("in.jsonl", Feed(1));
        var both = at.Run("run", "in.jsonl", "--stream", "--no-learning");
        Assert.Equal(2, both.Exit);
        Assert.Contains("--no-learning and --stream cannot be combined", both.Errors, StringComparison.Ordinal);
        var other = at.Run("run", "in.jsonl", "--source-from", "file");
        Assert.Equal(2, other.Exit);
        Assert.Contains("folder", other.Errors, StringComparison.Ordinal);
    }
}
