using System.Runtime.InteropServices;

namespace VirtOpt.Solver.Search.Loads;

/// <summary>
/// The loads of the cells of one family: an array, or, for a few VMs over many cells, only those that are not 0, so that thousands of groups over
/// thousands of hosts take memory by VM and not by host.
/// </summary>
internal sealed class CellLoads
{
    private const int CellsPerMember = 4;
    private const int FewCells = 64;
    private readonly long[]? all;
    private readonly Dictionary<int, long> some = [];

    public CellLoads(LoadFamily family)
    {
        bool isSparse = !family.IsDense && family.CellCount > FewCells && family.CellCount > CellsPerMember * (long)family.Members.Length;
        if (!isSparse) all = new long[family.CellCount];
    }

    /// <summary>The load of a cell.</summary>
    public long this[int cell] => all is not null ? all[cell] : some.GetValueOrDefault(cell);

    /// <summary>The cells with a load other than 0.</summary>
    public IEnumerable<int> Loaded => all is null ? some.Keys : Enumerable.Range(0, all.Length).Where(cell => all[cell] != 0);

    /// <summary>Changes the load of a cell.</summary>
    public void Add(int cell, long change)
    {
        if (all is not null)
        {
            all[cell] += change;
            return;
        }

        ref long load = ref CollectionsMarshal.GetValueRefOrAddDefault(some, cell, out _);
        load += change;
        if (load == 0) some.Remove(cell);
    }
}
