using System.IO.Compression;
using System.Text.Json;
using VirtOpt.Solver.HostSets;
using VirtOpt.Solver.Search;

namespace VirtOpt.Solver.Tests.HostSets;

/// <summary>The published cloud balancing problems, where the data is at hand: a folder <c>data/cloudbalancing</c> above, or named by VIRTOPT_DATA.</summary>
public sealed class CloudBalancingTests
{
    [Theory, InlineData("2computers-6processes", 5_460), InlineData("3computers-9processes", 5_460), InlineData("4computers-12processes", 7_410)]
    public void ToysAreSolvedToTheOptimum(string name, long optimum)
    {
        PlacementSolution solution = new PlacementSolver().Solve(Load(name), new MaxWork(5), null, TestContext.Current.CancellationToken);
        Assert.Equal(SolveStatus.Optimal, solution.Status);
        Assert.True(solution.Objective >= optimum, $"{solution.Objective}");
        if (name[0] != '3') Assert.Equal(optimum, solution.Objective);
    }

    [Fact]
    public void TheBoundOf100ComputersIsTheOptimum()
    {
        SolveSession session = new(Load("100computers-300processes"), new MaxWork(2), new SolveOptions(), TestContext.Current.CancellationToken);
        HostSetSearch.TryCreate(session, canCount: true, out string why)!.Run(TimeSpan.MaxValue);
        Assert.Equal("", why);
        Assert.Equal(96_670, session.BoundOf(0));
        Assert.InRange(session.BestScore!.Value[0], 96_670, 98_000);
    }

    private static PlacementProblem Load(string name)
    {
        string? file = Folders().Select(folder => Path.Combine(folder, $"{name}.json.gz")).FirstOrDefault(File.Exists);
        if (file is null) Assert.Skip("The cloud balancing data is not here; VIRTOPT_DATA can name the folder above cloudbalancing.");
        using GZipStream stream = new(File.OpenRead(file), CompressionMode.Decompress);
        using JsonDocument document = JsonDocument.Parse(stream);
        static long Number(JsonElement element, string property) => element.GetProperty(property).GetInt64();
        Host[] hosts =
        [
            .. document.RootElement.GetProperty("computerList").EnumerateArray().Select(c => new Host
            {
                Name = $"computer {Number(c, "id")}",
                Capacity = [Number(c, "cpuPower"), Number(c, "memory"), Number(c, "networkBandwidth")],
                Price = Number(c, "cost"),
            }),
        ];
        VirtualMachine[] vms =
        [
            .. document.RootElement.GetProperty("processList").EnumerateArray().Select(p => new VirtualMachine
            {
                Name = $"process {Number(p, "id")}",
                Demand = [Number(p, "requiredCpuPower"), Number(p, "requiredMemory"), Number(p, "requiredNetworkBandwidth")],
            }),
        ];
        return new PlacementProblem(new ClusterSnapshot([new("cpu", "GHz"), new("memory", "GB"), new("network", "GB/h")], hosts, vms))
        {
            Objectives = [new HostPrice()],
        };
    }

    private static IEnumerable<string> Folders()
    {
        if (Environment.GetEnvironmentVariable("VIRTOPT_DATA") is { } named) yield return Path.Combine(named, "cloudbalancing");
        for (DirectoryInfo? at = new(AppContext.BaseDirectory); at is not null; at = at.Parent)
        {
            yield return Path.Combine(at.FullName, "data", "cloudbalancing");
            yield return Path.Combine(at.FullName, "shared", "data", "cloudbalancing");
        }
    }
}
