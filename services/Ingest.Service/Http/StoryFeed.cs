using System.Reflection;
using System.Text;
using System.Xml;
using Ingest.Core.Articles;
using Ingest.Ledger;
using Ingest.Ledger.Articles;
using Ingest.Ledger.Decisions;
using Ingest.Service.Operations;
using Ingest.Service.Outcomes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Headers;
using Microsoft.AspNetCore.Routing;
using Microsoft.Net.Http.Headers;

namespace Ingest.Service.Http;

/// <summary>
/// Stories as an Atom feed (RFC 4287), so that any feed reader shows each text once: the canonical article of a story as an entry, which names
/// its copies. Pages are linked as RFC 5005 has it.
/// </summary>
sealed class StoryFeed(LedgerStore ledger, ApiPath path, MemoryBudget memory, TimeProvider time)
{
    const string Atom = "http://www.w3.org/2005/Atom", Path = "/stories.atom";

    /// <summary>Copies that an entry names.</summary>
    const int MostCopies = 10;

    /// <summary>Bytes of entries after which a page ends, so that a reader can hold it.</summary>
    const long MostBytes = 8 << 20;

    /// <summary>Below this an article needs no share of memory; bytes that an article takes, with what is made of it, for each of its own.</summary>
    const int SmallBytes = 1 << 16, MemoryForByte = 20;

    /// <summary>Characters of a paragraph that stands for a missing headline.</summary>
    const int MostTitle = 100;

    readonly DecisionLog log = new(ledger);
    readonly StoryLog stories = new(ledger);

    /// <summary>It does not change while the ledger is open. A fault is not kept.</summary>
    readonly Lazy<Guid> logId = new(() => LedgerSettings.LogId(ledger), LazyThreadSafetyMode.PublicationOnly);

    static string Version { get; } = Assembly.GetExecutingAssembly().GetName().Version!.ToString(3);

    public void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet(Path, (Delegate)Stories)
            .WithName("FollowStories").WithSummary("The same stories as an Atom feed, each with the text of its canonical article").WithTags("stories")
            .Produces<string>(StatusCodes.Status200OK, "application/atom+xml").Produces(StatusCodes.Status304NotModified).ProducesFaults(400);

    async Task Stories(HttpContext context, string? publisher, string? agency, string? since, string? q, string? before, string? limit)
    {
        if (StoryQueries.Read(publisher, agency, since, q, before, limit, out var fault) is not { } query)
        {
            await fault!.Write(context);
            return;
        }

        if (IsKnown(context))
        {
            context.Response.StatusCode = StatusCodes.Status304NotModified;
            return;
        }

        var (found, next) = stories.Find(query);
        context.Response.ContentType = "application/atom+xml; charset=utf-8";
        using var page = new MemoryStream();
        using var xml = XmlWriter.Create(page, new XmlWriterSettings { Encoding = new UTF8Encoding(false), NewLineHandling = NewLineHandling.None });
        WriteHead(xml, context.Request, query, found);
        var bytes = 0L;
        foreach (var story in found)
        {
            await WriteEntry(xml, story, context.RequestAborted);
            bytes += await Send(context, xml, page);
            if (bytes > MostBytes && story != found[^1])
            {
                next = story.Decision.Position;
                break;
            }
        }

        if (next is { } position)
            WriteLink(xml, "next", Address(context.Request, position));
        xml.WriteEndElement();
        await Send(context, xml, page);
    }

    /// <returns>The bytes that were sent.</returns>
    static async Task<long> Send(HttpContext context, XmlWriter xml, MemoryStream page)
    {
        xml.Flush();
        var bytes = (int)page.Length;
        await context.Response.BodyWriter.WriteAsync(page.GetBuffer().AsMemory(0, bytes), context.RequestAborted).OrCutOff(context, context.RequestAborted);
        page.SetLength(0);
        return bytes;
    }

    /// <summary>
    /// Whether the reader has what it asks for. A page depends on the log, on the rules by which it is made and on nothing else, so the end of
    /// the log stands for it.
    /// </summary>
    bool IsKnown(HttpContext context)
    {
        var end = log.End().Position;
        var decided = log.Decided(end);
        // With the time: a backup of the ledger that was restored may come to the same position with another decision.
        var tag = new EntityTagHeaderValue($"\"{logId.Value:n}-{end.Value}-{decided?.ToUnixTimeMilliseconds()}-{Version}\"", isWeak: true);
        var headers = context.Response.GetTypedHeaders();
        headers.ETag = tag;
        headers.CacheControl = new CacheControlHeaderValue { NoCache = true };
        // To the second: one that may not be over yet says too little.
        var modified = time.GetUtcNow() - decided > TimeSpan.FromSeconds(2) ? decided : null;
        headers.LastModified = modified;
        var asked = new RequestHeaders(context.Request.Headers);
        return asked.IfNoneMatch.Count > 0
            ? asked.IfNoneMatch.Any(known => known.Equals(EntityTagHeaderValue.Any) || known.Compare(tag, useStrongComparison: false))
            : modified is { } last && asked.IfModifiedSince is { } had && last.ToUnixTimeSeconds() <= had.ToUnixTimeSeconds();
    }

    void WriteHead(XmlWriter xml, HttpRequest request, StoryQuery query, IReadOnlyList<StoryEntry> found)
    {
        xml.WriteStartElement("feed", Atom);
        // One feed for each query, on whatever page.
        var asked = QueryString.Create(request.Query.Where(p => p.Key.ToLowerInvariant() is "publisher" or "agency" or "since" or "q"));
        WriteText(xml, "id", $"urn:ingest:stories:{logId.Value}" + (asked.HasValue ? ":" + asked.Value![1..] : ""));
        WriteText(xml, "title", string.Join(" · ", new[] { "Stories", query.Publisher, query.Agency, query.Text }.OfType<string>()));
        WriteText(xml, "updated", Moment(found.Count > 0 ? found[0].Decision.Decided : DateTimeOffset.UnixEpoch));
        WriteAuthor(xml, "Ingest");
        xml.WriteStartElement("generator", Atom);
        xml.WriteAttributeString("version", Version);
        xml.WriteString("Ingest");
        xml.WriteEndElement();
        WriteLink(xml, "self", Address(request, query.Before));
        if (query.Before is not null)
            WriteLink(xml, "first", Address(request, null));
    }

    /// <summary>What it takes of the memory is given back before anything is sent: nobody waits for a reader that is slow.</summary>
    async Task WriteEntry(XmlWriter xml, StoryEntry story, CancellationToken cancellation)
    {
        var current = stories.Current(story.Decision.Place!.Story)!;
        var canonical = log.At(current.Canonical)!;
        using var share = canonical.Bytes < SmallBytes ? memory.Reading.Nothing() : await memory.Reading.Take(canonical.Bytes * MemoryForByte, cancellation);
        var result = Read(canonical);
        xml.WriteStartElement("entry", Atom);
        if (result?.Article?.Language is { } language)
            xml.WriteAttributeString("xml", "lang", null, Xhtml.Plain(language));
        WriteText(xml, "id", $"urn:uuid:{story.Story}");
        WriteText(xml, "updated", Moment(story.Decision.Decided));
        if ((canonical.Decision.Publisher ?? canonical.Decision.Agency) is { } source)
        {
            xml.WriteStartElement("source", Atom);
            WriteText(xml, "id", "urn:ingest:source:" + Uri.EscapeDataString(source));
            WriteText(xml, "title", source);
            WriteText(xml, "updated", Moment(canonical.Decision.Decided));
            xml.WriteEndElement();
        }

        if (result?.Article is { } article)
            WriteArticle(xml, article, result.Blocks, Copies(story.Story, current));
        else
        {
            WriteText(xml, "title", canonical.Decision.Headline ?? "");
            WriteText(xml, "content", canonical.IsGone
                ? "The text of this article is no longer kept." : "The ledger is damaged where it has the text of this article.");
        }

        xml.WriteEndElement();
    }

    static void WriteArticle(XmlWriter xml, Article article, IReadOnlyList<Block> blocks, (List<Copy> Named, bool More) copies)
    {
        WriteText(xml, "title", article.Headline ?? Start(article.Body.FirstOrDefault("")));
        if (Moments.Of(article.Published) is { } published)
            WriteText(xml, "published", Moment(published));
        foreach (var byline in article.Bylines)
            WriteAuthor(xml, byline.Name);
        if (article.Bylines.Count == 0 && (article.Agency ?? article.Publisher) is { } desk)
            WriteAuthor(xml, desk);
        if (article.CopyrightNotice is { } rights)
            WriteText(xml, "rights", rights);
        foreach (var topic in article.Tags.Prepend(article.Section).OfType<string>())
            WriteCategory(xml, topic, null);
        // Nothing is held back: who shows it must know.
        if (OutcomeMapper.PubStatus(article) is var status and not ArticleStatus.Usable)
            WriteCategory(xml, status, "urn:ingest:pubStatus");
        if (article.Embargo is { } embargo)
            WriteCategory(xml, embargo, "urn:ingest:embargoedUntil");
        if (WebAddress(article.Url) is { } url)
            WriteLink(xml, "alternate", url);
        foreach (var copy in copies.Named)
            if (copy.Url is not null)
                WriteLink(xml, "related", copy.Url, copy.Name);
        xml.WriteStartElement("content", Atom);
        xml.WriteAttributeString("type", "xhtml");
        xml.WriteStartElement("div", Xhtml.Namespace);
        Xhtml.WriteBody(xml, article, blocks);
        WriteCopies(xml, copies.Named, copies.More);
        xml.WriteEndElement();
        xml.WriteEndElement();
    }

    /// <summary>Where else it stands, in the words of a reader.</summary>
    static void WriteCopies(XmlWriter xml, List<Copy> copies, bool more)
    {
        if (copies.Count == 0)
            return;
        xml.WriteStartElement("p", Xhtml.Namespace);
        xml.WriteString("Also in: ");
        for (var i = 0; i < copies.Count; i++)
        {
            if (i > 0)
                xml.WriteString(", ");
            if (copies[i].Url is { } url)
            {
                xml.WriteStartElement("a", Xhtml.Namespace);
                xml.WriteAttributeString("href", url);
            }

            xml.WriteString(Xhtml.Plain(copies[i].Name));
            if (copies[i].Url is not null)
                xml.WriteEndElement();
        }

        if (more)
            xml.WriteString(", and others");
        xml.WriteEndElement();
    }

    /// <summary>The first of the other articles of a story, in the order of the decisions, and whether there are more.</summary>
    (List<Copy> Named, bool More) Copies(Guid story, DecidedPlace current)
    {
        var others = stories.Joined(current.Story, current.Story, current.Number, MostCopies + 1).Prepend(stories.First(story)!)
            .Where(m => m.Decision.Place!.Number != current.Canonical).ToList();
        return ([.. others.Take(MostCopies).Select(Copy)], others.Count > MostCopies);
    }

    Copy Copy(StoryEntry member)
    {
        var url = WebAddress(log.At(member.Decision.Place!.Number) is { } entry ? Read(entry)?.Article?.Url : null);
        return new Copy(member.Decision.Publisher ?? member.Decision.Agency ?? (url is null ? member.Id : new Uri(url).Host), url);
    }

    /// <summary>Null where the ledger is damaged: the other stories are told all the same.</summary>
    static NormalisationResult? Read(LogEntry entry)
    {
        try
        {
            return entry.Text!.Result();
        }
        catch (StoredResultException)
        {
            return null;
        }
    }

    /// <summary>What a reader may open: a URL that came with an article may be of any scheme, or none at all.</summary>
    static string? WebAddress(string? url) =>
        Uri.TryCreate(url, UriKind.Absolute, out var address) && (address.Scheme == Uri.UriSchemeHttp || address.Scheme == Uri.UriSchemeHttps)
            ? address.AbsoluteUri
            : null;

    /// <summary>Of this feed, relative to where the reader found it: a proxy in front may have another name.</summary>
    string Address(HttpRequest request, LogPosition? before)
    {
        var asked = request.Query.Where(p => !p.Key.Equals("before", StringComparison.OrdinalIgnoreCase));
        var query = QueryString.Create(asked);
        return path + Path + (before is { } position ? query.Add("before", $"{position.Value}") : query);
    }

    static string Start(string paragraph) =>
        paragraph.Length <= MostTitle ? paragraph : string.Concat(paragraph.AsSpan(0, MostTitle - (char.IsHighSurrogate(paragraph[MostTitle - 1]) ? 1 : 0)), "…");

    static string Moment(DateTimeOffset moment) => moment.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'");

    static void WriteText(XmlWriter xml, string element, string text) => xml.WriteElementString(element, Atom, Xhtml.Plain(text));

    static void WriteAuthor(XmlWriter xml, string name)
    {
        xml.WriteStartElement("author", Atom);
        WriteText(xml, "name", name);
        xml.WriteEndElement();
    }

    static void WriteCategory(XmlWriter xml, string term, string? scheme)
    {
        xml.WriteStartElement("category", Atom);
        xml.WriteAttributeString("term", Xhtml.Plain(term));
        if (scheme is not null)
            xml.WriteAttributeString("scheme", scheme);
        xml.WriteEndElement();
    }

    static void WriteLink(XmlWriter xml, string relation, string address, string? title = null)
    {
        xml.WriteStartElement("link", Atom);
        xml.WriteAttributeString("rel", relation);
        xml.WriteAttributeString("href", Xhtml.Plain(address));
        if (title is not null)
            xml.WriteAttributeString("title", Xhtml.Plain(title));
        xml.WriteEndElement();
    }
}

/// <param name="Name">Of the publisher, or what else is known of where it stands.</param>
/// <param name="Url">Of the web; null where none is known.</param>
sealed record Copy(string Name, string? Url);
