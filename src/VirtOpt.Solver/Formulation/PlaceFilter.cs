using VirtOpt.Solver.Search;

namespace VirtOpt.Solver.Formulation;

/// <summary>
/// Which places a VM could take if it were there alone, or beside VMs that are fixed: a place that breaks a rule by itself is no candidate for
/// any engine.
/// </summary>
internal sealed class PlaceFilter
{
    private readonly Dictionary<LoadFamily, List<HardSum>> hardOf = [];
    private readonly Dictionary<LoadFamily, long> fitsEverywhere = [];

    /// <param name="model">The problem.</param>
    /// <param name="scoring">Its tolerances.</param>
    /// <param name="withoutRules">Rules that are not asked for; null for none.</param>
    public PlaceFilter(PlacementModel model, Scoring scoring, IReadOnlySet<Constraint>? withoutRules = null)
    {
        for (int r = 0; r < model.Requirements.Count; r++)
            if (model.Requirements[r].Term is SumTerm { Outer: Outer.Sum } term && withoutRules?.Contains(model.Requirements[r].Source) is not true)
            {
                if (!hardOf.TryGetValue(term.Family, out List<HardSum>? list)) hardOf[term.Family] = list = [];
                list.Add(new HardSum(r, term, scoring.Tolerances.Of(r)));
            }

        foreach ((LoadFamily family, List<HardSum> list) in hardOf)
            fitsEverywhere[family] = list.Min(AllowedEverywhere);
    }

    /// <summary>The hard sums that are judged cell by cell, with what is tolerated.</summary>
    public IEnumerable<HardSum> HardSums => hardOf.Values.SelectMany(list => list);

    /// <summary>
    /// What may keep a VM of a class from a place where it is alone, as a key: classes with one key have the same candidates among the same places.
    /// Empty if nothing does, which is known without looking at places one by one.
    /// </summary>
    public string BindingOf(VmClass vmClass)
    {
        string key = "";
        foreach (Charge charge in vmClass.Charges)
            if (fitsEverywhere.TryGetValue(charge.Family, out long most) && (charge.Weight > most || charge.Arriving != 0))
                key += $"{charge.Family.Index}:{charge.Weight}:{charge.Arriving}:{charge.Start};";
        return key.Length == 0 ? key : key + string.Join(',', vmClass.BrokenAtStart);
    }

    /// <summary>How many VMs of a class could come to a place, at most, beside the fixed loads.</summary>
    public long MostComing(VmClass vmClass, Place place, Func<LoadFamily, int, long> fixedLoad, long most)
    {
        foreach (Charge charge in vmClass.Charges)
            if (charge.Coming(place) > 0 && hardOf.TryGetValue(charge.Family, out List<HardSum>? list))
                foreach (int cell in charge.Family.CellsOf(place))
                    foreach (HardSum hard in list)
                        if (!(hard.Term.PerVm && vmClass.BrokenAtStart.Contains(hard.Requirement))
                            && (most = MostComing(hard.Term, cell, hard.Tolerated[cell], charge.Coming(place), fixedLoad, most)) <= 0) return 0;
        return most;
    }

    /// <summary>A load that a hard sum allows in each of its cells, at most; below 0 if that is not so simple.</summary>
    private static long AllowedEverywhere(HardSum hard)
    {
        if (!hard.Term.Family.BaseCells.Span.ContainsAnyExceptInRange(int.MinValue, -1)) return long.MaxValue;
        if (hard.Term.PerVm) return -1;
        long least = long.MaxValue;
        foreach (CellFunction function in hard.Term.Kinds)
        {
            if (function.LargestWithin(0) is not (>= 0 and < long.MaxValue and { } most)) return -1;
            least = Math.Min(least, most);
        }

        return least;
    }

    private static long MostComing(SumTerm term, int cell, long tolerated, long weight, Func<LoadFamily, int, long> fixedLoad, long most)
    {
        CellFunction function = term.Functions[cell];
        if (!function.IsNonDecreasing) return most;
        if (term.PerVm) return function.At(weight) > 0 ? 0 : most;
        long load = fixedLoad(term.Family, cell);
        if (function.At(load + (most * weight)) <= tolerated) return most;
        (long low, long high) = (0, most);
        while (low < high)
        {
            long middle = (low + high + 1) / 2;
            if (function.At(load + (middle * weight)) <= tolerated) low = middle;
            else high = middle - 1;
        }

        return low;
    }
}

/// <summary>A hard sum that is judged cell by cell.</summary>
/// <param name="Requirement">Position of its requirement.</param>
/// <param name="Term">The sum.</param>
/// <param name="Tolerated">What is tolerated of it, per cell.</param>
internal sealed record HardSum(int Requirement, SumTerm Term, IReadOnlyList<long> Tolerated);
