namespace VirtOpt.Solver.Search.Neighbourhoods;

/// <summary>All neighbourhoods, one line each.</summary>
internal static class NeighbourhoodCatalogue
{
    public static IEnumerable<Neighbourhood> For(SolveSession session) =>
    [
        new RandomHosts(),
        new UsedAndUnused(),
        new LoadContrast(),
        .. session.Problem.Cluster.VmGroups.Count > 0 ? [new GroupHosts()] : (IEnumerable<Neighbourhood>)[],
    ];
}
