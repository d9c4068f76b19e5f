using VirtOpt.Solver.Search.Loads;

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
    private readonly CellLoads?[] loads;
    private readonly LoadFamily[] denseFamilies;
    private readonly List<TermMeter>[] metersOf;
    private readonly List<TermMeter> lazyMeters = [];
    private readonly long[] parts;
    private readonly Dictionary<Term, TermMeter> meterOf = new(ReferenceEqualityComparer.Instance);

    /// <param name="model">The problem.</param>
    /// <param name="places">Where the VMs are.</param>
    /// <param name="scoring">What counts in the score; null for the amounts alone.</param>
    /// <param name="only">The terms to keep; null for all.</param>
    public PlacementState(PlacementModel model, ReadOnlySpan<Place> places, Scoring? scoring = null, IReadOnlySet<Term>? only = null)
    {
        this.model = model;
        start = [.. model.Cluster.Vms.Select(vm => vm.Start ?? Placement.Nowhere)];
        this.places = [.. places];
        metersOf = [.. model.Families.Select(_ => new List<TermMeter>())];
        parts = new long[1 + (scoring?.Levels.Count ?? 0)];
        MakeMeters(scoring, only);
        HashSet<LoadFamily> used = only is null ? [.. model.Families] : [.. meterOf.Values.SelectMany(m => m.Families)];
        loads = [.. model.Families.Select(f => used.Contains(f) ? new CellLoads(f) : null)];
        denseFamilies = [.. model.DenseFamilies.Where(used.Contains)];
        for (int vm = 0; vm < places.Length; vm++) Charge(vm, places[vm], 1);
        StartMeters();
    }

    /// <summary>Where the VMs are.</summary>
    public ReadOnlySpan<Place> Places => places;

    /// <summary>The load of a cell.</summary>
    public long Load(LoadFamily family, int cell) => loads[family.Index]![cell];

    /// <summary>The cells with a load other than 0.</summary>
    public IEnumerable<int> LoadedCells(LoadFamily family) => loads[family.Index]!.Loaded;

    /// <summary>The amount of a term.</summary>
    public long Amount(Term term) => meterOf[term].Amount;

    /// <summary>By how much a requirement breaks what is tolerated.</summary>
    public long Excess(Requirement requirement) => meterOf[requirement.Term].Excess;

    /// <summary>The share of a cell in the amount of a term that is judged cell by cell.</summary>
    public long CellAmount(Term term, int cell) => meterOf[term].CellAmount(cell);

    /// <summary>What keeps the amounts of the terms that read a load.</summary>
    public IReadOnlyList<TermMeter> MetersOf(LoadFamily family) => metersOf[family.Index];

    /// <summary>The score now.</summary>
    public Score Score()
    {
        long[] now = [.. parts];
        foreach (TermMeter meter in lazyMeters) Count(meter, 1, now);
        return new Score(now);
    }

    /// <summary>By how much all requirements together break what is tolerated: the first part of <see cref="Score"/>, without allocation.</summary>
    public long Broken => Part(0);

    /// <summary>Value of a level, by its position: a part of <see cref="Score"/>, without allocation.</summary>
    public long Level(int level) => Part(level + 1);

    /// <summary>Puts a VM elsewhere; <see cref="Placement.Nowhere"/> takes it away.</summary>
    public void Move(int vm, Place to)
    {
        Place from = places[vm];
        if (from == to) return;
        Charge(vm, from, -1);
        places[vm] = to;
        Charge(vm, to, 1);
    }

    private long Part(int index)
    {
        long part = parts[index];
        foreach (TermMeter meter in lazyMeters) part += index == 0 ? meter.IsRequired ? meter.Excess : 0 : meter.AmountIn(index - 1);
        return part;
    }

    private void Charge(int vm, Place place, int sign)
    {
        if (place.Host.Index < 0) return;
        foreach (LoadFamily family in denseFamilies) Charge(family, vm, vm, place, sign);
        foreach ((LoadFamily family, int position) in model.SparseFamiliesOf[vm])
            if (loads[family.Index] is not null) Charge(family, position, vm, place, sign);
    }

    private void Charge(LoadFamily family, int position, int vm, Place place, int sign)
    {
        bool moved = start[vm].Host.Index >= 0 && place != start[vm];
        long times = moved && family.DependsOnStart ? family.Times(start[vm], place) : 0;
        long here = family.Weight(position) + (times == 0 ? 0 : times * family.ArrivingWeight(position));
        if (here != 0)
            foreach (int cell in family.CellsOf(place)) AddLoad(family, cell, sign * here);
        if (times != 0 && times * family.LeavingWeight(position) is not 0 and long leaving)
            foreach (int cell in family.CellsOf(start[vm])) AddLoad(family, cell, sign * leaving);
    }

    private void AddLoad(LoadFamily family, int cell, long change)
    {
        List<TermMeter> ofFamily = metersOf[family.Index];
        foreach (TermMeter meter in ofFamily)
        {
            if (!meter.IsLazy) Count(meter, -1, parts);
            meter.Before(family, cell);
        }

        loads[family.Index]!.Add(cell, change);
        foreach (TermMeter meter in ofFamily)
        {
            meter.After(family, cell);
            if (!meter.IsLazy) Count(meter, 1, parts);
        }
    }

    private static void Count(TermMeter meter, int sign, long[] parts)
    {
        if (meter.IsRequired) parts[0] += sign * meter.Excess;
        if (meter.Uses.Count == 0) return;
        long amount = meter.Amount;
        foreach ((int level, long weight) in meter.Uses) parts[level + 1] += sign * weight * amount;
    }

    private void MakeMeters(Scoring? scoring, IReadOnlySet<Term>? only)
    {
        for (int r = 0; r < model.Requirements.Count; r++)
            if (only?.Contains(model.Requirements[r].Term) != false)
            {
                TermMeter meter = MeterOf(model.Requirements[r].Term);
                meter.IsRequired = true;
                meter.Tolerated = scoring?.Tolerances.Of(r);
            }

        foreach (Goal goal in model.Goals)
            if (only?.Contains(goal.Term) != false) MeterOf(goal.Term);
        if (scoring is null) return;
        foreach ((Term term, int level, long weight) in scoring.Uses())
            if (meterOf.TryGetValue(term, out TermMeter? meter)) meter.Uses.Add((level, weight));
    }

    private TermMeter MeterOf(Term term)
    {
        if (!meterOf.TryGetValue(term, out TermMeter? meter)) meterOf[term] = meter = TermMeter.For(term, this, model);
        return meter;
    }

    private void StartMeters()
    {
        foreach (TermMeter meter in meterOf.Values)
        {
            foreach (LoadFamily family in meter.Families.Distinct()) metersOf[family.Index].Add(meter);
            meter.Reset();
            if (meter.IsLazy) lazyMeters.Add(meter);
            else Count(meter, 1, parts);
        }
    }
}
