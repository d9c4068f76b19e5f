namespace VirtOpt.Solver.Search.Constructive;

/// <summary>Demand and capacity as a sum of shares of the whole cluster's, over the dimensions.</summary>
internal static class RelativeSize
{
    /// <summary>Of every VM.</summary>
    public static double[] OfVms(ClusterSnapshot cluster)
    {
        double[] capacity = Capacity(cluster);
        return [.. cluster.Vms.Select(vm => Sum(capacity, d => vm.Demand[d]))];
    }

    /// <summary>Of every host, above 0.</summary>
    public static double[] OfHosts(ClusterSnapshot cluster)
    {
        double[] capacity = Capacity(cluster);
        return [.. cluster.Hosts.Select(h => Math.Max(1e-12, Sum(capacity, h.Usable)))];
    }

    private static double[] Capacity(ClusterSnapshot cluster) =>
        [.. Enumerable.Range(0, cluster.Dimensions.Count).Select(d => Math.Max(1, cluster.Hosts.Sum(h => (double)h.Usable(d))))];

    private static double Sum(double[] capacity, Func<int, long> amount)
    {
        double sum = 0;
        for (int d = 0; d < capacity.Length; d++) sum += amount(d) / capacity[d];
        return sum;
    }
}
