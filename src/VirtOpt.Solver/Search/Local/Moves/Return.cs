namespace VirtOpt.Solver.Search.Local.Moves;

/// <summary>
/// A VM goes back to its start. It is one place of many, seldom drawn by chance, and unlike any other: nothing is paid for a migration, and where the
/// source stays charged while a VM moves, the VM adds nothing to its load there.
/// </summary>
internal sealed class Return : Move
{
    public override string Name => "return";

    public override bool Suits(PlacementModel model) => model.ChargesMigrations();

    public override bool Try(SearchField field, double limit) => field.TryRandomVmAway(out int vm, out Place start) && field.TryShift(vm, start, limit);
}
