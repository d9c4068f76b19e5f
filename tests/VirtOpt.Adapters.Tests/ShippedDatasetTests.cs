using System.Globalization;
using System.Security.Cryptography;
using System.Text.RegularExpressions;
using NJsonSchema;

namespace VirtOpt.Adapters.Tests;

/// <summary>What lies in <c>datasets</c> is what its pages say.</summary>
public sealed partial class ShippedDatasetTests
{
    public static TheoryData<string> Synthetic =>
        [.. Directory.EnumerateFiles(Folder, "*.json").Select(f => Path.GetFileName(f)!).Order(StringComparer.Ordinal)];

    private static string Folder => Path.GetDirectoryName(Repository.Path("datasets/synthetic/DATASET.md"))!;

    [Theory]
    [MemberData(nameof(Synthetic))]
    public async Task A_shipped_instance_is_what_the_generator_makes(string name)
    {
        Match match = FileName().Match(name);
        int Number(string group) => int.Parse(match.Groups[group].Value, CultureInfo.InvariantCulture);
        string text = await File.ReadAllTextAsync(Path.Combine(Folder, name), TestContext.Current.CancellationToken);
        PlacementProblem problem = ClusterGenerator.Generate(new(Number("hosts"), Number("vms"), Number("seed"), match.Groups["profile"].Value));
        Assert.Equal(Texts.Write(problem), text);
        JsonSchema schema = await Repository.Schema();
        Assert.Empty(schema.Validate(text));
    }

    [Theory]
    [MemberData(nameof(Synthetic))]
    public void A_shipped_instance_has_the_checksum_of_its_page(string name)
    {
        string checksum = Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(Path.Combine(Folder, name))));
        Assert.Contains($"{checksum}  {name}", File.ReadAllText(Path.Combine(Folder, "DATASET.md")), StringComparison.Ordinal);
    }

    [Fact]
    public void The_csv_example_loads_with_its_rules_kept()
    {
        LoadedProblem loaded = FormatCatalogue.Load([Repository.Path("datasets/csv-example/hosts.csv"), Repository.Path("datasets/csv-example/vms.csv")]);
        Placement start = Placement.StartOf(loaded.Problem.Cluster);
        CheckReport report = PlacementChecker.Check(loaded.Problem, new Placement([.. start.Places[..24], new Place(new HostId(4))]));
        Assert.Equal("csv", loaded.Format.Name);
        Assert.Equal((6, 25), (loaded.Problem.Cluster.Hosts.Count, loaded.Problem.Cluster.Vms.Count));
        Assert.All(report.Unrepaired, r => Assert.Contains("maintenance", r.Constraint, StringComparison.Ordinal));
        Assert.NotEmpty(report.Unrepaired);
    }

    [GeneratedRegex(@"^(?<profile>[a-z]+)-h(?<hosts>\d+)-v(?<vms>\d+)-s(?<seed>\d+)\.json$")]
    private static partial Regex FileName();
}
