using VirtOpt.Solver.Search;

namespace VirtOpt.Solver.Formulation;

/// <summary>The loads of all cells as expressions of the counting variables, with what fixed VMs add.</summary>
internal sealed class LoadTable : ILoads
{
    private readonly LinearModel rows;
    private readonly IReadOnlyList<ClassVariables> classes;
    private readonly SortedDictionary<int, LinearExpression>[] cells;
    private readonly Dictionary<LoadFamily, Dictionary<int, List<LinearExpression>>> parts = [];
    private readonly PlacementState fixedVms;
    private readonly Dictionary<(int Family, int Cell), long> limits = [];
    private readonly IReadOnlyList<(HostId Host, int Part)> numaHosts;
    private readonly int hosts;

    /// <param name="model">The problem.</param>
    /// <param name="rows">The program.</param>
    /// <param name="classes">The counting variables.</param>
    /// <param name="fixedVms">The VMs that are not counted, at their places; all others nowhere.</param>
    public LoadTable(PlacementModel model, LinearModel rows, IReadOnlyList<ClassVariables> classes, PlacementState fixedVms)
    {
        (this.rows, this.classes, this.fixedVms, hosts) = (rows, classes, fixedVms, model.Cluster.Hosts.Count);
        numaHosts = [.. Enumerable.Range(0, hosts).SelectMany(h => model.Cluster.Hosts[h].NumaNodes.Select((_, n) => (new HostId(h), n)))];
        VmCount = model.Families.FirstOrDefault(f => f.Name == ModelBuilder.VmCountName);
        cells = [.. model.Families.Select(_ => new SortedDictionary<int, LinearExpression>())];
        foreach (ClassVariables variables in classes)
            foreach (Charge charge in variables.Class.Charges)
            {
                foreach (PlaceVariables place in variables.Places) AddCharges(charge, place);
                foreach (Place home in variables.AwayFrom)
                    foreach (int cell in charge.Family.CellsOf(home)) Cell(charge.Family, cell).Add(charge.LeavingAnyway);
            }
    }

    /// <inheritdoc/>
    public LoadFamily? VmCount { get; }

    /// <inheritdoc/>
    public LinearExpression this[LoadFamily family, int cell] =>
        cells[family.Index].TryGetValue(cell, out LinearExpression? load) ? load : new LinearExpression(Fixed(family, cell));

    /// <inheritdoc/>
    public long Fixed(LoadFamily family, int cell) => fixedVms.Load(family, cell);

    /// <inheritdoc/>
    public IReadOnlyList<int> CellsOf(LoadFamily family) => [.. cells[family.Index].Keys];

    /// <summary>Notes that a cell's load never exceeds a limit in a valid placement.</summary>
    public void Limit(LoadFamily family, int cell, long limit) =>
        limits[(family.Index, cell)] = Math.Min(limit, limits.GetValueOrDefault((family.Index, cell), long.MaxValue));

    /// <inheritdoc/>
    public (long Low, long High) Range(LoadFamily family, int cell)
    {
        (long low, long high) = rows.Range(this[family, cell]);
        return (low, Math.Min(high, limits.GetValueOrDefault((family.Index, cell), long.MaxValue)));
    }

    /// <inheritdoc/>
    public int? HostOf(LoadFamily family, int cell) => family.Kind switch
    {
        CellKind.Host when family.CellCount == hosts && family.BaseCell(new HostId(cell)) == cell => cell,
        CellKind.NumaNode => numaHosts[cell].Host.Index,
        _ => null,
    };

    /// <inheritdoc/>
    public long? TotalOf(LoadFamily family)
    {
        if (family.DependsOnStart) return null;
        long total = 0;
        foreach (int cell in CellsOf(family)) total += Fixed(family, cell);
        foreach (ClassVariables variables in classes)
            foreach (Charge charge in variables.Class.Charges.Where(c => c.Family == family))
                if (variables.Places.Any(place => family.BaseCell(place.Place.Host) < 0)) return null;
                else total += charge.Weight * variables.Class.Vms.Count;
        return total;
    }

    /// <inheritdoc/>
    public IEnumerable<LinearExpression> PartsOf(LoadFamily family, int cell)
    {
        if (!parts.TryGetValue(family, out Dictionary<int, List<LinearExpression>>? byCell)) parts[family] = byCell = Split(family);
        return byCell.TryGetValue(cell, out List<LinearExpression>? list) ? list : [];
    }

    private void AddCharges(Charge charge, PlaceVariables place)
    {
        foreach (int cell in charge.Family.CellsOf(place.Place))
        {
            LinearExpression load = Cell(charge.Family, cell);
            load.Add(charge.Weight * place.Start);
            if (place.Out >= 0) load.Add(place.Out, charge.LeavingAnyway - charge.Weight);
            if (place.In >= 0) load.Add(place.In, charge.Coming(place.Place));
        }

        if (place.In >= 0 && charge.Left(place.Place) is not 0 and long left)
            foreach (int cell in charge.Family.CellsOf(charge.Start)) Cell(charge.Family, cell).Add(place.In, left);
    }

    private LinearExpression Cell(LoadFamily family, int cell)
    {
        if (!cells[family.Index].TryGetValue(cell, out LinearExpression? load)) cells[family.Index][cell] = load = new LinearExpression(Fixed(family, cell));
        return load;
    }

    private Dictionary<int, List<LinearExpression>> Split(LoadFamily family)
    {
        Dictionary<int, List<LinearExpression>> byCell = [];
        void Note(int cell, LinearExpression part)
        {
            if (!byCell.TryGetValue(cell, out List<LinearExpression>? list)) byCell[cell] = list = [];
            list.Add(part);
        }

        foreach (ClassVariables variables in classes)
            foreach (Charge charge in variables.Class.Charges.Where(c => c.Family == family))
                foreach (PlaceVariables place in variables.Places)
                {
                    foreach (int cell in family.CellsOf(place.Place))
                    {
                        if (charge.Weight > 0 && place.Start > 0) Note(cell, new LinearExpression(place.Start).Add(place.Out, -1));
                        if (charge.Coming(place.Place) > 0 && place.In >= 0) Note(cell, new LinearExpression().Add(place.In, 1));
                        if (charge.LeavingAnyway > 0 && place.Out >= 0) Note(cell, new LinearExpression().Add(place.Out, 1));
                    }

                    if (place.In >= 0 && charge.Left(place.Place) > 0)
                        foreach (int cell in family.CellsOf(charge.Start)) Note(cell, new LinearExpression().Add(place.In, 1));
                }

        return byCell;
    }
}
