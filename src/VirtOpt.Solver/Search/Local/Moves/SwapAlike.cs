namespace VirtOpt.Solver.Search.Local.Moves;

/// <summary>Two VMs of about the same size take each other's places: more often than any two they fit, and change little.</summary>
internal sealed class SwapAlike : Move
{
    public override string Name => "swap of a size";

    public override bool Try(SearchField field, double limit)
    {
        int vm = field.RandomVm();
        return field.TrySwap(vm, field.RandomVmLike(vm), limit);
    }
}
