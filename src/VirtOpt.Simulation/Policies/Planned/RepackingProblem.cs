namespace VirtOpt.Simulation;

/// <summary>States a re-packing in the words of the engine.</summary>
/// <param name="hosts">Hosts that may be used; all that are in use among them.</param>
/// <param name="vms">The VMs that run.</param>
/// <param name="weights">MIPS that each weighs.</param>
/// <param name="kept">MIPS that each host keeps back.</param>
/// <param name="withMemory">True to keep the memory of hosts.</param>
internal sealed class RepackingProblem(HostOutlook[] hosts, SimulatedVm[] vms, long[] weights, long kept, bool withMemory)
{
    private const int PowerPoints = 10;
    private readonly Dictionary<int, int> positions = hosts.Select((h, i) => (h.Host.Index, Position: i)).ToDictionary(p => p.Index, p => p.Position);

    /// <summary>The problem.</summary>
    /// <param name="migrationPrice">Price of a migration in microwatts.</param>
    public PlacementProblem Build(long migrationPrice)
    {
        long[] loads = new long[hosts.Length];
        for (int i = 0; i < vms.Length; i++) loads[positions[vms[i].Host]] += weights[i];
        List<VmGroup> vmGroups = [];
        List<HostGroup> hostGroups = [];
        foreach (IGrouping<HostType, (HostOutlook Host, HostId Id)> kind in hosts.Select((h, i) => (Host: h, Id: new HostId(i))).GroupBy(h => h.Host.Host.Type))
        {
            VmId[] tooFast = [.. vms.Select((vm, i) => (vm, Id: new VmId(i))).Where(p => !kind.First().Host.CanServe(p.vm)).Select(p => p.Id)];
            if (tooFast.Length == 0) continue;
            vmGroups.Add(new VmGroup($"too fast for {kind.Key.Name}", tooFast));
            hostGroups.Add(new HostGroup(kind.Key.Name, [.. kind.Select(h => h.Id)]));
        }

        Dimension cpu = new("cpu", "MIPS");
        ClusterSnapshot cluster = new(
            withMemory ? [cpu, new Dimension("memory", "MiB")] : [cpu],
            [.. hosts.Select((h, i) => HostOf(h, loads[i]))],
            [.. vms.Select((vm, i) => VmOf(vm, weights[i]))],
            vmGroups,
            hostGroups);
        return new PlacementProblem(cluster)
        {
            Constraints = [.. vmGroups.Zip(hostGroups, (v, h) => new Ban(v, h))],
            Objectives = [new Energy(), new Migrations(MigrationMeasure.Count, migrationPrice)],
        };
    }

    /// <summary>A host that holds more than its plan allows keeps back less: it is for <see cref="OverloadRelief"/> to say whether that is too much.</summary>
    private Host HostOf(HostOutlook host, long load)
    {
        HostType type = host.Host.Type;
        long back = Math.Clamp((long)type.Mips - load, 0, (long)(type.Mips - host.Limit) + kept);
        return new Host
        {
            Name = $"host{host.Host.Index + 1}",
            Capacity = withMemory ? [(long)type.Mips, type.RamMiB] : [(long)type.Mips],
            Reserve = withMemory ? [back, 0] : [back],
            Power = new VirtOpt.PowerCurve([.. Enumerable.Range(0, PowerPoints + 1).Select(i => new PowerPoint(
                i * 100 / PowerPoints, (int)Math.Round(type.Power.At((double)i / PowerPoints))))]),
        };
    }

    private VirtualMachine VmOf(SimulatedVm vm, long weight) => new()
    {
        Name = $"vm{vm.Index + 1}",
        Demand = withMemory ? [weight, vm.Type.RamMiB] : [weight],
        Start = new Place(new HostId(positions[vm.Host])),
        MigrationCost = vm.Type.RamMiB,
    };
}
