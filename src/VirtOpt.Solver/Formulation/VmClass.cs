namespace VirtOpt.Solver.Formulation;

/// <summary>What the VMs of a class charge to a family.</summary>
/// <param name="Family">The family.</param>
/// <param name="Weight">Where a VM is.</param>
/// <param name="Leaving">Where one was that has left; once, or as often as <see cref="Left"/> says.</param>
/// <param name="Arriving">Where one has come to, beside the weight.</param>
/// <param name="Start">The start of all VMs of the class, if the family tells starts apart.</param>
internal readonly record struct Charge(LoadFamily Family, long Weight, long Leaving, long Arriving, Place Start)
{
    /// <summary>What a VM that comes to a place charges there.</summary>
    public long Coming(Place to) => Weight + (Family.TellsStartsApart && Arriving != 0 ? Arriving * Family.Times(Start, to) : Arriving);

    /// <summary>What a VM that comes to a place charges to its start; only in a family that tells starts apart, others charge it on leaving.</summary>
    public long Left(Place to) => Family.TellsStartsApart && Leaving != 0 ? Leaving * Family.Times(Start, to) : 0;

    /// <summary>What a VM that leaves its start charges there, wherever it goes.</summary>
    public long LeavingAnyway => Family.TellsStartsApart ? 0 : Leaving;
}

/// <summary>
/// VMs that are alike: same shape and same charges to every family. The exact model counts them instead of telling them apart; where they
/// started does not matter, because charges for leaving and arriving are counted at each end, unless a family prices pairs of hosts: then VMs of
/// one class share their start.
/// </summary>
internal sealed class VmClass
{
    private VmClass(IReadOnlyList<int> vms, IReadOnlyList<Charge> charges, IReadOnlyList<int> broken) => (Vms, Charges, BrokenAtStart) = (vms, charges, broken);

    /// <summary>The VMs, ascending.</summary>
    public IReadOnlyList<int> Vms { get; }

    /// <summary>Their charges; families that they do not charge are left out.</summary>
    public IReadOnlyList<Charge> Charges { get; }

    /// <summary>Positions of the requirements that each VM of the class breaks by itself at its start: there it may stay broken.</summary>
    public IReadOnlyList<int> BrokenAtStart { get; }

    /// <summary>Sorts VMs into classes.</summary>
    /// <param name="model">The problem.</param>
    /// <param name="vms">The VMs.</param>
    /// <param name="singly">True for a class for each VM.</param>
    public static IReadOnlyList<VmClass> Sort(PlacementModel model, IEnumerable<int> vms, bool singly = false)
    {
        Dictionary<NumbersKey, List<int>> classes = [];
        int[] perVm = [.. Enumerable.Range(0, model.Requirements.Count).Where(r => model.Requirements[r].Term is SumTerm { PerVm: true })];
        foreach (int vm in vms)
        {
            NumbersKey key = new(singly ? [vm] : Signature(model, perVm, vm));
            if (!classes.TryGetValue(key, out List<int>? members)) classes[key] = members = [];
            members.Add(vm);
        }

        return [.. classes.Values.Select(members => new VmClass(members, [.. ChargesOf(model, members[0])], [.. BrokenBy(model, perVm, members[0])]))];
    }

    /// <summary>What a VM charges.</summary>
    public static IEnumerable<Charge> ChargesOf(PlacementModel model, int vm)
    {
        Place start = model.Cluster.Vms[vm].Start ?? Placement.Nowhere;
        foreach (LoadFamily family in model.DenseFamilies)
            if (At(family, vm, start) is { IsNothing: false } charge) yield return charge.Value;
        foreach ((LoadFamily family, int position) in model.SparseFamiliesOf[vm])
            if (At(family, position, start) is { IsNothing: false } charge) yield return charge.Value;
    }

    private static IEnumerable<int> BrokenBy(PlacementModel model, int[] perVm, int vm)
    {
        if (model.Cluster.Vms[vm].Start is not { } start) yield break;
        foreach (int r in perVm)
            if (IsBrokenBy((SumTerm)model.Requirements[r].Term, vm, start)) yield return r;
    }

    private static bool IsBrokenBy(SumTerm term, int vm, Place place)
    {
        int position = term.Family.PositionOf(vm);
        if (position < 0) return false;
        foreach (int cell in term.Family.CellsOf(place))
            if (term.Functions[cell].At(term.Family.Weight(position)) > 0) return true;
        return false;
    }

    private static (Charge Value, bool IsNothing) At(LoadFamily family, int position, Place start)
    {
        Charge charge = new(
            family, family.Weight(position), family.LeavingWeight(position),
            family.ArrivingWeight(position), family.TellsStartsApart ? start : Placement.Nowhere);
        return (charge, charge is { Weight: 0, Leaving: 0, Arriving: 0 });
    }

    private static long[] Signature(PlacementModel model, int[] perVm, int vm)
    {
        VirtualMachine machine = model.Cluster.Vms[vm];
        List<long> signature = [machine.NumaNodes, machine.Gpus, machine.Start is null ? 0 : 1];
        if (machine.Gpus > 0) signature.AddRange(string.Join('|', machine.GpuModels).Select(c => (long)c).Append(-1));
        foreach (Charge charge in ChargesOf(model, vm)) Add(signature, charge);
        signature.Add(-1);
        signature.AddRange(BrokenBy(model, perVm, vm).Select(r => (long)r));
        return [.. signature];
    }

    private static void Add(List<long> signature, Charge charge)
    {
        signature.AddRange([charge.Family.Index, charge.Weight, charge.Leaving, charge.Arriving]);
        bool dependsOnStart = charge.Family.TellsStartsApart && (charge.Leaving != 0 || charge.Arriving != 0);
        if (dependsOnStart) signature.AddRange([charge.Start.Host.Index, charge.Start.NumaMask, charge.Start.GpuMask]);
    }
}
