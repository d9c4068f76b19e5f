using System.Text.RegularExpressions;

namespace VirtOpt.Adapters.Tests;

/// <summary>Samples in the pages of the formats work.</summary>
public sealed partial class PageTests
{
    [Fact]
    public async Task The_sample_of_the_virtopt_page_loads_and_keeps_the_schema()
    {
        string sample = Sample().Match(File.ReadAllText(Repository.Path("src/VirtOpt.Adapters/Formats/VirtOptJson.md"))).Groups["json"].Value;
        PlacementProblem problem = Texts.Read(sample);
        Assert.Equal((2, 3), (problem.Cluster.Hosts.Count, problem.Cluster.Vms.Count));
        Assert.Empty((await Repository.Schema()).Validate(sample));
    }

    [Fact]
    public void Every_format_says_what_it_is_and_has_its_own_name()
    {
        Assert.All(FormatCatalogue.Entries, f => Assert.True(f.Name.Length > 0 && f.Summary.Length > 20 && f.Usage.Length > 20, f.Name));
        Assert.All(FormatCatalogue.Entries, f => Assert.Same(f, FormatCatalogue.Named(f.Name)));
        Assert.Equal(FormatCatalogue.Entries.Count, FormatCatalogue.Entries.Select(f => f.Name).Distinct().Count());
    }

    [GeneratedRegex("```json\n(?<json>.*?)```", RegexOptions.Singleline)]
    private static partial Regex Sample();
}
