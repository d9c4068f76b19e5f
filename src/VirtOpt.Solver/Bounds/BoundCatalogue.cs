namespace VirtOpt.Solver.Bounds;

/// <summary>All bounds, a line each; a new one is its file and a line here.</summary>
internal static class BoundCatalogue
{
    /// <summary>Bounds of single terms, worked out in moments.</summary>
    public static IReadOnlyList<ITermBound> OfTerms { get; } =
    [
        new WaterFilling(),
        new WaterLevel(),
    ];

    /// <summary>Bounds of a level that take no time worth the name: they come before everything else.</summary>
    public static IReadOnlyList<ILevelBound> Fast { get; } =
    [
        new TermByTerm(),
    ];

    /// <summary>Bounds of a level by linear programs, the small one first: for problems that the exact model does not reach.</summary>
    public static IReadOnlyList<ILevelBound> Linear { get; } =
    [
        new LoadProgram(),
        new AggregatedProgram(),
    ];
}
