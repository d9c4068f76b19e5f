namespace VirtOpt.Solver.HostSets;

/// <summary>
/// The rows that every set of used hosts fulfils, with a variable for every host: per limit and per set of hosts to which some VMs are bound, the
/// hosts hold those VMs. They follow from the limits by summing up, so they are true for every placement.
/// </summary>
internal static class CoverRows
{
    /// <summary>All rows that are not fulfilled by the hosts that are in use anyway.</summary>
    public static IEnumerable<CoverRow> Of(HostSetProblem problem)
    {
        bool[][] regions = [.. problem.Classes.Select(c => c.Hosts).Append(problem.IsOpen).DistinctBy(Key)];
        foreach (bool[] region in regions)
        {
            Reach[] bound = [.. problem.Classes.Where(c => IsWithin(c.Hosts, region))];
            if (bound.Length == 0) continue;
            foreach (HostLimit limit in problem.Limits.Where(l => l.Family.IsDense))
                if (Row(problem, limit, region, bound, isResource: true) is { } row) yield return row;
            if (!Hosts(region).Any(h => problem.InUse[h])) yield return new CoverRow([.. region.Select(inside => inside ? 1L : 0)], 1, false);
        }

        foreach (HostLimit limit in problem.Limits.Where(l => !l.Family.IsDense))
        {
            Reach[] members = [.. problem.Classes.Where(c => HostSetProblem.NeedOf(c.Class, limit.Family) > 0)];
            bool[] region = [.. problem.IsOpen.Select((_, h) => members.Any(c => c.Hosts[h]))];
            if (Row(problem, limit, region, members, isResource: false) is { } row) yield return row;
        }
    }

    private static CoverRow? Row(HostSetProblem problem, HostLimit limit, bool[] region, Reach[] bound, bool isResource)
    {
        long load = bound.Sum(c => HostSetProblem.NeedOf(c.Class, limit.Family) * c.Class.Vms.Count);
        long least = load - Hosts(region).Where(h => problem.InUse[h]).Sum(h => Math.Min(limit.Room[h], load));
        if (least <= 0) return null;
        return new CoverRow([.. region.Select((inside, h) => inside && !problem.InUse[h] ? Math.Min(limit.Room[h], least) : 0)], least, isResource);
    }

    private static IEnumerable<int> Hosts(bool[] region) => Enumerable.Range(0, region.Length).Where(h => region[h]);

    private static bool IsWithin(bool[] inner, bool[] outer)
    {
        for (int h = 0; h < inner.Length; h++)
            if (inner[h] && !outer[h]) return false;
        return true;
    }

    private static string Key(bool[] hosts) => string.Create(hosts.Length, hosts, (text, all) =>
    {
        for (int h = 0; h < all.Length; h++) text[h] = all[h] ? '1' : '0';
    });
}
