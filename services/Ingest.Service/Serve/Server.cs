using Ingest.Contracts.V1;
using Ingest.Core.Deduplication;
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
    /// <param name="ledger">Stays the caller's.</param>
    public static WebApplication Build(ServiceSettings settings, LedgerStore ledger)
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
            kestrel.Limits.MaxRequestBodySize = settings.Accept.MaxArticleBytes;
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
        services.AddSingleton(settings).AddSingleton(settings.Accept).AddSingleton(settings.RabbitMq).AddSingleton(settings.Normalise.Options())
            .AddSingleton(ledger).AddSingleton(TimeProvider.System).AddSingleton(topology);
        services.AddSingleton(new MemoryBudget(settings.Memory))
            .AddSingleton<Health>().AddSingleton<Arrivals>().AddSingleton<ReadingEndpoints>().AddSingleton<StoryFeed>().AddSingleton<EventsEndpoint>()
            .AddSingleton<SourceDesk>().AddSingleton<SourcesEndpoint>();
        services.AddSingleton<Closing>()
            .AddSingleton(s => new ConnectionLimit(
                settings.MaxConnections, s.GetRequiredService<Health>(), s.GetRequiredService<Closing>(), TimeProvider.System));
        services.AddOpenApi(api => api.AddDocumentTransformer((document, _, _) =>
        {
            document.Info.Title = "Ingest";
            document.Info.Description = "Raw news copy in, clean canonical articles out.";
            return Task.CompletedTask;
        }).AddOperationTransformer((operation, _, _) =>
        {
            operation.RequestBody?.Content?.Remove(Charsets.AnyType);
            return Task.CompletedTask;
        }));
        Stages(services, settings, topology);
        // Last, so that it stops first: nothing new is taken while the stages finish what they have.
        if (settings.RabbitMq.IsConfigured)
            MessageBus.Add(services, settings, roles);

        var app = builder.Build();
        Routes(app, settings, roles);
        return app;
    }

    static void Stages(IServiceCollection services, ServiceSettings settings, Topology topology)
    {
        services.AddHostedService<LedgerWatch>().AddHostedService<StallWatch>().AddHostedService<LogWatch>();
        if (topology.Roles.Has(Role.Deduplicate))
        {
            services.AddSingleton<Func<Lane>>(
                s => () => new Lane(s.GetRequiredService<LedgerStore>(), settings.Deduplicate, TimeProvider.System, s.GetRequiredService<MemoryBudget>().Recent));
            services.AddSingleton(settings.Retention).AddHostedService<Upkeep>();
            services.AddSingleton<LaneStage>().AddHostedService(s => s.GetRequiredService<LaneStage>());
            services.AddSingleton<DeduplicateConsumer>();
        }

        if (topology.HasServer)
            services.AddSingleton(s => new LedgerHandOver((LedgerDatabase)s.GetRequiredService<LedgerStore>(), topology.Roles.ToString()));

        // Whoever accepts says what would become of an article, too.
        if (topology.Cleans || topology.Roles.Has(Role.Deduplicate) || topology.Roles.Has(Role.Accept))
            services.AddSingleton(_ => new LaneItems(settings.Deduplicate));
        if (topology.Cleans || topology.Roles.Has(Role.Accept))
            services.AddSingleton<SourceBook>().AddSingleton<NormaliseStage>();
        if (topology.Cleans)
            services.AddSingleton<Cleaning>();
        if (topology.HasBroker)
        {
            services.AddSingleton<Connections>().AddSingleton<StageSender>().AddHostedService<BrokerProbe>();
            if (topology.Roles.Has(Role.Publish))
                services.AddHostedService<Publisher>();
        }

        if (topology.TakesUp)
            services.AddSingleton<Feeder>().AddHostedService(s => s.GetRequiredService<Feeder>());
        if (topology.Roles.Has(Role.Accept))
        {
            services.AddSingleton<SubmissionReader>().AddSingleton<ArticleBody>().AddSingleton<ArticlesEndpoint>().AddSingleton(settings.Deduplicate).AddSingleton<AnalyseEndpoint>();
            services.AddSingleton<AcceptStage>().AddHostedService(s => s.GetRequiredService<AcceptStage>());
        }
    }

    static void Routes(WebApplication app, ServiceSettings settings, Roles roles)
    {
        var keys = new ApiKeys(settings.Security.ApiKeys);
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
            var reading = HttpMethods.IsGet(context.Request.Method) || HttpMethods.IsHead(context.Request.Method);
            // In any case, as routes are matched.
            var asked = keys.AreAsked
                && context.Request.Path.StartsWithSegments("/v1", StringComparison.OrdinalIgnoreCase)
                && (!reading || settings.Security.ProtectReading);
            if (asked && !keys.Allow(context.Request.Headers.Authorization))
                await Faults.Unauthorised().Write(context);
            else
                await next(context);
        });
        if (!guard.IsLoopback && !keys.AreAsked)
            log.OpenToAll(settings.Url);
        if (roles.Has(Role.Accept))
        {
            app.Services.GetRequiredService<ArticlesEndpoint>().Map(app);
            app.Services.GetRequiredService<AnalyseEndpoint>().Map(app);
        }

        app.Services.GetRequiredService<ReadingEndpoints>().Map(app);
        app.Services.GetRequiredService<StoryFeed>().Map(app);
        app.Services.GetRequiredService<EventsEndpoint>().Map(app);
        app.Services.GetRequiredService<SourcesEndpoint>().Map(app);
        var health = app.Services.GetRequiredService<Health>();
        app.MapGet("/health/live", (Delegate)Live).WithTags("health").Produces<HealthState>();
        app.MapGet("/health/ready", (Delegate)Ready).WithTags("health").Produces<HealthState>();
        app.MapOpenApi("/openapi/{documentName}.json");

        Task Live(HttpContext context) => State(context, health.Deadly.IsEmpty ? "live" : "dead", health.Deadly, health);

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
