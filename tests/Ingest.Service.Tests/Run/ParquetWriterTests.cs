using System.Text.Json;
using System.Text.Json.Nodes;
using Ingest.Core.Articles;
using Ingest.Core.Normalisation.Reading;
using Ingest.Service.Outcomes;
using Ingest.Service.Run;
using Contract = Ingest.Contracts.V1;

namespace Ingest.Service.Tests.Run;

/// <summary>A reader that is not ours finds in a Parquet file what the outcomes say.</summary>
public sealed class ParquetWriterTests : IDisposable
{
    static readonly JsonSerializerOptions Camel = new() { PropertyNamingPolicy = JsonNamingPolicy.CamelCase };

    readonly string file = Path.GetTempFileName();

    public void Dispose() => File.Delete(file);

    [Theory]
    [InlineData(1, 40, 40)]
    [InlineData(10_000, 2, 30)]
    [InlineData(1 << 30, 1, 1)]
    public void What_is_read_is_what_the_outcomes_say(long groupBytes, int leastGroups, int mostGroups)
    {
        Outcome[] outcomes = [.. Enumerable.Range(0, 40).Select(Outcome)];
        var groups = Write(outcomes, groupBytes, out var rows);
        Assert.InRange(groups, leastGroups, mostGroups);
        Assert.Equal(outcomes.Length, rows.Count);
        Assert.All(rows.Zip(outcomes, (read, outcome) => (Read: read, Told: Row(outcome.ToContract()))), row =>
            Assert.True(JsonNode.DeepEquals(row.Told, row.Read), $"{row.Told.ToJsonString()}\n{row.Read.ToJsonString()}"));
    }

    [Fact]
    public void A_run_without_articles_is_a_table_without_rows()
    {
        Assert.Equal(0, Write([], 1 << 20, out var rows));
        Assert.Empty(rows);
        Assert.Contains("removed", ParquetRows.Columns(file));
    }

    [Fact]
    public void A_text_of_any_length_is_written_once()
    {
        var text = string.Concat(Enumerable.Range(0, 100_000).Select(i => $"{i:x} ö 🚢 "));
        Write([Outcome(new Article { Headline = text, Body = [text] }, [])], 1 << 20, out var rows);
        Assert.Equal((text, text), ((string)rows[0]!["headline"]!, (string)rows[0]!["body"]![0]!));
        // Three columns have it: compressed, each takes less than its UTF-8, which a second copy among bounds would pass.
        Assert.InRange(new FileInfo(file).Length, 1, System.Text.Encoding.UTF8.GetByteCount(text) * 2);
    }

    /// <summary>A reader skips what lies outside the bounds. By UTF-16 the emoji would lie below the letter, by UTF-8 it lies above it.</summary>
    [Fact]
    public void Bounds_are_right_or_there_are_none()
    {
        string[] headlines = ["😀 Mill reopens", "Ａ mill reopens"];
        Write(
            [.. headlines.Select((h, i) => Outcome(new Article { Headline = h, Published = $"2024-03-04T09:30:00.12345{i}Z", Urgency = 3 + i }, []))],
            1 << 20, out var rows);
        Assert.Equal(headlines, rows.Select(r => (string?)r["headline"]));
        var moment = (new DateTime(2024, 3, 4, 9, 30, 0).Ticks - DateTime.UnixEpoch.Ticks) / 10 + 123450;
        Assert.Equal([$"published: {moment} to {moment + 1}", "urgency: 3 to 4"], ParquetRows.Bounds(file));
    }

    [Fact]
    public void Half_a_surrogate_pair_does_not_spoil_the_file()
    {
        Write([Outcome(new Article { Headline = "Mill \ud83d reopens\0", Body = ["\udc00"] }, [])], 1 << 20, out var rows);
        Assert.Equal(("Mill \ufffd reopens\0", "\ufffd"), ((string)rows[0]!["headline"]!, (string)rows[0]!["body"]![0]!));
    }

    [Theory]
    [InlineData("2024-03-04", "2024-03-04T00:00:00Z")]
    [InlineData("2024-03-04T09:30", "2024-03-04T09:30:00Z")]
    [InlineData("2024-03-04T09:30:01.5+01:00", "2024-03-04T08:30:01.5Z")]
    [InlineData("1899-12-31T23:59-12:00", "1900-01-01T11:59:00Z")]
    [InlineData("2024-03", null)]
    [InlineData("2024", null)]
    public void A_date_is_a_moment_where_it_names_a_day(string published, string? moment)
    {
        Write([Outcome(new Article { Published = published, Embargo = published }, [])], 1 << 20, out var rows);
        Assert.Equal((published, moment, moment), ((string?)rows[0]!["publishedText"], (string?)rows[0]!["published"], (string?)rows[0]!["embargoedUntil"]));
    }

    int Write(Outcome[] outcomes, long groupBytes, out List<JsonObject> rows)
    {
        using (var output = new ForwardOnly(File.Create(file)))
        {
            IOutcomeWriter writer = new ParquetWriter(output, groupBytes);
            writer.Write(outcomes[..(outcomes.Length / 2)]);
            foreach (var outcome in outcomes[(outcomes.Length / 2)..])
                writer.Write(outcome);
            writer.Finish();
        }

        rows = ParquetRows.Read(file, out var groups);
        return groups;
    }

    /// <summary>An outcome with lists of any length, in which anything may be missing.</summary>
    static Outcome Outcome(int seed)
    {
        var random = new Random(seed);
        if (seed % 7 == 3)
            return Outcome(null, Blocks(), Rejection.Empty());
        return Outcome(
            new Article
            {
                Headline = Text(), Bylines = Many(() => new Byline(Text() ?? "", Text())), Agency = Text(), Publisher = Text(), Dateline = Text(),
                Published = random.Next(2) == 0 ? null : $"2024-03-{random.Next(10, 30)}T09:{random.Next(10, 60)}:00+02:00",
                Language = "nb", Url = Text(), Slugline = Text(), Version = Text(), Correction = Text(), EditorNotes = Texts(), CopyrightNotice = Text(),
                Section = Text(), Urgency = random.Next(2) == 0 ? null : random.Next(1, 10), UsageTerms = Text(), Truncated = random.Next(2) == 0,
                Body = Texts(), Media = Many(() => new MediaItem(Text() ?? "", Text() ?? "")), RelatedLinks = Texts(), Tags = Texts(),
                Embeds = Many(() => new SocialEmbed("bluesky", Text(), Text(), random.Next(2) == 0 ? null : $"19{random.Next(10, 99)}-02-28", Text() ?? "")),
                Evidence = [.. Many(() => new FieldEvidence($"field{random.Next()}", "a.rule", random.Next(2) == 0 ? null : new Span(random.Next(), 2)))],
            },
            Blocks(),
            story: new Contract.Story(
                Guid.NewGuid(), Text() ?? "", random.Next(), Text(), Share(), Share(), Text(), Many(() => new Contract.Change(Text() ?? "", Text() ?? "")))
            {
                CanonicalArticleId = Guid.NewGuid(), MatchedArticleId = random.Next(2) == 0 ? null : Guid.NewGuid(),
            });

        string? Text() => random.Next(5) switch
        {
            0 => null,
            1 => "",
            2 => "Мельница \"открылась\" 🚢 سفينة\n",
            3 => "plain",
            _ => $"{random.Next()} 潮見浦 ａｂｃ \u0001\ufffe",
        };
        double? Share() => random.Next(2) == 0 ? null : random.NextDouble();
        List<T> Many<T>(Func<T> one) => [.. Enumerable.Range(0, random.Next(3) == 0 ? 0 : random.Next(20)).Select(_ => one())];
        List<string> Texts() => Many(() => Text() ?? "none");
        List<Block> Blocks() => Many(() => new Block(
            (BlockKind)random.Next(Enum.GetValues<BlockKind>().Length), "a.rule", new Span(random.Next(), random.Next()), Text() ?? "",
            random.Next(2) == 0 ? null : random.Next(), random.Next(2) == 0, Text(), random.Next(2) == 0 ? null : new Repeated(4, Texts())));
    }

    static Outcome Outcome(Article? article, IReadOnlyList<Block> blocks, Rejection? rejection = null, Contract.Story? story = null) =>
        new(Submission.Of(RawArticle.OfText("id <é>", "text"), null, default), new NormalisationResult(article, rejection, blocks, ["é", ""]), story);

    /// <summary>The row that an outcome should be: its JSON, flat, with dates as moments.</summary>
    static JsonObject Row(Contract.ArticleOutcome outcome)
    {
        var row = Json(outcome);
        var (article, story, rejection) = (row["article"], row["story"], row["rejection"]);
        row.Remove("article");
        row.Remove("story");
        Put("rejection", rejection?["reason"]);
        Put("rejectionDetail", rejection?["detail"]);
        Put("storyId", story?["id"]);
        Put("storyVersion", story?["version"]);
        foreach (var (name, value) in EmptyStory.Where(f => f.Key is not ("id" or "version")))
            Put(name, story is null ? Missing(value) : story[name]);
        foreach (var (name, value) in EmptyArticle)
            Put(name, article is null ? Missing(value) : article[name]);
        Put("text", article is null ? null : string.Join("\n\n", article["body"]!.AsArray().Select(p => (string)p!)));
        Put("publishedText", article?["published"]);
        foreach (var name in (string[])["published", "embargoedUntil"])
            Put(name, article?[name] is { } date ? DateTimeOffset.Parse((string)date!).UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'") : null);
        Put("evidence", new JsonArray([.. (article?["evidence"]!.AsObject() ?? []).Select(e => new JsonObject
        {
            ["field"] = e.Key, ["rule"] = (string)e.Value!["rule"]!, ["start"] = (int?)e.Value["start"], ["length"] = (int?)e.Value["length"],
        })]));
        Put("removed", new JsonArray([.. row["removed"]!.AsArray().Select(Removed)]));
        return row;

        void Put(string name, JsonNode? value) => row[name] = value?.DeepClone();
    }

    static JsonObject EmptyArticle => Json(Outcome(new Article(), []).ToContract())["article"]!.AsObject();

    static JsonObject EmptyStory => Json(new Contract.Story(default, "", 1, null, null, null, null, []));

    static JsonArray? Missing(JsonNode? value) => value is JsonArray or JsonObject ? [] : null;

    static JsonNode Removed(JsonNode? block)
    {
        var flat = block!.DeepClone().AsObject();
        flat.Remove("repeated");
        flat["repeatedArticles"] = (int?)block["repeated"]?["articles"];
        flat["repeatedIds"] = block["repeated"]?["ids"]!.DeepClone() ?? new JsonArray();
        return flat;
    }

    static JsonObject Json<T>(T value) => JsonSerializer.SerializeToNode(value, Camel)!.AsObject();
}
