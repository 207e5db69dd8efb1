using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Ingest.EndToEnd.Tests;
using RabbitMQ.Client;

namespace Ingest.Broker.Tests.Faults;

/// <summary>Row 7: a message whose error is as long as itself.</summary>
[Collection(nameof(OneBroker))]
public sealed class LongErrorTests(SharedBroker shared)
{
    const int Length = 200_000;

    static readonly (string Name, string Body)[] bodies =
    [
        ("letters", new string('x', Length)),
        ("a literal that is none", "t" + new string('r', Length)),
        ("a number without end", "{\"text\":1" + new string('2', Length) + "x}"),
        ("a property without end", "{\"" + new string('p', Length)),
        ("an escape that is none", "{\"text\":\"" + new string('a', Length) + "\\x\"}"),
    ];

    [BrokerTheory]
    [EachConsumer(Always = true)]
    public async Task Each_is_one_entry_in_the_error_queue(string consumer)
    {
        await using var desk = await Desk.OpenAsync(shared.Broker, consumer: consumer);
        desk.Serve();
        await desk.PublishAsync(bodies.Select(b => b.Body));
        await desk.PublishAsync(desk.Records("after", 1));
        await desk.SettleAsync();
        await desk.WaitForAsync(Desk.AcceptErrors, c => c.Ready == bodies.Length);
        var errors = await shared.Broker.PeekAsync(Desk.AcceptErrors, desk.VirtualHost);
        Assert.Equal(bodies.Select(b => b.Body).Order(StringComparer.Ordinal), errors.Select(e => e.Text).Order(StringComparer.Ordinal));
        // Nothing grows with the message, and the reason is there.
        Assert.All(errors, e => Assert.InRange(e.Properties.Headers!.Values.Sum(v => v is byte[] text ? text.Length : 8), 1, 20_000));
        Assert.All(errors, e => Assert.Contains("not JSON", Encoding.UTF8.GetString((byte[])e.Properties.Headers!["MT-Fault-Message"]!), StringComparison.Ordinal));
        Assert.InRange(desk.Logs.Length, 1, 50_000);
    }

    [LongBrokerFact]
    public async Task Headers_that_fill_a_frame_leave_no_room_for_the_reason_and_do_not_loop()
    {
        await using var desk = await Desk.OpenAsync(shared.Broker);
        desk.Serve();
        // A frame has 128 KiB: these headers fit, and with those that the library adds they would not.
        var properties = new BasicProperties { ContentType = "application/json", Headers = new Dictionary<string, object?>(StringComparer.Ordinal) { ["x-trace"] = new string('h', 130_000) } };
        await desk.PublishAsync([(Encoding.UTF8.GetBytes("no JSON"), properties)]);
        await desk.PublishAsync(desk.Records("after", 3));
        await desk.SettleAsync();
        var counts = await shared.Broker.CountAllAsync(desk.VirtualHost);
        Assert.Equal(1, counts.GetValueOrDefault(Desk.AcceptErrors, new QueueCounts(0, 0)).Ready + counts[Desk.Dead].Ready);
    }
}

/// <summary>Rows 15 and 16 over the queue: what is too large, too deep, or no article.</summary>
[Collection(nameof(OneBroker))]
public sealed class UnreadableTests(SharedBroker shared)
{
    /// <summary>Becomes a rejected article with this reason.</summary>
    static readonly (string Name, byte[] Body, string? ContentType, string Reason)[] rejected =
    [
        ("null", Utf8("null"), "application/json", "malformed-record"),
        ("a string", Utf8("\"a story\""), "application/json", "malformed-record"),
        ("a number", Utf8("12"), "application/json", "malformed-record"),
        ("no text", Utf8("""{"id":"no-text"}"""), "application/json", "malformed-record"),
        ("a null for a text", Utf8("""{"id":"null-text","text":null}"""), "application/json", "malformed-record"),
        ("a list for a text", Utf8("""{"id":"list-text","text":["a"]}"""), "application/json", "malformed-record"),
        ("a text and articles", Utf8("""{"text":"a","articles":[{"text":"b"}]}"""), "application/json", "malformed-record"),
        ("articles that are none", Utf8("""{"articles":7}"""), "application/json", "malformed-record"),
        ("an empty text", Utf8("""{"id":"empty","text":"  "}"""), "application/json", "empty"),
        ("lone surrogates", Utf8("""{"id":"surrogates","text":"\ud800\udc00\ud800 \udfff"}"""), "application/json", "binary"),
        ("17 MiB", Utf8($$"""{"id":"large","text":"{{string.Concat(Enumerable.Repeat("words of a story ", 1 + 17 * 1024 * 1024 / 17))}}"}"""), "application/json", "too-large"),
    ];

    /// <summary>Becomes an article like any other.</summary>
    static readonly (string Name, byte[] Body, string? ContentType)[] taken =
    [
        ("nulls in fields", Utf8(Fields("nulls", 1, ""","url":null,"bylines":null,"published":null,"language":null,"feed":null,"headline":null""")), "application/json"),
        ("another content type", Utf8(Fields("text", 2)), "text/plain"),
        ("a content type that is none", Utf8(Fields("none", 3)), ";;// 7"),
        ("no content type", Utf8(Fields("untyped", 4)), null),
        ("another character set", Utf8(Fields("charset", 5)), "application/json; charset=utf-16"),
        ("a mark of the byte order", [0xEF, 0xBB, 0xBF, .. Utf8(Fields("mark", 6))], "application/json"),
        ("U+0000 in the text", Utf8(Fields("zero", 7).Replace("The ", "The\\u0000 ", StringComparison.Ordinal)), "application/json"),
        ("U+0000 in the id", Utf8(Fields("ze\\u0000ro", 8)), "application/json"),
        ("a lone surrogate in the text", Utf8(Fields("lone", 9).Replace("The ", "The \\udfff ", StringComparison.Ordinal)), "application/json"),
        ("UTF-16", [.. Encoding.Unicode.GetPreamble(), .. Encoding.Unicode.GetBytes(Fields("utf16", 11))], "application/json"),
        ("an envelope", Utf8($$$"""{"messageId":"{{{Guid.NewGuid()}}}","messageType":["urn:message:Ingest.Contracts.V1:SubmitArticles"],"message":{"articles":[{{{Fields("envelope", 10)}}}]}}"""), "application/vnd.masstransit+json"),
    ];

    /// <summary>Goes to the error queue as it is.</summary>
    static readonly (string Name, byte[] Body, string? ContentType)[] unreadable =
    [
        ("nothing", [], "application/json"),
        ("blanks", Utf8(" \n "), "application/json"),
        ("no JSON", Utf8("A story."), "application/json"),
        ("half of an object", Utf8("""{"id":"half","text":"a"""), "application/json"),
        ("an empty list", Utf8("[]"), "application/json"),
        ("no articles", Utf8("""{"articles":[]}"""), "application/json"),
        ("100,000 brackets", Utf8(new string('[', 100_000)), "application/json"),
        ("100,000 brackets that close", Utf8(new string('[', 100_000) + new string(']', 100_000)), "application/json"),
        ("an envelope without a message", Utf8("{}"), "application/vnd.masstransit+json"),
        ("a list for an envelope", Utf8("[1,2]"), "application/vnd.masstransit+json"),
        ("random bytes", RandomBytes(), "application/octet-stream"),
    ];

    [BrokerTheory]
    [EachConsumer]
    public async Task Each_has_a_name_or_lies_in_the_error_queue_and_none_loops(string consumer)
    {
        await using var desk = await Desk.OpenAsync(shared.Broker, consumer: consumer);
        var serving = desk.Serve();
        await desk.PublishAsync(
        [
            .. rejected.Select(r => (r.Body, Properties(r.ContentType))), .. taken.Select(t => (t.Body, Properties(t.ContentType))), .. unreadable.Select(u => (u.Body, Properties(u.ContentType))),
            // Two records, neither of which is one; and bytes that are no UTF-8, in an id and in a text.
            (Utf8("[1,2]"), Properties("application/json")),
            ([.. Utf8("{\"id\":\"bytes\",\"text\":\"The caf"), 0xE9, .. Utf8(Fields("", 12)[20..])], Properties("application/json")),
            (Utf8(Fields("last", 13)), Properties("application/json")),
        ]);
        await desk.UntilAsync(() => desk.Account.CountDecided() >= rejected.Length + taken.Length + 4, "a decision about each record");
        await desk.WaitForAsync(Desk.Accept, c => c is { Ready: 0, Unacknowledged: 0 });
        await desk.WaitForAsync(Desk.AcceptErrors, c => c.Ready == unreadable.Length);
        var log = desk.Account.Decided();
        Assert.Equal(rejected.Length + taken.Length + 4, log.Count);
        Assert.Equal(
            rejected.Select(r => r.Reason).Append("malformed-record").Append("malformed-record").Order(StringComparer.Ordinal), log.Select(d => d.Rejection).OfType<string>().Order(StringComparer.Ordinal));
        var errors = await shared.Broker.PeekAsync(Desk.AcceptErrors, desk.VirtualHost);
        Assert.Equal(unreadable.Select(u => Convert.ToHexString(u.Body)).Order(StringComparer.Ordinal), errors.Select(e => Convert.ToHexString(e.Body)).Order(StringComparer.Ordinal));
        Assert.Empty(desk.Account.Failed());
        Assert.Equal(new QueueCounts(0, 0), await shared.Broker.CountAsync(Desk.Dead, desk.VirtualHost));

        // What was told of them is JSON that anybody can read.
        foreach (var decided in log)
            desk.Account.Submit(decided.Id, log.Count(d => d.Id == decided.Id));
        await desk.SettleAsync();
        Assert.InRange(PeakBytes(serving.Pid), 1, 1L << 30);
    }

    [LongBrokerFact]
    public async Task What_is_too_large_for_the_client_ends_with_the_dead_letters()
    {
        await using var desk = await Desk.OpenAsync(shared.Broker);
        var serving = desk.Serve();
        // The client takes at most 64 MiB, and ends the connection; until the broker gives up, that happens 21 times with pauses between.
        var body = new byte[100 * 1024 * 1024];
        Array.Fill(body, (byte)' ');
        await desk.PublishAsync([(body, Properties("application/json"))]);
        await desk.WaitForAsync(Desk.Dead, c => c.Ready == 1, TimeSpan.FromMinutes(5));
        await desk.PublishAsync(desk.Records("after", 3));
        Assert.Equal(3, (await desk.SettleAsync()).Log.Count);
        Assert.InRange(PeakBytes(serving.Pid), 1, 1L << 30);
    }

    static byte[] Utf8(string text) => Encoding.UTF8.GetBytes(text);

    static BasicProperties Properties(string? contentType)
    {
        var properties = new BasicProperties { MessageId = Guid.NewGuid().ToString() };
        if (contentType is not null)
            properties.ContentType = contentType;
        return properties;
    }

    static string Fields(string id, int seed, string more = "") =>
        "{\"id\":\"" + id + "\",\"text\":" + JsonValue.Create(Workplace.Text(Workplace.Paragraphs(seed))).ToJsonString() + more + "}";

    static byte[] RandomBytes()
    {
        var bytes = new byte[4096];
        new Random(1).NextBytes(bytes);
        return bytes;
    }

    /// <summary>The most memory that a process ever had.</summary>
    static long PeakBytes(int pid) =>
        1024 * long.Parse(File.ReadLines($"/proc/{pid}/status").First(l => l.StartsWith("VmHWM", StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture);
}
