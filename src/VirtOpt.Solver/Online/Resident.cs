using System.Diagnostics.CodeAnalysis;

namespace VirtOpt.Solver.Online;

/// <summary>A VM of a running cluster.</summary>
/// <param name="vm">The VM; where it started does not matter.</param>
/// <param name="place">Where it is; nowhere for one that is to be placed.</param>
/// <param name="forecasts">Per forecast of the problem its demand slot by slot.</param>
internal sealed class Resident(VirtualMachine vm, Place place, IReadOnlyList<IReadOnlyList<long>> forecasts)
{
    /// <summary>The VM without a start.</summary>
    public VirtualMachine Vm { get; } = vm with { Start = null, Movable = true };

    /// <summary>False if it cannot leave its place.</summary>
    public bool IsMovable { get; } = vm.Movable;

    /// <summary>Where it is.</summary>
    public Place Place
    {
        get;
        set
        {
            field = value;
            Settled = null;
        }
    } = place;

    /// <summary>Where it is; null if it is nowhere.</summary>
    public Place? Start => Place.Host.Index < 0 ? null : Place;

    /// <summary>The VM as one that started where it is.</summary>
    [AllowNull]
    public VirtualMachine Settled
    {
        get => field ??= Vm with { Start = Place, Movable = IsMovable };
        private set;
    }

    /// <summary>Per forecast of the problem its demand slot by slot.</summary>
    public IReadOnlyList<IReadOnlyList<long>> Forecasts { get; } = forecasts;

    /// <summary>The groups that it is in.</summary>
    public List<Crew> Crews { get; } = [];

    /// <summary>
    /// True if it can be summed up with others at its place: its even shares of NUMA nodes and GPUs are whole, so that the share of a sum is the sum of
    /// the shares.
    /// </summary>
    public bool CanBeSummed { get; } = vm.Demand.All(d => d % Math.Max(1, vm.NumaNodes) == 0 && d % Math.Max(1, vm.Gpus) == 0);
}

/// <summary>A group of VMs that come and go.</summary>
/// <param name="origin">The group as rules name it.</param>
internal sealed class Crew(VmGroup origin)
{
    /// <summary>The group as rules name it.</summary>
    public VmGroup Origin { get; } = origin;

    /// <summary>Who is in it now.</summary>
    public List<Resident> Members { get; } = [];
}
