using Ingest.Core.Articles;
using Ingest.Ledger;
using Ingest.Service.Accept;
using Ingest.Service.Broker;
using Ingest.Service.Deduplicate;
using Ingest.Service.Http;
using Ingest.Service.Normalise;
using Ingest.Service.Operations;
using Ingest.Service.Publish;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Ingest.Service.Serve;

/// <summary>
/// The stages of one collection that this process runs, with its ledger and settings: in a container of their own, over what the collections of
/// a process share, which is the memory, the broker, HTTP and the program's health.
/// </summary>
sealed class CollectionStages : IAsyncDisposable
{
    readonly ServiceProvider services;
    readonly List<IHostedService> hosted;
    readonly ServiceSettings settings;
    readonly Topology topology;

    /// <param name="shared">What the process has once.</param>
    /// <param name="settings">The collection's.</param>
    /// <param name="ledger">Stays the caller's.</param>
    public CollectionStages(IServiceProvider shared, ServiceSettings settings, LedgerStore ledger)
    {
        (this.settings, topology) = (settings, settings.Topology());
        Keys = new ApiKeys(settings.Security.ApiKeys);
        var registered = new ServiceCollection();
        Share(registered, shared, settings.Collection);
        registered.AddSingleton(settings).AddSingleton(settings.Accept).AddSingleton(settings.Deduplicate).AddSingleton(settings.Retention).AddSingleton(settings.RabbitMq)
            .AddSingleton(settings.Normalise.Options()).AddSingleton(topology).AddSingleton(settings.Roster()).AddSingleton(ledger);
        Register(registered, settings, topology);
        services = registered.BuildServiceProvider();
        hosted = [.. services.GetServices<IHostedService>()];
    }

    public string Name => settings.Collection;

    public IServiceProvider Services => services;

    /// <summary>Who may change something here.</summary>
    public ApiKeys Keys { get; }

    /// <summary>Reading asks for a key too.</summary>
    public bool ProtectsReading => settings.Security.ProtectReading;

    public void Map(IEndpointRouteBuilder routes)
    {
        if (topology.Roles.Has(Role.Accept))
        {
            services.GetRequiredService<ArticlesEndpoint>().Map(routes);
            services.GetRequiredService<AnalyseEndpoint>().Map(routes);
        }

        services.GetRequiredService<ReadingEndpoints>().Map(routes);
        services.GetRequiredService<StoryFeed>().Map(routes);
        services.GetRequiredService<EventsEndpoint>().Map(routes);
        services.GetRequiredService<SourcesEndpoint>().Map(routes);
    }

    public async Task Start(CancellationToken cancellation)
    {
        foreach (var stage in hosted)
        {
            await stage.StartAsync(cancellation);
            if (stage is BackgroundService { ExecuteTask: { } work })
                _ = Watch(stage, work);
        }
    }

    /// <summary>What began last stops first; one that cannot keeps none of the others from it.</summary>
    public async Task Stop(CancellationToken cancellation)
    {
        var stopping = new List<Task>();
        foreach (var stage in Enumerable.Reverse(hosted))
        {
            stopping.Add(stage.StopAsync(cancellation));
            await stopping[^1].ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        await Task.WhenAll(stopping);
    }

    public ValueTask DisposeAsync() => services.DisposeAsync();

    /// <summary>As the host does with its own: a stage that ends by a fault ends the program, which is then started anew.</summary>
    async Task Watch(IHostedService stage, Task work)
    {
        var lifetime = services.GetRequiredService<IHostApplicationLifetime>();
        try
        {
            await work;
        }
        catch (Exception e) when (e is not OperationCanceledException || !lifetime.ApplicationStopping.IsCancellationRequested)
        {
            services.GetRequiredService<ILogger<CollectionStages>>().StageEnded(e, stage.GetType().Name);
            lifetime.StopApplication();
        }
    }

    static void Share(IServiceCollection registered, IServiceProvider shared, string collection)
    {
        // As instances, which this container does not dispose.
        registered.AddSingleton(shared.GetRequiredService<TimeProvider>()).AddSingleton(shared.GetRequiredService<IHostApplicationLifetime>())
            .AddSingleton(shared.GetRequiredService<MemoryBudget>()).AddSingleton(shared.GetRequiredService<Closing>())
            .AddSingleton(shared.GetRequiredService<Health>().Of(collection));
        if (shared.GetService<Connections>() is { } connections)
            registered.AddSingleton(connections);
        registered.AddSingleton<ILoggerFactory>(new CollectionLogs(shared.GetRequiredService<ILoggerFactory>(), collection))
            .AddSingleton(typeof(ILogger<>), typeof(Logger<>));
    }

    static void Register(IServiceCollection services, ServiceSettings settings, Topology topology)
    {
        services.AddSingleton<Arrivals>().AddSingleton<ReadingEndpoints>().AddSingleton<StoryFeed>().AddSingleton<EventsEndpoint>()
            .AddSingleton<SourceDesk>().AddSingleton<SourcesEndpoint>().AddSingleton(new ApiPath(settings.Collection));
        services.AddHostedService<LedgerWatch>().AddHostedService<StallWatch>().AddHostedService<LogWatch>();
        if (topology.Roles.Has(Role.Deduplicate))
        {
            var lanes = settings.ServedCollections().Count;
            services.AddSingleton<Func<Lane>>(
                s => () => new Lane(s.GetRequiredService<LedgerStore>(), settings.Deduplicate, TimeProvider.System, s.GetRequiredService<MemoryBudget>().Recent / lanes));
            services.AddHostedService<Upkeep>();
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
            services.AddSingleton<StageSender>();
            if (topology.Roles.Has(Role.Publish))
                services.AddHostedService<Publisher>();
            if (topology.Roles.Has(Role.Accept))
                services.AddSingleton<QueuedBody>().AddSingleton<AcceptConsumer>();
            if (topology.Roles.Has(Role.Normalise))
                services.AddSingleton<NormaliseConsumer>();
        }

        if (topology.TakesUp)
            services.AddSingleton<Feeder>().AddHostedService(s => s.GetRequiredService<Feeder>());
        if (topology.Roles.Has(Role.Accept))
        {
            services.AddSingleton(new SubmissionReader(settings.Collection, TimeProvider.System)).AddSingleton<ArticleBody>().AddSingleton<ArticlesEndpoint>().AddSingleton<AnalyseEndpoint>();
            services.AddSingleton<AcceptStage>().AddHostedService(s => s.GetRequiredService<AcceptStage>());
        }
    }
}

/// <summary>The program's log, in which the parts of a collection have its name.</summary>
sealed class CollectionLogs(ILoggerFactory whole, string collection) : ILoggerFactory
{
    public ILogger CreateLogger(string categoryName) => whole.CreateLogger(collection == ArticleIds.DefaultCollection ? categoryName : $"{categoryName}/{collection}");

    public void AddProvider(ILoggerProvider provider) => whole.AddProvider(provider);

    public void Dispose()
    {
        // The program's own.
    }
}
