namespace VirtOpt.Solver.Search.Kernels.Groups;

/// <summary>Where there is a load of one family there is one of another: dependency.</summary>
/// <param name="asks">The load that asks.</param>
/// <param name="serves">The load that is asked for, over the same cells.</param>
internal sealed class ImplyRule(GroupFamily asks, GroupFamily serves) : GroupRule
{
    public override IEnumerable<GroupFamily> Families => [asks, serves];

    public override double Cost(GroupLoads loads) =>
        Factor == 0 ? 0 : Factor * Enumerable.Range(0, asks.Cells).Sum(cell => Amount(loads[asks, cell], loads[serves, cell]));

    public override long Excess(GroupLoads loads) =>
        Tolerated is null ? 0 : Enumerable.Range(0, asks.Cells).Sum(cell => Math.Max(0, Amount(loads[asks, cell], loads[serves, cell]) - Tolerated[cell]));

    public override bool Judge(GroupLoads loads, GroupFamily changed, GroupChange first, GroupChange second, ref double cost)
    {
        (int left, int reached) = first.IsNothing ? (second.Left, second.Reached) : (first.Left, first.Reached);
        return Judge(loads, reached, first, second, ref cost) && (left == reached || Judge(loads, left, first, second, ref cost));
    }

    private bool Judge(GroupLoads loads, int cell, GroupChange first, GroupChange second, ref double cost)
    {
        if (cell < 0) return true;
        (int asked, int served) = (loads[asks, cell], loads[serves, cell]);
        int after = Amount(asked + first.At(cell), served + second.At(cell));
        if (Tolerated is not null && !MayBecome(loads, Amount(asked, served), after, Tolerated[cell])) return false;
        cost += Factor * (after - Amount(asked, served));
        return true;
    }

    private static int Amount(int asked, int served) => asked > 0 && served <= 0 ? 1 : 0;
}
