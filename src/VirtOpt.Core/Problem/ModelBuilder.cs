namespace VirtOpt;

/// <summary>What constraints and objectives use to state themselves: loads, made once and shared by their name.</summary>
public sealed class ModelBuilder
{
    private readonly Dictionary<(string Name, object? About), LoadFamily> known = [];
    private readonly List<LoadFamily> families = [];
    private readonly Dictionary<string, int[]> cellsOfScope = new(StringComparer.Ordinal);
    private readonly int[] oneCell;

    internal ModelBuilder(ClusterSnapshot cluster) => (Cluster, oneCell) = (cluster, new int[cluster.Hosts.Count]);

    /// <summary>The cluster.</summary>
    public ClusterSnapshot Cluster { get; }

    internal IReadOnlyList<LoadFamily> Families => families;

    /// <summary>Demand of all VMs in a dimension, by host.</summary>
    public LoadFamily Demand(int dimension) => OverHosts(
        $"{Cluster.Dimensions[dimension].Name} demand by host", vm => vm.Demand[dimension], dimension);

    /// <summary>Demand of all VMs in a dimension on the hosts of a group, all together; one cell.</summary>
    public LoadFamily DemandOn(HostGroup hosts, int dimension) => Get($"{Cluster.Dimensions[dimension].Name} demand on {hosts.Name}", hosts, name =>
        new LoadFamily(name, CellKind.Host, 1, OneCellOf(hosts), null, DemandCharges(vm => vm.Demand[dimension], dimension)));

    /// <summary>Number of VMs on the hosts of a group, all together; one cell.</summary>
    public LoadFamily CountOn(HostGroup hosts) => Get($"VMs on {hosts.Name}", hosts, name =>
        new LoadFamily(name, CellKind.Host, 1, OneCellOf(hosts), null, Charges.Static(Ones(null))));

    /// <summary>
    /// Demand of all VMs in a dimension, by host, counting a VM that has left its start host there too. VMs bound to parts of hosts can migrate
    /// within their host, which leaves nothing behind: only they make the family tell starts apart.
    /// </summary>
    public LoadFamily DemandWithLeft(int dimension) => Get($"{Cluster.Dimensions[dimension].Name} demand by host, with what was left", null, name =>
    {
        int[] cells = CellsOf(Cluster.Scope(Scope.Host));
        bool hasParts = Cluster.Vms.Any(vm => vm is { Start: not null } && (vm.NumaNodes > 0 || vm.Gpus > 0));
        Charges charges = new(
            Weights(vm => vm.Demand[dimension]), MigrationWeights(null, vm => vm.Demand[dimension]), [], hasParts ? (from, to) => from == to ? 0 : 1 : null,
            Dimension: dimension);
        return new LoadFamily(name, CellKind.Host, cells.Length, cells, null, charges);
    });

    /// <summary>Reservation of all VMs in a dimension, by host.</summary>
    public LoadFamily Reservation(int dimension) => OverHosts(
        $"{Cluster.Dimensions[dimension].Name} reservation by host", vm => vm.Reservation.Count == 0 ? 0 : vm.Reservation[dimension]);

    /// <summary>Demand in a dimension by NUMA node; a VM on several nodes charges each an even share, rounded up.</summary>
    public LoadFamily NumaDemand(int dimension) => OverParts(
        $"{Cluster.Dimensions[dimension].Name} demand by NUMA node", CellKind.NumaNode,
        h => h.NumaNodes.Count, vm => Share(vm.Demand[dimension], vm.NumaNodes), dimension);

    /// <summary>Demand in a dimension by GPU; a VM on several GPUs charges each an even share, rounded up.</summary>
    public LoadFamily GpuDemand(int dimension) => OverParts(
        $"{Cluster.Dimensions[dimension].Name} demand by GPU", CellKind.Gpu, h => h.Gpus.Count, vm => Share(vm.Demand[dimension], vm.Gpus),
        dimension);

    /// <summary>Name of the family of <see cref="VmCount"/>.</summary>
    public const string VmCountName = "VMs by host";

    /// <summary>Number of VMs by host.</summary>
    public LoadFamily VmCount() => OverHosts(VmCountName, vm => vm.IsLeaving ? 0 : 1);

    /// <summary>Number of VMs of a group by item of a scope.</summary>
    public LoadFamily Count(VmGroup group, string scope) => Get($"VMs of {group.Name} by {scope}", group, name =>
    {
        Scope items = Cluster.Scope(scope);
        int[] members = [.. group.Members.Select(m => m.Index)];
        return new LoadFamily(name, CellKind.Host, items.Items.Count, CellsOf(items), members, Charges.Static(Ones(members)));
    });

    /// <summary>Number of VMs of a group (null: of all) on the hosts that fulfil a condition; one cell.</summary>
    public LoadFamily CountOn(string name, VmGroup? group, Func<HostId, bool> on) => Get(name, new object(), _ =>
    {
        int[] cells = [.. Enumerable.Range(0, Cluster.Hosts.Count).Select(h => on(new HostId(h)) ? 0 : -1)];
        int[]? members = group is null ? null : [.. group.Members.Select(m => m.Index)];
        return new LoadFamily(name, CellKind.Host, 1, cells, members, Charges.Static(Ones(members)));
    });

    /// <summary>What migrations cost in all; one cell. A VM that has no start does not migrate.</summary>
    public LoadFamily Migrations(string name, VmGroup? group, Func<VirtualMachine, long> cost) => Get(name, group, _ =>
    {
        int[]? members = group is null ? null : [.. group.Members.Select(m => m.Index)];
        return new LoadFamily(name, CellKind.Host, 1, oneCell, members, new([], [], MigrationWeights(members, cost)));
    });

    /// <summary>What migrations cost in all by a price for each pair of start host and final host; one cell.</summary>
    public LoadFamily MigrationsByPair(string name, HostMatrix prices) => Get(name, prices, _ =>
        new LoadFamily(name, CellKind.Host, 1, oneCell, null, new([], [], MigrationWeights(null, _ => 1), (from, to) => prices[from, to])));

    /// <summary>What migrations cost by item of a scope, counting each departure and each arrival there.</summary>
    public LoadFamily MigrationsBy(string name, string scope, VmGroup? group, Func<VirtualMachine, long> cost) => Get(name, group, _ =>
    {
        Scope items = Cluster.Scope(scope);
        int[]? members = group is null ? null : [.. group.Members.Select(m => m.Index)];
        long[] weights = MigrationWeights(members, cost);
        return new LoadFamily(name, CellKind.Host, items.Items.Count, CellsOf(items), members, new([], weights, weights));
    });

    /// <summary>An amount of each VM by host; the dimension whose demand it is, if it is one.</summary>
    public LoadFamily OverHosts(string name, Func<VirtualMachine, long> weight, int? dimension = null) => Get(name, null, _ =>
    {
        int[] cells = CellsOf(Cluster.Scope(Scope.Host));
        return new LoadFamily(name, CellKind.Host, cells.Length, cells, null, DemandCharges(weight, dimension));
    });

    /// <summary>Forecast demand of each VM in a slot, by host.</summary>
    public LoadFamily Forecast(DemandForecast forecast, int slot) => Get($"forecast {forecast.Dimension} by host, slot {slot}", forecast, name =>
    {
        int[] cells = CellsOf(Cluster.Scope(Scope.Host));
        return new LoadFamily(name, CellKind.Host, cells.Length, cells, null,
            Charges.Static([.. Enumerable.Range(0, Cluster.Vms.Count).Select(i => Cluster.Vms[i].IsLeaving ? 0 : forecast[slot, new VmId(i)])]));
    });

    /// <summary>The part (NUMA node or GPU) of every cell of a family over parts, in cell order, with its host.</summary>
    public IEnumerable<(HostId Host, int Part)> Parts(Func<Host, int> count)
    {
        for (int h = 0; h < Cluster.Hosts.Count; h++)
            for (int part = 0; part < count(Cluster.Hosts[h]); part++)
                yield return (new HostId(h), part);
    }

    private LoadFamily OverParts(string name, CellKind kind, Func<Host, int> count, Func<VirtualMachine, long> weight, int dimension) => Get(name, null, _ =>
    {
        int[] first = new int[Cluster.Hosts.Count];
        int cells = 0;
        for (int h = 0; h < first.Length; h++)
        {
            int parts = count(Cluster.Hosts[h]);
            first[h] = parts == 0 ? -1 : cells;
            cells += parts;
        }

        return new LoadFamily(name, kind, cells, first, null, DemandCharges(weight, dimension));
    });

    /// <summary>The family with this name about this group, forecast or matrix: two groups of one name are two families.</summary>
    private LoadFamily Get(string name, object? about, Func<string, LoadFamily> make)
    {
        if (known.TryGetValue((name, about), out LoadFamily? family)) return family;
        family = make(name);
        family.Index = families.Count;
        families.Add(family);
        known[(name, about)] = family;
        return family;
    }

    private int[] CellsOf(Scope scope)
    {
        if (!cellsOfScope.TryGetValue(scope.Name, out int[]? cells))
            cellsOfScope[scope.Name] = cells = [.. Enumerable.Range(0, Cluster.Hosts.Count).Select(h => scope.ItemOf(new HostId(h)))];
        return cells;
    }

    private long[] Weights(Func<VirtualMachine, long> weight)
    {
        long[] weights = new long[Cluster.Vms.Count];
        for (int v = 0; v < weights.Length; v++) weights[v] = weight(Cluster.Vms[v]);
        return weights;
    }

    private long[] MigrationWeights(int[]? members, Func<VirtualMachine, long> cost)
    {
        IEnumerable<VirtualMachine> vms = members is null ? Cluster.Vms : members.Select(m => Cluster.Vms[m]);
        return [.. vms.Select(vm => vm.Start is null ? 0 : cost(vm))];
    }

    /// <summary>Weights that follow the demand in a dimension, with what they are before demands change.</summary>
    private Charges DemandCharges(Func<VirtualMachine, long> weight, int? dimension)
    {
        bool hasChanges = dimension is { } d && Cluster.Vms.Any(vm => vm.Uses(d) != vm.Demand[d]);
        long[]? now = hasChanges ? Weights(vm => weight(vm.DemandNow.Count == 0 ? vm : vm with { Demand = vm.DemandNow })) : null;
        return new Charges(Weights(weight), [], [], null, now, dimension);
    }

    private int[] OneCellOf(HostGroup hosts)
    {
        int[] cells = new int[Cluster.Hosts.Count];
        Array.Fill(cells, -1);
        foreach (HostId host in hosts.Members) cells[host.Index] = 0;
        return cells;
    }

    /// <summary>1 for each member (null: for every VM), 0 for those that are to be shut down.</summary>
    private long[] Ones(int[]? members)
    {
        long[] ones = new long[members?.Length ?? Cluster.Vms.Count];
        for (int i = 0; i < ones.Length; i++) ones[i] = Cluster.Vms[members is null ? i : members[i]].IsLeaving ? 0 : 1;
        return ones;
    }

    private static long Share(long demand, int parts) => parts == 0 ? 0 : (demand + parts - 1) / parts;
}
