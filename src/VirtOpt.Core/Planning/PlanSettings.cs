namespace VirtOpt;

/// <summary>What may be done where VMs block each other and no hop to spare room helps.</summary>
public enum CycleBreak
{
    /// <summary>Nothing: the VMs stay behind.</summary>
    None,

    /// <summary>A VM is saved to storage that both hosts reach, and resumed on its target: it stands still, its memory is kept.</summary>
    Suspend,

    /// <summary>A VM is shut down and booted on its target.</summary>
    Cold,
}

/// <summary>What a timed plan is made for: how long actions take, what may run at the same time, and what is known of single VMs.</summary>
public sealed record PlanSettings
{
    private static readonly string[] MemoryNames = ["memory", "mem", "ram"];
    private static readonly VmTransfer Unknown = new();

    /// <summary>How long actions take.</summary>
    public TransferModel Transfer { get; init; } = new();

    /// <summary>What may run at the same time, and when.</summary>
    public PlanLimits Limits { get; init; } = new();

    /// <summary>What is known of single VMs.</summary>
    public IReadOnlyDictionary<VmId, VmTransfer> Vms { get; init; } = new Dictionary<VmId, VmTransfer>();

    /// <summary>The dimension that is memory; null for the first one that is called <c>memory</c>, <c>mem</c> or <c>ram</c>.</summary>
    public string? MemoryDimension { get; init; }

    /// <summary>What may be done where VMs block each other and no hop helps. Default: nothing.</summary>
    public CycleBreak BreakCycles { get; init; }

    /// <summary>Refuses settings that make no sense, by themselves or for a cluster.</summary>
    /// <exception cref="InvalidInputException">Something is out of its range or names what the cluster does not have.</exception>
    public void Validate(ClusterSnapshot cluster)
    {
        Transfer.Validate();
        Limits.Validate(cluster);
        if (MemoryDimension is not null) cluster.DimensionNamed(MemoryDimension);
        foreach ((VmId vm, VmTransfer transfer) in Vms) transfer.Validate($"VM ({cluster[vm].Name})");
    }

    /// <summary>What is known of a VM; all defaults if nothing is.</summary>
    public VmTransfer Of(VmId vm) => Vms.GetValueOrDefault(vm) ?? Unknown;

    /// <summary>Memory of a VM, in MiB. A dimension in a unit other than bytes and their multiples counts as MiB.</summary>
    public double MemoryMiB(ClusterSnapshot cluster, VmId vm)
    {
        if (Of(vm).MemoryMiB is { } known) return known;
        int dimension = MemoryDimension is null ? FindMemory(cluster) : cluster.DimensionNamed(MemoryDimension);
        return dimension < 0 ? Transfer.UnknownMemoryMiB : cluster[vm].Demand[dimension] * MiBPer(cluster.Dimensions[dimension].Unit);
    }

    /// <summary>How a VM is moved.</summary>
    public TransferMode ModeOf(ClusterSnapshot cluster, VmId vm) =>
        Of(vm).Mode ?? (cluster[vm].Downtime == DowntimeClass.Cold ? TransferMode.Cold : Transfer.Mode);

    /// <summary>What a migration of a VM between hosts takes.</summary>
    public TransferEstimate Estimate(ClusterSnapshot cluster, VmId vm) => Transfer.Estimate(MemoryMiB(cluster, vm), Of(vm), ModeOf(cluster, vm));

    /// <summary>Whole seconds that a move of a VM takes, rounded up, at least 1. Moves within a host take only the overhead.</summary>
    public long MoveSeconds(ClusterSnapshot cluster, VmId vm, Place from, Place to) =>
        Whole(from.Host == to.Host ? Transfer.Overhead : Estimate(cluster, vm).Seconds);

    /// <summary>
    /// Whole seconds that a VM takes to give up its place, or to come back to one, where a cycle is broken: memory is written or read at the bandwidth of a
    /// migration, or the VM is shut down and booted.
    /// </summary>
    public long BreakSeconds(ClusterSnapshot cluster, VmId vm, bool isBack) => Whole(BreakCycles == CycleBreak.Cold
        ? isBack ? BootSeconds(vm) : ShutdownSeconds(vm)
        : Transfer.Estimate(MemoryMiB(cluster, vm), new VmTransfer(), TransferMode.PostCopy).Seconds);

    /// <summary>The kind of action that moves a VM.</summary>
    public ActionKind MoveKind(ClusterSnapshot cluster, VmId vm, Place from, Place to) => ModeOf(cluster, vm) switch
    {
        TransferMode.Cold => ActionKind.ColdMigrate,
        _ when Of(vm).DiskMiB > 0 && from.Host != to.Host => ActionKind.MigrateWithStorage,
        _ => ActionKind.Migrate,
    };

    /// <summary>Seconds that a VM takes to boot.</summary>
    public double BootSeconds(VmId vm) => Of(vm).BootSeconds ?? Transfer.BootSeconds;

    /// <summary>Seconds that a VM takes to shut down.</summary>
    public double ShutdownSeconds(VmId vm) => Of(vm).ShutdownSeconds ?? Transfer.ShutdownSeconds;

    /// <summary>Seconds that a VM takes to get another amount of a resource.</summary>
    public double ResizeSeconds(VmId vm) => Of(vm).ResizeSeconds ?? Transfer.ResizeSeconds;

    /// <summary>Whole seconds, rounded up, at least 1.</summary>
    public static long Whole(double seconds) => Math.Max(1, (long)Math.Ceiling(Math.Min(seconds, PlanLimits.Most) - 1e-9));

    private static int FindMemory(ClusterSnapshot cluster)
    {
        for (int d = 0; d < cluster.Dimensions.Count; d++)
            if (MemoryNames.Contains(cluster.Dimensions[d].Name, StringComparer.OrdinalIgnoreCase)) return d;
        return -1;
    }

    private static double MiBPer(string unit) => unit.ToUpperInvariant() switch
    {
        "BYTE" or "BYTES" or "B" => 1.0 / (1 << 20),
        "KIB" => 1.0 / 1024,
        "KB" => 1e3 / (1 << 20),
        "MB" => 1e6 / (1 << 20),
        "GB" => 1e9 / (1 << 20),
        "GIB" => 1024,
        "TIB" => 1 << 20,
        _ => 1,
    };
}
