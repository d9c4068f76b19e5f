namespace VirtOpt.Solver.Search.Neighbourhoods;

/// <summary>The fuller hosts with the emptier ones, at random among them: what one has too much, another has room for.</summary>
internal sealed class LoadContrast : Neighbourhood
{
    public override string Name => "full and empty hosts";

    public override IEnumerable<int> Choose(SolveSession session, Place[] current, Random random)
    {
        ClusterSnapshot cluster = session.Problem.Cluster;
        double[] fullness = new double[cluster.Hosts.Count];
        for (int vm = 0; vm < current.Length; vm++)
            for (int d = 0; d < cluster.Dimensions.Count; d++)
                fullness[current[vm].Host.Index] += cluster.Vms[vm].Demand[d] / (double)Math.Max(1, cluster[current[vm].Host].Usable(d));
        int[] order = [.. Available(session).OrderByDescending(h => fullness[h] + (0.3 * random.NextDouble() * cluster.Dimensions.Count))];
        for (int i = 0; i < (order.Length + 1) / 2; i++)
        {
            yield return order[i];
            if (i != order.Length - 1 - i) yield return order[^(i + 1)];
        }
    }
}
