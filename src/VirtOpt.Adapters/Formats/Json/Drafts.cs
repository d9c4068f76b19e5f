namespace VirtOpt;

/// <summary>A dimension being read.</summary>
internal sealed class DimensionDraft
{
    public static readonly JsonFields<DimensionDraft> Fields = new("dimension")
    {
        { "name", (c, d) => d.Name = c.Name(), true },
        { "unit", (c, d) => d.Unit = c.Name(), true },
        { "transient", (c, d) => d.IsTransient = c.Flag() },
    };

    public string Name { get; private set; } = "";

    public string Unit { get; private set; } = "";

    public bool IsTransient { get; private set; }
}

/// <summary>A group being read.</summary>
internal sealed class GroupDraft(NameIndex names)
{
    public static readonly JsonFields<GroupDraft> HostFields = new("host group")
    {
        { "name", (c, g) => g.Name = c.Name(), true },
        { "hosts", (c, g) => g.Read(c), true },
    };

    public static readonly JsonFields<GroupDraft> VmFields = new("VM group")
    {
        { "name", (c, g) => g.Name = c.Name(), true },
        { "vms", (c, g) => g.Read(c), true },
    };

    public string Name { get; private set; } = "";

    /// <summary>Positions of the members, ascending.</summary>
    public List<int> Members { get; private set; } = [];

    private void Read(JsonCursor cursor)
    {
        HashSet<int> seen = [];
        cursor.Array("names of the members", () =>
        {
            if (!seen.Add(names.Find(cursor, cursor.Name())))
                throw cursor.Error($"the member ({cursor.Name()}) is there twice", "one of them was meant to be another.");
        });
        Members = [.. seen.Order()];
    }
}

/// <summary>A host being read.</summary>
internal sealed class HostDraft(VectorReader vectors, IReadOnlyList<Dimension> dimensions)
{
    public static readonly JsonFields<HostDraft> Fields = new("host")
    {
        { "name", (c, h) => h.Name = c.Name(), true },
        { "capacity", (c, h) => h.capacity = h.Amounts(c), true },
        { "reserve", (c, h) => h.reserve = h.Amounts(c, mayOmit: true) },
        { "overcommitPercent", (c, h) => h.overcommit = h.Amounts(c, mayOmit: true, omitted: 100) },
        { "safety", (c, h) => h.safety = h.Amounts(c, mayOmit: true, omitted: -1) },
        { "state", (c, h) => h.state = c.Choice<HostState>() },
        { "stateNow", (c, h) => h.stateNow = c.Choice<HostState>() },
        { "labels", (c, h) => c.Map("labels by scope", scope => h.Label(c, scope)) },
        { "tags", (c, h) => h.tags = c.List("tags", c.Text) },
        { "cpuModel", (c, h) => h.cpuModel = c.Text() },
        { "price", (c, h) => h.price = c.Amount() },
        { "power", (c, h) => h.power = PowerDraft.Read(c) },
        { "numaNodes", (c, h) => h.numaNodes = c.List("NUMA nodes", () => h.Part(c)) },
        { "gpus", (c, h) => h.gpus = c.List("GPUs", () => h.Part(c)) },
    };

    private static readonly JsonFields<PartDraft> PartFields = new("NUMA node or GPU")
    {
        { "model", (c, p) => p.Model = c.Text() },
        { "capacity", (c, p) => p.Amounts = p.Host.PartCapacity(c), true },
    };

    private readonly Dictionary<string, string> labels = new(StringComparer.Ordinal);
    private ResourceVector capacity = ResourceVector.Empty;
    private ResourceVector reserve = ResourceVector.Empty;
    private ResourceVector overcommit = ResourceVector.Empty;
    private ResourceVector safety = ResourceVector.Empty;
    private HostState state;
    private HostState? stateNow;
    private List<string> tags = [];
    private string cpuModel = "";
    private long price = 1;
    private PowerCurve? power;
    private List<HostPart> numaNodes = [];
    private List<HostPart> gpus = [];

    public string Name { get; private set; } = "";

    public Host ToHost()
    {
        Host host = Described();
        return safety.Count == 0 ? host : host with { Safety = ResourceVector.Create([.. safety.Select((amount, d) => amount < 0 ? host.Usable(d) : amount)]) };
    }

    private Host Described() => new()
    {
        Name = Name,
        Capacity = capacity,
        Reserve = reserve,
        OvercommitPercent = overcommit,
        State = state,
        StateNow = stateNow,
        Labels = labels,
        Tags = tags,
        CpuModel = cpuModel,
        Price = price,
        Power = power,
        NumaNodes = numaNodes,
        Gpus = gpus,
    };

    private ResourceVector Amounts(JsonCursor cursor, bool mayOmit = false, long omitted = 0) => vectors.Read(cursor, mayOmit, omitted);

    private void Label(JsonCursor cursor, string scope)
    {
        if (scope is Scope.Host or "" or MigrationLimit.Cluster) throw cursor.Error($"a label cannot be called ({scope})", "rack, zone or the like was meant.");
        if (!labels.TryAdd(scope, cursor.Name())) throw cursor.Error($"the label ({scope}) is there twice", "two versions were joined.");
    }

    private HostPart Part(JsonCursor cursor)
    {
        PartDraft draft = new(this);
        cursor.Object(PartFields, draft);
        int[] limits = [.. Enumerable.Range(0, dimensions.Count).Where(d => draft.Amounts[d] >= 0)];
        return new HostPart(ResourceVector.Create([.. draft.Amounts.Select(amount => Math.Max(0, amount))]), limits, draft.Model);
    }

    /// <summary>Amounts by dimension; -1 in those that are not named, which the part does not limit.</summary>
    private ResourceVector PartCapacity(JsonCursor cursor) => vectors.Read(cursor, mayOmit: true, omitted: -1);

    private sealed class PartDraft(HostDraft host)
    {
        public HostDraft Host => host;

        public string Model { get; set; } = "";

        public ResourceVector Amounts { get; set; } = ResourceVector.Empty;
    }
}

/// <summary>A power curve being read.</summary>
internal sealed class PowerDraft
{
    private static readonly JsonFields<PowerDraft> Fields = new("power curve")
    {
        { "dimension", (c, p) => p.dimension = c.Name() },
        { "points", (c, p) => p.points = c.List("pairs of per cent and watts", () => Point(c)), true },
    };

    private string dimension = "cpu";
    private List<PowerPoint> points = [];

    public static PowerCurve Read(JsonCursor cursor)
    {
        PowerDraft draft = new();
        cursor.Object(Fields, draft);
        return new PowerCurve(draft.points, draft.dimension);
    }

    private static PowerPoint Point(JsonCursor cursor)
    {
        List<long> pair = cursor.List("per cent and watts", () => cursor.Whole(0, 1_000_000));
        return pair.Count == 2 && pair[0] <= 100 ? new PowerPoint((int)pair[0], (int)pair[1]) : throw cursor.Error(
            "expected [per cent within 0 .. 100, watts]", "the two are swapped.");
    }
}

/// <summary>A VM being read.</summary>
internal sealed class VmDraft(VectorReader vectors, NameIndex hosts)
{
    public static readonly JsonFields<VmDraft> Fields = new("VM")
    {
        { "name", (c, v) => v.Name = c.Name(), true },
        { "demand", (c, v) => v.demand = v.Amounts(c, mayOmit: false), true },
        { "demandNow", (c, v) => v.demandNow = v.Amounts(c, mayOmit: false) },
        { "leaving", (c, v) => v.isLeaving = c.Flag() },
        { "reservation", (c, v) => v.reservation = v.Amounts(c, mayOmit: true) },
        { "numaNodes", (c, v) => v.numaNodes = (int)c.Whole(0, 16) },
        { "gpus", (c, v) => v.gpus = (int)c.Whole(0, 16) },
        { "gpuModels", (c, v) => v.gpuModels = c.List("GPU models", c.Name) },
        { "host", (c, v) => v.host = v.Find(c) },
        { "numa", (c, v) => v.numaMask = Mask.Read(c) },
        { "gpu", (c, v) => v.gpuMask = Mask.Read(c) },
        { "movable", (c, v) => v.movable = c.Flag() },
        { "pinReason", (c, v) => v.pinReason = c.Text() },
        { "priority", (c, v) => v.priority = (int)c.Whole(-1_000_000, 1_000_000) },
        { "migrationCost", (c, v) => v.migrationCost = c.Amount() },
        { "downtime", (c, v) => v.downtime = c.Choice<DowntimeClass>() },
    };

    private ResourceVector demand = ResourceVector.Empty;
    private ResourceVector demandNow = ResourceVector.Empty;
    private bool isLeaving;
    private ResourceVector reservation = ResourceVector.Empty;
    private int numaNodes;
    private int gpus;
    private IReadOnlyList<string> gpuModels = [];
    private int? host;
    private uint numaMask;
    private uint gpuMask;
    private bool movable = true;
    private string pinReason = "";
    private int priority;
    private long migrationCost = 1;
    private DowntimeClass downtime;

    public string Name { get; private set; } = "";

    public VirtualMachine ToVm() => new()
    {
        Name = Name,
        Demand = demand,
        DemandNow = demandNow,
        IsLeaving = isLeaving,
        Reservation = reservation,
        NumaNodes = numaNodes,
        Gpus = gpus,
        GpuModels = gpuModels,
        Start = host is { } h ? new Place(new HostId(h), numaMask, gpuMask) : null,
        Movable = movable,
        PinReason = pinReason,
        Priority = priority,
        MigrationCost = migrationCost,
        Downtime = downtime,
    };

    private ResourceVector Amounts(JsonCursor cursor, bool mayOmit) => vectors.Read(cursor, mayOmit);

    private int Find(JsonCursor cursor) => hosts.Find(cursor, cursor.Name());
}

/// <summary>Sets of NUMA nodes or GPUs, written as an array of their numbers.</summary>
internal static class Mask
{
    public static uint Read(JsonCursor cursor)
    {
        uint mask = 0;
        cursor.Array("numbers from 0", () =>
        {
            uint bit = 1u << (int)cursor.Whole(0, 15);
            if ((mask & bit) != 0) throw cursor.Error("the number is there twice", "another one was meant.");
            mask |= bit;
        });
        return mask;
    }

    public static IEnumerable<int> Bits(uint mask) => Enumerable.Range(0, 32).Where(i => (mask >> i & 1) == 1);
}
