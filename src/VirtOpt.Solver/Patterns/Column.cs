using System.Globalization;

namespace VirtOpt.Solver.Patterns;

/// <summary>How many VMs of each type come to a place and leave it.</summary>
internal sealed record Change(int[] In, int[] Out)
{
    /// <summary>VMs of a type that come less those that leave.</summary>
    public int Net(int type) => In[type] - Out[type];

    public int Migrations => In.Sum();

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{string.Join(',', In)}-{string.Join(',', Out)}");
}

/// <summary>
/// A pattern: what happens to one cell of a group through VMs of span 1, or to a whole host of a group, through VMs of span 2 and on each cell.
/// A column of the master problem (Gilmore and Gomory, A linear programming approach to the cutting-stock problem, Operations Research 9, 1961).
/// </summary>
/// <param name="Cell">Group of the cell; null for a host pattern.</param>
/// <param name="Host">Group of the host; null for a cell pattern.</param>
/// <param name="Shared">Change through VMs of span 2; null for a cell pattern.</param>
/// <param name="OnCells">Change of each cell through VMs of span 1.</param>
/// <param name="Gain">How many more copies fit.</param>
internal sealed record Column(CellGroup? Cell, HostGroup? Host, Change? Shared, IReadOnlyList<Change> OnCells, int Gain)
{
    /// <summary>VMs that come; each VM that comes has migrated.</summary>
    public int Migrations { get; } = OnCells.Sum(c => c.Migrations) + (Shared?.Migrations ?? 0);

    /// <summary>Tells columns apart.</summary>
    public string Key { get; } = $"{Cell?.Index}/{Host?.Index}/{Shared}/{string.Join('/', OnCells)}";

    /// <summary>How often the pattern can be used.</summary>
    public int Most => Cell?.Cells.Count ?? Host!.Hosts.Count;

    /// <summary>The groups whose cells it changes.</summary>
    public IReadOnlyList<CellGroup> CellGroups => Cell is null ? Host!.Cells : [Cell];

    /// <summary>VMs of a type that come less those that leave.</summary>
    public int Net(int type) => OnCells.Sum(c => c.Net(type)) + (Shared?.Net(type) ?? 0);
}

/// <summary>The dual values of a master problem.</summary>
/// <param name="Gain">Worth of a copy gained.</param>
/// <param name="Migration">Price of a migration.</param>
/// <param name="Types">Price of a VM that comes, by type: the same is earned where it leaves.</param>
/// <param name="Cells">Price of a cell, by group.</param>
/// <param name="Hosts">Price of a host, by group.</param>
/// <param name="Constant">What the row of the limit adds to the Lagrangian bound.</param>
internal sealed record Prices(double Gain, double Migration, double[] Types, double[] Cells, double[] Hosts, double Constant);
