namespace VirtOpt.Solver.Formulation;

/// <summary>How many VMs of a class stay at, leave and reach a place.</summary>
/// <param name="Place">The place.</param>
/// <param name="Start">Counted VMs of the class that started there.</param>
/// <param name="Out">Variable: how many of them leave; -1 if none can.</param>
/// <param name="In">Variable: how many others come; -1 if none can.</param>
internal readonly record struct PlaceVariables(Place Place, int Start, int Out, int In)
{
    /// <summary>How many VMs of the class are at the place at the end.</summary>
    public LinearExpression Count()
    {
        LinearExpression count = new(Start);
        if (Out >= 0) count.Add(Out, -1);
        if (In >= 0) count.Add(In, 1);
        return count;
    }
}

/// <summary>The variables of a class: those of its places, with the row that as many come as leave, are new, or are away from a start out of reach.</summary>
internal sealed class ClassVariables
{
    /// <param name="rows">The program.</param>
    /// <param name="vmClass">The class.</param>
    /// <param name="places">The places that suit the class and are in reach.</param>
    /// <param name="startOf">The start of a VM, <see cref="Placement.Nowhere"/> if it has none.</param>
    /// <param name="inReach">Whether VMs may be put on a host.</param>
    /// <param name="mostComing">How many VMs of the class can come to a place at most.</param>
    /// <param name="isClosed">Whether all VMs of the class have to leave a place.</param>
    public ClassVariables(
        LinearModel rows, VmClass vmClass, IEnumerable<Place> places, Func<int, Place> startOf,
        Func<HostId, bool> inReach, Func<Place, long> mostComing, Func<Place, bool> isClosed)
    {
        Class = vmClass;
        Dictionary<Place, int> start = [];
        List<Place> away = [];
        foreach (int vm in vmClass.Vms)
            if (startOf(vm) is { Host.Index: >= 0 } home)
                if (inReach(home.Host)) start[home] = start.GetValueOrDefault(home) + 1;
                else away.Add(home);
        AwayFrom = away;
        List<PlaceVariables> variables = [];
        foreach (Place place in places.Concat(start.Keys).Distinct())
        {
            int here = start.GetValueOrDefault(place);
            long coming = Math.Min(vmClass.Vms.Count - here, mostComing(place));
            if (here == 0 && coming <= 0) continue;
            variables.Add(new PlaceVariables(
                place, here, here > 0 ? rows.AddVariable(isClosed(place) ? here : 0, here) : -1, coming > 0 ? rows.AddVariable(0, coming) : -1));
        }

        Places = variables;
        Balance(rows, vmClass.Vms.Count - start.Values.Sum());
    }

    public VmClass Class { get; }

    public IReadOnlyList<PlaceVariables> Places { get; }

    /// <summary>Starts, out of reach, of VMs that are counted here and stay away from them.</summary>
    public IReadOnlyList<Place> AwayFrom { get; }

    private void Balance(LinearModel rows, int coming)
    {
        LinearExpression balance = new();
        foreach (PlaceVariables place in Places)
        {
            if (place.In >= 0) balance.Add(place.In, 1);
            if (place.Out >= 0) balance.Add(place.Out, -1);
        }

        rows.AddRow(balance, coming, coming);
    }
}
