namespace VirtOpt.Simulation.Tests;

/// <summary>Clusters that can be reckoned by hand.</summary>
internal static class Tiny
{
    /// <summary>1,000 MIPS in one core, 1,000 MiB, 10 MiB/s, 100 W idle and 200 W at full use.</summary>
    public static HostType Host { get; } = new("host", 1, 1000, 1000, 10, new PowerCurve(100, 200));

    public static VmType Vm { get; } = new("vm", 400, 100);

    public static DemandTrace Trace(params double[][] use) => new("tiny", [.. use.Select((u, i) => new TraceSeries($"vm{i}", u))], 300);

    public static DataCentre Centre(int hosts, int vms) => new([.. Enumerable.Repeat(Host, hosts)], [.. Enumerable.Repeat(Vm, vms)]);

    public static SimulatedVm Asking(double demand, int index = 0) => new(index, Vm) { Demand = demand };

    public static HostDraft Draft(HostType type, IEnumerable<SimulatedVm> vms)
    {
        SimulatedHost host = new(0, type);
        host.Guests.AddRange(vms);
        return new HostDraft(host);
    }

    /// <summary>A VM of 1,000 MIPS whose past is given, the newest first, and which asks for the newest now.</summary>
    public static SimulatedVm WithHistory(params double[] newestFirst)
    {
        SimulatedVm vm = new(0, new VmType("past", 1000, 100)) { Demand = newestFirst[0] * 1000 };
        foreach (double use in newestFirst.Reverse()) vm.Remember(use);
        return vm;
    }
}

/// <summary>Does what the test says, step by step.</summary>
internal sealed class Scripted(params VmMove[][] steps) : IConsolidationPolicy
{
    private int step;

    public IReadOnlyList<VmMove> Decide(ClusterView view) => step < steps.Length ? steps[step++] : [];
}
