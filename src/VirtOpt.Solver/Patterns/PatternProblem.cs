namespace VirtOpt.Solver.Patterns;

/// <summary>VMs that patterns do not tell apart: they charge as many cells of one host with the same amount.</summary>
/// <param name="Span">Number of cells that a VM charges: 1 or 2.</param>
/// <param name="Weight">What it charges to each, above 0.</param>
/// <param name="Units">The same in units of the problem.</param>
internal sealed record PatternType(int Span, long Weight, int Units);

/// <summary>A cell (NUMA node or whole host) at the start.</summary>
/// <param name="Place">Where a VM of span 1 sits to charge it.</param>
/// <param name="Free">Its free amount, at least 0.</param>
/// <param name="Movable">Movable VMs of span 1 there, by type.</param>
internal sealed record PatternCell(Place Place, long Free, int[] Movable);

/// <summary>A host that may take VMs, at the start.</summary>
/// <param name="Place">Where a VM of span 2 sits; of no meaning for a host with one cell.</param>
/// <param name="Cells">Its one or two cells.</param>
/// <param name="Movable">Movable VMs of span 2 there, by type.</param>
internal sealed record PatternHost(Place Place, IReadOnlyList<PatternCell> Cells, int[] Movable);

/// <summary>
/// The problem as patterns see it: hosts with one or two cells, types of movable VMs, one amount that binds, and copies of a shape that are to
/// fit into what is free. Rules that tell single VMs apart (anti-affinity, bans ...) are left out, so its bounds are true and its solutions
/// still have to choose VMs.
/// </summary>
internal sealed record PatternProblem
{
    public required IReadOnlyList<PatternType> Types { get; init; }

    public required IReadOnlyList<PatternHost> Hosts { get; init; }

    /// <summary>Type of each VM; -1 for one that stays.</summary>
    public required IReadOnlyList<int> TypeOf { get; init; }

    /// <summary>Amount of a unit: the greatest common divisor of all types' weights.</summary>
    public required long Unit { get; init; }

    /// <summary>Units of the largest cell.</summary>
    public required int Units { get; init; }

    /// <summary>Amount that a copy of the shape needs.</summary>
    public required long Need { get; init; }

    /// <summary>Most migrations; without a limit, the number of movable VMs.</summary>
    public required long MigrationLimit { get; init; }

    /// <summary>Copies that fit at the start, on all hosts.</summary>
    public required long StartCopies { get; init; }

    /// <summary>The goal: its weight times how far copies fall short of what is wanted.</summary>
    public required Goal Goal { get; init; }

    /// <summary>Value of the goal's level for a gain of copies.</summary>
    public long LevelValue(long gain) => Goal.Weight * Math.Max(0, ((FitTerm)Goal.Term).Wanted - StartCopies - gain);
}
