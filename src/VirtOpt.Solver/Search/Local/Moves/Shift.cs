namespace VirtOpt.Solver.Search.Local.Moves;

/// <summary>
/// One VM goes to another place (Gavranović, Buljubašić and Demirović 2012, "Variable neighborhood search for Google machine reassignment": shift).
/// </summary>
internal sealed class Shift : Move
{
    public override string Name => "shift";

    public override bool Try(SearchField field, double limit)
    {
        int vm = field.RandomVm();
        return field.TryRandomPlace(vm, out Place to) && field.TryShift(vm, to, limit);
    }
}
