namespace VirtOpt;

/// <summary>A host's load at a moment.</summary>
/// <param name="Second">From this second of the plan on.</param>
/// <param name="Share">Load as a share of what is usable; above 1 where a host is overfull from the start.</param>
public readonly record struct LoadPoint(long Second, double Share);

/// <summary>The load of a host over the time of a plan.</summary>
/// <param name="Host">The host.</param>
/// <param name="Dimension">Position of the dimension in which it is fullest at its peak.</param>
/// <param name="Points">The load in that dimension from second 0 on; constant between points.</param>
public sealed record HostLoadSeries(HostId Host, int Dimension, IReadOnlyList<LoadPoint> Points)
{
    /// <summary>The largest share.</summary>
    public double Peak => Points.Max(p => p.Share);
}

/// <summary>
/// Replays the loads of hosts while a plan is carried out. A VM that moves is counted at both ends until its action ends; a VM that boots or is resumed from
/// the begin of the action; one that is shut down or suspended until its end.
/// </summary>
public static class HostLoads
{
    /// <summary>The hosts with the highest peaks, the highest first.</summary>
    /// <param name="problem">The problem.</param>
    /// <param name="plan">A plan of it.</param>
    /// <param name="most">How many hosts, at least 0.</param>
    public static IReadOnlyList<HostLoadSeries> Of(PlacementProblem problem, TimedPlan plan, int most)
    {
        ClusterSnapshot cluster = problem.Cluster;
        Dictionary<int, List<(long At, int Dimension, long Change)>> changes = Changes(cluster, plan);
        List<HostLoadSeries> all = [];
        for (int h = 0; h < cluster.Hosts.Count; h++)
            if (Fullest(cluster, h, changes.GetValueOrDefault(h) ?? []) is { } series) all.Add(series);
        return [.. all.OrderByDescending(s => s.Peak).ThenBy(s => s.Host.Index).Take(most)];
    }

    private static Dictionary<int, List<(long At, int Dimension, long Change)>> Changes(ClusterSnapshot cluster, TimedPlan plan)
    {
        Dictionary<int, List<(long, int, long)>> changes = [];
        long[][] demand = [.. cluster.Vms.Select(vm => (long[])[.. vm.Demand])];
        int[] hostOf = [.. cluster.Vms.Select(vm => vm.Start?.Host.Index ?? -1)];
        for (int vm = 0; vm < hostOf.Length; vm++) Add(0, hostOf[vm], demand[vm], 1);
        foreach (PlannedAction action in plan.Actions.Where(a => a.Kind.IsOfVm() && a.Kind != ActionKind.StorageMigrate).OrderBy(a => a.End))
        {
            int vm = action.Vm!.Value.Index;
            if (action.Kind == ActionKind.Resize)
            {
                long more = action.Amount - demand[vm][action.Dimension!.Value];
                demand[vm][action.Dimension.Value] += more;
                if (hostOf[vm] >= 0) Change(more > 0 ? action.Start : action.End, hostOf[vm], action.Dimension.Value, more);
                continue;
            }

            int to = action.To?.Host.Index ?? -1;
            if (to == hostOf[vm]) continue;
            Add(action.Start, to, demand[vm], 1);
            Add(action.End, hostOf[vm], demand[vm], -1);
            hostOf[vm] = to;
        }

        return changes;

        void Add(long at, int host, long[] amounts, int sign)
        {
            for (int d = 0; d < amounts.Length && host >= 0; d++) Change(at, host, d, sign * amounts[d]);
        }

        void Change(long at, int host, int dimension, long amount)
        {
            if (!changes.TryGetValue(host, out List<(long, int, long)>? list)) changes[host] = list = [];
            list.Add((at, dimension, amount));
        }
    }

    private static HostLoadSeries? Fullest(ClusterSnapshot cluster, int host, List<(long At, int Dimension, long Change)> changes)
    {
        HostLoadSeries? best = null;
        for (int d = 0; d < cluster.Dimensions.Count; d++)
        {
            long usable = cluster.Hosts[host].Usable(d);
            if (usable <= 0) continue;
            SortedDictionary<long, long> byTime = new() { [0] = 0 };
            foreach ((long at, int dimension, long change) in changes)
                if (dimension == d) byTime[at] = byTime.GetValueOrDefault(at) + change;
            long load = 0;
            List<LoadPoint> points = [];
            foreach ((long at, long change) in byTime) points.Add(new LoadPoint(at, (load += change) / (double)usable));
            HostLoadSeries series = new(new HostId(host), d, points);
            if (best is null || series.Peak > best.Peak) best = series;
        }

        return best;
    }
}
