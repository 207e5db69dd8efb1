using Ingest.Service.Operations;

namespace Ingest.Service.Tests.Operations;

public sealed class PortionsTests
{
    [Theory]
    [InlineData("1 2 3", 10, 100, "1 2 3")]
    [InlineData("1 2 3 4 5", 2, 100, "1 2 | 3 4 | 5")]
    [InlineData("5 5 1 5 6", 10, 10, "5 5 | 1 5 | 6")]
    [InlineData("50 1 50 50 1 1", 10, 10, "50 | 1 | 50 | 50 | 1 1")]
    [InlineData("0 0 50", 10, 10, "0 0 | 50")]
    [InlineData("", 10, 10, "")]
    public void A_portion_has_no_more_items_nor_bytes_than_it_may_or_one_item(string items, int most, long mostBytes, string portions) => Assert.Equal(
        portions,
        string.Join(" | ", items.Split(' ', StringSplitOptions.RemoveEmptyEntries).InPortions(most, mostBytes, long.Parse).Select(p => string.Join(' ', p))));
}
