using System.ComponentModel;

namespace VirtOpt;

/// <summary>
/// Failover headroom N+k: whichever <paramref name="Failures"/> items of a scope fail, the movable VMs on their hosts can be restarted, whole
/// and within usable capacity, on the available hosts that are left (VMware: HA admission control; Ganeti: N+1). VMs that cannot move go down
/// with their host. The amount is the number of failures that cannot be survived. Other rules are not asked of restarted VMs.
/// </summary>
/// <param name="Failures">How many items fail at once, at least 1 (k).</param>
/// <param name="Scope">What fails: a host, a rack ...</param>
public sealed record Failover(
    [Description("how many items fail at once")] int Failures = 1,
    [Description("scope whose items fail")] string Scope = VirtOpt.Scope.Host) : Constraint
{
    private const int MostSets = 1_000_000;
    private const int SearchNodes = 200_000;

    /// <inheritdoc/>
    public override IEnumerable<Term> Compile(ModelBuilder model)
    {
        ClusterSnapshot cluster = model.Cluster;
        int[] dimensions = [.. Enumerable.Range(0, cluster.Dimensions.Count)];
        yield return new FailoverTerm(
            Describe(),
            [.. dimensions.Select(model.Demand)],
            [.. dimensions.Select(d => (IReadOnlyList<long>)[.. cluster.Hosts.Select(h => h.State == HostState.Available ? h.Usable(d) : -1)])],
            [.. Sets(cluster)]);
    }

    /// <inheritdoc/>
    public override IEnumerable<Violation> Check(PlacementView view)
    {
        foreach (int[] failed in Sets(view.Cluster))
            if (!Survives(view, failed))
            {
                string hosts = string.Join(", ", failed.Select(h => view.Cluster.Hosts[h].Name));
                yield return new($"failure of {hosts}", 1, $"If {hosts} fails, its VMs do not all fit on the other hosts.");
            }
    }

    /// <inheritdoc/>
    public override void Validate(ClusterSnapshot cluster)
    {
        AtLeast("failures of failover", Failures, 1);
        int items = cluster.Scope(Scope).Items.Count;
        double sets = 1;
        for (int i = 0; i < Failures; i++) sets *= (items - i) / (i + 1.0);
        if (Failures >= items || sets > MostSets)
            throw InvalidInputException.Because(
                $"The failures ({Failures}) of failover must be fewer than the {items} items of {Scope}, with at most {MostSets} ways to fail.",
                "a smaller number or a coarser scope was meant.");
    }

    /// <inheritdoc/>
    public override string Describe() => $"failover headroom for {Failures} of {Scope}";

    private IEnumerable<int[]> Sets(ClusterSnapshot cluster)
    {
        Scope scope = cluster.Scope(Scope);
        int[][] hostsOf =
            [.. scope.Items.Select((_, item) => (int[])[.. Enumerable.Range(0, cluster.Hosts.Count).Where(h => scope.ItemOf(new HostId(h)) == item)])];
        return Combinations(hostsOf.Length, Failures).Select(items => (int[])[.. items.SelectMany(i => hostsOf[i]).Order()]);
    }

    private static IEnumerable<int[]> Combinations(int n, int k, int first = 0)
    {
        if (k == 0) return [[]];
        return Enumerable.Range(first, Math.Max(0, n - k + 1 - first)).SelectMany(i => Combinations(n, k - 1, i + 1).Select(rest => (int[])[i, .. rest]));
    }

    private static bool Survives(PlacementView view, int[] failed)
    {
        int[] dimensions = [.. Enumerable.Range(0, view.Cluster.Dimensions.Count)];
        List<long[]> vms =
            [.. failed.SelectMany(h => view.VmsOn(new HostId(h))).Select(v => view.Cluster[v]).Where(v => v.Movable).Select(v => v.Demand.ToArray())];
        List<long[]> room =
        [
            .. view.Hosts.Where(h => !failed.Contains(h.Index) && view.Cluster[h].State == HostState.Available)
                .Select(h => (long[])[.. dimensions.Select(d => view.Cluster[h].Usable(d) - view.DemandOn(h, d))]),
        ];
        vms.Sort((a, b) => b.Sum().CompareTo(a.Sum()));
        int nodes = SearchNodes;
        return Restart(vms, 0, room, ref nodes);
    }

    private static bool Restart(List<long[]> vms, int next, List<long[]> room, ref int nodes)
    {
        if (next == vms.Count) return true;
        foreach (long[] free in room)
        {
            if (--nodes < 0) return false;
            if (!Enumerable.Range(0, free.Length).All(d => vms[next][d] == 0 || vms[next][d] <= free[d])) continue;
            for (int d = 0; d < free.Length; d++) free[d] -= vms[next][d];
            if (Restart(vms, next + 1, room, ref nodes)) return true;
            for (int d = 0; d < free.Length; d++) free[d] += vms[next][d];
        }

        return false;
    }
}
