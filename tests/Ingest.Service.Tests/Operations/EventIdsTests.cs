using System.Reflection;
using Ingest.Service.Operations;
using Ingest.Service.Serve;
using Microsoft.Extensions.Logging;

namespace Ingest.Service.Tests.Operations;

public sealed class EventIdsTests
{
    [Fact]
    public void Each_message_of_the_log_has_an_event_id_of_its_own()
    {
        var messages = typeof(Server).Assembly.GetTypes()
            .SelectMany(t => t.GetMethods(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly))
            .Select(m => (Name: $"{m.DeclaringType!.Name}.{m.Name}", m.GetCustomAttribute<LoggerMessageAttribute>()?.EventId))
            .Where(m => m.EventId is not null).ToList();
        Assert.True(messages.Count > 15, $"{messages.Count} messages were found");
        Assert.Empty(messages.GroupBy(m => m.EventId).Where(g => g.Count() > 1).Select(g => $"{g.Key}: {string.Join(", ", g.Select(m => m.Name))}"));
    }
}
