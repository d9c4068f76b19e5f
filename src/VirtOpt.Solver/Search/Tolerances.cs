namespace VirtOpt.Solver.Search;

/// <summary>
/// How much of each requirement the start breaks: that much is tolerated, and repaired first. A shortfall or a dependency is judged at the start
/// only if all its VMs are placed there.
/// </summary>
internal sealed class Tolerances
{
    private readonly long[][] byCell;

    public Tolerances(PlacementModel model)
    {
        PlacementState start = new(model, Placement.StartOf(model.Cluster).Places);
        byCell = [.. model.Requirements.Select(r => Measure(model, start, r.Term))];
        Weights = [.. byCell.Select(cells => cells.Sum() is > 0 and long sum ? Math.Max(1, PartsOfBroken / sum) : 0)];
    }

    /// <summary>A requirement that stays as broken as it was counts this much in level 0.</summary>
    public const long PartsOfBroken = 1_000_000;

    /// <summary>Per requirement the weight of its amount in the repair level; 0 if the start keeps it.</summary>
    public IReadOnlyList<long> Weights { get; }

    /// <summary>True if the start breaks something.</summary>
    public bool AnyBroken => Weights.Any(weight => weight > 0);

    /// <summary>What is tolerated of a requirement: per cell for terms that are judged cell by cell, else one number.</summary>
    public IReadOnlyList<long> Of(int requirement) => byCell[requirement];

    /// <summary>True if a term is judged cell by cell.</summary>
    public static bool IsByCell(Term term) => term is SumTerm { Outer: Outer.Sum } or ImplyTerm;

    private static long[] Measure(PlacementModel model, PlacementState start, Term term)
    {
        bool judgedWhenPlaced = term is ImplyTerm or SumTerm { Outer: Outer.ShortfallBelow };
        bool incomplete = judgedWhenPlaced && FamiliesOf(term).Any(family => AnyUnplaced(model.Cluster, family));
        if (IsByCell(term))
        {
            int cells = FamiliesOf(term).First().CellCount;
            return incomplete ? new long[cells] : [.. Enumerable.Range(0, cells).Select(cell => start.CellAmount(term, cell))];
        }

        return [incomplete ? 0 : start.Amount(term)];
    }

    private static IEnumerable<LoadFamily> FamiliesOf(Term term) => term switch
    {
        SumTerm sum => [sum.Family],
        ImplyTerm imply => [imply.If, imply.Then],
        _ => [],
    };

    private static bool AnyUnplaced(ClusterSnapshot cluster, LoadFamily family)
    {
        if (family.IsDense) return cluster.Vms.Any(vm => vm.Start is null);
        foreach (int vm in family.Members)
            if (cluster.Vms[vm].Start is null) return true;
        return false;
    }
}
