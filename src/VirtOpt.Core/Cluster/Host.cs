namespace VirtOpt;

/// <summary>Whether a host may run VMs.</summary>
public enum HostState
{
    /// <summary>Runs and receives VMs.</summary>
    Available,

    /// <summary>To be emptied: its VMs leave, none comes.</summary>
    Maintenance,

    /// <summary>Not running: holds no VM and receives none.</summary>
    Off,
}

/// <summary>A physical machine that runs VMs. Immutable; validated by <see cref="ClusterSnapshot"/>.</summary>
public sealed record Host
{
    /// <summary>Unique name in the cluster.</summary>
    public required string Name { get; init; }

    /// <summary>Installed amount per dimension, in the dimension's unit, at least 0.</summary>
    public required ResourceVector Capacity { get; init; }

    /// <summary>Amount per dimension kept for the hypervisor itself; 0 to <see cref="Capacity"/>. Empty means none.</summary>
    public ResourceVector Reserve { get; init; } = ResourceVector.Empty;

    /// <summary>Overcommit ratio per dimension in per cent of what the reserve leaves: 100 means none, 400 means four times. Empty means 100.</summary>
    public ResourceVector OvercommitPercent { get; init; } = ResourceVector.Empty;

    /// <summary>
    /// Load per dimension above which the host is no longer comfortable, in the dimension's unit, at least 0; may be above what is usable. Empty means
    /// what is usable. Only <see cref="SafetyLoad"/> looks at it.
    /// </summary>
    public ResourceVector Safety { get; init; } = ResourceVector.Empty;

    /// <summary>Whether the host may run VMs.</summary>
    public HostState State { get; init; } = HostState.Available;

    /// <summary>
    /// The state that the host is in now, if a plan is to change it: off for an available host that is switched on before VMs come, available for one that
    /// is emptied and switched off. Null means <see cref="State"/>.
    /// </summary>
    public HostState? StateNow { get; init; }

    /// <summary>Item of each scope that the host is in, for example <c>rack</c> to <c>r12</c>. The scope <c>host</c> exists without being named.</summary>
    public IReadOnlyDictionary<string, string> Labels { get; init; } = EmptyLabels;

    /// <summary>Free words that describe the host.</summary>
    public IReadOnlyList<string> Tags { get; init; } = [];

    /// <summary>CPU model as the hypervisor names it; empty if unknown.</summary>
    public string CpuModel { get; init; } = "";

    /// <summary>Price of using the host, in any unit that is the same for all hosts; at least 0.</summary>
    public long Price { get; init; } = 1;

    /// <summary>Electric power against utilisation; null if unknown.</summary>
    public PowerCurve? Power { get; init; }

    /// <summary>NUMA nodes; empty if the host is not looked at that closely.</summary>
    public IReadOnlyList<HostPart> NumaNodes { get; init; } = [];

    /// <summary>GPUs; empty if there are none.</summary>
    public IReadOnlyList<HostPart> Gpus { get; init; } = [];

    internal static IReadOnlyDictionary<string, string> EmptyLabels { get; } = new Dictionary<string, string>();

    /// <summary>What VMs may use in this dimension: (capacity - reserve) x overcommit, rounded down.</summary>
    public long Usable(int dimension) =>
        OvercommitPercent.Count == 0 ? Physical(dimension) : (long)((Int128)Physical(dimension) * OvercommitPercent[dimension] / 100);

    /// <summary>What VMs may use in this dimension without overcommit: capacity - reserve.</summary>
    public long Physical(int dimension) => Capacity[dimension] - (Reserve.Count == 0 ? 0 : Reserve[dimension]);

    /// <summary>A share of <see cref="Physical"/> in per cent, rounded down.</summary>
    public long PhysicalShare(int dimension, int percent) => (long)((Int128)Physical(dimension) * percent / 100);

    /// <summary>Load in this dimension above which the host is no longer comfortable.</summary>
    public long SafetyOf(int dimension) => Safety.Count == 0 ? Usable(dimension) : Safety[dimension];

    /// <summary>True if the host is off now and is to be available.</summary>
    public bool IsToBoot => State == HostState.Available && StateNow == HostState.Off;

    /// <summary>True if the host runs now and is to be off.</summary>
    public bool IsToShutDown => State == HostState.Off && StateNow == HostState.Available;

    /// <inheritdoc/>
    public override string ToString() => Name;
}

/// <summary>A NUMA node or a GPU of a host: a part with a capacity of its own.</summary>
/// <param name="Capacity">Amount that VMs may use per dimension; 0 in a dimension that the part does not limit (see <see cref="Limits"/>).</param>
/// <param name="Limits">Positions of the dimensions that the part limits, ascending.</param>
/// <param name="Model">Model name (of a GPU); empty if unknown.</param>
public sealed record HostPart(ResourceVector Capacity, IReadOnlyList<int> Limits, string Model = "");
