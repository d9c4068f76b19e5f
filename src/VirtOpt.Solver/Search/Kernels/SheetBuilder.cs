namespace VirtOpt.Solver.Search.Kernels;

/// <summary>Sorts the terms that are sums of cell functions over the loads of all VMs into the columns of <see cref="LoadSheet"/>s.</summary>
/// <param name="model">The problem.</param>
internal sealed class SheetBuilder(PlacementModel model)
{
    private const double MostExact = 1L << 52;
    private readonly Dictionary<LoadFamily, List<SheetColumn>> columnsOf = [];
    private readonly Dictionary<LoadFamily, bool> suits = [];

    /// <summary>Whether a term has the form of columns.</summary>
    public bool Suits(Term term) => term is SumTerm { Outer: Outer.Sum } sum && Suits(sum.Family);

    /// <summary>Takes a requirement in: what is tolerated becomes a cap per cell. False if its cells have no simple cap.</summary>
    public bool TryLimit(SumTerm term, IReadOnlyList<long> tolerated)
    {
        if (!Suits(term)) return false;
        double[] caps = new double[term.Family.CellCount];
        for (int cell = 0; cell < caps.Length; cell++)
            if (term.Functions[cell].LargestWithin(tolerated[cell]) is { } most) caps[cell] = most == long.MaxValue ? double.PositiveInfinity : most;
            else return false;
        SheetColumn first = Column(term.Family, 0);
        for (int cell = 0; cell < caps.Length; cell++) first.Cap[cell] = Math.Min(first.Cap[cell], caps[cell]);
        return true;
    }

    /// <summary>Takes a goal in, hinge by hinge.</summary>
    /// <param name="term">A term that <see cref="Suits(Term)"/>.</param>
    /// <param name="factor">What one unit of its amount costs.</param>
    public void Charge(SumTerm term, double factor)
    {
        double floor = Enumerable.Range(0, model.Cluster.Vms.Count).Any(vm => LeastOf(term.Family, vm) < 0) ? -MostOf(term.Family) : 0;
        int used = columnsOf.TryGetValue(term.Family, out List<SheetColumn>? known) ? known.FindLastIndex(c => c.Slope.Any(s => s != 0)) + 1 : 0;
        for (int cell = 0; cell < term.Family.CellCount; cell++)
        {
            int column = used;
            foreach ((double at, double change) in HingesOf(term.Functions[cell], floor))
                (Column(term.Family, column).At[cell], Column(term.Family, column++).Slope[cell]) = (at, factor * change);
        }
    }

    /// <summary>The sheets, one for each scope.</summary>
    public IReadOnlyList<LoadSheet> Build(Place[] starts)
    {
        List<(int[] Cells, List<SheetColumn> Columns)> scopes = [];
        foreach ((LoadFamily family, List<SheetColumn> columns) in columnsOf.OrderBy(c => c.Key.Index))
        {
            int[] cells = [.. Enumerable.Range(0, model.Cluster.Hosts.Count).Select(h => family.BaseCell(new HostId(h)))];
            int scope = scopes.FindIndex(s => s.Cells.AsSpan().SequenceEqual(cells));
            if (scope < 0) scopes.Add((cells, [.. columns]));
            else scopes[scope].Columns.AddRange(columns);
        }

        return [.. scopes.Select(s => new LoadSheet(s.Cells, s.Columns, starts))];
    }

    private bool Suits(LoadFamily family)
    {
        if (!suits.TryGetValue(family, out bool known))
            suits[family] = known = family is { IsDense: true, Kind: CellKind.Host, TellsStartsApart: false } && MostOf(family) < MostExact;
        return known;
    }

    private SheetColumn Column(LoadFamily family, int index)
    {
        if (!columnsOf.TryGetValue(family, out List<SheetColumn>? columns)) columnsOf[family] = columns = [];
        while (columns.Count <= index) columns.Add(new SheetColumn(family));
        return columns[index];
    }

    private double MostOf(LoadFamily family) => Enumerable.Range(0, model.Cluster.Vms.Count)
        .Sum(vm => (double)Math.Abs(family.Weight(vm)) + Math.Abs(family.LeavingWeight(vm)) + Math.Abs(family.ArrivingWeight(vm)));

    private static long LeastOf(LoadFamily family, int vm) => Math.Min(family.Weight(vm), Math.Min(family.LeavingWeight(vm), family.ArrivingWeight(vm)));

    /// <summary>A function as hinges alone: a slope turns at the least load there can be, a jump turns up at 0 and down again at 1.</summary>
    private static IEnumerable<(double At, double Change)> HingesOf(CellFunction function, double least)
    {
        if (function.Slope != 0) yield return (least, function.Slope);
        if (function.Jump != 0)
        {
            yield return (0, function.Jump);
            yield return (1, -function.Jump);
        }

        foreach (Hinge hinge in function.Hinges) yield return (hinge.At, hinge.Change);
    }
}
