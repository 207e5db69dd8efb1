using System.Reflection;
using Ingest.Service.Broker;
using Xunit.Sdk;

namespace Ingest.Broker.Tests;

/// <summary>
/// Data of a test that runs once with each of what may take the messages from the queues: for those in which that makes a difference. Both are
/// held to the same. The one that is not the default runs where <c>INGEST_LONG</c> is 1, and always in the tests that say so: the suite has a limit.
/// </summary>
[AttributeUsage(AttributeTargets.Method)]
sealed class EachConsumerAttribute : DataAttribute
{
    public bool Always { get; set; }

    public override IEnumerable<object[]> GetData(MethodInfo testMethod) => Enum.GetNames<QueueConsumer>()
        .Where(n => Always || LongBrokerFactAttribute.Asked || n == nameof(QueueConsumer.MassTransit)).Select(n => new object[] { n });
}
