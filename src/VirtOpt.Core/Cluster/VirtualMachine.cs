namespace VirtOpt;

/// <summary>How a VM's migration is felt by its users.</summary>
public enum DowntimeClass
{
    /// <summary>Live migration: no interruption to speak of.</summary>
    Live,

    /// <summary>A short pause is felt (large or busy memory).</summary>
    Paused,

    /// <summary>The VM is stopped, moved and started.</summary>
    Cold,
}

/// <summary>A virtual machine with what it needs and where it is. Immutable; validated by <see cref="ClusterSnapshot"/>.</summary>
public sealed record VirtualMachine
{
    /// <summary>Unique name in the cluster.</summary>
    public required string Name { get; init; }

    /// <summary>Amount used per dimension, in the dimension's unit, at least 0.</summary>
    public required ResourceVector Demand { get; init; }

    /// <summary>
    /// Amount used per dimension now, if a plan is to change it to <see cref="Demand"/> (resize): placements are judged by what is to be, plans begin with
    /// what is. Empty means <see cref="Demand"/>.
    /// </summary>
    public ResourceVector DemandNow { get; init; } = ResourceVector.Empty;

    /// <summary>
    /// True if the VM is to be shut down: no rule and no objective counts it, it takes room on its start host until a plan has shut it down. It cannot move,
    /// its <see cref="Demand"/> is 0, and <see cref="DemandNow"/> is what it takes until then.
    /// </summary>
    public bool IsLeaving { get; init; }

    /// <summary>Amount guaranteed per dimension, never overcommitted; empty means none.</summary>
    public ResourceVector Reservation { get; init; } = ResourceVector.Empty;

    /// <summary>Number of NUMA nodes that the VM spans, its demand split evenly over them; 0 if it is not bound to nodes.</summary>
    public int NumaNodes { get; init; }

    /// <summary>Number of GPUs that the VM holds, its GPU demand split evenly over them; 0 for none.</summary>
    public int Gpus { get; init; }

    /// <summary>GPU models that will do; empty means any.</summary>
    public IReadOnlyList<string> GpuModels { get; init; } = [];

    /// <summary>Where the VM is now; null if it has not been placed yet.</summary>
    public Place? Start { get; init; }

    /// <summary>False if the VM cannot leave its start (passthrough device, local disk, operator's word).</summary>
    public bool Movable { get; init; } = true;

    /// <summary>Why the VM is not movable; empty if it is or nobody said.</summary>
    public string PinReason { get; init; } = "";

    /// <summary>Importance: of two VMs, the one with the higher number is served first.</summary>
    public int Priority { get; init; }

    /// <summary>What one migration of the VM costs, at least 0, relative to other VMs.</summary>
    public long MigrationCost { get; init; } = 1;

    /// <summary>How a migration of the VM is felt.</summary>
    public DowntimeClass Downtime { get; init; }

    /// <summary>What the VM uses now in a dimension.</summary>
    public long Uses(int dimension) => DemandNow.Count == 0 ? Demand[dimension] : DemandNow[dimension];

    /// <inheritdoc/>
    public override string ToString() => Name;
}

/// <summary>Where on a host a VM sits: the host itself, or some of its NUMA nodes, and some of its GPUs.</summary>
/// <param name="Host">The host.</param>
/// <param name="NumaMask">Bit n is set if the VM uses NUMA node n; 0 for a VM that is not bound to nodes.</param>
/// <param name="GpuMask">Bit n is set if the VM uses GPU n.</param>
public readonly record struct Place(HostId Host, uint NumaMask = 0, uint GpuMask = 0);
