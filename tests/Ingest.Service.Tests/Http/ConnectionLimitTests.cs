using Ingest.Service.Http;

namespace Ingest.Service.Tests.Http;

public sealed class ConnectionLimitTests
{
    [Theory]
    [InlineData(5000, 1_000_000, 240, 5000)]
    [InlineData(5000, 1024, 240, 720)]
    [InlineData(100, 1024, 240, 100)]
    [InlineData(5000, 320, 240, 16)]
    [InlineData(5000, 256, 240, 8)]
    [InlineData(3, 256, 240, 3)]
    public void Files_are_left_for_the_ledger_and_the_broker(int wanted, int descriptors, int open, int most) =>
        Assert.Equal(most, ConnectionLimit.Within(wanted, descriptors, open));
}
