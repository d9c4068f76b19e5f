namespace VirtOpt.Solver.Tests;

/// <summary>
/// Random small clusters with everything in them: racks, NUMA nodes, maintenance, pinned and new VMs, prices, power curves,
/// transient dimensions, broken starts.
/// </summary>
internal static class RandomProblems
{
    public static ClusterSnapshot Cluster(Random random, int mostHosts = 4, int mostVms = 5, double newVms = 0.2, bool numa = true)
    {
        bool hasNuma = numa && random.Next(3) == 0;
        Host[] hosts = [.. Enumerable.Range(0, random.Next(2, mostHosts + 1)).Select(h => RandomHost(random, h, hasNuma))];
        if (hosts.All(h => h.State != HostState.Available)) hosts[0] = hosts[0] with { State = HostState.Available };
        VirtualMachine[] vms = [.. Enumerable.Range(0, random.Next(1, mostVms + 1)).Select(v => RandomVm(random, v, hosts, newVms, hasNuma))];
        return new ClusterSnapshot([new("cpu", "core"), new("memory", "GiB", IsTransient: hosts[0].Price % 3 == 0)], hosts, vms);
    }

    public static Placement Placement(ClusterSnapshot cluster, Random random) =>
        new([.. cluster.Vms.Select(vm => vm.Movable ? RandomPlace(random, cluster.Hosts, vm.NumaNodes) : vm.Start!.Value)]);

    /// <summary>All placements of a small cluster, immovable VMs at their start.</summary>
    public static IEnumerable<Placement> AllPlacements(ClusterSnapshot cluster)
    {
        Place[][] choices = [.. cluster.Vms.Select(vm => vm.Movable ? (Place[])[.. PlacesOf(cluster, vm)] : [vm.Start!.Value])];
        int[] at = new int[choices.Length];
        while (true)
        {
            yield return new Placement([.. choices.Select((places, vm) => places[at[vm]])]);
            int digit = 0;
            while (digit < at.Length && ++at[digit] == choices[digit].Length) at[digit++] = 0;
            if (digit == at.Length) yield break;
        }
    }

    public static IEnumerable<Place> PlacesOf(ClusterSnapshot cluster, VirtualMachine vm) =>
        Enumerable.Range(0, cluster.Hosts.Count)
            .SelectMany(h => Masks(cluster.Hosts[h].NumaNodes.Count, vm.NumaNodes).Select(mask => new Place(new HostId(h), mask)));

    private static Host RandomHost(Random random, int index, bool hasNuma)
    {
        int cpu = random.Next(4, 10);
        int memory = random.Next(6, 20);
        return new Host
        {
            Name = $"h{index}",
            Capacity = [2 * cpu, 2 * memory],
            Reserve = random.Next(3) == 0 ? [1, 1] : [],
            OvercommitPercent = random.Next(3) == 0 ? [150, 100] : [],
            Safety = cpu % 2 == 0 ? [cpu, memory] : [],
            State = random.Next(8) == 0 ? HostState.Maintenance : HostState.Available,
            Labels = new Dictionary<string, string> { ["rack"] = $"r{random.Next(2)}" },
            Price = random.Next(1, 10),
            Power = random.Next(2) == 0
                ? new PowerCurve([new(0, random.Next(50, 100)), new(50, random.Next(100, 150)), new(100, random.Next(150, 300))])
                : null,
            NumaNodes = hasNuma ? [new([cpu, memory], [0, 1]), new([cpu, memory], [0])] : [],
        };
    }

    private static VirtualMachine RandomVm(Random random, int index, Host[] hosts, double newVms, bool hasNuma)
    {
        int nodes = hasNuma ? random.Next(1, 3) : 0;
        bool isNew = random.NextDouble() < newVms;
        return new VirtualMachine
        {
            Name = $"v{index}",
            Demand = [random.Next(1, 7), random.Next(1, 9)],
            Reservation = random.Next(4) == 0 ? [1, 1] : [],
            NumaNodes = nodes,
            Start = isNew ? null : RandomPlace(random, hosts, nodes),
            Movable = isNew || random.Next(6) > 0,
            MigrationCost = random.Next(1, 4),
            Downtime = (DowntimeClass)random.Next(3),
        };
    }

    private static Place RandomPlace(Random random, IReadOnlyList<Host> hosts, int nodes)
    {
        int host = random.Next(hosts.Count);
        uint[] masks = [.. Masks(hosts[host].NumaNodes.Count, nodes)];
        return new Place(new HostId(host), masks[random.Next(masks.Length)]);
    }

    private static IEnumerable<uint> Masks(int nodes, int ones) =>
        Enumerable.Range(0, 1 << nodes).Select(m => (uint)m).Where(m => System.Numerics.BitOperations.PopCount(m) == ones);
}
