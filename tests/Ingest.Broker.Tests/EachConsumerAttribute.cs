using System.Reflection;
using Ingest.Service.Broker;
using Xunit.Sdk;

namespace Ingest.Broker.Tests;

/// <summary>
/// Data of a test that runs once with each of what may take the messages from the queues: for those in which that makes a difference. Both are
/// held to the same.
/// </summary>
[AttributeUsage(AttributeTargets.Method)]
sealed class EachConsumerAttribute : DataAttribute
{
    public override IEnumerable<object[]> GetData(MethodInfo testMethod) => Enum.GetNames<QueueConsumer>().Select(n => new object[] { n });
}
