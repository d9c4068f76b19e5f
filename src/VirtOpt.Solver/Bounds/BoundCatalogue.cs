using VirtOpt.Solver.Bounds.Loads;
using VirtOpt.Solver.Repair;

namespace VirtOpt.Solver.Bounds;

/// <summary>All bounds, a line each; a new one is its file and a line here.</summary>
internal static class BoundCatalogue
{
    private static readonly LoadProgram Loads = new();

    /// <summary>Bounds of single terms, worked out in moments.</summary>
    public static IReadOnlyList<ITermBound> OfTerms { get; } =
    [
        new WaterFilling(),
        new WaterLevel(),
    ];

    /// <summary>Bounds of a level that come soon: before everything but the heuristics.</summary>
    public static IReadOnlyList<ILevelBound> Fast { get; } =
    [
        new TermByTerm(),
        new ForcedMigrations(),
        Loads,
    ];

    /// <summary>
    /// Bounds of a level that take their time: for problems that the exact model does not reach. A fast one that had too little time gets more here.
    /// </summary>
    public static IReadOnlyList<ILevelBound> Slow { get; } =
    [
        Loads,
        new AggregatedProgram(),
    ];
}
