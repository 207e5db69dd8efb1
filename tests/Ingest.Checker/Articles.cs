using System.Text;
using System.Text.Json.Nodes;

namespace Ingest.Checker;

/// <summary>
/// Generated articles: new ones, copies and excerpts of the last ones, and now and then one that must be rejected. Mixed ones have all
/// sizes and metadata up to and over the limits too, come from an archive as well, and are sometimes sent again. For many threads.
/// </summary>
/// <param name="run">What all ids begin with.</param>
/// <param name="isDecided">Whether the article with an id was decided.</param>
sealed class Articles(string run, bool mixed, Func<string, bool> isDecided)
{
    const int MostText = 4 << 20, MostField = 16 << 10, MostNames = 256, MostId = 1 << 10, Recent = 100;

    readonly Lock gate = new();
    readonly Random random = new(1);
    readonly List<Source> live = [], archived = [];
    readonly List<Article> sent = [];
    int texts;
    long next;

    /// <summary>A text that is copied.</summary>
    /// <param name="First">The id of the article that brought it.</param>
    /// <param name="IsCut">It has excerpts, and is copied as it is. Otherwise some copies have a passage of their own.</param>
    /// <param name="Received">Of one that only an archive has.</param>
    sealed record Source(int Number, string Text, string First, bool IsCut, DateTimeOffset? Received);

    /// <param name="isRefused">The route refuses what is over a limit. Otherwise that is accepted, and rejected.</param>
    public IReadOnlyList<Article> Take(int count, bool isRefused)
    {
        lock (gate)
            return [.. Enumerable.Range(0, count).Select(_ => Remember(One(isRefused)))];
    }

    Article One(bool isRefused) => random.Next(mixed ? 1000 : 800) switch
    {
        < 30 => Make(" ", null, Due.Rejected),
        < 200 => Pick(live) is { } source ? Copy(source, null) : New(null),
        < 250 => Pick(live) is { IsCut: true } source ? Excerpt(source) : New(null),
        < 800 => New(null),
        < 820 => OverLimit(isRefused),
        < 830 => Make(Text(Length()), null, Due.Story, texts++, change: r => r["headline"] = Letters(random.Next(200, MostField))),
        < 850 => Pick(live) is { } source ? Copy(source, DateTimeOffset.UtcNow.AddDays(40)) : New(null),
        // The story that an archive's copy joins must be there, or it would begin one that live copies are too late for.
        < 920 => Pick(live) is { } source && isDecided(source.First) ? Copy(source, Past(31)) : New(null),
        < 950 => Pick(archived) is { } source ? Copy(source, source.Received!.Value.AddDays(random.Next(0, 10))) : New(null),
        < 970 => New(Past(60)),
        _ => sent.Count > 0 ? sent[random.Next(sent.Count)] : New(null),
    };

    Article New(DateTimeOffset? received)
    {
        var text = Text(Length());
        var article = Make(text, received, Due.Story, texts++, isWhole: true);
        Keep(received is null ? live : archived, new Source(article.Text, text, article.Id, random.Next(2) == 0, received));
        return article;
    }

    DateTimeOffset Past(int days) => DateTimeOffset.UtcNow.AddDays(-random.Next(days, 4000));

    Article Excerpt(Source source) => Make(source.Text[..(source.Text.Length / 2)], null, Due.Story, source.Number);

    Article Copy(Source source, DateTimeOffset? received)
    {
        var isNear = !source.IsCut && source.Text.Length < MostText - 2000 && random.Next(2) == 0;
        return Make(isNear ? $"{source.Text}\n\n{Paragraph()}\n" : source.Text, received, Due.Story, source.Number, isWhole: true);
    }

    /// <summary>Over one of the limits by one.</summary>
    Article OverLimit(bool isRefused)
    {
        var due = isRefused ? Due.Refused : Due.Rejected;
        var text = Text(1000);
        return random.Next(isRefused ? 6 : 4) switch
        {
            0 when random.Next(10) == 0 => Make(Text(MostText + 1), null, due),
            0 or 1 => Make(text, null, due, change: r => r["publisher"] = Letters(MostField) + "x"),
            2 => Make(text, null, due, change: r => r["bylines"] = Names(MostNames + 1)),
            3 => Make(text, null, due, change: r => r["headline"] = Letters(MostField + 2)),
            4 => Make(text, null, due, change: r => r["id"] = r["id"] + Letters(MostId)),
            _ => Make(text, null, due, change: r => r["feed"] = Letters(MostId + 2)),
        };
    }

    Article Make(string text, DateTimeOffset? received, Due due, int number = -1, bool isWhole = false, Action<JsonObject>? change = null)
    {
        var record = new JsonObject { ["id"] = $"{run}/{next++}", ["text"] = text };
        if (received is { } moment)
            record["received"] = moment.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'");
        if (mixed && random.Next(2) == 0)
            AddMetadata(record);
        change?.Invoke(record);
        return new Article((string)record["id"]!, record.ToJsonString(), due, number, isWhole);
    }

    /// <summary>Now and then as large as is allowed.</summary>
    void AddMetadata(JsonObject record)
    {
        var isLarge = random.Next(50) == 0;
        record["publisher"] = Letters(isLarge ? MostField : 20);
        record["feed"] = Letters(isLarge ? MostId : 10);
        record["url"] = $"https://news.example/{Letters(isLarge ? MostField - 40 : 30)}";
        record["bylines"] = Names(isLarge ? MostNames : random.Next(1, 4));
        record["agency"] = "AFP";
        record["published"] = "2026-03-04";
        record["language"] = "en";
        if (isLarge)
            record["id"] = (string)record["id"]! + "/" + Letters(MostId - Encoding.UTF8.GetByteCount((string)record["id"]!) - 1);
    }

    Article Remember(Article article)
    {
        if (mixed && article.Due == Due.Story && article.Json.Length < 100_000)
            Keep(sent, article);
        return article;
    }

    void Keep<T>(List<T> list, T item)
    {
        if (list.Count < Recent)
            list.Add(item);
        else
            list[random.Next(list.Count)] = item;
    }

    Source? Pick(List<Source> sources) => sources.Count > 0 ? sources[random.Next(sources.Count)] : null;

    /// <summary>In characters, which are bytes here.</summary>
    int Length() => !mixed ? 1600 : random.Next(1000) switch
    {
        < 1 => random.Next(4) == 0 ? MostText : random.Next(1 << 20, MostText),
        < 5 => random.Next(64 << 10, 1 << 20),
        < 50 => random.Next(4 << 10, 64 << 10),
        _ => random.Next(1 << 10, 4 << 10),
    };

    string Text(int length)
    {
        var text = new StringBuilder($"Report on {Word()} {Word()} {Word()}");
        while (text.Length < length)
            text.Append("\n\n").Append(Paragraph());
        return text.Length <= length ? text.ToString() : text.ToString(0, length - 1) + ".";
    }

    string Paragraph() => $"The {string.Join(' ', Enumerable.Range(0, 40).Select(_ => Word()))}.";

    string Word()
    {
        Span<char> word = stackalloc char[2 * random.Next(2, 4)];
        for (var i = 0; i < word.Length; i += 2)
            (word[i], word[i + 1]) = ("bdfgklmnprstv"[random.Next(13)], "aeiou"[random.Next(5)]);
        return new string(word);
    }

    /// <summary>So many bytes of UTF-8, where some letters are two.</summary>
    string Letters(int bytes) => new string('ø', bytes / 4) + new string((char)('a' + random.Next(26)), bytes - (bytes / 4 * 2));

    JsonArray Names(int count) => [.. Enumerable.Range(0, count).Select(i => (JsonNode)$"{Word()} {Word()} {i}")];
}
