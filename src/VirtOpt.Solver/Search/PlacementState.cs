namespace VirtOpt.Solver.Search;

/// <summary>
/// A placement under change: the loads of all families and the amounts of all terms, kept up to date move by move. The private, mutable twin of
/// <see cref="Placement"/>.
/// </summary>
internal sealed class PlacementState
{
    private readonly PlacementModel model;
    private readonly Place[] start;
    private readonly Place[] places;
    private readonly long[][] loads;
    private readonly TermMeter[] meters;
    private readonly List<TermMeter>[] metersOf;
    private readonly Dictionary<Term, TermMeter> meterOf = new(ReferenceEqualityComparer.Instance);

    public PlacementState(PlacementModel model, ReadOnlySpan<Place> places, Tolerances? tolerances = null)
    {
        this.model = model;
        start = [.. model.Cluster.Vms.Select(vm => vm.Start ?? Placement.Nowhere)];
        this.places = new Place[places.Length];
        Array.Fill(this.places, Placement.Nowhere);
        loads = [.. model.Families.Select(f => new long[f.CellCount])];
        metersOf = [.. model.Families.Select(_ => new List<TermMeter>())];
        foreach (Term term in model.Requirements.Select(r => r.Term).Concat(model.Goals.Select(g => g.Term))) AddMeter(term);
        meters = [.. meterOf.Values];
        for (int vm = 0; vm < places.Length; vm++) Charge(vm, places[vm], 1);
        places.CopyTo(this.places);
        for (int r = 0; tolerances is not null && r < model.Requirements.Count; r++) meterOf[model.Requirements[r].Term].Tolerated = tolerances.Of(r);
        foreach (TermMeter meter in meters) meter.Reset();
    }

    /// <summary>Where the VMs are.</summary>
    public ReadOnlySpan<Place> Places => places;

    /// <summary>The load of a cell.</summary>
    public long Load(LoadFamily family, int cell) => loads[family.Index][cell];

    /// <summary>The amount of a term.</summary>
    public long Amount(Term term) => meterOf[term].Amount;

    /// <summary>By how much a requirement breaks what is tolerated.</summary>
    public long Excess(Requirement requirement) => meterOf[requirement.Term].Excess;

    /// <summary>The share of a cell in the amount of a term that is judged cell by cell.</summary>
    public long CellAmount(Term term, int cell) => meterOf[term].CellAmount(cell);

    /// <summary>Puts a VM elsewhere; <see cref="Placement.Nowhere"/> takes it away.</summary>
    public void Move(int vm, Place to)
    {
        Place from = places[vm];
        if (from == to) return;
        Charge(vm, from, -1);
        places[vm] = to;
        Charge(vm, to, 1);
    }

    private void Charge(int vm, Place place, int sign)
    {
        if (place.Host.Index < 0) return;
        foreach (LoadFamily family in model.DenseFamilies) Charge(family, vm, vm, place, sign);
        foreach ((LoadFamily family, int position) in model.SparseFamiliesOf[vm]) Charge(family, position, vm, place, sign);
    }

    private void Charge(LoadFamily family, int position, int vm, Place place, int sign)
    {
        bool moved = start[vm].Host.Index >= 0 && place != start[vm];
        long here = family.Weight(position) + (moved ? family.ArrivingWeight(position) : 0);
        if (here != 0)
            foreach (int cell in family.CellsOf(place)) AddLoad(family, cell, sign * here);
        if (moved && family.LeavingWeight(position) is not 0 and long leaving)
            foreach (int cell in family.CellsOf(start[vm])) AddLoad(family, cell, sign * leaving);
    }

    private void AddLoad(LoadFamily family, int cell, long change)
    {
        ref long load = ref loads[family.Index][cell];
        foreach (TermMeter meter in metersOf[family.Index]) meter.Before(family, cell);
        load += change;
        foreach (TermMeter meter in metersOf[family.Index]) meter.After(family, cell);
    }

    private void AddMeter(Term term)
    {
        if (meterOf.ContainsKey(term)) return;
        TermMeter meter = TermMeter.For(term, this, model);
        meterOf[term] = meter;
        foreach (LoadFamily family in meter.Families.Distinct()) metersOf[family.Index].Add(meter);
    }
}
