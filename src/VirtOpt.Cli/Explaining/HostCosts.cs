namespace VirtOpt.Cli.Explaining;

/// <summary>
/// How much of a level of the objective each host causes: what its cells cost above the least that they could cost. Read from the compiled terms;
/// terms that are not sums over hosts or their parts (a maximum, a rule over racks) belong to no host and are left out.
/// </summary>
internal static class HostCosts
{
    /// <summary>The cost by host; all 0 if nothing of the level can be told apart by host.</summary>
    /// <param name="problem">The problem.</param>
    /// <param name="placement">A whole placement of it.</param>
    /// <param name="level">The level.</param>
    public static long[] Of(PlacementProblem problem, Placement placement, int level)
    {
        long[] costs = new long[problem.Cluster.Hosts.Count];
        Dictionary<int, long[]> loads = [];
        foreach (Goal goal in problem.Compile().Goals.Where(g => g.Level == level))
        {
            (LoadFamily? family, Func<int, long> cost) = CostOf(goal.Term, f => LoadsOf(f));
            if (family is null) continue;
            for (int h = 0; h < costs.Length; h++)
                foreach (int cell in CellsOf(family, problem.Cluster.Hosts[h], h)) costs[h] += goal.Weight * cost(cell);
        }

        return costs;

        long[] LoadsOf(LoadFamily family) => loads.TryGetValue(family.Index, out long[]? known) ? known
            : loads[family.Index] = Loads(problem.Cluster, family, placement);
    }

    private static (LoadFamily? Family, Func<int, long> Cost) CostOf(Term term, Func<LoadFamily, long[]> loads) => term switch
    {
        SumTerm { Outer: Outer.Sum, Family.DependsOnStart: false } sum =>
            (sum.Family, cell => sum.Functions[cell].At(loads(sum.Family)[cell]) - Least(sum.Functions[cell])),
        FitTerm fit => (fit.Needs[0].Family, cell => fit.Copies(cell, (_, _) => 0) - fit.Copies(cell, (family, c) => loads(family)[c])),
        _ => (null, _ => 0),
    };

    private static long Least(CellFunction function) => function.Hinges.Where(h => h.At > 0).Select(h => function.At(h.At)).Append(0).Min();

    private static IEnumerable<int> CellsOf(LoadFamily family, Host host, int h)
    {
        int first = family.BaseCell(new HostId(h));
        int parts = family.Kind switch { CellKind.NumaNode => host.NumaNodes.Count, CellKind.Gpu => host.Gpus.Count, _ => first == h ? 1 : 0 };
        return first < 0 ? [] : Enumerable.Range(first, parts);
    }

    private static long[] Loads(ClusterSnapshot cluster, LoadFamily family, Placement placement)
    {
        long[] loads = new long[family.CellCount];
        for (int v = 0; v < cluster.Vms.Count; v++)
            if (family.PositionOf(v) is var position and >= 0)
                foreach (int cell in family.CellsOf(placement[new VmId(v)])) loads[cell] += family.Weight(position);
        return loads;
    }
}
