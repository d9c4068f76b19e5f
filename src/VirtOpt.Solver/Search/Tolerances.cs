namespace VirtOpt.Solver.Search;

/// <summary>
/// How much of each requirement the start breaks: that much is tolerated, and repaired first. A shortfall or a dependency is judged at the start
/// only if all its VMs are placed there.
/// </summary>
internal sealed class Tolerances
{
    private readonly long[][] byCell;
    private readonly Dictionary<int, long[]> nothing = [];

    public Tolerances(PlacementModel model)
    {
        PlacementState start = new(model, Placement.StartOf(model.Cluster).Places);
        bool[] isNew = [.. model.Cluster.Vms.Select(vm => vm.Start is null)];
        bool hasNew = isNew.Contains(true);
        byCell =
            [.. model.Requirements.Select(r => Measure(start, r, hasNew && IsJudgedWhenPlaced(r.Term) && SpeaksOf(r.Term, vm => isNew[vm], isNew.Length)))];
        Weights = [.. model.Requirements.Select((r, i) => byCell[i].Sum() > 0 ? Math.Max(1, PartsOfLimit / LargestLimit(r.Term)) : 0)];
    }

    /// <summary>A limit that is exceeded by as much as itself counts this much in level 0; a rule without a number, once broken, as well.</summary>
    private const long PartsOfLimit = 1_000_000;

    /// <summary>Per requirement the weight of its amount in the repair level; 0 if the start keeps it.</summary>
    public IReadOnlyList<long> Weights { get; }

    /// <summary>True if the start breaks something.</summary>
    public bool AnyBroken => Weights.Any(weight => weight > 0);

    /// <summary>What is tolerated of a requirement: per cell, or failure, for terms that are judged one by one, else one number.</summary>
    public IReadOnlyList<long> Of(int requirement) => byCell[requirement];

    /// <summary>True if a term is judged cell by cell, or failure by failure.</summary>
    public static bool IsByCell(Term term) => term is SumTerm { Outer: Outer.Sum } or ImplyTerm or AllowanceTerm or FailoverTerm;

    /// <summary>True if a term is judged at all only when every VM that it speaks of is placed.</summary>
    public static bool IsJudgedWhenPlaced(Term term) => term is ImplyTerm or SumTerm { Outer: Outer.ShortfallBelow };

    /// <summary>Whether a term speaks of any of some VMs.</summary>
    public static bool SpeaksOf(Term term, Func<int, bool> isOne, int vms) =>
        FamiliesOf(term).Any(family => Enumerable.Range(0, vms).Any(vm => isOne(vm) && family.PositionOf(vm) >= 0));

    private static long LargestLimit(Term term) =>
        term is SumTerm sum ? Math.Max(1, sum.Kinds.Max(f => f.Hinges.Count > 0 && !f.IsStep ? f.Hinges[0].At : 1)) : 1;

    private long[] Measure(PlacementState start, Requirement requirement, bool isIncomplete)
    {
        if (!IsByCell(requirement.Term)) return [isIncomplete ? 0 : start.Amount(requirement.Term)];
        int cells = requirement.Term is FailoverTerm failover ? failover.Failures.Count : FamiliesOf(requirement.Term).First().CellCount;
        if (!isIncomplete && start.Excess(requirement) > 0) return [.. Enumerable.Range(0, cells).Select(cell => start.CellAmount(requirement.Term, cell))];
        if (!nothing.TryGetValue(cells, out long[]? zeros)) nothing[cells] = zeros = new long[cells];
        return zeros;
    }

    private static IEnumerable<LoadFamily> FamiliesOf(Term term) => term switch
    {
        SumTerm sum => [sum.Family],
        ImplyTerm imply => [imply.If, imply.Then],
        AllowanceTerm allowance => [.. allowance.FamiliesRead()],
        _ => [],
    };
}
