namespace VirtOpt;

/// <summary>Settings of a plan while they are read.</summary>
internal sealed class SettingsDraft(ClusterSnapshot cluster)
{
    private static readonly JsonFields<SettingsDraft> TransferFields = new("transfer model")
    {
        { "bandwidth", (c, s) => s.transfer = s.transfer with { Bandwidth = c.Number() } },
        { "compression", (c, s) => s.transfer = s.transfer with { Compression = c.Number() } },
        { "mostRounds", (c, s) => s.transfer = s.transfer with { MostRounds = (int)c.Whole(1, 10_000) } },
        { "downtimeLimit", (c, s) => s.transfer = s.transfer with { DowntimeLimit = c.Number() } },
        { "overhead", (c, s) => s.transfer = s.transfer with { Overhead = c.Number() } },
        { "dirtyRate", (c, s) => s.transfer = s.transfer with { DirtyRate = c.Number() } },
        { "workingSetShare", (c, s) => s.transfer = s.transfer with { WorkingSetShare = c.Number() } },
        { "mode", (c, s) => s.transfer = s.transfer with { Mode = c.Choice<TransferMode>() } },
        { "unknownMemory", (c, s) => s.transfer = s.transfer with { UnknownMemoryMiB = c.Number() } },
        { "boot", (c, s) => s.transfer = s.transfer with { BootSeconds = c.Number() } },
        { "shutdown", (c, s) => s.transfer = s.transfer with { ShutdownSeconds = c.Number() } },
        { "resize", (c, s) => s.transfer = s.transfer with { ResizeSeconds = c.Number() } },
        { "hostBoot", (c, s) => s.transfer = s.transfer with { HostBootSeconds = c.Number() } },
        { "hostShutdown", (c, s) => s.transfer = s.transfer with { HostShutdownSeconds = c.Number() } },
    };

    private static readonly JsonFields<SettingsDraft> LimitFields = new("limits")
    {
        { "perHost", (c, s) => s.limits = s.limits with { PerHost = Limit(c) } },
        { "perHostOut", (c, s) => s.limits = s.limits with { PerHostOut = Limit(c) } },
        { "perHostIn", (c, s) => s.limits = s.limits with { PerHostIn = Limit(c) } },
        { "inCluster", (c, s) => s.limits = s.limits with { InCluster = Limit(c) } },
        { "linkScope", (c, s) => s.limits = s.limits with { LinkScope = c.Name() } },
        { "perLink", (c, s) => s.limits = s.limits with { PerLink = (int)c.Whole(1, PlanLimits.Most) } },
        { "deadline", (c, s) => s.limits = s.limits with { Deadline = Limit(c) } },
        { "maxMigrations", (c, s) => s.limits = s.limits with { MaxMigrations = Limit(c) } },
        { "maxMoved", (c, s) => s.limits = s.limits with { MaxMovedMiB = c.IsNull ? null : c.Number() } },
        { "waveSize", (c, s) => s.limits = s.limits with { WaveSize = Limit(c) } },
        { "wavePause", (c, s) => s.limits = s.limits with { WavePause = c.Whole(0, PlanLimits.Most) } },
        { "windows", (c, s) => s.limits = s.limits with { Windows = c.List("windows", () => Window(c)) } },
    };

    private static readonly JsonFields<VmDraft> VmFields = new("VM of the settings")
    {
        { "vm", (c, v) => v.Vm = c.Located(() => v.Cluster.VmNamed(c.Scalar())), true },
        { "memory", (c, v) => v.Transfer = v.Transfer with { MemoryMiB = c.Number() } },
        { "dirtyRate", (c, v) => v.Transfer = v.Transfer with { DirtyRate = c.Number() } },
        { "workingSet", (c, v) => v.Transfer = v.Transfer with { WorkingSetMiB = c.Number() } },
        { "disk", (c, v) => v.Transfer = v.Transfer with { DiskMiB = c.Number() } },
        { "mode", (c, v) => v.Transfer = v.Transfer with { Mode = c.Choice<TransferMode>() } },
        { "seconds", (c, v) => v.Transfer = v.Transfer with { Seconds = c.Number() } },
        { "bootSeconds", (c, v) => v.Transfer = v.Transfer with { BootSeconds = c.Number() } },
        { "shutdownSeconds", (c, v) => v.Transfer = v.Transfer with { ShutdownSeconds = c.Number() } },
        { "resizeSeconds", (c, v) => v.Transfer = v.Transfer with { ResizeSeconds = c.Number() } },
    };

    private static readonly JsonFields<long[]> WindowFields = new("window")
    {
        { "start", (c, w) => w[0] = c.Whole(0, PlanLimits.Most), true },
        { "end", (c, w) => w[1] = c.Whole(1, PlanLimits.Most), true },
    };

    private readonly Dictionary<VmId, VmTransfer> vms = [];
    private TransferModel transfer = new();
    private PlanLimits limits = new();
    private CycleBreak breakCycles;
    private string? memoryDimension;

    /// <summary>The fields of settings; a file of their own adds its format and version.</summary>
    public static JsonFields<SettingsDraft> MakeFields() => new("plan settings")
    {
        { "memoryDimension", (c, s) => s.memoryDimension = c.Name() },
        { "breakCycles", (c, s) => s.breakCycles = c.Choice<CycleBreak>() },
        { "transfer", (c, s) => c.Object(TransferFields, s) },
        { "limits", (c, s) => c.Object(LimitFields, s) },
        { "vms", (c, s) => c.Array("VMs", () => s.ReadVm(c)) },
    };

    public PlanSettings ToSettings() =>
        new() { Transfer = transfer, Limits = limits, Vms = vms, MemoryDimension = memoryDimension, BreakCycles = breakCycles };

    private void ReadVm(JsonCursor cursor)
    {
        VmDraft draft = new(cluster);
        cursor.Object(VmFields, draft);
        if (!vms.TryAdd(draft.Vm, draft.Transfer)) throw cursor.Error($"the VM ({cluster[draft.Vm].Name}) is there twice", "two files were joined.");
    }

    private static int? Limit(JsonCursor cursor) => cursor.IsNull ? null : (int)cursor.Whole(1, PlanLimits.Most);

    private static TimeWindow Window(JsonCursor cursor)
    {
        long[] ends = new long[2];
        cursor.Object(WindowFields, ends);
        return new TimeWindow(ends[0], ends[1]);
    }

    private sealed class VmDraft(ClusterSnapshot cluster)
    {
        public ClusterSnapshot Cluster => cluster;

        public VmId Vm { get; set; }

        public VmTransfer Transfer { get; set; } = new();
    }
}
