namespace VirtOpt;

/// <summary>What hbal asks of a cluster, in the words of the catalogues.</summary>
/// <remarks>
/// A standard deviation is not a sum over nodes, but its square is. Where it is about <c>s</c>, it falls by <c>1/(2s)</c> for each unit that the square
/// falls, so <c>w</c> standard deviations weigh like <c>w/(2s)</c> squares. <c>s</c> is a guess of where rebalancing leads: to half of what it is at the
/// start, and to a tenth for the numbers of instances, which any instance helps to even out. As the root is concave, the score is never above what the
/// squares say of it; measured optima move little with <c>s</c>.
/// </remarks>
internal static class HtoolsPolicy
{
    private const double ReachedOfSizes = 0.5;
    private const double ReachedOfNumbers = 0.1;

    /// <summary>Least standard deviation that weights are made for, as a share of the mean: below it everything counts as even.</summary>
    private const double LeastDeviation = 0.04;

    /// <summary>Objective for one unit of score: per node, so that the weights of small and large clusters have as many digits.</summary>
    private const double PartsPerNode = 5;

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
            Sizes(cluster, HtoolsCluster.Memory, 1, unit),
            Sizes(cluster, HtoolsCluster.Vcpu, file.VcpuRatio, unit),
            Numbers(cluster, HtoolsCluster.Instances, file.HasSecondaries ? 3 : 4, unit),
            new Migrations(Weight: (long)Math.Min(MostWeight, ScoreOfMigration * unit * Million)),
        ];
        if (file.HasSecondaries) objectives.AddRange(OfSecondaries(file, cluster, unit));
        return new Policy(rules, objectives);
    }

    private static IEnumerable<Objective> OfSecondaries(HtoolsFile file, ClusterSnapshot cluster, double unit)
    {
        yield return Sizes(cluster, HtoolsCluster.Disk, 1, unit);
        yield return Sizes(cluster, HtoolsCluster.Spindles, 1, unit);
        yield return Numbers(cluster, HtoolsCluster.DiskUsers, 1, unit);
        double perUnit = ScoreOfShortGiB * unit * Million * HtoolsCluster.MemoryUnit(file) / MiBPerGiB;
        yield return new SafetyLoad(HtoolsCluster.Memory, (long)Math.Clamp(perUnit, 1, MostWeight));
    }

    /// <summary>Squares of what of a node is used, weighed like one standard deviation; hbal counts a node that is full as <paramref name="full"/>.</summary>
    private static LoadVariance Sizes(ClusterSnapshot cluster, string dimension, double full, double unit) =>
        Variance(cluster, dimension, full, ReachedOfSizes, unit);

    /// <summary>Squares of a number on a node, weighed like several standard deviations.</summary>
    private static LoadVariance Numbers(ClusterSnapshot cluster, string dimension, int deviations, double unit) =>
        Variance(cluster, dimension, deviations * cluster.Hosts.Max(h => h.Capacity[cluster.DimensionNamed(dimension)]), ReachedOfNumbers, unit);

    /// <summary>Weighs the squares of a dimension like its standard deviation.</summary>
    /// <param name="cluster">The cluster.</param>
    /// <param name="dimension">The dimension.</param>
    /// <param name="score">Score for a standard deviation of one full node.</param>
    /// <param name="reached">What the standard deviation falls to, as a share of what it is at the start.</param>
    /// <param name="unit">Millions of objective for one unit of score.</param>
    private static LoadVariance Variance(ClusterSnapshot cluster, string dimension, double score, double reached, double unit)
    {
        int d = cluster.DimensionNamed(dimension);
        PlacementView start = new(cluster, Placement.StartOf(cluster));
        HostId[] hosts = [.. start.Hosts.Where(h => cluster[h].State == HostState.Available && cluster[h].Capacity[d] > 0)];
        if (hosts.Length == 0) return new LoadVariance(dimension);
        double[] used = [.. hosts.Select(h => (double)(cluster[h].Capacity[d] - cluster[h].Physical(d) + start.DemandOn(h, d)))];
        double even = used.Sum() / hosts.Sum(h => (double)cluster[h].Capacity[d]);
        double[] fills = [.. used.Zip(hosts, (load, h) => load / cluster[h].Capacity[d])];
        double mean = fills.Average();
        double deviation = Math.Max(reached * Math.Sqrt(fills.Average(fill => Math.Pow(fill - mean, 2))), LeastDeviation * even);
        double weight = even == 0 ? 0 : score * even * even / (2 * deviation * hosts.Length);
        return new LoadVariance(dimension, (long)Math.Clamp(Math.Round(weight * unit), 1, MostWeight));
    }
}
