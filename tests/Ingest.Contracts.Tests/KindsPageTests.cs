using Ingest.Contracts.V1;

namespace Ingest.Contracts.Tests;

/// <summary>The tables of <c>docs/kinds.md</c> are the kinds of the contract: the same names and meanings, in the same groups and order.</summary>
public class KindsPageTests
{
    static readonly string[] Groups = ["### In the body", "### Fields of the article", "### Removed"];

    [Fact]
    public void The_tables_are_the_list_of_the_contract()
    {
        var group = -1;
        var told = new List<string>();
        foreach (var line in File.ReadAllLines(Repository.PathTo("docs", "kinds.md")))
        {
            if (line.StartsWith('#'))
                group = Array.IndexOf(Groups, line);
            else if (group >= 0 && line.StartsWith("| `", StringComparison.Ordinal) && line.Split('|') is [_, var name, var meaning, _])
                told.Add($"{(BlockGroup)group} {name.Trim().Trim('`')}: {meaning.Trim()}");
        }

        Assert.Equal(BlockKinds.All.Select(k => $"{k.Group} {k.Name}: {k.Meaning}"), told);
    }
}
