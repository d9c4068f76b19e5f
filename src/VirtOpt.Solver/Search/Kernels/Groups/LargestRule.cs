namespace VirtOpt.Solver.Search.Kernels.Groups;

/// <summary>The largest load over many families of one cell each, kept by counting how many families have each load: largest group moves.</summary>
/// <param name="families">The families; their loads are at least 0 and no VM is in two of them.</param>
internal sealed class LargestRule(GroupFamily[] families) : GroupRule
{
    private readonly int most = families.Max(f => Enumerable.Range(0, f.Members.Length).Sum(p => f.Weight(p, false)));

    public override IEnumerable<GroupFamily> Families => families;

    /// <summary>The largest load, then the number of families with each load.</summary>
    public override int NumberCount => most + 2;

    public override void Start(GroupLoads loads)
    {
        foreach (GroupFamily family in families) loads.Numbers[FirstNumber + 1 + loads[family, 0]]++;
        loads.Numbers[FirstNumber] = LargestFrom(loads, most);
    }

    public override double Cost(GroupLoads loads) => Factor * loads.Numbers[FirstNumber];

    public override long Excess(GroupLoads loads) => Tolerated is null ? 0 : Math.Max(0, loads.Numbers[FirstNumber] - Tolerated[0]);

    public override bool Judge(GroupLoads loads, GroupFamily changed, GroupChange first, GroupChange second, ref double cost)
    {
        int before = loads[changed, 0];
        int after = before + first.ReachedChange;
        int largest = loads.Numbers[FirstNumber];
        bool leavesTop = before == largest && loads.Numbers[FirstNumber + 1 + before] == 1;
        int largestAfter = after > largest ? after : leavesTop ? LargestFrom(loads, largest - 1, after) : largest;
        cost += Factor * (largestAfter - largest);
        return true;
    }

    public override void Apply(GroupLoads loads, GroupFamily changed, GroupChange first, GroupChange second)
    {
        int before = loads[changed, 0];
        loads.Numbers[FirstNumber + 1 + before]--;
        loads.Numbers[FirstNumber + 1 + before + first.ReachedChange]++;
        loads.Numbers[FirstNumber] = LargestFrom(loads, most);
    }

    private int LargestFrom(GroupLoads loads, int from, int atLeast = 0)
    {
        while (from > atLeast && loads.Numbers[FirstNumber + 1 + from] == 0) from--;
        return Math.Max(from, atLeast);
    }
}
