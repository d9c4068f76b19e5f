namespace VirtOpt;

/// <summary>A placement as the naive checks look at it: simple questions, answered by looking. Shares nothing with the engines.</summary>
public sealed class PlacementView
{
    private readonly List<VmId>[] vmsOn;
    private readonly Lazy<ILookup<HostId, VmId>> vmsLeft;

    /// <summary>Makes the view.</summary>
    /// <param name="cluster">The cluster.</param>
    /// <param name="placement">Where its VMs are.</param>
    public PlacementView(ClusterSnapshot cluster, Placement placement)
    {
        (Cluster, Placement) = (cluster, placement);
        vmsOn = new List<VmId>[cluster.Hosts.Count];
        for (int h = 0; h < vmsOn.Length; h++) vmsOn[h] = [];
        for (int v = 0; v < placement.Count; v++)
            if (IsPlaced(new VmId(v))) vmsOn[placement[new VmId(v)].Host.Index].Add(new VmId(v));
        vmsLeft = new(() => Enumerable.Range(0, placement.Count).Select(v => new VmId(v))
            .Where(vm => IsPlaced(vm) && cluster[vm].Start is { } start && start.Host != HostOf(vm)).ToLookup(vm => cluster[vm].Start!.Value.Host));
    }

    /// <summary>The cluster.</summary>
    public ClusterSnapshot Cluster { get; }

    /// <summary>Where its VMs are.</summary>
    public Placement Placement { get; }

    /// <summary>The hosts.</summary>
    public IEnumerable<HostId> Hosts => Enumerable.Range(0, Cluster.Hosts.Count).Select(h => new HostId(h));

    /// <summary>The VMs on a host.</summary>
    public IReadOnlyList<VmId> VmsOn(HostId host) => vmsOn[host.Index];

    /// <summary>The VMs that started on a host and are on another one now.</summary>
    public IEnumerable<VmId> VmsLeft(HostId host) => vmsLeft.Value[host];

    /// <summary>The host of a VM that is placed.</summary>
    public HostId HostOf(VmId vm) => Placement[vm].Host;

    /// <summary>Whether a VM is placed; one that is to be shut down counts as not placed.</summary>
    public bool IsPlaced(VmId vm) => Placement.IsPlaced(vm) && !Cluster[vm].IsLeaving;

    /// <summary>Whether a VM that had a place is now at another one.</summary>
    public bool HasMoved(VmId vm) => Cluster[vm].Start is { } start && IsPlaced(vm) && start != Placement[vm];

    /// <summary>Demand of the VMs on a host in a dimension.</summary>
    public long DemandOn(HostId host, int dimension) => VmsOn(host).Sum(vm => Cluster[vm].Demand[dimension]);

    /// <summary>Demand in a dimension on NUMA node <paramref name="node"/> of a host; a VM on several nodes loads each with its share, rounded up.</summary>
    public long DemandOnNode(HostId host, int node, int dimension) => VmsOn(host)
        .Where(vm => (Placement[vm].NumaMask >> node & 1) == 1)
        .Sum(vm => DividedUp(Cluster[vm].Demand[dimension], Cluster[vm].NumaNodes));

    /// <summary>Demand in a dimension on GPU <paramref name="gpu"/> of a host; a VM on several GPUs loads each with its share, rounded up.</summary>
    public long DemandOnGpu(HostId host, int gpu, int dimension) => VmsOn(host)
        .Where(vm => (Placement[vm].GpuMask >> gpu & 1) == 1)
        .Sum(vm => DividedUp(Cluster[vm].Demand[dimension], Cluster[vm].Gpus));

    /// <summary>The placed VMs of a group, by the item of a scope that they are in.</summary>
    public IEnumerable<IGrouping<string, VmId>> ByItem(VmGroup group, string scope)
    {
        Scope items = Cluster.Scope(scope);
        return group.Members.Where(IsPlaced).GroupBy(vm => items.Items[items.ItemOf(HostOf(vm))], StringComparer.Ordinal);
    }

    private static long DividedUp(long amount, int parts) => (amount + parts - 1) / parts;
}
