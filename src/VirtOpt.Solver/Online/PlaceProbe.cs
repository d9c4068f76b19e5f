using VirtOpt.Solver.Search;

namespace VirtOpt.Solver.Online;

/// <summary>
/// Judges places for VMs that have none: sums of cell functions without making the move, so that a place costs a fraction of a microsecond; the other
/// terms (peak load, dependency, fragmentation, failover) by making it in a state of their own.
/// </summary>
internal sealed class PlaceProbe
{
    private readonly PlacementModel model;
    private readonly PlacementState sums;
    private readonly PlacementState? rest;
    private readonly int levels;
    private readonly List<(LoadFamily Family, Probed[] Meters, long Here, long Arriving, long Leaving)> charges = [];
    private readonly Dictionary<TermMeter, Probed> probedOf = new(ReferenceEqualityComparer.Instance);
    private Probed[] touched = [];

    /// <param name="model">The problem.</param>
    /// <param name="scoring">Its tolerances and levels.</param>
    /// <param name="places">Where the VMs are.</param>
    public PlaceProbe(PlacementModel model, Scoring scoring, ReadOnlySpan<Place> places)
    {
        (this.model, levels) = (model, scoring.Levels.Count);
        HashSet<Term> separable = new(ReferenceEqualityComparer.Instance);
        HashSet<Term> others = new(ReferenceEqualityComparer.Instance);
        foreach (Term term in model.Requirements.Select(r => r.Term).Concat(model.Goals.Select(g => g.Term)))
            (term is SumTerm ? separable : others).Add(term);
        sums = new PlacementState(model, places, scoring, separable);
        rest = others.Count == 0 ? null : new PlacementState(model, places, scoring, others);
    }

    /// <summary>Where the VMs are.</summary>
    public ReadOnlySpan<Place> Places => sums.Places;

    /// <summary>By how much the rules are broken beyond what is tolerated.</summary>
    public long Broken => sums.Broken + (rest?.Broken ?? 0);

    /// <summary>Value of a level, by its position.</summary>
    public long Level(int level) => sums.Level(level) + (rest?.Level(level) ?? 0);

    /// <summary>Moves a VM; <see cref="Placement.Nowhere"/> takes it away.</summary>
    public void Move(int vm, Place to)
    {
        sums.Move(vm, to);
        rest?.Move(vm, to);
    }

    /// <summary>Finds the best place for a VM that is nowhere: least broken, then best level by level, then first in order.</summary>
    /// <param name="vm">The VM.</param>
    /// <param name="places">The places to look at.</param>
    /// <param name="best">The best of them.</param>
    /// <returns>False if each of them breaks a rule that is judged cell by cell.</returns>
    public bool TryBest(int vm, IReadOnlyList<Place> places, out Place best)
    {
        CollectCharges(vm);
        Place start = model.Cluster.Vms[vm].Start ?? Placement.Nowhere;
        Span<long> score = stackalloc long[levels + 1];
        Span<long> least = stackalloc long[levels + 1];
        best = Placement.Nowhere;
        for (int p = 0; p < places.Count; p++)
        {
            if (!TryScore(vm, places[p], start, score)) continue;
            if (best.Host.Index >= 0 && score.SequenceCompareTo(least) >= 0) continue;
            best = places[p];
            score.CopyTo(least);
        }

        return best.Host.Index >= 0;
    }

    private bool TryScore(int vm, Place place, Place start, Span<long> score)
    {
        foreach (Probed meter in touched) meter.Sum = 0;
        bool hasMoved = start.Host.Index >= 0 && start != place;
        foreach ((LoadFamily family, Probed[] meters, long here, long arriving, long leaving) in charges)
        {
            if (!hasMoved || (arriving | leaving) == 0)
            {
                foreach (int cell in family.CellsOf(place))
                    if (!TryChange(meters, cell, here)) return false;
            }
            else if (!TryMigration(family, meters, place, start, here, (arriving, leaving))) return false;
        }

        score.Clear();
        foreach (Probed meter in touched) meter.Count(score);
        if (rest is null) return true;
        rest.Move(vm, place);
        score[0] += rest.Broken;
        for (int level = 0; level < levels; level++) score[level + 1] += rest.Level(level);
        rest.Move(vm, Placement.Nowhere);
        return true;
    }

    /// <summary>A migration charges its start too, which may be the same cell.</summary>
    private static bool TryMigration(LoadFamily family, Probed[] meters, Place place, Place start, long here, (long Arriving, long Leaving) charge)
    {
        long times = family.Times(start, place);
        foreach (int cell in family.CellsOf(place))
            if (!TryChange(meters, cell, here + (times * charge.Arriving) + (Covers(family, start, cell) ? times * charge.Leaving : 0))) return false;
        foreach (int cell in family.CellsOf(start))
            if (!Covers(family, place, cell) && !TryChange(meters, cell, times * charge.Leaving)) return false;
        return true;
    }

    private static bool Covers(LoadFamily family, Place place, int cell)
    {
        foreach (int other in family.CellsOf(place))
            if (other == cell) return true;
        return false;
    }

    private static bool TryChange(Probed[] meters, int cell, long change)
    {
        if (change == 0) return true;
        foreach (Probed meter in meters)
            if (!meter.Meter.TryChange(cell, change, ref meter.Sum)) return false;
        return true;
    }

    private void CollectCharges(int vm)
    {
        charges.Clear();
        foreach (LoadFamily family in model.DenseFamilies) Collect(family, vm);
        foreach ((LoadFamily family, int position) in model.SparseFamiliesOf[vm]) Collect(family, position);
        touched = [.. charges.SelectMany(c => c.Meters)];
    }

    private void Collect(LoadFamily family, int position)
    {
        (long here, long arriving, long leaving) = (family.Weight(position), family.ArrivingWeight(position), family.LeavingWeight(position));
        if ((here | arriving | leaving) == 0) return;
        Probed[] meters = [.. sums.MetersOf(family).Select(ProbedOf)];
        if (meters.Length > 0) charges.Add((family, meters, here, arriving, leaving));
    }

    private Probed ProbedOf(TermMeter meter)
    {
        if (!probedOf.TryGetValue(meter, out Probed? probed)) probedOf[meter] = probed = new Probed(meter);
        return probed;
    }

    /// <summary>A meter with what a place adds to its sum.</summary>
    private sealed class Probed(TermMeter meter)
    {
        public long Sum;

        public TermMeter Meter { get; } = meter;

        public void Count(Span<long> score)
        {
            if (Sum == 0) return;
            if (Meter.IsRequired) score[0] += Meter.ExcessChange(Sum);
            if (Meter.Uses.Count == 0) return;
            long amount = Meter.AmountChange(Sum);
            foreach ((int level, long weight) in Meter.Uses) score[level + 1] += weight * amount;
        }
    }
}
