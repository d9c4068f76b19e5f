using VirtOpt.Solver.Formulation;

namespace VirtOpt.Solver.Bounds.Loads;

/// <summary>
/// Loads that obey nothing but their ranges and their sum: a variable per cell, as if every VM could be cut into grains. A family whose weights are
/// the same combination of those of two others for every VM (demand in one dimension less a multiple of that in another) is that combination of
/// their loads.
/// </summary>
/// <param name="model">The problem.</param>
/// <param name="ranges">Its ranges.</param>
/// <param name="rows">The program that variables and sums are added to.</param>
/// <param name="kinds">Hosts of which one stands for all of its kind; null if each stands for itself.</param>
internal sealed class FreeLoads(PlacementModel model, RangeTable ranges, LinearModel rows, HostKinds? kinds = null) : ILoads
{
    private readonly Dictionary<LoadFamily, LinearExpression[]> loads = [];
    private readonly LoadFamily[] dense = [.. model.DenseFamilies.Where(f => ranges.Of(f) is not null)];

    /// <summary>Whether the loads of a family are seen here: all VMs may charge it, and its ranges are known.</summary>
    public bool Sees(LoadFamily family) => dense.Contains(family);

    /// <inheritdoc/>
    public LoadFamily? VmCount => dense.FirstOrDefault(f => f.Name == ModelBuilder.VmCountName);

    /// <inheritdoc/>
    public LinearExpression this[LoadFamily family, int cell] => LoadsOf(family)[cell];

    /// <inheritdoc/>
    public long Fixed(LoadFamily family, int cell) => RangesOf(family).Low[cell];

    /// <inheritdoc/>
    public IReadOnlyList<int> CellsOf(LoadFamily family)
    {
        CellRanges own = RangesOf(family);
        return [.. Enumerable.Range(0, family.CellCount).Where(cell => CountOf(family, cell) > 0 && own.Low[cell] < own.High[cell])];
    }

    /// <inheritdoc/>
    public int CountOf(LoadFamily family, int cell) => IsShared(family) ? kinds!.CountOf(cell) : 1;

    /// <inheritdoc/>
    public (long Low, long High) Range(LoadFamily family, int cell)
    {
        CellRanges own = RangesOf(family);
        (long low, long high) = rows.Range(this[family, cell]);
        (low, high) = (Math.Max(low, own.Low[cell]), Math.Min(high, own.High[cell]));
        return (Math.Min(low, high), high);
    }

    /// <inheritdoc/>
    public int? HostOf(LoadFamily family, int cell) =>
        family.Kind == CellKind.Host && family.CellCount == model.Cluster.Hosts.Count && family.BaseCell(new HostId(cell)) == cell ? cell : null;

    /// <inheritdoc/>
    public long? TotalOf(LoadFamily family)
    {
        CellRanges own = RangesOf(family);
        return own.Total - Enumerable.Range(0, family.CellCount).Where(cell => own.Low[cell] == own.High[cell])
            .Sum(cell => CountOf(family, cell) * own.Low[cell]);
    }

    /// <inheritdoc/>
    public IEnumerable<LinearExpression> PartsOf(LoadFamily family, int cell) => [this[family, cell]];

    private CellRanges RangesOf(LoadFamily family) => IsShared(family) ? kinds!.HullOf(family) : ranges.Of(family)!;

    private bool IsShared(LoadFamily family) => kinds?.CanShare(family) is true;

    private LinearExpression[] LoadsOf(LoadFamily family)
    {
        if (!loads.TryGetValue(family, out LinearExpression[]? ofCells))
            loads[family] = ofCells = Combination(family) is { } sum
                ? [.. Enumerable.Range(0, family.CellCount).Select(cell => Combined(sum, cell))]
                : NewVariables(family);
        return ofCells;
    }

    private LinearExpression[] NewVariables(LoadFamily family)
    {
        CellRanges own = RangesOf(family);
        LinearExpression all = new();
        LinearExpression[] ofCells = new LinearExpression[family.CellCount];
        for (int cell = 0; cell < ofCells.Length; cell++)
        {
            int count = CountOf(family, cell);
            ofCells[cell] = count > 0 && own.Low[cell] < own.High[cell]
                ? new LinearExpression().Add(rows.AddVariable(own.Low[cell], own.High[cell]), 1)
                : new LinearExpression(own.Low[cell]);
            all.Add(ofCells[cell], count);
        }

        rows.AddRow(all, own.Total, own.Total);
        return ofCells;
    }

    private LinearExpression Combined((LoadFamily First, long OfFirst, LoadFamily Second, long OfSecond) sum, int cell) =>
        new LinearExpression().Add(this[sum.First, cell], sum.OfFirst).Add(this[sum.Second, cell], sum.OfSecond);

    /// <summary>Two families, known before, of which the weights of a family are whole multiples, added up; null if there are none.</summary>
    private (LoadFamily First, long OfFirst, LoadFamily Second, long OfSecond)? Combination(LoadFamily family)
    {
        LoadFamily[] before = [.. dense.Where(f => f.Index < family.Index && ranges.SharesCells(f, family))];
        foreach (LoadFamily first in before)
            foreach (LoadFamily second in before.Where(f => f.Index > first.Index))
                if (Factors(family, first, second) is { } factors) return (first, factors.OfFirst, second, factors.OfSecond);
        return null;
    }

    private (long OfFirst, long OfSecond)? Factors(LoadFamily family, LoadFamily first, LoadFamily second)
    {
        int vms = model.Cluster.Vms.Count;
        int one = Enumerable.Range(0, vms).FirstOrDefault(vm => first.Weight(vm) != 0, -1);
        if (one < 0) return null;
        Int128 Cross(LoadFamily a, LoadFamily b, int vm) => ((Int128)a.Weight(one) * b.Weight(vm)) - ((Int128)a.Weight(vm) * b.Weight(one));
        int other = Enumerable.Range(0, vms).FirstOrDefault(vm => Cross(first, second, vm) != 0, -1);
        if (other < 0) return null;
        Int128 determinant = Cross(first, second, other);
        (Int128 ofFirst, Int128 restOfFirst) = Int128.DivRem(Cross(family, second, other), determinant);
        (Int128 ofSecond, Int128 restOfSecond) = Int128.DivRem(Cross(first, family, other), determinant);
        if (restOfFirst != 0 || restOfSecond != 0) return null;
        for (int vm = 0; vm < vms; vm++)
            if ((ofFirst * first.Weight(vm)) + (ofSecond * second.Weight(vm)) != family.Weight(vm)) return null;
        return ((long)ofFirst, (long)ofSecond);
    }
}
