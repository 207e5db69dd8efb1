using System.Buffers;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Ingest.Contracts.V1;
using Ingest.Core.Inputs;
using Ingest.Ledger;
using Ingest.Service.Http;
using Ingest.Service.Operations;
using Ingest.Service.Outcomes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Ingest.Service.Normalise;

/// <summary>Sources over HTTP: what was learnt of each, and the rulings that overrule it.</summary>
sealed class SourcesEndpoint(SourceDesk desk, MemoryBudget memory, Closing closing, TimeProvider time, IServiceProvider services) : IDisposable
{
    const int MostSources = 100;

    /// <summary>Bytes that are sent at once.</summary>
    const int SendFrom = 1 << 15;

    static readonly string[] LinesType = ["application/x-ndjson", "application/jsonl", Charsets.AnyType];

    /// <summary>To learn a source anew takes its last articles, and an import all its lines: one at a time has them in memory.</summary>
    readonly SemaphoreSlim turn = new(1, 1);

    /// <summary>Null in a process that cleans nothing.</summary>
    readonly SourceBook? book = services.GetService<SourceBook>();

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/sources", (Delegate)Page)
            .WithName("GetSources").WithSummary("Sources by name, with their articles and what is removed of them").WithTags("sources")
            .Produces<SourcePage>().ProducesFaults(400);
        routes.MapGet("/sources/{source}", (Delegate)State)
            .WithName("GetSource").WithSummary("A source: what was learnt to be its boilerplate, and what is ruled of it").WithTags("sources")
            .Produces<SourceState>().ProducesFaults(400, 404);
        routes.MapPut("/sources/{source}/rulings", (Delegate)Rule)
            .WithName("RuleSource").WithSummary("Rule that a passage of a source is always kept, or always removed").WithTags("sources")
            .Accepts<SourceRuling>("application/json", Charsets.AnyType)
            .Produces<SourceRuled>().ProducesFaults(400, 401, 403, 408, 413, 415, 421, 422, 503);
        routes.MapDelete("/sources/{source}/rulings/{passage}", (Delegate)Withdraw)
            .WithName("WithdrawRuling").WithSummary("Withdraw what is ruled of a passage").WithTags("sources")
            .Produces(StatusCodes.Status204NoContent).ProducesFaults(400, 401, 403, 404, 421, 503);
        routes.MapGet("/sources:export", (Delegate)Export)
            .WithName("ExportSources").WithSummary("All that was learnt and ruled, as JSON Lines; of some sources or of all").WithTags("sources")
            .Produces<SourcePassage>(StatusCodes.Status200OK, "application/x-ndjson").ProducesFaults(400, 404);
        routes.MapPost("/sources:import", (Delegate)Import)
            .WithName("ImportSources").WithSummary("Take over what another installation exported: all of it or nothing").WithTags("sources")
            .Accepts<SourcePassage>(LinesType[0], LinesType[1..])
            .Produces<SourcesImported>().ProducesFaults(400, 401, 403, 408, 413, 415, 421, 422, 503);
    }

    public void Dispose() => turn.Dispose();

    async Task Page(HttpContext context, string? after, string? limit)
    {
        if (Parameters.Number(limit, 1, MostSources, 20) is { } most)
            await Answer(context, await InTurn(context, () => desk.Page(after ?? "", (int)most)), HttpJson.Default.SourcePage);
        else
            await Faults.Invalid($"limit is '{limit}': it must be between 1 and {MostSources}.").Write(context);
    }

    Task State(HttpContext context, string source) => Named(context, source, 1, async name =>
    {
        if (await InTurn(context, () => desk.State(name)) is { } state)
            await Answer(context, state, HttpJson.Default.SourceState);
        else
            await Missing(name).Write(context);
    });

    Task Rule(HttpContext context, string source) => Named(context, source, 2, async name =>
    {
        var (kind, charset) = Charsets.ContentType(context.Request);
        if (kind != "application/json")
        {
            await Faults.UnsupportedType(kind, "application/json").Write(context);
            return;
        }

        const int Most = RulingReader.MostRulingBytes;
        using var body = await RequestBody.Open(context, charset, Most, Faults.BodyTooLarge("The ruling", Most), memory, closing, time, whole: true);
        var json = await body.All(context.RequestAborted);
        await Ruled(context, async () => await Answer(context, desk.Rule(RulingReader.Ruling(json, name)), HttpJson.Default.SourceRuled));
    });

    Task Withdraw(HttpContext context, string source, string passage) => Named(context, source, 3, name => Ruled(context, () =>
    {
        if (!desk.Withdraw(name, passage))
            return Faults.NotFound($"Nothing is ruled of a passage '{passage}' of the source '{name}'. GET /v1/sources/… lists the rulings with their passage.").Write(context);
        context.Response.StatusCode = StatusCodes.Status204NoContent;
        return Task.CompletedTask;
    }));

    async Task Export(HttpContext context, string[] source)
    {
        if (source.FirstOrDefault(s => !desk.Has(s)) is { } missing)
        {
            await Missing(missing).Write(context);
            return;
        }

        context.Response.ContentType = "application/x-ndjson";
        var writer = context.Response.BodyWriter;
        foreach (var name in source.Length > 0 ? source : desk.Names())
        {
            // Who reads slowly holds up nobody else.
            foreach (var passage in await InTurn(context, () => desk.Export(name)))
            {
                HttpJson.WriteLine(writer, passage, HttpJson.Default.SourcePassage);
                if (writer.UnflushedBytes >= SendFrom)
                    await writer.FlushAsync(context.RequestAborted).OrCutOff(context, closing.Token);
            }
        }

        await writer.FlushAsync(context.RequestAborted).OrCutOff(context, closing.Token);
    }

    async Task Import(HttpContext context)
    {
        var (kind, charset) = Charsets.ContentType(context.Request);
        if (!InputFiles.AreLines(kind))
        {
            await Faults.UnsupportedType(kind, LinesType[0]).Write(context);
            return;
        }

        const int Most = RulingReader.MostBytes;
        // Its share of memory is held until all is imported.
        using var body = await RequestBody.Open(context, charset, Most, Faults.BodyTooLarge("The import", Most), memory, closing, time);
        var lines = await body.All(context.RequestAborted);
        await Ruled(context, async () =>
            await Answer(context, await InTurn(context, () => desk.Import(RulingReader.Lines(lines))), HttpJson.Default.SourcesImported));
    }

    /// <summary>Does what is ruled, and lets this process know of it; what is wrong with it is answered by name.</summary>
    async Task Ruled(HttpContext context, Func<Task> rule)
    {
        try
        {
            await rule();
        }
        catch (FormatException e)
        {
            await Faults.MalformedRuling(e.Message).Write(context);
        }
        catch (TooManyRulingsException e)
        {
            await Faults.TooManyRulings(e.Message).Write(context);
        }
        catch (LedgerException e)
        {
            await Faults.LedgerUnavailable(e.Message).Write(context);
        }
        finally
        {
            book?.LookAgain();
        }
    }

    static Task Answer<T>(HttpContext context, T answer, JsonTypeInfo<T> type) =>
        context.Response.WriteAsJsonAsync(answer, type, cancellationToken: context.RequestAborted);

    async Task<T> InTurn<T>(HttpContext context, Func<T> work)
    {
        await turn.WaitAsync(context.RequestAborted);
        try
        {
            return work();
        }
        finally
        {
            turn.Release();
        }
    }

    /// <param name="given">The name as the server read it.</param>
    /// <param name="fromEnd">The how-many-th part of the path from its end it is.</param>
    static Task Named(HttpContext context, string given, int fromEnd, Func<string, Task> work)
    {
        // The server leaves %2F as it is: a name with a slash and one with these three characters look the same.
        if (given.Contains("%2F", StringComparison.OrdinalIgnoreCase))
            given = Uri.UnescapeDataString(
                context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget.Split('?')[0].TrimEnd('/').Split('/')[^fromEnd]);
        try
        {
            return work(RulingReader.Source(given));
        }
        catch (FormatException e)
        {
            return Faults.Invalid(e.Message).Write(context);
        }
    }

    static Fault Missing(string source) => Faults.NotFound(
        $"There is no article of the source '{source}', and nothing is ruled of it. GET /v1/sources lists the sources.");
}
