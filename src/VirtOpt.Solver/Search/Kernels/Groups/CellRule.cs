namespace VirtOpt.Solver.Search.Kernels.Groups;

/// <summary>A sum of cell functions: anti-affinity, limits by item.</summary>
/// <param name="family">The loads.</param>
/// <param name="functions">One function per cell.</param>
internal sealed class CellRule(GroupFamily family, IReadOnlyList<CellFunction> functions) : GroupRule
{
    private readonly CellFunction? same = functions is SameFunction { Count: > 0 } ? functions[0] : null;

    public override IEnumerable<GroupFamily> Families => [family];

    public override double Cost(GroupLoads loads) => Factor == 0 ? 0 : Factor * Enumerable.Range(0, family.Cells).Sum(cell => At(cell, loads[family, cell]));

    public override long Excess(GroupLoads loads) =>
        Tolerated is null ? 0 : Enumerable.Range(0, family.Cells).Sum(cell => Math.Max(0, At(cell, loads[family, cell]) - Tolerated[cell]));

    public override bool Judge(GroupLoads loads, GroupFamily changed, GroupChange first, GroupChange second, ref double cost) =>
        Judge(loads, first.Reached, first.ReachedChange, ref cost) && Judge(loads, first.Left, first.LeftChange, ref cost);

    private bool Judge(GroupLoads loads, int cell, int change, ref double cost)
    {
        if (change == 0) return true;
        int load = loads[family, cell];
        long after = At(cell, load + change);
        if (Tolerated is not null && !MayBecome(loads, At(cell, load), after, Tolerated[cell])) return false;
        if (Factor != 0) cost += Factor * (after - At(cell, load));
        return true;
    }

    private long At(int cell, int load) => (same ?? functions[cell]).At(load);
}
