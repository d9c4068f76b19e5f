namespace VirtOpt;

/// <summary>Where every VM is. Immutable.</summary>
public sealed class Placement
{
    private readonly Place[] places;

    /// <summary>Makes a placement.</summary>
    /// <param name="places">One place per VM in the order of the cluster; <see cref="Nowhere"/> for a VM that is not placed.</param>
    public Placement(ReadOnlySpan<Place> places) => this.places = places.ToArray();

    /// <summary>The place of a VM that is not placed.</summary>
    public static Place Nowhere { get; } = new(new HostId(-1));

    /// <summary>Number of VMs.</summary>
    public int Count => places.Length;

    /// <summary>The place of a VM.</summary>
    public Place this[VmId vm] => places[vm.Index];

    /// <summary>The places in VM order.</summary>
    public ReadOnlySpan<Place> Places => places;

    /// <summary>Where the VMs of a cluster are now.</summary>
    public static Placement StartOf(ClusterSnapshot cluster) => new([.. cluster.Vms.Select(vm => vm.Start ?? Nowhere)]);

    /// <summary>Whether a VM is placed.</summary>
    public bool IsPlaced(VmId vm) => places[vm.Index].Host.Index >= 0;
}
