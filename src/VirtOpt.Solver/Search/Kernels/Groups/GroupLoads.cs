namespace VirtOpt.Solver.Search.Kernels.Groups;

/// <summary>The loads of all groups under a placement, and the numbers that rules keep.</summary>
internal sealed class GroupLoads
{
    private readonly int[] loads;
    private readonly Place[] places;

    /// <param name="model">The compiled rules.</param>
    /// <param name="places">Where the VMs are; the owner changes it.</param>
    /// <param name="starts">Where they started.</param>
    public GroupLoads(GroupModel model, Place[] places, Place[] starts)
    {
        (this.places, loads, Numbers) = (places, new int[model.StoredCells], new int[model.NumberCount]);
        foreach (GroupFamily family in model.Families.Where(f => !f.IsCounted)) Fill(family, starts);
        foreach (GroupRule rule in model.Rules) rule.Start(this);
    }

    /// <summary>Numbers that rules keep, each at its own position.</summary>
    public int[] Numbers { get; }

    /// <summary>True if rules may be broken at a price.</summary>
    public bool ArePriced { get; set; }

    /// <summary>By how much the moves judged since this was set to 0 would break rules beyond what is tolerated, where that has a price.</summary>
    public long JudgedExcess { get; set; }

    /// <summary>The load of a cell.</summary>
    public int this[GroupFamily family, int cell] => family.IsCounted ? Count(family, cell) : loads[family.Offset + cell];

    /// <summary>Changes loads.</summary>
    public void Apply(GroupFamily family, GroupChange change)
    {
        if (family.IsCounted) return;
        if (change.LeftChange != 0) loads[family.Offset + change.Left] += change.LeftChange;
        if (change.ReachedChange != 0) loads[family.Offset + change.Reached] += change.ReachedChange;
    }

    private int Count(GroupFamily family, int cell)
    {
        int load = 0;
        int[] members = family.Members;
        for (int position = 0; position < members.Length; position++)
            if (places[members[position]].Host.Index is >= 0 and int host && family.CellOfHost[host] == cell) load += family.Weight(position, false);
        return load;
    }

    private void Fill(GroupFamily family, Place[] starts)
    {
        for (int position = 0; position < family.Members.Length; position++)
        {
            int vm = family.Members[position];
            Place start = starts[vm];
            if (places[vm].Host.Index >= 0 && family.CellOfHost[places[vm].Host.Index] is >= 0 and int cell)
                loads[family.Offset + cell] += family.Weight(position, places[vm] == start);
            if (start.Host.Index >= 0 && family.CellOfHost[start.Host.Index] is >= 0 and int home)
                loads[family.Offset + home] += (int)family.Source.LeavingWeight(position);
        }
    }
}
