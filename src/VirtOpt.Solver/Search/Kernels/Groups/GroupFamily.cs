namespace VirtOpt.Solver.Search.Kernels.Groups;

/// <summary>
/// The load of a group of VMs by cell, compiled. Many cells for few VMs are not stored: their loads are counted from where the VMs are, so that
/// memory grows with VMs and not with groups times hosts.
/// </summary>
internal sealed class GroupFamily
{
    private const int FewCells = 64;
    private const int FewMembers = 16;
    private readonly int[] away;
    private readonly int[] home;

    /// <param name="family">The load; of some VMs over hosts, with weights that fit into 32 bits.</param>
    /// <param name="cellOfHost">The cell of each host; -1 for none.</param>
    public GroupFamily(LoadFamily family, int[] cellOfHost)
    {
        (CellOfHost, Cells, Members, Source) = (cellOfHost, family.CellCount, [.. family.Members], family);
        away = [.. Enumerable.Range(0, Members.Length).Select(p => checked((int)(family.Weight(p) + family.ArrivingWeight(p))))];
        home = family.DependsOnStart ? [.. Enumerable.Range(0, Members.Length).Select(p => checked((int)(family.Weight(p) - family.LeavingWeight(p))))] : away;
        IsCounted = !family.DependsOnStart && Cells > FewCells && Members.Length <= FewMembers;
    }

    /// <summary>The load that it was made from.</summary>
    public LoadFamily Source { get; }

    /// <summary>The cell of each host; -1 for none.</summary>
    public int[] CellOfHost { get; }

    /// <summary>Number of cells.</summary>
    public int Cells { get; }

    /// <summary>The VMs, ascending.</summary>
    public int[] Members { get; }

    /// <summary>True if loads are counted when they are asked for.</summary>
    public bool IsCounted { get; }

    /// <summary>Where its loads are stored, unless they are counted.</summary>
    public int Offset { get; set; }

    /// <summary>Whether a load can be compiled.</summary>
    public static bool Suits(LoadFamily family)
    {
        if (family.IsDense || family.Kind != CellKind.Host || family.TellsStartsApart) return false;
        long sum = 0;
        for (int p = 0; p < family.Members.Length; p++)
            sum += Math.Abs(family.Weight(p)) + Math.Abs(family.LeavingWeight(p)) + Math.Abs(family.ArrivingWeight(p));
        return sum < int.MaxValue / 2;
    }

    /// <summary>What the VM at a position adds to its cell; at its start less what its absence would leave behind.</summary>
    public int Weight(int position, bool atStart) => (atStart ? home : away)[position];

    /// <summary>What a move of the VM at a position does to the loads.</summary>
    public GroupChange ChangeOf(int position, Place from, Place to, Place start)
    {
        int left = CellOfHost[from.Host.Index];
        int reached = CellOfHost[to.Host.Index];
        int leaves = left < 0 ? 0 : Weight(position, from == start);
        int comes = reached < 0 ? 0 : Weight(position, to == start);
        return left == reached ? new GroupChange(left, 0, reached, comes - leaves) : new GroupChange(left, -leaves, reached, comes);
    }
}

/// <summary>What a move does to the loads of a family; the second change is all there is within one cell.</summary>
/// <param name="Left">Cell that is left; -1 for none.</param>
/// <param name="LeftChange">By how much its load changes.</param>
/// <param name="Reached">Cell that is reached; -1 for none.</param>
/// <param name="ReachedChange">By how much its load changes.</param>
internal readonly record struct GroupChange(int Left, int LeftChange, int Reached, int ReachedChange)
{
    /// <summary>True if no load changes.</summary>
    public bool IsNothing => LeftChange == 0 && ReachedChange == 0;

    /// <summary>By how much the load of a cell changes.</summary>
    public int At(int cell) => (cell == Left ? LeftChange : 0) + (cell == Reached ? ReachedChange : 0);
}
