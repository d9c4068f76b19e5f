namespace VirtOpt.Solver.Formulation;

/// <summary>
/// What no placement takes off a host: the loads of VMs that cannot move, and what VMs that leave keep charging to their start (transient use in
/// the ROADEF/EURO challenge 2012). A VM that does not fit beside them has no business there.
/// </summary>
internal sealed class StandingLoads
{
    private readonly Dictionary<LoadFamily, long[]> roomOfHost = [];
    private readonly ClusterSnapshot cluster;

    /// <param name="model">The problem.</param>
    /// <param name="filter">Its hard sums.</param>
    public StandingLoads(PlacementModel model, PlaceFilter filter)
    {
        cluster = model.Cluster;
        foreach (HardSum hard in filter.HardSums)
            if (!hard.Term.PerVm && IsSimple(hard.Term.Family) && StandingOf(hard.Term.Family) is { } standing) NoteRoom(hard, standing);
    }

    /// <summary>What a VM of a class brings to a host, where something stands in its way; classes with equal answers fit at the same places.</summary>
    public IReadOnlyList<(LoadFamily Family, long Coming)> ComingOf(VmClass vmClass) => roomOfHost.Count == 0 ? [] :
    [
        .. vmClass.Charges.Where(c => roomOfHost.ContainsKey(c.Family) && c.Weight + c.Arriving > 0).Select(c => (c.Family, c.Weight + c.Arriving)),
    ];

    /// <summary>Whether a VM that brings this fits on a host beside what stands there.</summary>
    public bool Fits(IReadOnlyList<(LoadFamily Family, long Coming)> coming, HostId host)
    {
        foreach ((LoadFamily family, long amount) in coming)
            if (amount > roomOfHost[family][host.Index]) return false;
        return true;
    }

    /// <summary>Loads of groups are left out: a row of hosts for each group would take groups times hosts.</summary>
    private bool IsSimple(LoadFamily family) => family is { IsDense: true, Kind: CellKind.Host, TellsStartsApart: false }
        && Enumerable.Range(0, cluster.Vms.Count).All(vm => family.Weight(vm) >= Math.Max(0, -family.ArrivingWeight(vm)) && family.LeavingWeight(vm) >= 0);

    /// <summary>Per cell what stands there; null if nothing does, or if a cell spans hosts.</summary>
    private long[]? StandingOf(LoadFamily family)
    {
        long[] standing = new long[family.CellCount];
        bool any = false;
        for (int vm = 0; vm < cluster.Vms.Count; vm++)
        {
            if (cluster.Vms[vm].Start is not { } start || family.BaseCell(start.Host) is not (>= 0 and int cell)) continue;
            long stays = cluster.Vms[vm].Movable ? Math.Min(family.Weight(vm), family.LeavingWeight(vm)) : family.Weight(vm);
            standing[cell] += stays;
            any |= stays > 0;
        }

        if (!any) return null;
        bool[] seen = new bool[family.CellCount];
        foreach (int cell in family.BaseCells.Span)
        {
            if (cell >= 0 && seen[cell]) return null;
            if (cell >= 0) seen[cell] = true;
        }

        return standing;
    }

    private void NoteRoom(HardSum hard, long[] standing)
    {
        LoadFamily family = hard.Term.Family;
        if (!roomOfHost.TryGetValue(family, out long[]? room))
        {
            roomOfHost[family] = room = new long[cluster.Hosts.Count];
            Array.Fill(room, long.MaxValue);
        }

        for (int host = 0; host < room.Length; host++)
            if (family.BaseCell(new HostId(host)) is >= 0 and int cell
                && hard.Term.Functions[cell].LargestWithin(hard.Tolerated[cell]) is < long.MaxValue and { } most)
                room[host] = Math.Min(room[host], most - standing[cell]);
    }
}
