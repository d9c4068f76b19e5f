namespace VirtOpt.Solver.Search.Local.Moves;

/// <summary>All VMs of a host go to other hosts in use, each to the first that has room: fewer hosts in use (VMware DPM: evacuate to power off).</summary>
internal sealed class Evacuate : Move
{
    private const int MostVms = 256;

    public override string Name => "evacuation";

    public override bool Suits(PlacementModel model) => model.Goals.Any(GoalKinds.IsConsolidation);

    public override bool Try(SearchField field, double limit)
    {
        int host = field.RandomHost();
        Span<int> vms = stackalloc int[MostVms];
        Span<Place> from = stackalloc Place[MostVms];
        int count = field.State.CountOn(host);
        if (count is 0 or > MostVms) return false;
        field.State.VmsOn(host).CopyTo(vms);
        double before = field.State.Energy;
        int moved = 0;
        while (moved < count)
        {
            from[moved] = field.State.PlaceOf(vms[moved]);
            if (!TryElsewhere(field, vms[moved], host)) break;
            moved++;
        }

        if (moved == count && field.State.Energy - before <= limit) return true;
        while (moved-- > 0) field.State.PutBack(vms[moved], from[moved]);
        return false;
    }

    private static bool TryElsewhere(SearchField field, int vm, int host)
    {
        foreach (int other in field.HostsFromAny())
            if (other != host && field.State.CountOn(other) > 0 && field.TryPlaceOn(vm, other, out Place place) && field.TryShift(vm, place, double.MaxValue))
                return true;
        return false;
    }
}
