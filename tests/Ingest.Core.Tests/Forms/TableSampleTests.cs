using Ingest.Core.Forms;
using Ingest.Core.Forms.Tables;

namespace Ingest.Core.Tests.Forms;

/// <summary>Every sample of a table is read as expected.</summary>
public class TableSampleTests
{
    static readonly InputForm[] Forms = [new("", TextTable.Recognises, TextTable.Read), new("", JsonTable.Recognises, JsonTable.Read)];

    public static TheoryData<string> Samples => [.. EntrySample.Names("tables")];

    [Theory]
    [MemberData(nameof(Samples))]
    public void A_table_gives_its_articles(string name) => Assert.Empty(EntrySample.Faults("tables", name, Forms));

    [Fact]
    public void What_is_known_to_differ_still_differs() =>
        Assert.All(EntrySample.Known("tables"), name => Assert.NotEmpty(EntrySample.Faults("tables", name, Forms)));
}
