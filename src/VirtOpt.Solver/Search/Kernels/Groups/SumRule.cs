namespace VirtOpt.Solver.Search.Kernels.Groups;

/// <summary>A sum of cell functions that is compared with a limit: the number of items in use (affinity, spread).</summary>
/// <param name="family">The loads.</param>
/// <param name="term">The term.</param>
internal sealed class SumRule(GroupFamily family, SumTerm term) : GroupRule
{
    public override IEnumerable<GroupFamily> Families => [family];

    public override int NumberCount => 1;

    public override void Start(GroupLoads loads) =>
        loads.Numbers[FirstNumber] = checked((int)Enumerable.Range(0, family.Cells).Sum(cell => At(cell, loads[family, cell])));

    public override double Cost(GroupLoads loads) => Factor * term.Amount(loads.Numbers[FirstNumber]);

    public override long Excess(GroupLoads loads) => Tolerated is null ? 0 : Math.Max(0, term.Amount(loads.Numbers[FirstNumber]) - Tolerated[0]);

    public override bool Judge(GroupLoads loads, GroupFamily changed, GroupChange first, GroupChange second, ref double cost)
    {
        int sum = loads.Numbers[FirstNumber];
        long after = term.Amount(sum + ChangeOfSum(loads, first));
        if (Tolerated is not null && !MayBecome(loads, term.Amount(sum), after, Tolerated[0])) return false;
        cost += Factor * (after - term.Amount(sum));
        return true;
    }

    public override void Apply(GroupLoads loads, GroupFamily changed, GroupChange first, GroupChange second) =>
        loads.Numbers[FirstNumber] += (int)ChangeOfSum(loads, first);

    private long ChangeOfSum(GroupLoads loads, GroupChange change) =>
        ChangeAt(loads, change.Left, change.LeftChange) + ChangeAt(loads, change.Reached, change.ReachedChange);

    private long ChangeAt(GroupLoads loads, int cell, int change)
    {
        if (change == 0) return 0;
        int load = loads[family, cell];
        return At(cell, load + change) - At(cell, load);
    }

    private long At(int cell, int load) => term.Functions[cell].At(load);
}
