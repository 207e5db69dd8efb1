using Ingest.Contracts.Tests;
using Ingest.Service.Broker;
using Ingest.Service.Operations;
using Ingest.Service.Serve;
using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Ingest.Service.Tests.Serve;

public sealed class MessageBusTests
{
    [Theory]
    [InlineData(null, "MassTransit")]
    [InlineData("broker.invalid", "MassTransit")]
    [InlineData("broker.invalid", "Native")]
    public async Task There_is_a_bus_where_there_is_a_broker_and_no_loop_in_its_place(string? host, string consumer)
    {
        using var ledger = new TemporaryLedger();
        var settings = new ServiceSettings();
        (settings.RabbitMq.Host, settings.RabbitMq.Consumer) = (host, Enum.Parse<QueueConsumer>(consumer));
        await using var app = Server.Build(settings, ledger.File);

        var bus = host is not null && consumer == "MassTransit";
        Assert.Equal(bus, app.Services.GetService<IBus>() is not null);
        Assert.Equal(host is not null && !bus, app.Services.GetServices<IHostedService>().OfType<QueueConsumers>().Any());
        Assert.Equal(bus, app.Services.GetServices<IHostedService>().Any(s => s.GetType().FullName!.StartsWith("MassTransit.", StringComparison.Ordinal)));
    }

    /// <summary>So few files would have to change to leave it.</summary>
    [Fact]
    public void Two_files_use_MassTransit()
    {
        var services = Repository.PathTo("services");
        var users = Directory.EnumerateFiles(services, "*.cs", SearchOption.AllDirectories)
            .Where(f => File.ReadLines(f).Any(l => l.StartsWith("using MassTransit", StringComparison.Ordinal)))
            .Select(f => Path.GetRelativePath(services, f).Replace('\\', '/')).Where(f => !f.Contains("/obj/", StringComparison.Ordinal));
        Assert.Equal(["Ingest.Service/Serve/MessageBus.cs", "Ingest.Service/Serve/SubmissionDeserializer.cs"], users.Order(StringComparer.Ordinal));
    }
}
