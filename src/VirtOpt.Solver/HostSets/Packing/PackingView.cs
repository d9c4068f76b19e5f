namespace VirtOpt.Solver.HostSets.Packing;

/// <summary>
/// A host set problem as vector bin packing, where it is nothing else: no VM has a start, and nothing but limits of hosts keeps VMs off a host. Hosts
/// with the same price and room are one type.
/// </summary>
internal sealed class PackingView
{
    private const int MostDimensions = 4;
    private readonly HostSetProblem problem;
    private readonly int[][] hostsOfType;

    private PackingView(HostSetProblem problem, HostLimit[] limits)
    {
        this.problem = problem;
        var types = Enumerable.Range(0, problem.Prices.Length).Where(h => problem.IsOpen[h])
            .GroupBy(h => (problem.Prices[h], string.Join(',', limits.Select(l => l.Room[h])))).OrderBy(g => g.First()).ToArray();
        hostsOfType = [.. types.Select(g => g.ToArray())];
        Packing = new PackingProblem(
            [.. types.Select(g => problem.Prices[g.First()])],
            [.. types.Select(g => (long[])[.. limits.Select(l => l.Room[g.First()])])],
            [.. types.Select(g => g.Count())],
            [.. problem.Classes.Select(c => (long[])[.. limits.Select(l => HostSetProblem.NeedOf(c.Class, l.Family))])],
            [.. problem.Classes.Select(c => c.Class.Vms.Count)]);
    }

    /// <summary>The packing problem.</summary>
    public PackingProblem Packing { get; }

    /// <summary>The view of a problem; null, with the reason, if there is more to it than packing.</summary>
    public static PackingView? TryCreate(HostSetProblem problem, ClusterSnapshot cluster, out string why)
    {
        why = "";
        HostLimit[] limits = [.. problem.Limits.Where(l => l.Family.IsDense && IsBinding(problem, l))];
        if (cluster.Vms.Any(vm => vm.Movable && (vm.Start is not null || vm.NumaNodes > 0 || vm.Gpus > 0))) why = "VMs have starts or parts of hosts";
        else if (problem.OtherRules.FirstOrDefault() is { } rule) why = $"there are other rules: {rule.Describe()}";
        else if (limits.Length is < 1 or > MostDimensions) why = $"{limits.Length} dimensions limit the hosts";
        else if (problem.Classes.Any(c => !IsByRoomAlone(problem, c, limits))) why = "VMs are bound to hosts";
        else if (limits.Any(l => Total(problem, l) > int.MaxValue)) why = "the amounts are too large";
        else return new PackingView(problem, limits);
        return null;
    }

    /// <summary>The placement that bins stand for.</summary>
    public Place[] PlacesOf(IEnumerable<Bin> bins, ClusterSnapshot cluster)
    {
        Place[] places = [.. cluster.Vms.Select(vm => vm.Start ?? Placement.Nowhere)];
        int[] nextHost = new int[hostsOfType.Length];
        int[] nextVm = new int[problem.Classes.Count];
        foreach (Bin bin in bins)
        {
            HostId host = new(hostsOfType[bin.Type][nextHost[bin.Type]++]);
            for (int k = 0; k < bin.Pattern.Length; k++)
                for (int i = 0; i < bin.Pattern[k]; i++) places[problem.Classes[k].Class.Vms[nextVm[k]++]] = new Place(host);
        }

        return places;
    }

    private static long Total(HostSetProblem problem, HostLimit limit) =>
        problem.Classes.Sum(c => HostSetProblem.NeedOf(c.Class, limit.Family) * c.Class.Vms.Count);

    private static bool IsBinding(HostSetProblem problem, HostLimit limit) => Total(problem, limit) is var total && limit.Room.Any(room => room < total);

    private static bool IsByRoomAlone(HostSetProblem problem, Reach reach, HostLimit[] limits)
    {
        for (int h = 0; h < reach.Hosts.Length; h++)
            if (problem.IsOpen[h] && reach.Hosts[h] != limits.All(l => HostSetProblem.NeedOf(reach.Class, l.Family) <= l.Room[h])) return false;
        return true;
    }
}
