using System.Text;
using Ingest.Core.Articles;
using Ingest.Core.Normalisation.Reading;
using Ingest.Ledger.Articles;
using Ingest.Ledger.Decisions;

namespace Ingest.Ledger.Tests;

/// <summary>
/// What every store does, whatever it is made of; with one that has it open. The other half is <see cref="SharedLedgerConformance"/>.
/// </summary>
public abstract partial class LedgerConformance : LedgerCase
{
    const string Odd = "a\0b 'q\" \\ %_ \u2028 \ud83d\ude00 é";

    public static readonly TheoryData<string> Forms = ["text", "Windows-1252", "UTF-16", "U+0000",
        "empty", "binary", "record", "record with everything", "record with U+0000", "malformed record"];

    [Theory, MemberData(nameof(Forms))]
    public void An_accepted_article_comes_back_whole(string form)
    {
        var submission = Form(form);
        var accepted = Assert.Single(Accept(submission));
        Assert.False(accepted.Known);
        var found = Articles.Find(submission.ArticleId)!;
        Assert.Equal(accepted.Article, found.Number);
        Assert.Equal(submission.ArticleId, found.ArticleId);
        Assert.Equal(submission.Read.Metadata.Feed, found.Feed);
        Same(submission, found.Submission);
        Same(submission, Assert.Single(Assert.Single(Articles.StillUnfinished([accepted.Article], 1))).Submission);
        Same(submission, Assert.Single(Articles.Undecided()).Submission);
        Assert.Equal([submission.ArticleId], Articles.Submitted(submission.Id, 10));
    }

    [Theory, MemberData(nameof(Forms))]
    public void A_decided_article_comes_back_whole(string form)
    {
        var submission = Form(form);
        var decided = Assert.Single(Decide(new Plan(submission,
            Rejection: submission.Read.Rejection ?? (submission.Read.Text.Length == 0 ? Rejection.Empty() : null))));
        var entry = Assert.Single(Log.After(LogPosition.Start, 10, Texts.All));
        Same(decided.Decision, entry.Decision);
        Same(submission, entry.Text!.Submission);
        Assert.Equal(submission.Id, entry.Id);
        Assert.Equal(submission.Read.Metadata.Feed, entry.Feed);
        Assert.Equal(submission.Accepted.ToUnixTimeMilliseconds(), entry.Accepted.ToUnixTimeMilliseconds());
        Assert.Equal(submission.Raw.Content.Length, entry.Text.Bytes);
        Assert.Equal(decided.Result.ToArray(), StoredResult.Whole(entry.Text.Stored.Span).ToArray());
        Assert.Equal(decided.Decision.Rejection, entry.Text.Result().Rejection?.Reason);
    }

    [Fact]
    public void The_same_article_again_is_known_and_keeps_its_number()
    {
        var (one, other) = (Article("1"), Article("2"));
        var first = Accept(one, other, one);
        Assert.Equal([false, false, true], first.Select(a => a.Known));
        Assert.Equal(first[0].Article, first[2].Article);
        var again = Submission.Of(one.Raw with { Sender = "queue" }, null, Now.AddHours(1));
        Assert.Equal([new Acceptance(first[1].Article, Known: true), new Acceptance(first[0].Article, Known: true)], Accept(other, again));
        // What was kept first stays.
        Same(one, Articles.Find(one.ArticleId)!.Submission);
        Assert.Equal(2, Articles.CountUnfinished());
    }

    [Fact]
    public void The_same_id_with_another_content_is_another_article()
    {
        var (one, other) = (Article("1"), Article("1", "The harbour of Kaldvik is closed."));
        Assert.All(Accept(one, other), a => Assert.False(a.Known));
        Assert.Equal([one.ArticleId, other.ArticleId], Articles.Submitted("1", 10));
        Assert.Equal([one.ArticleId], Articles.Submitted("1", 1));
        Assert.Empty(Articles.Submitted("2", 10));
    }

    [Fact]
    public void Numbers_are_never_given_twice()
    {
        var accepted = new List<ArticleNumber>();
        for (var i = 0; i < 20; i++)
        {
            var submission = Article($"{i}");
            accepted.Add(i % 2 == 0 ? Accept(submission)[0].Article : Decide(submission)[0].Decision.Article);
            // What is given up in between leaves no hole that another article could be mistaken for.
            using var lane = new LaneWriter(Ledger);
            lane.Begin();
            lane.Claim([new LaneClaim(Article($"given up {i}"), default, Discards: false)]);
            lane.Rollback();
        }

        Assert.Equal(20, accepted.Distinct().Count());
        Assert.Equal(accepted.Order(Comparer<ArticleNumber>.Create((a, b) => a.Value.CompareTo(b.Value))), accepted);
    }

    [Fact]
    public void An_article_that_is_not_there_is_not_found()
    {
        Accept(Article("1"));
        Assert.Null(Articles.Find(Article("2").ArticleId));
        Assert.Null(Log.Of(Article("1").ArticleId));
        Assert.Null(Log.Of(Article("2").ArticleId));
        Assert.Null(Log.At(new StoryNumber(1)));
        Assert.Null(Errors.Find(Article("1").ArticleId));
        Assert.Null(Stories.First(Article("1").ArticleId));
        Assert.Null(Stories.Current(new StoryNumber(1)));
        Assert.Throws<LedgerException>(() => Log.Name(new StoryNumber(1)));
    }

    [Fact]
    public void A_key_accepts_the_same_content_again_and_no_other()
    {
        using var writer = new AcceptWriter(Ledger, Now);
        var (one, other) = (Article("1"), Article("2"));
        var first = writer.Accept([new AcceptRequest([one], new IdempotencyKey("key", [1, 2]))], Now, anybody: true)[0]!;
        Assert.Equal([first[0] with { Known = true }],
            writer.Accept([new AcceptRequest([one], new IdempotencyKey("key", [1, 2]))], Now, anybody: true)[0]!);
        Assert.Null(writer.Accept([new AcceptRequest([other], new IdempotencyKey("key", [1, 3]))], Now, anybody: true)[0]);
        Assert.Null(Articles.Find(other.ArticleId));
        Assert.False(writer.Accept([new AcceptRequest([other], new IdempotencyKey("KEY", [1, 3]))], Now, anybody: true)[0]![0].Known);
    }

    [Fact]
    public void A_key_that_was_used_otherwise_disturbs_no_other_request()
    {
        using var writer = new AcceptWriter(Ledger, Now);
        var answers = writer.Accept(
            [
                new AcceptRequest([Article("1")], new IdempotencyKey("key", [1])),
                new AcceptRequest([Article("2"), Article("3")], new IdempotencyKey("key", [2])),
                new AcceptRequest([]),
                new AcceptRequest([Article("4"), Article("1")]),
                new AcceptRequest([Article("1")], new IdempotencyKey("key", [1])),
            ],
            Now, anybody: true);
        Assert.Equal(["False", "refused", "", "False True", "True"],
            answers.Select(a => a is null ? "refused" : string.Join(' ', a.Select(one => one.Known))));
        Assert.Equal(2, Articles.CountUnfinished());
    }

    [Fact]
    public void Keys_with_U_0000_are_told_apart()
    {
        using var writer = new AcceptWriter(Ledger, Now);
        Assert.NotNull(writer.Accept([new AcceptRequest([Article("1")], new IdempotencyKey("key\0one", [1]))], Now, anybody: true)[0]);
        Assert.NotNull(writer.Accept([new AcceptRequest([Article("2")], new IdempotencyKey("key\0two", [2]))], Now, anybody: true)[0]);
    }

    [Fact]
    public void A_key_is_forgotten_after_thirty_days()
    {
        var request = new AcceptRequest([Article("1")], new IdempotencyKey("key", [1]));
        var other = new AcceptRequest([Article("2")], new IdempotencyKey("key", [2]));
        using (var writer = new AcceptWriter(Ledger, Now))
            Assert.NotNull(writer.Accept([request], Now, anybody: true)[0]);
        using (var writer = new AcceptWriter(Ledger, Now + AcceptWriter.KeysKept))
            Assert.Null(writer.Accept([other], Now, anybody: true)[0]);
        using (var writer = new AcceptWriter(Ledger, Now + AcceptWriter.KeysKept + TimeSpan.FromMilliseconds(1)))
            Assert.NotNull(writer.Accept([other], Now, anybody: true)[0]);
    }

    [Fact]
    public void Trying_to_write_changes_nothing()
    {
        Accept(Article("1"));
        using var writer = new AcceptWriter(Ledger, Now);
        writer.Try();
        Assert.Equal(1, Articles.CountUnfinished());
        Assert.Equal(default, Log.End());
    }

    [Fact]
    public void Open_articles_are_listed_page_by_page_and_others_are_not()
    {
        var open = Accept(anybody: true, [.. Enumerable.Range(0, 5).Select(i => Article($"open {i}"))]).Select(a => a.Article).ToList();
        Accept(anybody: false, Article("mine"));
        // Known already: whose it is does not change.
        Accept(anybody: true, Article("mine"));
        Accept(anybody: false, Article("open 1"));
        List<ArticleNumber> listed = [];
        for (var after = default(ArticleNumber); Articles.Open(after, 2) is { Count: > 0 } page; after = page[^1])
        {
            Assert.InRange(page.Count, 1, 2);
            listed.AddRange(page);
        }

        Assert.Equal(open, listed);
        Assert.Equal(6, Articles.CountUnfinished());
    }

    [Fact]
    public void Articles_that_were_left_behind_are_listed_with_the_open_ones()
    {
        var open = Accept(anybody: true, Article("open"))[0].Article;
        var mine = Accept(anybody: false, [.. Enumerable.Range(0, 3).Select(i => Article($"mine {i}"))]).Select(a => a.Article).ToList();
        Assert.Equal([open], Articles.Unfinished(default, Now, 10));
        Assert.Equal([open, .. mine], Articles.Unfinished(default, Now.AddMilliseconds(1), 10));
        Assert.Equal([open], Articles.Unfinished(default, DateTimeOffset.MinValue, 10));
        Assert.Equal([open, .. mine], Articles.Unfinished(default, DateTimeOffset.MaxValue, 10));
        Assert.Equal([open, mine[0]], Articles.Unfinished(default, DateTimeOffset.MaxValue, 2));
        Assert.Equal(mine[1..], Articles.Unfinished(mine[0], DateTimeOffset.MaxValue, 10));
    }

    [Fact]
    public void Only_what_still_waits_is_fetched()
    {
        var (waiting, decided, failed) = (Article("waiting"), Article("decided"), Article("failed"));
        var numbers = Accept(waiting, decided, failed).Select(a => a.Article).ToList();
        Decide(decided);
        Fail(numbers[2]);
        Assert.Equal([waiting.ArticleId], Assert.Single(Articles.StillUnfinished([.. numbers, new ArticleNumber(1_000_000)], long.MaxValue)).Select(a => a.ArticleId));
        Assert.Empty(Articles.StillUnfinished([], long.MaxValue));
        Assert.Equal([waiting.ArticleId, failed.ArticleId], Articles.Undecided().Select(a => a.ArticleId));
        Assert.Equal(1, Articles.CountUnfinished());
    }

    [Fact]
    public void Undecided_articles_of_another_ledger_wait_in_this_one()
    {
        using var other = LedgerFile.Temporary();
        using (var writer = new AcceptWriter(other, Now))
            writer.Accept([new AcceptRequest([Article("1"), Form("Windows-1252"), Article("known here")])],
                Now.AddDays(-1), anybody: false);
        Decide(Article("known here"));
        using (var writer = new AcceptWriter(Ledger, Now))
            writer.Take(new AcceptedArticles(other).Undecided().Select(a => a.Submission));
        var taken = Articles.Undecided().ToList();
        Assert.Equal(2, taken.Count);
        Same(Article("1"), taken[0].Submission);
        Same(Form("Windows-1252"), taken[1].Submission);
        Assert.Equal(taken.Select(a => a.Number), Articles.Open(default, 10));
    }

    [Fact]
    public void What_waits_is_read_in_portions_of_so_many_bytes()
    {
        ArticleNumber[] numbers = [.. Accept([.. Enumerable.Range(1, 5).Select(i => Article($"{i}"))]).Select(a => a.Article).OrderDescending()];
        var bytes = Articles.StillUnfinished([numbers[0]], 1).First()[0].Submission.Raw.Content.Length;
        ArticleNumber[] asked = [.. numbers, new ArticleNumber(1_000_000)];
        Assert.Equal(numbers.Order().Chunk(2), Articles.StillUnfinished(asked, bytes + 1).Select(p => p.Select(a => a.Number)));
        Assert.Equal(numbers.Order().Chunk(1), Articles.StillUnfinished(asked, bytes).Select(p => p.Select(a => a.Number)));
        Assert.Equal([numbers.Order()], Articles.StillUnfinished(asked, long.MaxValue).Select(p => p.Select(a => a.Number)));
    }

    [Fact]
    public void A_setting_stays_as_it_was_first()
    {
        Assert.Equal("3 words", LedgerSettings.Keep(Ledger, "fingerprints", "3 words"));
        Assert.Equal("3 words", LedgerSettings.Keep(Ledger, "fingerprints", "4 words"));
        Assert.Equal("4 words", LedgerSettings.Keep(Ledger, "other", "4 words"));
        Assert.Equal("", LedgerSettings.Keep(Ledger, "empty", ""));
        Assert.Equal("", LedgerSettings.Keep(Ledger, "empty", "full"));
    }

    protected static LaneClaim New(Submission submission) => new(submission, default, Discards: false);

    protected static LaneClaim Stored(ArticleNumber article) => new(null, article, Discards: false);

    protected static IEnumerable<long> Positions(IEnumerable<LogEntry> entries) => entries.Select(e => e.Decision.Position.Value);

    /// <summary>One article of each kind that may be sent.</summary>
    static Submission Form(string form)
    {
        var everything = new ArticleMetadata(
            "https://kaldvik.example/a?b=1&c=2", "wi\0re", "Größe <b>\"окно\"</b>\u2028",
            ["Anna Weir", ""], "dpa", "Kaldvik Post", "OSLO", "2026-03-01", "2026-03-01T10:00:00Z", "en")
        {
            Section = "Hav\0n", Slugline = "FERRY-KALDVIK/", Version = "2", Status = "withheld", Urgency = 3, Embargo = "2026-03-02T06:00:00Z",
            UsageTerms = "Not for Kaldvik <local>", Copyright = "© 2026 dpa",
        };
        return form switch
        {
            "text" => Of("kaldvik/1", ArticleForm.Text,
                Utf8("The ferry of Kaldvik sailed again on Monday, and everybody was glad of it."), ArticleMetadata.None),
            "Windows-1252" => Of("kaldvik/2", ArticleForm.Text,
                [.. Utf8("Das Caf"), 0xe9, .. Utf8(" am Hafen von Kaldvik ist seit Montag wieder offen, und alle freuen sich.")],
                ArticleMetadata.None with { Feed = "wire" }),
            "UTF-16" => Of("kaldvik/3", ArticleForm.Text,
                [0xff, 0xfe, .. Encoding.Unicode.GetBytes("Паром снова ходит с понедельника, сообщили в порту.")], ArticleMetadata.None),
            "U+0000" => Of("kald\0vik/4", ArticleForm.Text,
                Utf8("The ferry \0 sailed again on Monday, and everybody in Kaldvik was glad of it.\0"), everything),
            "empty" => Of("", ArticleForm.Text, [], ArticleMetadata.None),
            "binary" => Of("kaldvik/6", ArticleForm.Text, [0x89, 0x50, 0x4e, 0x47, 0, 1, 2, 0xff], ArticleMetadata.None),
            "record" => Of("", ArticleForm.Record,
                Utf8("""{ "text": "The ferry of Kaldvik sailed again on Monday, and everybody was glad of it." } """),
                ArticleMetadata.None),
            "record with everything" => Of(
                "beside", ArticleForm.Record,
                Utf8("""{"id":"kaldvik/8","text":"The ferry of Kaldvik sailed again on Monday, and everybody was glad of it.","feed":"its own","url":null,"bylines":[{"name":"Ole Dahl"}],"more":[1,{}]}"""),
                everything),
            "record with U+0000" => Of(
                "", ArticleForm.Record,
                Utf8("""{"id":"a\u0000b","feed":"\u0000","text":"The ferry of Kaldvik \u0000 \ud83d sailed \ud83d\ude00 again on Monday, and everybody was glad of it."}"""), ArticleMetadata.None),
            "malformed record" => Of("kaldvik/10", ArticleForm.Record, [.. Utf8("""{"text":5,"odd":"""), 0xe9, 0], ArticleMetadata.None),
            _ => throw new ArgumentOutOfRangeException(nameof(form), form, "No such case."),
        };

        static Submission Of(string id, ArticleForm form, byte[] content, ArticleMetadata metadata) =>
            Submission.Of(new RawArticle(id, form, content, metadata, "queue"),
                "a delivery", Now.AddTicks(4567).ToOffset(TimeSpan.FromHours(2)));
    }
}
