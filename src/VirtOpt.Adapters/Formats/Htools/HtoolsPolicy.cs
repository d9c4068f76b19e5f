namespace VirtOpt;

/// <summary>What hbal asks of a cluster, in the words of the catalogues.</summary>
/// <remarks>
/// A standard deviation is not a sum over nodes, but its square is. Where it is about <c>s</c>, it falls by <c>1/(2s)</c> for each unit that the square
/// falls, so <c>w</c> standard deviations weigh like <c>w/(2s)</c> squares. Rebalancing about halves them, so <c>s</c> is half of what it is at the start.
/// As the root is concave, the score is never above what the squares say of it; measured optima barely move with <c>s</c>.
/// </remarks>
internal static class HtoolsPolicy
{
    /// <summary>Least standard deviation that weights are made for, as a share of the mean: below it everything counts as even.</summary>
    private const double LeastDeviation = 0.04;

    /// <summary>Objective for one unit of score: per node, so that the weights of small and large clusters have as many digits.</summary>
    private const double PartsPerNode = 10;

    private const double Million = 1_000_000;
    private const double MostWeight = 1_000_000_000;
    private const double ScoreOfTagConflict = 2;

    /// <summary>What a GiB counts by which free memory is short of what a failover needs; hbal counts the instances of the node.</summary>
    private const double ScoreOfShortGiB = 1;

    /// <summary>What a migration must be worth: hbal's default for <c>--min-gain</c>.</summary>
    private const double ScoreOfMigration = 0.01;

    private const long MiBPerGiB = 1024;

    /// <summary>The rules and objectives of a cluster.</summary>
    public static Policy Of(HtoolsFile file, ClusterSnapshot cluster)
    {
        double unit = PartsPerNode * file.Online.Count();
        Soft perConflict = new((long)Math.Min(MostWeight, ScoreOfTagConflict * unit * Million));
        Constraint[] rules =
        [
            .. HtoolsCluster.ExclusionGroups(file).Select(group => new AntiAffinity(cluster.Group(group.Name)) { Soft = perConflict }),
            .. HtoolsCluster.SecondaryGroups(file).Select(group => new Ban(cluster.Group(group.Name), cluster.HostGroup(group.Name))),
        ];
        List<Objective> objectives =
        [
            Variance(cluster, HtoolsCluster.Memory, 1, _ => 1, unit),
            Variance(cluster, HtoolsCluster.Vcpu, 1, _ => file.VcpuRatio, unit),
            Variance(cluster, HtoolsCluster.Instances, file.HasSecondaries ? 3 : 4, CapacityIn(cluster, HtoolsCluster.Instances), unit),
            new Migrations(Weight: (long)Math.Min(MostWeight, ScoreOfMigration * unit * Million)),
        ];
        if (file.HasSecondaries) objectives.AddRange(OfSecondaries(file, cluster, unit));
        return new Policy(rules, objectives);
    }

    private static IEnumerable<Objective> OfSecondaries(HtoolsFile file, ClusterSnapshot cluster, double unit)
    {
        yield return Variance(cluster, HtoolsCluster.Disk, 1, _ => 1, unit);
        yield return Variance(cluster, HtoolsCluster.Spindles, 1, _ => 1, unit);
        yield return Variance(cluster, HtoolsCluster.DiskUsers, 1, CapacityIn(cluster, HtoolsCluster.DiskUsers), unit);
        double perUnit = ScoreOfShortGiB * unit * Million * HtoolsCluster.MemoryUnit(file) / MiBPerGiB;
        yield return new SafetyLoad(HtoolsCluster.Memory, (long)Math.Clamp(perUnit, 1, MostWeight));
    }

    private static Func<Host, double> CapacityIn(ClusterSnapshot cluster, string dimension)
    {
        int d = cluster.DimensionNamed(dimension);
        return host => host.Capacity[d];
    }

    /// <summary>Weighs the squares of a dimension like a number of its standard deviations.</summary>
    /// <param name="cluster">The cluster.</param>
    /// <param name="dimension">The dimension.</param>
    /// <param name="deviations">How many standard deviations hbal adds.</param>
    /// <param name="full">What hbal counts on a node that is full.</param>
    /// <param name="unit">Millions of objective for one unit of score.</param>
    private static LoadVariance Variance(ClusterSnapshot cluster, string dimension, double deviations, Func<Host, double> full, double unit)
    {
        int d = cluster.DimensionNamed(dimension);
        PlacementView start = new(cluster, Placement.StartOf(cluster));
        Host[] hosts = [.. cluster.Hosts.Where(h => h.State == HostState.Available && h.Capacity[d] > 0)];
        double[] loads = [.. hosts.Select(h => (h.Capacity[d] - h.Physical(d) + start.DemandOn(cluster.HostNamed(h.Name), d)) * full(h) / h.Capacity[d])];
        double mean = loads.DefaultIfEmpty().Average();
        double even = hosts.Length == 0 ? 0 : loads.Zip(hosts, (load, h) => load * h.Capacity[d]).Sum() / hosts.Sum(h => (double)h.Capacity[d]);
        double deviation = Math.Sqrt(loads.Select(load => Math.Pow(load - mean, 2)).DefaultIfEmpty().Average());
        double squares = even == 0 ? 0 : deviations * even * even / (2 * Math.Max(deviation / 2, LeastDeviation * even) * hosts.Length);
        return new LoadVariance(dimension, (long)Math.Clamp(Math.Round(squares * unit), 1, MostWeight));
    }
}
