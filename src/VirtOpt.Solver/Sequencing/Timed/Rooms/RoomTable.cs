using VirtOpt.Solver.Formulation;
using VirtOpt.Solver.Repair;
using VirtOpt.Solver.Search;

namespace VirtOpt.Solver.Sequencing.Timed;

/// <summary>
/// The cells in which moving VMs need room: hosts, NUMA nodes, GPUs, items of separated groups. A VM that moves takes, from its begin to its end, the
/// larger of what it charges before and after in each cell; so both hosts carry it, and parts that both places share carry it once. A cell exists once a
/// leg touches it.
/// </summary>
internal sealed class RoomTable
{
    private readonly PlacementModel model;
    private readonly List<(SumTerm Term, IReadOnlyList<long> Tolerated)>?[] limitsOf;
    private readonly List<SumTerm>?[] ownRulesOf;
    private readonly Dictionary<(int Family, int Cell), int> cells = [];
    private readonly Dictionary<int, Dictionary<int, long>> startLoads = [];
    private readonly List<(LoadFamily Family, int Cell)> names = [];
    private readonly List<long> load = [];
    private readonly List<long> limit = [];
    private readonly List<long> rated = [];

    public RoomTable(PlacementModel model, Scoring scoring)
    {
        this.model = model;
        limitsOf = new List<(SumTerm, IReadOnlyList<long>)>?[model.Families.Count];
        ownRulesOf = new List<SumTerm>?[model.Families.Count];
        for (int r = 0; r < model.Requirements.Count; r++) Sort(model.Requirements[r], scoring.Tolerances.Of(r));
        Ordered = new OrderedRules(model, scoring.Tolerances, IsOrderedRule);
    }

    /// <summary>Hard continuous rules that are no matter of room: they are judged by where VMs are.</summary>
    public OrderedRules Ordered { get; }

    /// <summary>Number of cells so far.</summary>
    public int Count => load.Count;

    /// <summary>Load of a cell at the start.</summary>
    public long Load(int cell) => load[cell];

    /// <summary>Most load that a cell may have at any time.</summary>
    public long Limit(int cell) => limit[cell];

    /// <summary>Most load that a cell may have if the start does not break it.</summary>
    public long Rated(int cell) => rated[cell];

    /// <summary>The loads of all cells at the start.</summary>
    public long[] Loads() => [.. load];

    /// <summary>What a cell is, in words that follow "room for".</summary>
    public string Name(int cell) => names[cell].Family.Name;

    /// <summary>Makes a leg.</summary>
    public Leg Leg(int vm, Place from, Place to, long seconds, bool isHop = false)
    {
        List<RoomUse> takes = [];
        List<RoomUse> gives = [];
        foreach (Charge charge in VmClass.ChargesOf(model, vm))
        {
            if (limitsOf[charge.Family.Index] is null) continue;
            Dictionary<int, long> before = [];
            Dictionary<int, long> after = [];
            Charges(charge, vm, from, before);
            Charges(charge, vm, to, after);
            foreach ((int cell, long amount) in after)
                if (amount > before.GetValueOrDefault(cell)) takes.Add(new(CellOf(charge.Family, cell), amount - before.GetValueOrDefault(cell)));
            foreach ((int cell, long amount) in before)
                if (amount > after.GetValueOrDefault(cell)) gives.Add(new(CellOf(charge.Family, cell), amount - after.GetValueOrDefault(cell)));
        }

        return new Leg(vm, from, to, isHop) { Seconds = seconds, Takes = takes, Gives = gives, Rules = Ordered.Of(vm) };
    }

    /// <summary>Makes a leg that changes the demand of a VM where it is: what grows is taken at the begin, what shrinks is given at the end.</summary>
    public Leg Resize(int vm, Place at, Resize resize, long seconds)
    {
        List<RoomUse> takes = [];
        List<RoomUse> gives = [];
        foreach ((LoadFamily family, int position) in FamiliesOf(vm).Where(f => f.Family.Dimension == resize.Dimension))
            if (family.Weight(position) - family.WeightNow(position) is not 0 and long grows)
                foreach (int cell in family.CellsOf(at)) (grows > 0 ? takes : gives).Add(new(CellOf(family, cell), Math.Abs(grows)));
        return new Leg(vm, at, at, Resize: resize) { Seconds = seconds, Takes = takes, Gives = gives };
    }

    /// <summary>Makes a leg that shuts down a VM: its room is given back at the end.</summary>
    public Leg Shutdown(int vm, Place from, long seconds)
    {
        List<RoomUse> gives = [];
        foreach ((LoadFamily family, int position) in FamiliesOf(vm))
            if (family.WeightNow(position) is > 0 and long amount)
                foreach (int cell in family.CellsOf(from)) gives.Add(new(CellOf(family, cell), amount));
        return new Leg(vm, from, Placement.Nowhere) { Seconds = seconds, Takes = [], Gives = gives };
    }

    /// <summary>Whether a VM by itself may be at a place that is neither its start nor its target.</summary>
    public bool Allows(int vm, Place place)
    {
        foreach (Charge charge in VmClass.ChargesOf(model, vm))
            if (ownRulesOf[charge.Family.Index] is { } rules)
            {
                Dictionary<int, long> there = [];
                Charges(charge, vm, place, there);
                foreach (SumTerm rule in rules)
                    foreach ((int cell, long amount) in there)
                        if (rule.Functions[cell].At(amount) > 0) return false;
            }

        return Ordered.Allows(vm, place);
    }

    /// <summary>The families with limits that a VM may charge, with its position in them.</summary>
    private IEnumerable<(LoadFamily Family, int Position)> FamiliesOf(int vm) =>
        model.DenseFamilies.Select(family => (family, vm)).Concat(model.SparseFamiliesOf[vm].Select(f => (f.Family, f.Position)))
            .Where(f => limitsOf[f.Item1.Index] is not null);

    private static bool IsRoom(Requirement requirement) =>
        requirement.Term is SumTerm { Outer: Outer.Sum, PerVm: false } sum && sum.Functions.Take(1).Concat(Distinct(sum)).All(f => f.IsNonDecreasing);

    private static IEnumerable<CellFunction> Distinct(SumTerm sum) => sum.Functions is SameFunction ? [] : sum.Functions;

    private static bool IsOrderedRule(Requirement requirement) =>
        requirement.Source.Continuous && requirement.Term is not SumTerm { PerVm: true } && !IsRoom(requirement);

    private void Sort(Requirement requirement, IReadOnlyList<long> tolerated)
    {
        if (requirement.Term is SumTerm { PerVm: true } own) (ownRulesOf[own.Family.Index] ??= []).Add(own);
        else if (!requirement.Source.Continuous) return;
        else if (IsRoom(requirement)) (limitsOf[((SumTerm)requirement.Term).Family.Index] ??= []).Add(((SumTerm)requirement.Term, tolerated));
    }

    /// <summary>What a VM charges to the cells of a family while it is at a place.</summary>
    private void Charges(Charge charge, int vm, Place place, Dictionary<int, long> amounts)
    {
        if (place.Host.Index < 0) return;
        Place? start = model.Cluster.Vms[vm].Start;
        long times = start is { } s && s != place ? charge.Family.DependsOnStart ? charge.Family.Times(s, place) : 1 : 0;
        long here = MovingWeight(charge, vm) + (times * charge.Arriving);
        if (here != 0)
            foreach (int cell in charge.Family.CellsOf(place)) amounts[cell] = amounts.GetValueOrDefault(cell) + here;
        if (times * charge.Leaving is not 0 and long left)
            foreach (int cell in charge.Family.CellsOf(start!.Value)) amounts[cell] = amounts.GetValueOrDefault(cell) + left;
    }

    /// <summary>What a VM weighs while it moves: its demand shrinks before and grows after.</summary>
    private static long MovingWeight(Charge charge, int vm)
    {
        if (charge.Family.Dimension is null) return charge.Weight;
        return Math.Min(charge.Weight, charge.Family.WeightNow(charge.Family.PositionOf(vm)));
    }

    private int CellOf(LoadFamily family, int cell)
    {
        if (cells.TryGetValue((family.Index, cell), out int id)) return id;
        cells[(family.Index, cell)] = id = load.Count;
        names.Add((family, cell));
        if (!startLoads.TryGetValue(family.Index, out Dictionary<int, long>? loads)) startLoads[family.Index] = loads = StartLoads(family);
        load.Add(loads.GetValueOrDefault(cell));
        limit.Add(Math.Max(load[id], limitsOf[family.Index]!.Min(l => Room.Most(l.Term.Functions[cell], family.Changes ? 0 : l.Tolerated[cell]))));
        rated.Add(limitsOf[family.Index]!.Min(l => Room.Most(l.Term.Functions[cell], 0)));
        return id;
    }

    private Dictionary<int, long> StartLoads(LoadFamily family)
    {
        Dictionary<int, long> loads = [];
        int count = family.IsDense ? model.Cluster.Vms.Count : family.Members.Length;
        for (int position = 0; position < count; position++)
        {
            Place place = model.Cluster.Vms[family.IsDense ? position : family.Members[position]].Start ?? Placement.Nowhere;
            if (family.WeightNow(position) is not 0 and long weight)
                foreach (int cell in family.CellsOf(place)) loads[cell] = loads.GetValueOrDefault(cell) + weight;
        }

        return loads;
    }
}
