namespace VirtOpt.Solver.Search.Local.Moves;

/// <summary>A VM goes back to its start, and one that is there now goes where it was: where hosts are full, there is no other way home.</summary>
internal sealed class ReturnBySwap : Move
{
    public override string Name => "return by a swap";

    public override bool Suits(PlacementModel model) => model.ChargesMigrations();

    public override bool Try(SearchField field, double limit) =>
        field.TryRandomVmAway(out int vm, out Place start)
        && field.TryRandomVmOn(start.Host.Index, out int other)
        && field.TrySwap(vm, other, limit);
}
