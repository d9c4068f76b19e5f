namespace VirtOpt.Solver.Search.Neighbourhoods;

/// <summary>All neighbourhoods, one line each.</summary>
internal static class NeighbourhoodCatalogue
{
    /// <summary>All of them, new ones each time, because they learn.</summary>
    public static IEnumerable<Neighbourhood> All() =>
    [
        new RandomHosts(),
        new UsedAndUnused(),
        new LoadContrast(),
        new GroupHosts(),
    ];

    /// <summary>Those that a problem gives something to choose by, and that its solve is not to go without.</summary>
    public static IEnumerable<Neighbourhood> For(SolveSession session) => All().Where(n => n.Suits(session.Problem) && session.Has(n.Name));
}
