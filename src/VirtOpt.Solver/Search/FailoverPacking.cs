namespace VirtOpt.Solver.Search;

/// <summary>
/// Decides whether the VMs of failing hosts can be restarted on the others: first-fit decreasing first, then depth-first search with equal VMs
/// in order, up to a number of nodes (Martello and Toth, Knapsack Problems, 1990, ch. 8, on bin packing by branching on items).
/// </summary>
internal static class FailoverPacking
{
    private const int SearchNodes = 50_000;

    /// <summary>The failures that the placement does not survive, as positions in the term.</summary>
    public static IEnumerable<int> Unsurvived(FailoverTerm term, PlacementState state, ClusterSnapshot cluster)
    {
        List<int>[] vmsOn = [.. cluster.Hosts.Select(_ => new List<int>())];
        for (int vm = 0; vm < state.Places.Length; vm++)
            if (state.Places[vm].Host.Index >= 0 && cluster.Vms[vm].Movable) vmsOn[state.Places[vm].Host.Index].Add(vm);
        for (int f = 0; f < term.Failures.Count; f++)
            if (!Survives(term, state, vmsOn, term.Failures[f])) yield return f;
    }

    private static bool Survives(FailoverTerm term, PlacementState state, List<int>[] vmsOn, IReadOnlyList<int> failed)
    {
        int dimensions = term.Loads.Count;
        long[][] needs =
        [
            .. failed.SelectMany(h => vmsOn[h]).Select(vm => (long[])[.. term.Loads.Select(f => f.Weight(vm))])
                .OrderByDescending(need => need.Max()).ThenByDescending(need => need.Sum()),
        ];
        long[][] rooms =
        [
            .. Enumerable.Range(0, vmsOn.Length).Where(h => !failed.Contains(h) && term.Room[0][h] >= 0)
                .Select(h => (long[])[.. Enumerable.Range(0, dimensions).Select(d => term.Room[d][h] - state.Load(term.Loads[d], h))]),
        ];
        for (int d = 0; d < dimensions; d++)
            if (needs.Sum(need => need[d]) > rooms.Sum(room => Math.Max(0, room[d]))) return false;
        int nodes = SearchNodes;
        return Search(needs, rooms, 0, 0, ref nodes);
    }

    private static bool Search(long[][] needs, long[][] rooms, int next, int firstRoom, ref int nodes)
    {
        if (next == needs.Length) return true;
        for (int r = firstRoom; r < rooms.Length && nodes-- > 0; r++)
        {
            if (!Fits(needs[next], rooms[r])) continue;
            Take(needs[next], rooms[r], 1);
            bool sameNext = next + 1 < needs.Length && needs[next].AsSpan().SequenceEqual(needs[next + 1]);
            if (Search(needs, rooms, next + 1, sameNext ? r : 0, ref nodes)) return true;
            Take(needs[next], rooms[r], -1);
        }

        return false;
    }

    private static bool Fits(long[] need, long[] room)
    {
        for (int d = 0; d < need.Length; d++)
            if (need[d] > 0 && need[d] > room[d]) return false;
        return true;
    }

    private static void Take(long[] need, long[] room, int sign)
    {
        for (int d = 0; d < need.Length; d++) room[d] -= sign * need[d];
    }
}
