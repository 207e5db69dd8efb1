using System.Text;
using Ingest.Core.Articles;
using Ingest.Core.Normalisation.Reading;

namespace Ingest.Core.Tests;

/// <summary>From bytes to the text and what is known of it.</summary>
public class RawReaderTests
{
    static readonly Encoding Windows1252 = CodePagesEncodingProvider.Instance.GetEncoding(1252)!;

    static readonly ArticleMetadata Beside = new("https://beside.example", "beside", "Beside", ["Beside"], "beside", "beside", "BESIDE", "2026-01-01", "2026-01-02", "no")
    {
        Section = "Beside", Slugline = "BESIDE", Version = "1", Status = "usable", Urgency = 9, Embargo = "2026-01-03", UsageTerms = "beside", Copyright = "© beside",
    };

    [Fact]
    public void A_text_is_read_in_every_encoding()
    {
        const string Text = "Das Café am Hafen öffnet – um 10 Uhr.";
        Reads(Text, Encoding.UTF8.GetBytes(Text));
        Reads(Text, [0xef, 0xbb, 0xbf, .. Encoding.UTF8.GetBytes(Text)]);
        Reads(Text, [0xff, 0xfe, .. Encoding.Unicode.GetBytes(Text)], "read as UTF-16");
        Reads(Text, [0xfe, 0xff, .. Encoding.BigEndianUnicode.GetBytes(Text)], "read as UTF-16, big-endian");
        Reads(Text, Encoding.Unicode.GetBytes(Text), "read as UTF-16 without a byte-order mark");
        Reads(Text, Windows1252.GetBytes(Text), "read as Windows-1252, as it is not valid UTF-8");
        Reads("", []);
        Reads("{\"text\":\"a text, though it looks like a record\"}", "{\"text\":\"a text, though it looks like a record\"}"u8.ToArray());

        static void Reads(string text, byte[] content, params string[] notes)
        {
            var raw = new RawArticle("news/cafe.txt", ArticleForm.Text, content, Beside, "file");
            var read = RawReader.Read(raw);
            Assert.Equal(("news/cafe.txt", text, null), (read.Id, read.Text, read.Rejection));
            Assert.Equal(notes, read.Article!.Notes);
            Assert.Same(Beside, read.Metadata);
            Assert.Equal(text, RawReader.Text(raw));
        }
    }

    [Fact]
    public void Data_is_no_text()
    {
        foreach (var form in Enum.GetValues<ArticleForm>())
        {
            var raw = new RawArticle("a.png", form, new byte[] { 0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0 }, Beside, "file");
            var read = RawReader.Read(raw);
            Assert.Null(read.Article);
            Assert.Equal(form == ArticleForm.Record ? RejectionReason.MalformedRecord : RejectionReason.Binary, read.Rejection!.Reason);
            Assert.Contains("it begins like a PNG picture", read.Rejection.Detail, StringComparison.Ordinal);
            Assert.Equal(("a.png", ""), (read.Id, read.Text));
            Assert.Same(ArticleMetadata.None, read.Metadata);
        }
    }

    [Fact]
    public void What_was_too_large_to_take_in_is_rejected_whatever_it_is()
    {
        foreach (var form in Enum.GetValues<ArticleForm>())
        {
            var raw = new RawArticle("a", form, ReadOnlyMemory<byte>.Empty, ArticleMetadata.None, "file") { OverLimit = 1000 };
            var read = RawReader.Read(raw);
            Assert.Equal(RejectionReason.TooLarge, read.Rejection!.Reason);
            Assert.Contains("more than 1000 bytes", read.Rejection.Detail, StringComparison.Ordinal);
            Assert.Equal(("", "a"), (RawReader.Text(raw), read.Id));
        }
    }

    [Fact]
    public void An_unknown_form_is_a_fault_of_the_program() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => RawReader.Read(new RawArticle("a", (ArticleForm)9, ReadOnlyMemory<byte>.Empty, ArticleMetadata.None, "file")));

    [Fact]
    public void A_record_tells_every_field()
    {
        var read = Read(
            """
            { "id": "kaldvik/1", "text": "The ferry sailed again.", "url": "https://kaldvik.example/a", "feed": "wire", "headline": "Ferry", "bylines": ["Anna Weir", {"name": "Ole Dahl", "more": 1}],
              "agency": "dpa", "publisher": "Kaldvik Post", "dateline": "OSLO", "published": "2026-03-01", "received": "2026-03-01T10:00:00Z", "language": "en",
              "section": "Coast", "slugline": "FERRY-KALDVIK/", "version": "UPDATE 2", "status": "withheld", "urgency": 3, "embargo": "2026-03-02T06:00:00Z", "usageTerms": "Not for Kaldvik", "copyright": "© dpa", "other": {"text": "not this"} }
            """);
        Assert.Equal(("kaldvik/1", "The ferry sailed again."), (read.Id, read.Text));
        Assert.Equal(
            """{"url":"https://kaldvik.example/a","feed":"wire","headline":"Ferry","bylines":["Anna Weir","Ole Dahl"],"agency":"dpa","publisher":"Kaldvik Post","dateline":"OSLO","published":"2026-03-01","received":"2026-03-01T10:00:00Z","language":"en","section":"Coast","slugline":"FERRY-KALDVIK/","version":"UPDATE 2","status":"withheld","urgency":3,"embargo":"2026-03-02T06:00:00Z","usageTerms":"Not for Kaldvik","copyright":"© dpa"}""",
            read.Metadata.ToJson());
        Assert.Empty(read.Article!.Notes);
    }

    [Fact]
    public void What_a_record_says_wins_over_what_came_beside_it()
    {
        Assert.Equal(Beside.ToJson(), Read("""{"text":"a"}""", Beside).Metadata.ToJson());
        Assert.Equal(
            Beside.ToJson(),
            Read("""{"text":"a","url":null,"feed":"","headline":null,"bylines":null,"agency":"","publisher":null,"dateline":"","published":null,"received":"","language":null,"section":"","slugline":null,"version":null,"status":"","urgency":null,"embargo":"","usageTerms":null,"copyright":null}""", Beside).Metadata.ToJson());
        Assert.Equal((Beside with { Feed = "its own", Bylines = [] }).ToJson(), Read("""{"text":"a","feed":"its own","bylines":[]}""", Beside).Metadata.ToJson());
        var badDate = Read("""{"text":"a","published":"yesterday"}""", Beside);
        Assert.Equal("2026-01-01", badDate.Metadata.Published);
        Assert.Single(badDate.Article!.Notes);
    }

    [Theory]
    [InlineData("\"kaldvik/1\"", "kaldvik/1")]
    [InlineData("17", "17")]
    [InlineData("1.50e3", "1.50e3")]
    [InlineData("12345678901234567890123", "12345678901234567890123")]
    [InlineData("null", "beside")]
    [InlineData("\"\"", "beside")]
    [InlineData("\" \"", " ")]
    [InlineData("\"a\\u0000b\"", "a\0b")]
    public void An_id_is_a_string_or_a_number_as_it_is_written(string json, string id) => Assert.Equal(id, Read($$"""{"id":{{json}},"text":"a"}""").Id);

    [Theory]
    [InlineData("", "It is not JSON")]
    [InlineData("   ", "It is not JSON")]
    [InlineData("text", "It is not JSON: 't")]
    [InlineData("{\"text\":\"a\"", "It is not JSON")]
    [InlineData("{\"text\":\"a\"} {}", "It is not JSON")]
    [InlineData("{\"text\":\"a\",}", "It is not JSON")]
    [InlineData("{\"text\":\"a\n\"}", "It is not JSON")]
    [InlineData("{\"text\":\"\\ud83\"}", "It is not JSON")]
    [InlineData("// none\n{\"text\":\"a\"}", "It is not JSON")]
    [InlineData("[{\"text\":\"a\"}]", "It is a JSON array, not an object.")]
    [InlineData("\"text\"", "It is a JSON string, not an object.")]
    [InlineData("null", "It is a JSON null, not an object.")]
    [InlineData("17", "It is a JSON number, not an object.")]
    [InlineData("{}", "It has neither a \"text\" nor \"html\".")]
    [InlineData("{\"Text\":\"a\"}", "It has neither a \"text\" nor \"html\".")]
    [InlineData("{\"more\":{\"text\":\"a\"}}", "It has neither a \"text\" nor \"html\".")]
    [InlineData("{\"text\":null}", "It has neither a \"text\" nor \"html\".")]
    [InlineData("{\"html\":\"\"}", "It has neither a \"text\" nor \"html\".")]
    [InlineData("{\"html\":{}}", "Its \"html\" is a JSON object, not a string.")]
    [InlineData("{\"text\":\"a\",\"html\":true}", "Its \"html\" is a JSON true, not a string.")]
    [InlineData("{\"text\":5,\"html\":\"<p>a</p>\"}", "Its \"text\" is a JSON number, not a string.")]
    [InlineData("{\"text\":\"a\",\"html\":\"<p>a</p>\"}", "It has both a \"text\" and \"html\": send one of them.")]
    [InlineData("{\"text\":\"a\",\"articles\":[]}", "It has a \"text\" and a list of \"articles\": send one article, or a list of them.")]
    [InlineData("{\"html\":\"<p>a</p>\",\"articles\":[]}", "It has \"html\" and a list of \"articles\": send one article, or a list of them.")]
    [InlineData("{\"text\":[\"a\"]}", "Its \"text\" is a JSON array, not a string.")]
    [InlineData("{\"text\":\"a\",\"text\":5}", "Its \"text\" is a JSON number, not a string.")]
    [InlineData("{\"text\":\"a\",\"id\":{}}", "Its \"id\" is a JSON object, not a string.")]
    [InlineData("{\"text\":\"a\",\"id\":true}", "Its \"id\" is a JSON true, not a string.")]
    [InlineData("{\"text\":\"a\",\"feed\":7}", "Its \"feed\" is a JSON number, not a string.")]
    [InlineData("{\"text\":\"a\",\"published\":2026}", "Its \"published\" is a JSON number, not a string.")]
    [InlineData("{\"text\":\"a\",\"bylines\":7}", "Its \"bylines\" is a JSON number, not a list of names.")]
    [InlineData("{\"text\":\"a\",\"bylines\":[7]}", "Its \"bylines\" holds a JSON number, not a name.")]
    [InlineData("{\"text\":\"a\",\"bylines\":[null]}", "Its \"bylines\" holds a JSON null, not a name.")]
    [InlineData("{\"text\":\"a\",\"bylines\":[{\"name\":7}]}", "Its \"bylines\" holds a JSON object, not a name.")]
    [InlineData("{\"text\":\"a\",\"bylines\":[{}]}", "Its \"bylines\" holds a JSON object, not a name.")]
    public void What_is_no_record_is_rejected_by_name(string record, string says)
    {
        var read = Read(record);
        Assert.Equal(RejectionReason.MalformedRecord, read.Rejection!.Reason);
        Assert.StartsWith(says, read.Rejection.Detail, StringComparison.Ordinal);
        Assert.EndsWith(" A record is one JSON object with a string \"text\" or \"html\".", read.Rejection.Detail, StringComparison.Ordinal);
        Assert.Equal(("beside", ""), (read.Id, read.Text));
    }

    [Fact]
    public void A_fault_is_told_in_a_few_words()
    {
        var read = Read($"{{\"text\":\"a\",{new string('x', 100_000)}");
        Assert.Equal(RejectionReason.MalformedRecord, read.Rejection!.Reason);
        Assert.InRange(read.Rejection.Detail.Length, 50, 400);
        Assert.DoesNotContain("LineNumber", read.Rejection.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void Nesting_without_end_is_no_record()
    {
        var deep = string.Concat(Enumerable.Repeat("[", 10_000));
        Assert.Equal(RejectionReason.MalformedRecord, Read($"{{\"text\":\"a\",\"more\":{deep}").Rejection!.Reason);
        Assert.Equal(RejectionReason.MalformedRecord, Read($"{{\"more\":{deep}{deep.Replace('[', ']')},\"text\":\"a\"}}").Rejection!.Reason);
    }

    [Theory]
    [InlineData("2026", "2026")]
    [InlineData("2026-03", "2026-03")]
    [InlineData(" 2026-03-01 ", "2026-03-01")]
    [InlineData("2026-03-01T10:00", "2026-03-01T10:00")]
    [InlineData("2026-03-01T10:00Z", "2026-03-01T10:00Z")]
    [InlineData("2026-03-01 10:00:00", "2026-03-01T10:00:00")]
    [InlineData("2026-03-01  10:00:00+02:00", "2026-03-01T10:00:00+02:00")]
    [InlineData("2026-03-01T10:00:00.1234567Z", "2026-03-01T10:00:00.1234567Z")]
    [InlineData("Sun, 1 Mar 2026 10:00:00 GMT", "2026-03-01T10:00:00+00:00")]
    [InlineData("Sun, 01 Mar 2026 10:00:00 +0200", "2026-03-01T10:00:00+02:00")]
    [InlineData("1 Mar 2026 10:00:00 GMT", "2026-03-01T10:00:00+00:00")]
    public void Dates_are_read_in_the_forms_of_the_contract_and_of_feeds(string given, string date)
    {
        var read = Read($$"""{"text":"a","published":"{{given}}","received":"{{given}}"}""");
        Assert.Equal((date, date), (read.Metadata.Published, read.Metadata.Received));
        Assert.Empty(read.Article!.Notes);
    }

    [Theory]
    [InlineData("yesterday")]
    [InlineData("01.03.2026")]
    [InlineData("2026-02-30")]
    [InlineData("2026-03-01T25:00")]
    [InlineData("Mon, 1 Mar 2026 10:00:00 GMT")]
    [InlineData(" ")]
    public void A_date_that_cannot_be_read_is_left_out_and_noted(string given)
    {
        var read = Read($$"""{"text":"a","published":"{{given}}"}""");
        Assert.Null(read.Metadata.Published);
        Assert.Equal([$"left out \"published\": \"{given}\" is not an ISO 8601 date"], read.Article!.Notes);
    }

    [Theory]
    [InlineData("{\"html\":\"<p>The ferry sailed again.</p>\",\"feed\":\"wire\"}")]
    [InlineData("{\"html\":\"<p>The ferry sailed again.</p>\",\"text\":null,\"feed\":\"wire\"}")]
    [InlineData("{\"text\":\"\",\"feed\":\"wire\",\"html\":\"<p>The ferry sailed again.</p>\"}")]
    public void A_record_may_hold_a_page(string record)
    {
        var raw = new RawArticle("beside", ArticleForm.Record, Encoding.UTF8.GetBytes(record), ArticleMetadata.None with { Agency = "dpa" }, "http");
        var read = RawReader.Read(raw);
        Assert.Contains("The ferry sailed again.", read.Text, StringComparison.Ordinal);
        Assert.Equal(("wire", "dpa"), (read.Metadata.Feed, read.Metadata.Agency));
        Assert.Equal(read.Text, RawReader.Text(raw));
        Assert.Same(raw, ArticleParts.Of(raw).Single());
    }

    [Theory]
    [InlineData("null")]
    [InlineData("\"\"")]
    public void An_empty_page_beside_a_text_is_none(string html)
    {
        var raw = new RawArticle("a", ArticleForm.Record, Encoding.UTF8.GetBytes($$"""{"text":"The ferry sailed again.","html":{{html}}}"""), ArticleMetadata.None, "http");
        Assert.Equal("The ferry sailed again.", RawReader.Read(raw).Text);
        Assert.Equal("The ferry sailed again.", RawReader.Text(raw));
    }

    [Theory]
    [InlineData("urgency", "\"3\"", "3")]
    [InlineData("urgency", "\" 1 \"", "1")]
    [InlineData("version", "2", "2")]
    [InlineData("version", "\"2nd Ld\"", "\"2nd Ld\"")]
    [InlineData("status", "\"Withheld\"", "\"withheld\"")]
    [InlineData("status", "\" cancelled\"", "\"canceled\"")]
    [InlineData("embargo", "\"Sun, 1 Mar 2026 10:00:00 GMT\"", "\"2026-03-01T10:00:00+00:00\"")]
    public void What_senders_state_is_read_in_their_forms(string field, string given, string read)
    {
        var article = Read($$"""{"text":"a","{{field}}":{{given}}}""").Article!;
        using var stored = System.Text.Json.JsonDocument.Parse(article.Metadata.ToJson()!);
        var value = stored.RootElement.GetProperty(field);
        Assert.Equal(read.Trim('"'), value.ToString());
        Assert.Empty(article.Notes);
    }

    /// <summary>Crawlers have a status and a version of their own.</summary>
    [Theory]
    [InlineData("urgency", "0", "\"0\" is no whole number from 1 to 9")]
    [InlineData("urgency", "10", "\"10\" is no whole number from 1 to 9")]
    [InlineData("urgency", "1.5", "\"1.5\" is no whole number from 1 to 9")]
    [InlineData("urgency", "\"high\"", "\"high\" is no whole number from 1 to 9")]
    [InlineData("urgency", "\"\u0663\"", "\"\u0663\" is no whole number from 1 to 9")]
    [InlineData("status", "200", "\"200\" is none of usable, withheld and canceled")]
    [InlineData("status", "\"live\"", "\"live\" is none of usable, withheld and canceled")]
    [InlineData("section", "[\"a\"]", "\"[\"a\"]\" is no string")]
    [InlineData("copyright", "true", "\"true\" is no string")]
    [InlineData("embargo", "\"Friday\"", "\"Friday\" is not an ISO 8601 date")]
    public void What_a_sender_states_otherwise_is_left_out_and_noted(string field, string given, string says)
    {
        var article = Read($$"""{"text":"a","{{field}}":{{given}}}""").Article!;
        Assert.Equal(ArticleMetadata.None, article.Metadata);
        Assert.Equal([$"left out \"{field}\": {says}"], article.Notes);
    }

    [Fact]
    public void One_name_is_a_list_of_one()
    {
        Assert.Equal(["Anna Weir"], Read("""{"text":"a","bylines":"Anna Weir"}""").Metadata.Bylines);
        Assert.Equal(["Anna Weir"], Read("""{"text":"a","bylines":[{"name":"Anna Weir"}]}""").Metadata.Bylines);
        Assert.Equal([], Read("""{"text":"a","bylines":[]}""").Metadata.Bylines);
    }

    [Fact]
    public void Half_of_a_surrogate_pair_becomes_the_replacement_character()
    {
        var read = Read("""{"id":"a\ud83d","text":"\ud83d b \udc00\ud83d\ude00 \"\\\/\b\f\n\r\t\u00e9 é \ud83d","headline":"\ude00","bylines":["\ud83d"]}""");
        Assert.Equal("a\ufffd", read.Id);
        Assert.Equal("\ufffd b \ufffd\ud83d\ude00 \"\\/\b\f\n\r\té é \ufffd", read.Text);
        Assert.Equal("\ufffd", read.Metadata.Headline);
        Assert.Equal(["\ufffd"], read.Metadata.Bylines);
    }

    [Fact]
    public void Of_two_fields_of_one_name_the_last_counts()
    {
        var read = Read("""{"text":"first","id":"1","text":5,"feed":7,"id":"2","feed":"wire","t\u0065xt":"last"}""");
        Assert.Equal(("2", "last", "wire"), (read.Id, read.Text, read.Metadata.Feed));
    }

    [Fact]
    public void A_record_is_read_in_every_encoding()
    {
        const string Json = """{"id":"1","text":"Das Café öffnet.","headline":"Größe"}""";
        Reads(Encoding.UTF8.GetBytes(Json));
        Reads([0xef, 0xbb, 0xbf, .. Encoding.UTF8.GetBytes(Json)]);
        Reads([0xff, 0xfe, .. Encoding.Unicode.GetBytes(Json)], "read as UTF-16");
        Reads([0xfe, 0xff, .. Encoding.BigEndianUnicode.GetBytes(Json)], "read as UTF-16, big-endian");
        Reads(Windows1252.GetBytes(Json), "read as Windows-1252, as it is not valid UTF-8");

        static void Reads(byte[] content, params string[] notes)
        {
            var raw = new RawArticle("", ArticleForm.Record, content, ArticleMetadata.None, "file");
            var read = RawReader.Read(raw);
            Assert.Equal(("1", "Das Café öffnet.", "Größe"), (read.Id, read.Text, read.Metadata.Headline));
            Assert.Equal(notes, read.Article!.Notes);
            Assert.Equal(read.Text, RawReader.Text(raw));
        }
    }

    /// <summary>Only a look at all of the record tells how its text is encoded.</summary>
    [Fact]
    public void The_text_is_read_alone_as_it_is_read_with_the_rest()
    {
        SameText([.. "{\"text\":\""u8, 0xc3, 0xa9, .. "\",\"headline\":\""u8, 0xe9, .. "\"}"u8], "Ã©");
        SameText([.. "{\"headline\":\""u8, 0xe9, .. "\",\"text\":\""u8, 0xc3, 0xa9, .. "\"}"u8], "Ã©");
        SameText([.. "\ufeff{\"\\u0074ext\":\"a\"}"u8], "a");
        SameText([.. "{\"text\":\"a\",\"text\":\"\\ud83d\"}"u8], "\ufffd");
        SameText([.. "{\"text\":\"\\ud83d\",\"text\":\"a\"}"u8], "a");
        SameText([.. "{\"more\":{\"text\":\"b\"},\"text\":\"a\",\"more\":[{\"text\":\"c\"}]}"u8], "a");

        static void SameText(byte[] content, string text)
        {
            var raw = new RawArticle("", ArticleForm.Record, content, ArticleMetadata.None, "file");
            Assert.Equal(text, RawReader.Read(raw).Text);
            Assert.Equal(text, RawReader.Text(raw));
        }
    }

    [Theory, InlineData(1), InlineData(2), InlineData(3)]
    public void The_text_is_read_alone_as_it_is_read_with_the_rest_of_random_records(int seed)
    {
        var random = new Random(seed);
        var articles = 0;
        for (var round = 0; round < 10_000; round++)
        {
            var raw = new RawArticle("", random.Next(20) == 0 ? ArticleForm.Text : ArticleForm.Record, RandomRecord(random), ArticleMetadata.None, "file");
            var read = RawReader.Read(raw);
            var text = RawReader.Text(raw);
            Assert.Equal(read.Article is null, read.Rejection is not null);
            if (read.Article is null)
                continue;
            articles++;
            if (read.Text != text)
                Assert.Fail($"Round {round}: {Convert.ToHexString(raw.Content.Span)} has the text '{read.Text}', alone '{text}'.");
        }

        Assert.InRange(articles, 3000, 9500);
    }

    static byte[] RandomRecord(Random random)
    {
        string[] names = ["text", "text", "t\\u0065xt", "html", "id", "headline", "bylines", "published", "more", "é", "texts", "\\ud83d", ""];
        string[] texts = ["", "a", "é", "окно", "\\u0000", "\\ud83d", "\\ude00", "\\ud83d\\ude00", "\ud83d\ude00", "\\n\\\"\\\\", "\u2028", "\ufeff", "text", " "];
        string[] others = ["1", "null", "true", "[]", "{\"text\":\"b\"}", "[{\"text\":\"b\"}]", "[\"a\",{\"name\":\"b\"}]", "1e5"];
        string Text() => $"\"{string.Concat(Enumerable.Range(0, random.Next(4)).Select(_ => texts[random.Next(texts.Length)]))}\"";
        List<string> fields = [.. Enumerable.Range(0, random.Next(4)).Select(_ => $"\"{names[random.Next(names.Length)]}\":{(random.Next(6) == 0 ? others[random.Next(others.Length)] : Text())}")];
        if (random.Next(8) != 0)
            fields.Insert(random.Next(fields.Count + 1), $"\"text\":{Text()}");
        var json = $"{{{string.Join(random.Next(2) == 0 ? "," : " ,\n", fields)}}}";
        byte[] bytes = random.Next(8) switch
        {
            0 => Windows1252.GetBytes(json),
            1 => [0xff, 0xfe, .. Encoding.Unicode.GetBytes(json)],
            2 => [0xef, 0xbb, 0xbf, .. Encoding.UTF8.GetBytes(json)],
            3 => Encoding.BigEndianUnicode.GetBytes(json),
            _ => Encoding.UTF8.GetBytes(json),
        };
        for (var changes = random.Next(6) == 0 ? random.Next(3) : 0; changes > 0; changes--)
            bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
        return bytes;
    }

    static ReadArticle Read(string record, ArticleMetadata? beside = null) =>
        RawReader.Read(new RawArticle("beside", ArticleForm.Record, Encoding.UTF8.GetBytes(record), beside ?? ArticleMetadata.None, "http"));
}
