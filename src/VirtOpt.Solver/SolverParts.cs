using VirtOpt.Solver.Search.Local.Moves;
using VirtOpt.Solver.Search.Neighbourhoods;

namespace VirtOpt;

/// <summary>Names of the parts of the engine that a solve can go without (<see cref="SolveOptions.Without"/>).</summary>
public static class SolverParts
{
    /// <summary>Column generation over patterns of hosts, which proves small problems.</summary>
    public const string Patterns = "host patterns";

    /// <summary>Hosts emptied one after another before any search.</summary>
    public const string Evacuation = "evacuation heuristic";

    /// <summary>Local search with all its moves.</summary>
    public const string LocalSearch = "local search";

    /// <summary>The one long annealing of local search; its thermal cycles stay.</summary>
    public const string Annealing = "long annealing";

    /// <summary>Overfull hosts and broken rules of groups, at a price, while local search anneals.</summary>
    public const string Overfull = "overfull hosts";

    /// <summary>Packing by sets of hosts.</summary>
    public const string HostSets = "host sets";

    /// <summary>The exact model over all hosts.</summary>
    public const string Exact = "exact model";

    /// <summary>Large neighbourhood search with all its neighbourhoods.</summary>
    public const string Neighbourhoods = "large neighbourhood search";

    /// <summary>All names: those above, the moves of local search, and the neighbourhoods.</summary>
    public static IReadOnlyList<string> All { get; } =
    [
        Patterns, Evacuation, LocalSearch, Annealing, Overfull, HostSets, Exact, Neighbourhoods,
        .. MoveCatalogue.Entries.Select(e => e.Move.Name), .. NeighbourhoodCatalogue.All().Select(n => n.Name),
    ];
}
