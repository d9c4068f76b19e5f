namespace VirtOpt.Solver.Sequencing.Timed;

/// <summary>
/// Times before which no plan can end that moves the same VMs to the same targets, whatever hops of these VMs it makes: a VM leaves its source at least
/// once and comes to its target at least once, each time for as long as its move takes.
/// </summary>
internal static class PlanBounds
{
    /// <summary>The best of the bounds, in seconds.</summary>
    /// <param name="direct">The direct legs.</param>
    public static long Of(ScheduleProblem direct)
    {
        long bound = 0;
        Dictionary<int, long> ofVm = []; // The legs of one VM run one after another.
        foreach (Leg leg in direct.Legs)
            bound = Math.Max(bound, ofVm[leg.Vm] = Math.Max(ofVm.GetValueOrDefault(leg.Vm), leg.Earliest) + leg.Seconds);
        List<long>[] work = [.. direct.Counts.Most.Select(_ => new List<long>())];
        for (int i = 0; i < direct.Legs.Count; i++)
            foreach (int count in direct.Counts.Of[i]) work[count].Add(direct.Legs[i].Seconds);
        for (int count = 0; count < work.Length; count++) bound = Math.Max(bound, OfParallel(work[count], direct.Counts.Most[count]));
        return Math.Max(bound, OfRoom(direct));
    }

    /// <summary>Jobs on equal machines: the work is shared, and of one job more than machines two run one after another.</summary>
    private static long OfParallel(List<long> seconds, int machines)
    {
        long bound = (seconds.Sum() + machines - 1) / machines;
        if (seconds.Count <= machines) return bound;
        seconds.Sort((a, b) => b.CompareTo(a));
        for (int layer = 1; layer * machines < seconds.Count; layer++)
        {
            long together = 0; // Of layer x machines + 1 jobs, layer + 1 run on one machine: at least the shortest of them.
            for (int k = 0; k <= layer; k++) together += seconds[(layer * machines) - k];
            bound = Math.Max(bound, together);
        }

        return bound;
    }

    /// <summary>A leg that has no room at the start waits until enough has left its target: at least the quickest way to free that much.</summary>
    private static long OfRoom(ScheduleProblem direct)
    {
        List<(long Seconds, long Amount)>[] gives = [.. direct.Load.Select(_ => new List<(long, long)>())];
        for (int i = 0; i < direct.Legs.Count; i++)
            foreach (RoomUse use in direct.Gives[i]) gives[use.Cell].Add((direct.Legs[i].Seconds, use.Amount));
        foreach (List<(long Seconds, long Amount)> list in gives) list.Sort();
        long bound = 0;
        for (int i = 0; i < direct.Legs.Count; i++)
            foreach (RoomUse use in direct.Takes[i])
            {
                long needed = direct.Load[use.Cell] + use.Amount - direct.Limit[use.Cell];
                foreach ((long seconds, long amount) in gives[use.Cell])
                {
                    if (needed <= 0) break;
                    needed -= amount;
                    bound = Math.Max(bound, seconds + direct.Legs[i].Seconds);
                }
            }

        return bound;
    }
}
