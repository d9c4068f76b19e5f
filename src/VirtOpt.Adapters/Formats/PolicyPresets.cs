namespace VirtOpt;

/// <summary>Objectives by the name of what people want.</summary>
public static class PolicyPresets
{
    /// <summary>Cheapest set of hosts in use, then the least memory moved.</summary>
    public const string Consolidate = "consolidate";

    /// <summary>No host above 80 %, then even load, where a migration must be worth 0.1 % of a host.</summary>
    public const string Balance = "balance";

    /// <summary>Most room in one piece for the biggest VM shape that is common in the cluster.</summary>
    public const string Fragmentation = "fragmentation";

    /// <summary>Least electric power, then the cheapest migrations.</summary>
    public const string Energy = "energy";

    private const int OverloadPercent = 80;
    private const int WorthOfAMigration = 1000;
    private const int CommonSharePercent = 5;

    /// <summary>The names.</summary>
    public static IReadOnlyList<string> Names { get; } = [Consolidate, Balance, Fragmentation, Energy];

    /// <summary>The objectives of a preset for a cluster.</summary>
    /// <exception cref="InvalidInputException">There is no such preset, or the cluster lacks what it needs.</exception>
    public static IReadOnlyList<Objective> Named(string name, ClusterSnapshot cluster) => name switch
    {
        Consolidate => [new HostPrice(), MovedMemory(cluster)],
        Balance => [new Overload(ThresholdPercent: OverloadPercent), new LoadDeviation(Level: 2), new Migrations(Weight: WorthOfAMigration, Level: 2)],
        Fragmentation => [FragmentationOf(cluster)],
        Energy when cluster.Hosts.Any(h => h.Power is not null) => [new Energy(), new Migrations(MigrationMeasure.Cost, Level: 2)],
        Energy => throw InvalidInputException.Because(
            $"No host of the cluster ({cluster.Name}) has a power curve, so energy cannot be minimised.", $"({Consolidate}) was meant."),
        _ => throw InvalidInputException.Because(
            $"There is no objective preset ({name}).", $"one of {string.Join(", ", Names.Select(n => $"({n})"))} was meant."),
    };

    private static Migrations MovedMemory(ClusterSnapshot cluster) =>
        new(cluster.Dimensions.Any(d => d.Name == "memory") ? "memory" : MigrationMeasure.Cost, Level: 2);

    private static Fragmentation FragmentationOf(ClusterSnapshot cluster)
    {
        if (cluster.Vms.Count == 0)
            throw InvalidInputException.Because("Fragmentation needs a VM shape; the cluster has no VM.", $"({Consolidate}) was meant.");
        bool perNuma = cluster.Hosts.All(h => h.NumaNodes.Count > 0);
        IEnumerable<int> every = Enumerable.Range(0, cluster.Dimensions.Count);
        HashSet<int> limited = [.. perNuma ? cluster.Hosts.SelectMany(h => h.NumaNodes).SelectMany(n => n.Limits) : every];
        return new Fragmentation(CommonShape(cluster, perNuma, limited), perNuma ? VirtOpt.Fragmentation.Numa : Scope.Host);
    }

    /// <summary>The biggest demand that at least 5 % of the VMs have, else the most frequent one.</summary>
    private static ResourceVector CommonShape(ClusterSnapshot cluster, bool perNuma, HashSet<int> limited)
    {
        (ResourceVector Shape, int Count)[] shapes =
        [
            .. cluster.Vms.Where(vm => !perNuma || vm.NumaNodes <= 1)
                .GroupBy(vm => vm.Demand).Select(g => (Shape: Limited(g.Key, limited), g.Count())).Where(s => !s.Shape.IsZero),
        ];
        if (shapes.Length == 0)
            throw InvalidInputException.Because(
                "Fragmentation needs a VM shape; no VM needs anything that fits one NUMA node or host.", "another objective was meant.");
        (ResourceVector Shape, int Count)[] common = [.. shapes.Where(s => s.Count * 100L >= cluster.Vms.Count * (long)CommonSharePercent)];
        return common.Length == 0 ? shapes.MaxBy(s => s.Count).Shape : common.MaxBy(s => Size(cluster, s.Shape)).Shape;
    }

    private static ResourceVector Limited(ResourceVector demand, HashSet<int> limited) =>
        ResourceVector.Create([.. demand.Select((amount, d) => limited.Contains(d) ? amount : 0)]);

    private static double Size(ClusterSnapshot cluster, ResourceVector shape) =>
        shape.Select((amount, d) => amount / Math.Max(1.0, cluster.Hosts.Max(h => h.Capacity[d]))).Sum();
}
