using VirtOpt.Solver.Formulation;
using VirtOpt.Solver.Search;

namespace VirtOpt.Solver.Sequencing.Timed;

/// <summary>
/// Hard continuous rules that are no matter of room: they are judged by where VMs are. Legs of such a rule run one after another, in the order found. A rule
/// that no order of the wanted legs can break is let go: for example affinity of VMs that stay within their item.
/// </summary>
internal sealed class OrderedRules
{
    private readonly PlacementModel model;
    private readonly Tolerances tolerances;
    private readonly List<int> rules;
    private readonly List<int>?[] rulesOf;
    private readonly HashSet<int> free = [];
    private Place[] target = [];

    /// <param name="model">The problem.</param>
    /// <param name="tolerances">What the start breaks.</param>
    /// <param name="isOrdered">Whether a rule is one of these.</param>
    public OrderedRules(PlacementModel model, Tolerances tolerances, Func<Requirement, bool> isOrdered)
    {
        (this.model, this.tolerances) = (model, tolerances);
        rules = [.. Enumerable.Range(0, model.Requirements.Count).Where(r => isOrdered(model.Requirements[r]))];
        rulesOf = new List<int>?[model.Families.Count];
        foreach (int rule in rules)
            foreach (LoadFamily family in model.Requirements[rule].Term.FamiliesRead()) (rulesOf[family.Index] ??= []).Add(rule);
    }

    /// <summary>The terms of the rules that legs can break.</summary>
    public IReadOnlySet<Term> Terms => rules.Where(r => !free.Contains(r)).Select(r => model.Requirements[r].Term).ToHashSet();

    /// <summary>Positions of the rules that legs of a VM can break, ascending.</summary>
    public IReadOnlyList<int> Of(int vm)
    {
        if (rules.Count == free.Count) return [];
        SortedSet<int>? found = null;
        foreach (Charge charge in VmClass.ChargesOf(model, vm))
            foreach (int rule in rulesOf[charge.Family.Index] ?? [])
                if (!free.Contains(rule)) (found ??= []).Add(rule);
        return found is null ? [] : [.. found];
    }

    /// <summary>Finds the rules that no order of legs from the start to a placement can break.</summary>
    public void LetGo(Placement placement)
    {
        target = [.. placement.Places];
        foreach (int rule in rules)
            if (model.Requirements[rule].Term is SumTerm { Family.DependsOnStart: false } sum && Worst(sum) is { } worst && worst <= tolerances.Of(rule).Min())
                free.Add(rule);
    }

    /// <summary>Whether a hop keeps to what the rules that were let go rely on: each VM in the cells of its start or of its target.</summary>
    public bool Allows(int vm, Place place)
    {
        if (free.Count == 0) return true;
        foreach (Charge charge in VmClass.ChargesOf(model, vm))
            if ((rulesOf[charge.Family.Index] ?? []).Exists(free.Contains) && !Covers(charge.Family, vm, place)) return false;
        return true;
    }

    /// <summary>Whether a VM may be without a place for a while: not if a rule that was let go relies on it to be somewhere.</summary>
    public bool MayBeNowhere(int vm) => !VmClass.ChargesOf(model, vm).SelectMany(charge => rulesOf[charge.Family.Index] ?? [])
        .Any(rule => free.Contains(rule) && model.Requirements[rule].Term is SumTerm { Outer: Outer.ShortfallBelow });

    private bool Covers(LoadFamily family, int vm, Place place)
    {
        HashSet<int> cells = [];
        foreach (int cell in family.CellsOf(model.Cluster.Vms[vm].Start ?? Placement.Nowhere)) cells.Add(cell);
        foreach (int cell in family.CellsOf(target[vm])) cells.Add(cell);
        foreach (int cell in family.CellsOf(place))
            if (!cells.Contains(cell)) return false;
        return true;
    }

    /// <summary>
    /// A number that the amount of a rule never exceeds on the way, whatever has moved already: each cell holds at least what stays, and at most what stays
    /// and what comes. Null if its functions are not simple enough to tell.
    /// </summary>
    private long? Worst(SumTerm sum)
    {
        if (!sum.Kinds.All(f => f.IsNonDecreasing)) return null;
        Dictionary<int, (long Least, long Most)> loads = [];
        int count = sum.Family.IsDense ? model.Cluster.Vms.Count : sum.Family.Members.Length;
        for (int position = 0; position < count; position++)
        {
            int vm = sum.Family.IsDense ? position : sum.Family.Members[position];
            Add(sum.Family, position, model.Cluster.Vms[vm].Start ?? Placement.Nowhere, target[vm], loads);
        }

        (long least, long most) = (0, 0);
        for (int cell = 0; cell < sum.Family.CellCount; cell++)
        {
            (long low, long high) = loads.GetValueOrDefault(cell);
            least += sum.Functions[cell].At(low);
            most += sum.Functions[cell].At(high);
        }

        return sum.Outer == Outer.ShortfallBelow ? sum.Amount(least) : sum.Amount(most);
    }

    private static void Add(LoadFamily family, int position, Place from, Place to, Dictionary<int, (long Least, long Most)> loads)
    {
        long weight = family.Weight(position);
        if (weight == 0) return;
        HashSet<int> before = [];
        foreach (int cell in family.CellsOf(from)) before.Add(cell);
        foreach (int cell in family.CellsOf(to))
        {
            (long least, long most) = loads.GetValueOrDefault(cell);
            loads[cell] = (least + (before.Remove(cell) ? weight : 0), most + weight);
        }

        foreach (int cell in before)
        {
            (long least, long most) = loads.GetValueOrDefault(cell);
            loads[cell] = (least, most + weight);
        }
    }
}
