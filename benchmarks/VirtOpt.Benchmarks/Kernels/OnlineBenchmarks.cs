using BenchmarkDotNet.Attributes;

namespace VirtOpt.Benchmarks.Kernels;

/// <summary>
/// Online placement in a generated cluster of 1,000 hosts and 20,000 VMs with groups: one new VM, which is taken away again, and the VMs of a host that
/// fails, about 20; another host with every call.
/// </summary>
[MemoryDiagnoser]
public class OnlineBenchmarks
{
    private PlacementProblem problem = null!;
    private OnlinePlacer placer = null!;
    private VirtualMachine vm = null!;
    private int next;

    /// <summary>The objectives, in the policy's words.</summary>
    [Params("overload", "load-deviation")]
    public string Objective { get; set; } = "overload";

    [GlobalSetup]
    public void Setup()
    {
        PlacementProblem generated = ClusterGenerator.Generate(new GeneratorOptions(1000, 20_000));
        problem = new(generated.Cluster)
        {
            Constraints = generated.Constraints,
            Objectives = [Objective == "overload" ? new Overload(null, 60) : new LoadDeviation(), new Migrations(MigrationMeasure.Count, 1, 2)],
        };
        placer = new OnlinePlacer(problem, Placement.StartOf(problem.Cluster));
        vm = problem.Cluster.Vms[0] with { Name = "new" };
    }

    [Benchmark]
    public int PlaceOneVm()
    {
        int placed = placer.Place(vm, ["apart-3"]).Placed.Count;
        placer.Remove(vm.Name);
        return placed;
    }

    [Benchmark]
    public int ReplaceVmsOfFailedHost()
    {
        string host = problem.Cluster.Hosts[next++ % problem.Cluster.Hosts.Count].Name;
        int placed = placer.FailHost(host).Placed.Count;
        placer.ReturnHost(host);
        return placed;
    }
}
