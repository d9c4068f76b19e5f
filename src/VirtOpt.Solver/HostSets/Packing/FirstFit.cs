namespace VirtOpt.Solver.HostSets.Packing;

/// <summary>First fit decreasing over classes: into the bins there are, then into the cheapest host type that has one left.</summary>
internal static class FirstFit
{
    /// <summary>Adds VMs to bins and opens new ones; null if a VM fits nowhere.</summary>
    /// <param name="problem">The packing problem.</param>
    /// <param name="bins">Bins with room that may be left.</param>
    /// <param name="demands">VMs to add, by class.</param>
    public static List<Bin>? Complete(PackingProblem problem, IEnumerable<Bin> bins, ReadOnlySpan<int> demands)
    {
        List<(Bin Bin, int[] Room)> open = [.. bins.Select(bin => (new Bin(bin.Type, [.. bin.Pattern]), RoomLeft(problem, bin)))];
        int[] unused = [.. problem.Counts];
        foreach ((Bin bin, _) in open) unused[bin.Type]--;
        int[] left = demands.ToArray();
        foreach (int k in Enumerable.Range(0, problem.Classes).OrderByDescending(problem.SizeOf))
        {
            foreach ((Bin bin, int[] room) in open) left[k] -= Put(problem, k, left[k], bin, room);
            while (left[k] > 0)
            {
                int type = CheapestFor(problem, k, unused);
                if (type < 0) return null;
                unused[type]--;
                open.Add((new Bin(type, new int[problem.Classes]), [.. problem.Rooms[type]]));
                left[k] -= Put(problem, k, left[k], open[^1].Bin, open[^1].Room);
            }
        }

        return [.. open.Select(o => o.Bin)];
    }

    private static int[] RoomLeft(PackingProblem problem, Bin bin)
    {
        int[] room = [.. problem.Rooms[bin.Type]];
        for (int k = 0; k < bin.Pattern.Length; k++)
            for (int r = 0; bin.Pattern[k] > 0 && r < room.Length; r++) room[r] -= bin.Pattern[k] * problem.Needs[k][r];
        return room;
    }

    private static int Put(PackingProblem problem, int vmClass, int most, Bin bin, int[] room)
    {
        int vms = problem.Fits(vmClass, room, most);
        for (int r = 0; vms > 0 && r < room.Length; r++) room[r] -= vms * problem.Needs[vmClass][r];
        bin.Pattern[vmClass] += vms;
        return vms;
    }

    private static int CheapestFor(PackingProblem problem, int vmClass, int[] unused)
    {
        int cheapest = -1;
        for (int t = 0; t < problem.Types; t++)
            if (unused[t] > 0 && (cheapest < 0 || problem.Prices[t] < problem.Prices[cheapest]) && problem.Fits(vmClass, problem.Rooms[t], 1) > 0) cheapest = t;
        return cheapest;
    }
}
