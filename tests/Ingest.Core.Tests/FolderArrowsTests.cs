namespace Ingest.Core.Tests;

public class FolderArrowsTests
{
    const string Press = "namespace Harbour.Press;\n\ninternal sealed record Sheet(string Text);";

    [Fact]
    public void A_name_behind_an_import_is_an_arrow() =>
        Assert.Equal([("Quay", "Press")],
            Arrows("Quay/Crane.cs", "using Harbour.Press;\n\nnamespace Harbour.Quay;\n\nclass Crane(Sheet sheet);"));

    [Fact]
    public void So_is_one_that_is_written_with_its_namespace() =>
        Assert.Equal([("Quay", "Press")], Arrows("Quay/Crane.cs", "namespace Harbour.Quay;\n\nclass Crane(Press.Sheet sheet);"));

    [Fact]
    public void So_is_one_of_the_namespace_above() =>
        Assert.Equal([("Press/Ink", "Press")], Arrows("Press/Ink/Black.cs", "namespace Harbour.Press.Ink;\n\nclass Black(Sheet sheet);"));

    [Fact]
    public void So_is_one_in_the_hole_of_a_string() =>
        Assert.Equal([("Quay", "Press")],
            Arrows("Quay/Crane.cs", "using Harbour.Press;\n\nnamespace Harbour.Quay;\n\nclass Crane\n{\n    string Name => $\"{{{nameof(Sheet)}}}\";\n}"));

    [Theory]
    [InlineData("// A Sheet.\nclass Crane;")]
    [InlineData("/* A\nSheet. */ class Crane;")]
    [InlineData("class Crane\n{\n    const string Name = \"Sheet\\\" Sheet\";\n    const char Sign = '\"';\n}")]
    [InlineData("class Crane\n{\n    const string Name = @\"Sheet\"\" Sheet\";\n    const string Empty = \"\";\n}")]
    [InlineData("class Crane\n{\n    const string Name = \"\"\"\n        A \"Sheet\"\n        \"\"\";\n}")]
    [InlineData("class Crane\n{\n    int Of(Paper paper) => paper.Sheet + paper.Sheets;\n}")]
    public void What_only_looks_like_a_type_is_none(string code) =>
        Assert.Empty(Arrows("Quay/Crane.cs", "using Harbour.Press;\n\nnamespace Harbour.Quay;\n\n" + code));

    [Fact]
    public void A_name_without_its_import_is_another_type() =>
        Assert.Empty(Arrows("Quay/Crane.cs", "namespace Harbour.Quay;\n\nclass Crane(Sheet sheet);"));

    [Fact]
    public void Two_folders_of_which_each_uses_the_other_are_a_round()
    {
        var arrows = FolderArrows.Of(
            ("Press/Sheet.cs", "using Harbour.Quay;\n\nnamespace Harbour.Press;\n\nclass Sheet(Crane crane);"),
            ("Quay/Crane.cs", "using Harbour.Press;\n\nnamespace Harbour.Quay;\n\nclass Crane(Sheet sheet);"));
        Assert.Equal(["Press -> Quay: Sheet.cs names Crane", "Quay -> Press: Crane.cs names Sheet"], arrows.Rounds());
    }

    [Fact]
    public void So_are_three_in_a_ring_and_what_only_leads_there_is_not()
    {
        var arrows = FolderArrows.Of(
            ("Press/Sheet.cs", "using Harbour.Quay;\n\nnamespace Harbour.Press;\n\nclass Sheet(Crane crane);"),
            ("Quay/Crane.cs", "using Harbour.Sea;\n\nnamespace Harbour.Quay;\n\nclass Crane(Ship ship);"),
            ("Sea/Ship.cs", "using Harbour.Press;\n\nnamespace Harbour.Sea;\n\nclass Ship(Sheet sheet);"),
            ("Top.cs", "using Harbour.Press;\n\nnamespace Harbour;\n\nclass Top(Sheet sheet);"));
        Assert.Equal(3, arrows.Rounds().Count);
        Assert.Contains(("", "Press"), arrows.All);
    }

    static IEnumerable<(string From, string To)> Arrows(string path, string text) =>
        FolderArrows.Of(("Press/Sheet.cs", Press), (path, text)).All;
}
