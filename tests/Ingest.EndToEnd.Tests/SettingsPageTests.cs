using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Reflection;
using Ingest.Contracts.Tests;
using Ingest.Service.Operations;
using Ingest.Service.Serve;
using Microsoft.Extensions.Configuration;

namespace Ingest.EndToEnd.Tests;

/// <summary><c>docs/settings.md</c> names every setting there is, with the default and the range that the program has.</summary>
public class SettingsPageTests
{
    /// <summary>A row of the page's tables. Cells are without back quotes; a range is empty where any value will do.</summary>
    sealed record Row(string Name, string Default, string Range);

    static readonly List<Row> Rows =
    [
        .. File.ReadAllLines(Repository.PathTo("docs", "settings.md")).Where(l => l.StartsWith("| `Ingest:", StringComparison.Ordinal))
            .Select(l => l.Split('|').Select(c => c.Trim().Replace("`", "", StringComparison.Ordinal)).ToArray()).Select(c => new Row(c[1], c[2], c[3])),
    ];

    [Fact]
    public void Every_setting_is_on_the_page_with_its_default()
    {
        var settings = Settings(new ServiceSettings(), ServiceSettings.Section).ToList();
        Assert.Equal(settings.Select(s => s.Name), Rows.Select(r => r.Name));
        Assert.All(settings.Zip(Rows), pair => Assert.Equal((pair.First.Name, pair.First.Default), (pair.Second.Name, pair.Second.Default)));
    }

    [Fact]
    public void A_setting_with_a_range_in_the_code_has_one_on_the_page() => Assert.All(
        Settings(new ServiceSettings(), ServiceSettings.Section).Where(s => s.Range is not null),
        setting => Assert.Equal($"{setting.Name} {setting.Range}", $"{setting.Name} {Rows.Single(r => r.Name == setting.Name).Range}"));

    [Theory]
    [MemberData(nameof(Ranged))]
    public void The_range_is_what_the_program_accepts(string name, string least, string most)
    {
        foreach (var within in new[] { least, most })
            Assert.Null(Record.Exception(Read(within)));
        foreach (var beyond in new[] { Step(least, -1), Step(most, 1) })
            Assert.Contains(name[(name.LastIndexOf(':') + 1)..], Assert.Throws<SettingsException>(Read(beyond)).Message, StringComparison.Ordinal);

        Action Read(string value) => () =>
            ServiceSettings.Read(new ConfigurationBuilder().AddInMemoryCollection([KeyValuePair.Create(name, (string?)value)]).Build()).Validated();
    }

    [Fact]
    public void Settings_that_other_pages_name_exist()
    {
        var known = Rows.Select(r => r.Name).ToHashSet(StringComparer.Ordinal);
        foreach (var page in Directory.EnumerateFiles(Repository.PathTo("docs"), "*.md").Append(Repository.PathTo("README.md")).Append(Repository.PathTo("CONTRIBUTING.md")))
            Assert.All(
                File.ReadAllText(page).Split('`').Where(n => n.StartsWith("Ingest:", StringComparison.Ordinal) && n.All(c => c is ':' || char.IsAsciiLetter(c))),
                name => Assert.True(known.Contains(name), $"{Path.GetFileName(page)}: there is no setting {name}."));
    }

    public static TheoryData<string, string, string> Ranged()
    {
        var data = new TheoryData<string, string, string>();
        foreach (var row in Rows.Where(r => r.Range.Length > 0))
        {
            var ends = row.Range.Replace(",", "", StringComparison.Ordinal).Split(" to ");
            data.Add(row.Name, ends[0], ends[1]);
        }

        return data;
    }

    /// <summary>The value just beside another: a second, a whole number or a thousandth.</summary>
    static string Step(string value, int by) => value.Contains(':', StringComparison.Ordinal)
        ? (TimeSpan.Parse(value, CultureInfo.InvariantCulture) + TimeSpan.FromSeconds(by)).ToString("c")
        : long.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var whole) && value != "1"
            ? (whole + by).ToString(CultureInfo.InvariantCulture)
            // An end that may be a whole number or a share.
            : (decimal.Parse(value, CultureInfo.InvariantCulture) + by * (value == "1" && by < 0 ? 1m : 0.001m)).ToString(CultureInfo.InvariantCulture);

    static IEnumerable<(string Name, string Default, string? Range)> Settings(object settings, string path)
    {
        // Those of a section before its own sections, as they stand in the code.
        foreach (var property in settings.GetType().GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(p => p.CanWrite))
        {
            var (name, value) = ($"{path}:{property.Name}", property.GetValue(settings));
            if (value is Dictionary<string, CollectionSettings>)
                // Its sections are those of the page.
                foreach (var own in Settings(new CollectionSettings(), $"{name}:NAME").Where(s => s.Name.Count(c => c == ':') == 3))
                    yield return own;
            else if (value is not null and not string && property.PropertyType.IsClass)
                foreach (var inner in Settings(value, name))
                    yield return inner;
            else
                yield return (name, name is "Ingest:Roles" or "Ingest:OnlyCollections" && value is null ? "all" : Shown(value), property.GetCustomAttribute<RangeAttribute>() is { } range ? $"{Shown(range.Minimum)} to {Shown(range.Maximum)}" : null);
        }
    }

    static string Shown(object? value) => value switch
    {
        null => "none",
        bool truth => truth ? "true" : "false",
        int or long => string.Create(CultureInfo.InvariantCulture, $"{value:n0}"),
        // The attribute's own form of a range of long numbers is that of double.
        double number when number >= 1000 => string.Create(CultureInfo.InvariantCulture, $"{number:n0}"),
        _ => Convert.ToString(value, CultureInfo.InvariantCulture)!,
    };
}
