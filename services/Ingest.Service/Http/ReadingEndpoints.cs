using Ingest.Contracts.V1;
using Ingest.Core.Normalisation.Reading;
using Ingest.Ledger;
using Ingest.Ledger.Decisions;
using Ingest.Service.Operations;
using Ingest.Service.Outcomes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Ingest.Service.Http;

/// <summary>Articles and stories, as they stand.</summary>
sealed class ReadingEndpoints(LedgerStore ledger, MemoryBudget memory)
{
    /// <summary>Articles of a story that are read at once.</summary>
    const int MembersTogether = 128;

    /// <summary>Below this an article needs no share of memory; bytes that an article takes, with all its blocks and their JSON, for each of its own.</summary>
    const int SmallBytes = 1 << 16, MemoryForByte = 20;

    /// <summary>A large answer must be read within this time, as others wait for its memory.</summary>
    static readonly TimeSpan ReadWithin = TimeSpan.FromSeconds(30);

    readonly DecisionLog log = new(ledger);
    readonly StoryLog stories = new(ledger);
    readonly Retention retention = new(ledger);
    readonly AcceptedArticles articles = new(ledger);
    readonly Errors errors = new(ledger);

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/articles/{id}", (Delegate)Article)
            .WithName("GetArticle")
            .WithSummary("An article's stage, outcome and clean text, what was removed, and why it joined its story; with format=ninjs, the clean article as IPTC ninjs").WithTags("articles")
            .Produces<ArticleState>().ProducesFaults(400, 404, 410);
        routes.MapGet("/stories/{id}", (Delegate)Story)
            .WithName("GetStory").WithSummary("A story, its canonical article and all its articles; with format=ninjs, the canonical article as IPTC ninjs").WithTags("stories")
            .Produces<StoryState>().ProducesFaults(400, 404, 410);
        routes.MapGet("/stories", (Delegate)Stories)
            .WithName("FindStories").WithSummary("Stories with an article that matches, the latest first").WithTags("stories")
            .Produces<StoryPage>().ProducesFaults(400);
    }

    Task Article(HttpContext context, string id, string? format)
    {
        if (Unknown(format) is { } fault)
            return fault.Write(context);
        if (!Guid.TryParse(id, out var article) || articles.Find(article) is not { } accepted)
            return Faults.NotFound($"There is no article '{id}'. Use the articleId from the answer to its submission.").Write(context);
        var entry = log.Of(article);
        if (entry is not null && (entry.IsGone || entry.Decision.Position <= retention.Gone().Decisions))
            return Gone(entry).Write(context);
        if (format is not null)
            return entry?.Decision.Place is null
                ? Faults.NotFound($"There is no clean article '{id}': it was rejected, or has no outcome yet. Without format, the answer says which.").Write(context)
                : Guarded(context, entry, () => Ninjs(context, entry));
        if (entry is null)
            return context.Response.WriteAsJsonAsync(
                new ArticleState(
                    article, accepted.Submission.Id, errors.Find(article) is null ? "accepted" : "failed", accepted.Submission.Accepted,
                    null, null, null, null, null)
                {
                    Feed = accepted.Feed,
                },
                HttpJson.Default.ArticleState, cancellationToken: context.RequestAborted);
        return Guarded(context, entry, () => Decided(context, article, entry));
    }

    /// <summary>What there is to say of an article whose text is no longer kept: its decision.</summary>
    static Fault Gone(LogEntry entry)
    {
        var decision = entry.Decision;
        var about = decision.Rejection is { } reason ? $"was rejected ({OutcomeMapper.Word(reason)})"
            : decision.Place!.Join is { } join ? $"joined the story {entry.Story} ({OutcomeMapper.Word(join.Relation)})"
            : "began a story";
        return Faults.NoLongerKept(
            $"Article {entry.ArticleId} {about} at position {decision.Position}, {decision.Decided.UtcDateTime:yyyy-MM-dd'T'HH:mm:ss'Z'}. Its text is no longer kept (Ingest:Retention:Articles).");
    }

    /// <summary>
    /// Makes what tells of an article within the budget of memory. Nobody waits here: who reads slowly would be waited for by all others.
    /// </summary>
    async Task Guarded(HttpContext context, LogEntry entry, Func<Task> write)
    {
        using var share = entry.Bytes < SmallBytes ? memory.Reading.Nothing() : memory.Reading.TryTake(entry.Bytes * MemoryForByte);
        if (share is null)
        {
            await Faults.Busy().Write(context);
            return;
        }

        // The server itself cuts off who reads nothing, but by a mean over all that it has given to the system.
        using var deadline = share.Bytes > 0 ? new CancellationTokenSource(ReadWithin) : null;
        await using var late = (deadline?.Token ?? CancellationToken.None).UnsafeRegister(_ => context.Abort(), null);
        await write();
    }

    static Fault? Unknown(string? format) =>
        format is null or "ninjs" ? null : Faults.Invalid($"format is '{format}': use ninjs, or leave it out.");

    static Task Ninjs(HttpContext context, LogEntry entry)
    {
        var result = entry.Text!.Result();
        context.Response.ContentType = "application/json; charset=utf-8";
        return context.Response.WriteAsync(Outcomes.Ninjs.Line(entry.Id, result.Article!, result.Blocks), context.RequestAborted);
    }

    Task Decided(HttpContext context, Guid article, LogEntry entry)
    {
        var place = entry.Decision.Place;
        var canonical = place is null ? (Guid?)null : log.Name(stories.Current(place.Story)!.Canonical).ArticleId;
        var told = place is null
            ? null
            : StoryPlaces.ToContract(entry.Story!.Value, place, new ArticleName(place.Number, article, entry.Id), log.Name);
        var outcome = OutcomeMapper.ToContract(article, entry.Id, entry.Feed, entry.Text!.Result(), told, Audience.Client);
        return context.Response.WriteAsJsonAsync(
            new ArticleState(
                article, entry.Id, "decided", entry.Accepted, entry.Decision.Decided, entry.Decision.Position.Value,
                entry.Story, canonical, outcome)
            {
                Feed = entry.Feed,
            },
            HttpJson.Default.ArticleState, cancellationToken: context.RequestAborted);
    }

    Task Story(HttpContext context, string id, string? format)
    {
        if (Unknown(format) is { } fault)
            return fault.Write(context);
        if (!Guid.TryParse(id, out var story) || stories.First(story) is not { } first)
            return Faults.NotFound($"There is no story '{id}'. A story has the id of its first article.").Write(context);
        var current = stories.Current(first.Decision.Place!.Number)!;
        if (log.At(current.Canonical) is not { } canonical || format is not null && canonical.IsGone)
            return Faults.NoLongerKept($"The canonical article of the story {story} is no longer kept (Ingest:Retention). Without format, the answer has what is.").Write(context);
        if (format is not null)
            return Guarded(context, canonical, () => Ninjs(context, canonical));
        return Guarded(context, canonical, () => context.Response.WriteAsJsonAsync(
            new StoryAnswer(story, current.Version, canonical.ArticleId, canonical.IsGone ? null : Event.Clean(canonical), Members(first, current.Number).ToAsyncEnumerable()),
            HttpJson.Default.StoryAnswer, cancellationToken: context.RequestAborted));
    }

    /// <summary>Read as they are sent, so that a story of any number of articles takes no more memory, nor does who is slow to read it.</summary>
    /// <param name="last">What joins behind it meanwhile is not told of.</param>
    IEnumerable<StoryMember> Members(StoryEntry first, StoryNumber last)
    {
        yield return Member(first);
        var story = first.Decision.Place!.Number;
        for (var after = story; stories.Joined(story, after, last, MembersTogether) is { Count: > 0 } members; after = members[^1].Decision.Place!.Number)
            foreach (var member in members)
                yield return Member(member);
    }

    static StoryMember Member(StoryEntry member)
    {
        var (decision, join) = (member.Decision, member.Decision.Place!.Join);
        return new StoryMember(
            member.ArticleId, member.Id, decision.Position.Value, decision.Decided,
            join is null ? null : OutcomeMapper.Word(join.Relation), member.Matched,
            join?.Resemblance, join?.Containment,
            decision.Headline, decision.Agency, decision.Publisher);
    }

    Task Stories(HttpContext context, string? publisher, string? agency, string? since, string? q, string? before, string? limit)
    {
        if (StoryQueries.Read(publisher, agency, since, q, before, limit, out var fault) is not { } query)
            return fault!.Write(context);
        var (found, next) = stories.Find(query);
        return context.Response.WriteAsJsonAsync(
            new StoryPage([.. found.Select(Summary)], next?.Value),
            HttpJson.Default.StoryPage, cancellationToken: context.RequestAborted);
    }

    StorySummary Summary(StoryEntry found)
    {
        var decision = found.Decision;
        var current = stories.Current(decision.Place!.Story)!;
        var canonical = current.Canonical == decision.Place.Number ? found.ArticleId : log.Name(current.Canonical).ArticleId;
        return new StorySummary(
            found.Story, current.Version, canonical, decision.Position.Value, decision.Decided,
            decision.Headline, decision.Agency, decision.Publisher);
    }
}

/// <summary>A <see cref="StoryState"/> as it is sent: its articles are read meanwhile.</summary>
sealed record StoryAnswer(Guid StoryId, int Version, Guid Canonical, CleanArticle? Article, IAsyncEnumerable<StoryMember> Articles);
