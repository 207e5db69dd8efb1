using System.CommandLine;
using System.Net;
using System.Net.Http.Headers;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Ingest.Contracts.V1;
using Ingest.Core.Forms;
using Ingest.Core.Normalisation.Sources;
using Ingest.Ledger;
using Ingest.Service.Display;
using Ingest.Service.Operations;
using Ingest.Service.Serve;
using Ingest.Service.Http;
using Ingest.Service.Normalise;
using Ingest.Service.Run;

namespace Ingest.Service.Cli;

/// <summary>The options that say where the sources are that a command is about.</summary>
sealed class SourceFlags
{
    const string Default = "ingest.db";

    readonly LedgerFlags ledger = new("The ledger; ./ingest.db by default.");
    readonly RemoteFlags remote;

    public SourceFlags() => remote = new RemoteFlags(ledger);

    public void AddTo(Command command)
    {
        ledger.AddTo(command);
        remote.AddTo(command);
    }

    /// <summary>The ledger's file; null where a server is named.</summary>
    public string? Ledger(ParseResult parsed) => remote.IsGiven(parsed) || parsed.GetValue(ledger.Postgres) is not null ? null : ledger.Place(parsed, Default).File;

    /// <param name="open">Opens the ledger, where it is one.</param>
    public SourceAccess Open(ParseResult parsed, Func<LedgerPlace, LedgerStore> open) =>
        remote.IsGiven(parsed) ? new RemoteSources(remote.Read(parsed)) : new LocalSources(open(ledger.Place(parsed, Default)));
}

/// <summary>The sources of a ledger, or those of a server.</summary>
abstract class SourceAccess : IDisposable
{
    public abstract void Dispose();

    public abstract Task<IReadOnlyList<SourceSummary>> All(CancellationToken cancellation);

    public abstract Task<SourceState> State(string source, CancellationToken cancellation);

    /// <summary>Rules on a passage by hand.</summary>
    public abstract Task<SourceRuled> Rule(NewRuling ruling, CancellationToken cancellation);

    /// <summary>Withdraws what is ruled of a passage.</summary>
    public abstract Task Withdraw(string source, NamedPassage passage, CancellationToken cancellation);

    /// <param name="sources">Empty for all.</param>
    public abstract IAsyncEnumerable<SourcePassage> Export(string[] sources, CancellationToken cancellation);

    /// <summary>Imports what <see cref="RulingReader.Lines"/> reads.</summary>
    public abstract Task<SourcesImported> Import(byte[] lines, CancellationToken cancellation);
}

/// <summary>The sources of a ledger, which a server may have open.</summary>
sealed class LocalSources(LedgerStore ledger) : SourceAccess
{
    readonly SourceDesk desk = new(ledger, TimeProvider.System);

    /// <summary>Opens a ledger that is only read.</summary>
    /// <exception cref="LedgerException">There is none, or it is an earlier one.</exception>
    public static LedgerStore OpenUnchanged(LedgerPlace place)
    {
        var opened = place.OpenUnchanged();
        if (!opened.IsEarlier)
            return opened;
        opened.Dispose();
        throw new LedgerException($"{place} was written by an earlier version of Ingest. 'ingest serve' or 'ingest run --ledger' brings it up to date.");
    }

    public override void Dispose() => ledger.Dispose();

    public override Task<IReadOnlyList<SourceSummary>> All(CancellationToken cancellation) => Task.FromResult<IReadOnlyList<SourceSummary>>([.. desk.All()]);

    public override Task<SourceState> State(string source, CancellationToken cancellation) =>
        Task.FromResult(desk.State(source) ?? throw Missing(source));

    public override Task<SourceRuled> Rule(NewRuling ruling, CancellationToken cancellation) => Task.FromResult(desk.Rule(ruling));

    public override Task Withdraw(string source, NamedPassage passage, CancellationToken cancellation) => desk.Withdraw(source, SourceDesk.Name(passage.Key))
        ? Task.CompletedTask
        : throw new LedgerException($"Nothing is ruled of '{passage.Text}' for the source '{source}'. 'ingest sources SOURCE' lists what is.");

    public override IAsyncEnumerable<SourcePassage> Export(string[] sources, CancellationToken cancellation)
    {
        if (sources.FirstOrDefault(s => !desk.Has(s)) is { } missing)
            throw Missing(missing);
        return (sources.Length > 0 ? sources : desk.Names()).SelectMany(desk.Export).ToAsyncEnumerable();
    }

    public override Task<SourcesImported> Import(byte[] lines, CancellationToken cancellation) => Task.FromResult(desk.Import(RulingReader.Lines(lines)));

    LedgerException Missing(string source) => new(
        $"The ledger has no article of the source '{source}'. 'ingest sources' lists the sources.{Typos.Hint(source, desk.Names())}");
}

/// <summary>The sources of a server.</summary>
sealed class RemoteSources(RemoteServer server) : SourceAccess
{
    const long MostAnswerBytes = 64 << 20;

    /// <summary>Of an exported passage.</summary>
    const int MostLineBytes = 1 << 20;

    /// <summary>Others may have their turn before, and a source long articles.</summary>
    static readonly TimeSpan Silence = TimeSpan.FromMinutes(5);

    public override void Dispose() => server.Dispose();

    public override async Task<IReadOnlyList<SourceSummary>> All(CancellationToken cancellation)
    {
        var all = new List<SourceSummary>();
        for (var after = ""; ;)
        {
            var page = await Ask(HttpMethod.Get, $"{server.Path}/sources?limit=100&after={Uri.EscapeDataString(after)}", null, HttpJson.Default.SourcePage,
                p => p.Sources is not null && p.Sources.All(s => s is { Source: not null } && IsWhole(s.Removed)), cancellation);
            all.AddRange(page.Sources);
            if (page.Next is not { } next || next == after)
                return all;
            after = next;
        }
    }

    public override Task<SourceState> State(string source, CancellationToken cancellation) =>
        Ask(HttpMethod.Get, Path(source), null, HttpJson.Default.SourceState,
            s => s is { Source: not null, Passages: not null } && s.Passages.All(IsWhole) && IsWhole(s.Removed), cancellation);

    public override Task<SourceRuled> Rule(NewRuling ruling, CancellationToken cancellation)
    {
        var body = JsonSerializer.SerializeToUtf8Bytes(
            new SourceRuling(ruling.Passage.Text, SourceDesk.Word(ruling.Verdict)), HttpJson.Default.SourceRuling);
        return Ask(HttpMethod.Put, $"{Path(ruling.Source)}/rulings", Content(body, "application/json"), HttpJson.Default.SourceRuled,
            r => r is { Source: not null, Text: not null }, cancellation);
    }

    public override async Task Withdraw(string source, NamedPassage passage, CancellationToken cancellation)
    {
        using var answer = await Send(
            HttpMethod.Delete, $"{Path(source)}/rulings/{SourceDesk.Name(passage.Key)}", null, HttpStatusCode.NoContent, cancellation);
    }

    public override async IAsyncEnumerable<SourcePassage> Export(string[] sources, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var query = string.Join('&', sources.Select(s => $"source={Uri.EscapeDataString(s)}"));
        using var answer = await Send(HttpMethod.Get, $"{server.Path}/sources:export?{query}", null, HttpStatusCode.OK, cancellation);
        using var lines = new BoundedReader(await answer.Content.ReadAsStreamAsync(cancellation), MostLineBytes);
        while (Line(lines) is { } passage)
            yield return passage;
    }

    public override Task<SourcesImported> Import(byte[] lines, CancellationToken cancellation) =>
        Ask(HttpMethod.Post, $"{server.Path}/sources:import", Content(lines, "application/x-ndjson"), HttpJson.Default.SourcesImported, _ => true, cancellation);

    string Path(string source) => $"{server.Path}/sources/{Uri.EscapeDataString(source)}";

    static ByteArrayContent Content(byte[] body, string type) => new(body) { Headers = { ContentType = new MediaTypeHeaderValue(type) } };

    /// <summary>The next line of an export; null at its end.</summary>
    SourcePassage? Line(BoundedReader lines)
    {
        try
        {
            return !lines.TryReadLine(out var line, out var tooLong) ? null
                : tooLong ? throw new JsonException($"a line has more than {MostLineBytes} bytes")
                : JsonSerializer.Deserialize(line.Span, HttpJson.Default.SourcePassage) is { } passage && IsWhole(passage) ? passage
                : throw new JsonException("a line is no passage");
        }
        catch (Exception e) when (e is JsonException or HttpRequestException or IOException)
        {
            throw Lost(e);
        }
    }

    static bool IsWhole(SourcePassage passage) => passage is { Source: not null, Text: not null };

    static bool IsWhole(IReadOnlyList<RemovedShare> removed) => removed is not null && removed.All(r => r is { Kind: not null });

    /// <param name="isWhole">Whether an answer has all that one of an Ingest server has.</param>
    async Task<T> Ask<T>(
        HttpMethod method, string path, HttpContent? content, JsonTypeInfo<T> type, Func<T, bool> isWhole, CancellationToken cancellation)
        where T : class
    {
        using var answer = await Send(method, path, content, HttpStatusCode.OK, cancellation);
        try
        {
            await answer.Content.LoadIntoBufferAsync(MostAnswerBytes, cancellation);
            return await JsonSerializer.DeserializeAsync(await answer.Content.ReadAsStreamAsync(cancellation), type, cancellation) is { } told && isWhole(told)
                ? told
                : throw new JsonException("the answer lacks something");
        }
        catch (Exception e) when (e is JsonException or HttpRequestException or IOException)
        {
            throw Lost(e);
        }
    }

    async Task<HttpResponseMessage> Send(
        HttpMethod method, string path, HttpContent? content, HttpStatusCode expected, CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(method, path) { Content = content };
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        patience.CancelAfter(Silence);
        try
        {
            var answer = await server.Send(request, patience.Token);
            if (answer.StatusCode == expected)
                return answer;
            using (answer)
                throw await server.Refused(answer, patience.Token);
        }
        catch (Exception e)
            when (e is HttpRequestException or IOException || e is OperationCanceledException && !cancellation.IsCancellationRequested)
        {
            throw server.WasReached ? Lost(e) : server.Unreachable(e);
        }
    }

    RemoteException Lost(Exception fault) => new(fault is JsonException
        ? $"{server.Url} is not an Ingest server, or another version of one. Check --to. ({fault.Message})"
        : $"the connection to {server.Url} was lost: {RemoteServer.Reason(fault)} Run the command again; nothing is done twice.");
}
