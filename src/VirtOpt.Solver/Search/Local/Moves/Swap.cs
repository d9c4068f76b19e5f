namespace VirtOpt.Solver.Search.Local.Moves;

/// <summary>Two VMs take each other's places (Gavranović, Buljubašić and Demirović 2012: swap).</summary>
internal sealed class Swap : Move
{
    public override string Name => "swap";

    public override bool Try(SearchField field, double limit)
    {
        int vm = field.RandomVm();
        return field.TryRandomPlace(vm, out Place place) && field.TryRandomVmOn(place.Host.Index, out int other) && field.TrySwap(vm, other, limit);
    }
}
