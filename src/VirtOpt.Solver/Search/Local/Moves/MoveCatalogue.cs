namespace VirtOpt.Solver.Search.Local.Moves;

/// <summary>All moves, one line each, with their share of the tries.</summary>
internal static class MoveCatalogue
{
    public static IReadOnlyList<(Move Move, double Share)> Entries { get; } =
    [
        (new Shift(), 0.35),
        (new Swap(), 0.4),
        (new SwapAlike(), 0.25),
        (new Return(), 0.1),
        (new ReturnBySwap(), 0.1),
        (new Evacuate(), 0.02),
    ];
}
