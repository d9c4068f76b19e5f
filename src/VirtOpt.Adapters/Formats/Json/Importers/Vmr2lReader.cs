namespace VirtOpt;

/// <summary>Reads vmr2l files; fields that VirtOpt has no use for are passed over.</summary>
internal sealed class Vmr2lReader
{
    public const string Cpu = "cpu";

    private static readonly JsonFields<Vmr2lReader> RequirementFields = new("other requirement", strict: false)
    {
        { "deployment_set", (c, r) => c.Array("deployment sets", () => r.ReadSet(c)) },
    };

    private static readonly JsonFields<Vmr2lReader> ClusterFields = new("cluster", strict: false)
    {
        { "host_info", (c, r) => c.Array("hosts", () => r.ReadHost(c)), true },
        { "vm_instance", (c, r) => c.Array("VMs", () => r.ReadVm(c)), true },
        { "other_requirement", (c, r) => c.Object(RequirementFields, r) },
    };

    private static readonly JsonFields<Vmr2lReader> Root = new("snapshot", strict: false)
    {
        { "cluster_list", (c, r) => c.Array("clusters", () => c.Object(ClusterFields, r)), true },
    };

    private readonly List<Host> hosts = [];
    private readonly List<Vmr2lVm> vms = [];
    private readonly List<Vmr2lSet> sets = [];
    private readonly NameIndex hostNames = new("host");
    private readonly NameIndex vmNames = new("VM");

    /// <summary>Reads a file.</summary>
    public static (ClusterSnapshot Cluster, Policy Policy) Read(string path)
    {
        Vmr2lReader reader = new();
        JsonCursor.ReadFile(path, Root, reader);
        try
        {
            return reader.Build();
        }
        catch (InvalidInputException e)
        {
            throw new InvalidInputException($"{path}: {e.Message}", e);
        }
    }

    private (ClusterSnapshot Cluster, Policy Policy) Build()
    {
        Dictionary<string, HostId> hostIds = hosts.Select((h, i) => (h.Name, Id: new HostId(i))).ToDictionary(h => h.Name, h => h.Id, StringComparer.Ordinal);
        Dictionary<string, VmId> vmIds = vms.Select((v, i) => (v.Name, Id: new VmId(i))).ToDictionary(v => v.Name, v => v.Id, StringComparer.Ordinal);
        VmGroup[] groups = [.. sets.Select((set, i) => set.ToGroup($"set-{i}", vmIds))];
        Dimension[] dimensions = [new(Cpu, "core"), new("memory", "MiB")];
        ClusterSnapshot cluster = new(dimensions, hosts, [.. vms.Select(vm => vm.ToVm(hostIds))], groups, name: "vmr2l");
        Constraint[] rules = [.. groups.Select((group, i) => new AntiAffinity(group, sets[i].Granularity) { Continuous = true })];
        Policy policy = new(rules, [new Fragmentation([Vmr2l.ShapeCores, 0], Fragmentation.Numa)]);
        policy.For(cluster).Validate();
        return (cluster, policy);
    }

    private void ReadHost(JsonCursor cursor)
    {
        Vmr2lHost draft = new();
        cursor.Object(Vmr2lHost.Fields, draft);
        hostNames.Add(cursor, draft.Name);
        hosts.Add(draft.ToHost(cursor));
    }

    private void ReadVm(JsonCursor cursor)
    {
        Vmr2lVm draft = new();
        cursor.Object(Vmr2lVm.Fields, draft);
        vmNames.Add(cursor, draft.Name);
        draft.Check(cursor);
        vms.Add(draft);
    }

    private void ReadSet(JsonCursor cursor)
    {
        Vmr2lSet draft = new();
        cursor.Object(Vmr2lSet.Fields, draft);
        if (draft.Granularity is not (Scope.Host or "rack"))
            throw cursor.Error($"the granularity is ({draft.Granularity}); expected (host) or (rack)", "host was meant.");
        sets.Add(draft);
    }
}

/// <summary>A host being read.</summary>
internal sealed class Vmr2lHost
{
    public static readonly JsonFields<Vmr2lHost> Fields = new("host", strict: false)
    {
        { "node_id", (c, h) => h.Name = c.Name(), true },
        { "status", (c, h) => h.status = c.Text() },
        { "rack_id", (c, h) => h.rack = c.Scalar() },
        { "numa", (c, h) => h.nodes = c.List("NUMA nodes", () => Vmr2lNode.Read(c, Vmr2lNode.HostFields)), true },
    };

    private string status = "ACTIVE";
    private string rack = "";
    private List<Vmr2lNode> nodes = [];

    public string Name { get; private set; } = "";

    public Host ToHost(JsonCursor cursor)
    {
        if (nodes.Count is 0 or > 16 || nodes.Select((n, i) => n.Node == i).Contains(false))
            throw cursor.Error(
                $"host ({Name}) has NUMA nodes ({string.Join(", ", nodes.Select(n => n.Node))}); expected 0, 1 ... in order, at most 16",
                "a node was left out.");
        return new Host
        {
            Name = Name,
            Capacity = [nodes.Sum(n => n.Cpu), nodes.Sum(n => n.Memory)],
            State = status == "ACTIVE" ? HostState.Available : HostState.Maintenance,
            Labels = rack.Length == 0 ? new Dictionary<string, string>() : new Dictionary<string, string> { ["rack"] = rack },
            NumaNodes = [.. nodes.Select(n => new HostPart([n.Cpu, n.Memory], [0, 1]))],
        };
    }
}

/// <summary>A VM being read; its host may come later in the file.</summary>
internal sealed class Vmr2lVm
{
    public static readonly JsonFields<Vmr2lVm> Fields = new("VM", strict: false)
    {
        { "instance_id", (c, v) => v.Name = c.Name(), true },
        { "host_id", (c, v) => v.host = c.Name(), true },
        { "allow_migration", (c, v) => v.movable = c.Flag() },
        { "numa", (c, v) => v.nodes = c.List("NUMA nodes", () => Vmr2lNode.Read(c, Vmr2lNode.VmFields)), true },
    };

    private string host = "";
    private bool movable = true;
    private List<Vmr2lNode> nodes = [];

    public string Name { get; private set; } = "";

    public void Check(JsonCursor cursor)
    {
        if (nodes.Count is 0 or > 16 || nodes.Select(n => n.Node).Distinct().Count() < nodes.Count)
            throw cursor.Error(
                $"VM ({Name}) has NUMA nodes ({string.Join(", ", nodes.Select(n => n.Node))}); expected one or more different ones", "a node is there twice.");
        if (nodes.Any(n => n.Cpu != nodes[0].Cpu || n.Memory != nodes[0].Memory))
            throw cursor.Error($"VM ({Name}) has unequal shares on its NUMA nodes; expected equal ones", "the shares were entered as totals.");
    }

    public VirtualMachine ToVm(Dictionary<string, HostId> hosts)
    {
        if (!hosts.TryGetValue(host, out HostId id))
            throw InvalidInputException.Because($"VM ({Name}) is on host ({host}), which does not exist.", JsonFields.Advice(host, hosts.Keys.Take(1000)));
        uint mask = nodes.Aggregate(0u, (bits, node) => bits | (1u << node.Node));
        return new VirtualMachine
        {
            Name = Name,
            Demand = [nodes.Sum(n => n.Cpu), nodes.Sum(n => n.Memory)],
            NumaNodes = nodes.Count,
            Start = new Place(id, mask),
            Movable = movable,
            PinReason = movable ? "" : "allow_migration is false",
        };
    }
}

/// <summary>What a NUMA node has, or a VM needs on one.</summary>
internal sealed class Vmr2lNode
{
    public static readonly JsonFields<Vmr2lNode> HostFields = new("NUMA node", strict: false)
    {
        { "node", (c, n) => n.Node = (int)c.Whole(0, 15), true },
        { "total_cpu", (c, n) => n.Cpu = c.Amount(floatsToo: true), true },
        { "memory_huge_total_mb", (c, n) => n.Memory = c.Amount(floatsToo: true), true },
    };

    public static readonly JsonFields<Vmr2lNode> VmFields = new("NUMA node of a VM", strict: false)
    {
        { "node", (c, n) => n.Node = (int)c.Whole(0, 15), true },
        { "cpu", (c, n) => n.Cpu = c.Amount(floatsToo: true), true },
        { "mem_mb", (c, n) => n.Memory = c.Amount(floatsToo: true), true },
    };

    public int Node { get; private set; }

    public long Cpu { get; private set; }

    public long Memory { get; private set; }

    public static Vmr2lNode Read(JsonCursor cursor, JsonFields<Vmr2lNode> fields)
    {
        Vmr2lNode node = new();
        cursor.Object(fields, node);
        return node;
    }
}

/// <summary>An anti-affinity set being read.</summary>
internal sealed class Vmr2lSet
{
    public static readonly JsonFields<Vmr2lSet> Fields = new("deployment set", strict: false)
    {
        { "granularity", (c, s) => s.Granularity = c.Name(), true },
        { "data", (c, s) => s.members = c.List("VMs", c.Name), true },
    };

    private List<string> members = [];

    public string Granularity { get; private set; } = "";

    public VmGroup ToGroup(string name, Dictionary<string, VmId> vms)
    {
        string? unknown = members.Find(m => !vms.ContainsKey(m));
        if (unknown is not null)
            throw InvalidInputException.Because(
                $"Deployment set ({name}) names VM ({unknown}), which does not exist.", JsonFields.Advice(unknown, vms.Keys.Take(1000)));
        return new VmGroup(name, [.. members.Select(m => vms[m]).Distinct().OrderBy(v => v.Index)]);
    }
}
