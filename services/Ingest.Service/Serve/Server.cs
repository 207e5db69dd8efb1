using Ingest.Contracts.V1;
using Ingest.Core.Articles;
using Ingest.Ledger;
using Ingest.Ledger.Articles;
using Ingest.Service.Accept;
using Ingest.Service.Broker;
using Ingest.Service.Deduplicate;
using Ingest.Service.Http;
using Ingest.Service.Normalise;
using Ingest.Service.Operations;
using Ingest.Service.Publish;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;
using BadHttpRequestException = Microsoft.AspNetCore.Http.BadHttpRequestException;

namespace Ingest.Service.Serve;

/// <summary>The service: the stages that this process runs, put together.</summary>
static class Server
{
    /// <param name="ledgers">One for each collection that is served. They stay the caller's.</param>
    public static WebApplication Build(ServiceSettings settings, params IReadOnlyList<LedgerStore> ledgers)
    {
        var topology = settings.Topology();
        var roles = topology.Roles;
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls(settings.Url).ConfigureKestrel(kestrel =>
        {
            // The address is Ingest:Url and nothing else: the server's own section of the configuration ("Kestrel:Endpoints", in any variable
            // of the environment) would open others beside it, past the checks of the address.
            kestrel.Configure();
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = ledgers.Max(l => settings.Of(l.Collection).Accept.MaxArticleBytes);
            // Bodies have a pace of their own: see RequestBody.
            kestrel.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(15);
            // Longer than load balancers keep a connection that they may use again.
            kestrel.Limits.KeepAliveTimeout = TimeSpan.FromSeconds(130);
            kestrel.Limits.MinResponseDataRate = new MinDataRate(bytesPerSecond: 4096, gracePeriod: SlowReaders.Patience);
            kestrel.ConfigureEndpointDefaults(
                endpoint => endpoint.Use(kestrel.ApplicationServices.GetRequiredService<ConnectionLimit>().Guard));
        });
        Logs(builder.Logging);
        var services = builder.Services;
        services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(settings.ShutdownSeconds));
        services.ConfigureHttpJsonOptions(json => json.SerializerOptions.TypeInfoResolverChain.Insert(0, HttpJson.Default));
        services.AddSingleton(settings).AddSingleton(settings.RabbitMq).AddSingleton(TimeProvider.System).AddSingleton(topology).AddSingleton(settings.Roster())
            .AddSingleton(new MemoryBudget(settings.Memory)).AddSingleton<Health>().AddSingleton<Closing>()
            .AddSingleton(s => new ConnectionLimit(
                settings.MaxConnections, s.GetRequiredService<Health>(), s.GetRequiredService<Closing>(), TimeProvider.System));
        services.AddOpenApi(api => api.AddDocumentTransformer((document, _, _) =>
        {
            document.Info.Title = "Ingest";
            document.Info.Description = "Raw news copy in, clean canonical articles out. What is at /v1 is the default collection; every other has the same endpoints at /v1/collections/NAME.";
            return Task.CompletedTask;
        }).AddOperationTransformer((operation, _, _) =>
        {
            operation.RequestBody?.Content?.Remove(Charsets.AnyType);
            return Task.CompletedTask;
        }));
        services.AddSingleton(s => new Collections(s, settings, ledgers)).AddHostedService(s => s.GetRequiredService<Collections>());
        if (topology.HasBroker)
        {
            services.AddSingleton<Connections>().AddHostedService<BrokerProbe>();
            // Last, so that it stops first: nothing new is taken while the stages finish what they have.
            MessageBus.Add(services, settings, roles);
        }

        var app = builder.Build();
        Routes(app, settings);
        return app;
    }

    static void Routes(WebApplication app, ServiceSettings settings)
    {
        var collections = app.Services.GetRequiredService<Collections>();
        var access = new Access(collections, settings.Security);
        var guard = new HostGuard(new Uri(settings.Url), settings.Security.AllowedHosts);
        var log = app.Services.GetRequiredService<ILoggerFactory>().CreateLogger(typeof(Server));
        app.Use(ConnectionLimit.Serve);
        app.Use(async (context, next) =>
        {
            try
            {
                await next(context);
                // What no endpoint answers: the library tells only the number.
                if (!context.Response.HasStarted && Faults.Of(context) is { } unserved)
                    await unserved.Write(context);
            }
            catch (BodyException e) when (!context.Response.HasStarted)
            {
                await e.Write(context);
            }
            catch (Exception e) when (!context.Response.HasStarted && !context.RequestAborted.IsCancellationRequested)
            {
                var fault = e switch
                {
                    BadHttpRequestException bad => Faults.BadRequest(bad),
                    LedgerException unread => Faults.LedgerUnreadable(unread.Message),
                    NoLongerKeptException gone => Faults.NoLongerKept(gone.Message),
                    StoredResultException damaged => Faults.LedgerDamaged(damaged.Message),
                    _ => Faults.Internal(),
                };
                if (fault.Status >= StatusCodes.Status500InternalServerError)
                    log.RequestFailed(e, context.Request.Path);
                await fault.Write(context);
            }
            catch (Exception e) when (context.Response.HasStarted)
            {
                // An answer that has begun can only be cut off, unless its client is gone already.
                if (e is not (BadHttpRequestException or BodyException or OperationCanceledException or IOException))
                    log.RequestFailed(e, context.Request.Path);
                context.Abort();
            }
        });
        app.Use(async (context, next) =>
        {
            if (guard.Refusal(context.Request) is { } refusal)
                await refusal.Write(context);
            else
                await next(context);
        });
        app.Use(async (context, next) =>
        {
            if (access.Refusal(context.Request) is { } refusal)
                await refusal.Write(context);
            else
                await next(context);
        });
        if (!guard.IsLoopback && access.IsOpen)
            log.OpenToAll(settings.Url);
        foreach (var collection in collections.All)
        {
            // The document describes the endpoints once, and names are theirs alone.
            var routes = app.MapGroup($"{ApiPath.Collections}/{collection.Name}").ExcludeFromDescription();
            ((IEndpointConventionBuilder)routes).Finally(e =>
            {
                foreach (var name in e.Metadata.Where(m => m is IEndpointNameMetadata).ToList())
                    e.Metadata.Remove(name);
            });
            collection.Map(routes);
            if (collection.Name == ArticleIds.DefaultCollection)
                collection.Map(app.MapGroup(ApiPath.Version));
        }

        app.MapGet(ApiPath.Collections, (Delegate)List).WithName("GetCollections").WithSummary("The collections that this service has").WithTags("collections")
            .Produces<CollectionList>();
        var health = app.Services.GetRequiredService<Health>();
        app.MapGet("/health/live", (Delegate)Live).WithTags("health").Produces<HealthState>();
        app.MapGet("/health/ready", (Delegate)Ready).WithTags("health").Produces<HealthState>();
        app.MapOpenApi("/openapi/{documentName}.json");

        Task List(HttpContext context) => context.Response.WriteAsJsonAsync(
            new CollectionList([.. collections.All.Select(c => c.Name)]), HttpJson.Default.CollectionList, cancellationToken: context.RequestAborted);

        Task Live(HttpContext context) => State(context, health.Deadly.Count == 0 ? "live" : "dead", health.Deadly, health);

        Task Ready(HttpContext context) => State(context, health.Reasons.Count == 0 ? "ready" : "not ready", health.Reasons, health);
    }

    static Task State(HttpContext context, string status, IReadOnlyDictionary<string, string> reasons, Health health)
    {
        context.Response.StatusCode = reasons.Count == 0 ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable;
        return context.Response.WriteAsJsonAsync(
            new HealthState(status, reasons, health.Warnings), HttpJson.Default.HealthState, cancellationToken: context.RequestAborted);
    }

    /// <summary>A line for a reader at a terminal, JSON for whatever collects logs; each with the trace it belongs to.</summary>
    static void Logs(ILoggingBuilder logging)
    {
        logging.ClearProviders();
        logging.Configure(options => options.ActivityTrackingOptions = ActivityTrackingOptions.TraceId | ActivityTrackingOptions.SpanId);
        if (Console.IsErrorRedirected)
            logging.AddJsonConsole(json =>
            {
                json.IncludeScopes = true;
                json.UseUtcTimestamp = true;
                json.TimestampFormat = "yyyy-MM-dd'T'HH:mm:ss.fff'Z'";
            });
        else
            logging.AddConsole(console => console.FormatterName = TerminalLog.FormatterName)
                .AddConsoleFormatter<TerminalLog, ConsoleFormatterOptions>();
        logging.Services.Configure<ConsoleLoggerOptions>(console =>
        {
            console.LogToStandardErrorThreshold = LogLevel.Trace;
            // Nobody waits for a reader of the log.
            console.QueueFullMode = ConsoleLoggerQueueFullMode.DropWrite;
        });
        // A body that is given up is left as it is, or the server would wait for its rest: it complains of each, with a stack trace.
        logging.AddFilter("Microsoft.AspNetCore.Server.Kestrel", LogLevel.Critical);
        logging.AddFilter("Microsoft.AspNetCore", LogLevel.Warning).AddFilter("Microsoft.Hosting.Lifetime", LogLevel.Warning);
    }
}
