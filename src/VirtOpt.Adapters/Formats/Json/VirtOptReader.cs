namespace VirtOpt;

/// <summary>Reads the virtopt format section by section.</summary>
internal sealed class VirtOptReader
{
    private static readonly string[] Order =
        ["format", "version", "name", "dimensions", "hosts", "hostGroups", "vms", "vmGroups", "constraints", "objectives"];

    private static readonly JsonFields<VirtOptReader> Sections = new("problem")
    {
        { "format", (_, r) => r.In("format", r.Format), true },
        { "version", (c, r) => r.In("version", () => c.Whole(VirtOptJson.Version, VirtOptJson.Version)), true },
        { "name", (c, r) => r.In("name", () => r.name = c.Name()) },
        { "dimensions", (_, r) => r.In("dimensions", r.Dimensions), true },
        { "hosts", (_, r) => r.In("hosts", r.Hosts), true },
        { "hostGroups", (_, r) => r.In("hostGroups", r.HostGroups) },
        { "vms", (_, r) => r.In("vms", r.Vms), true },
        { "vmGroups", (_, r) => r.In("vmGroups", r.VmGroups) },
        { "constraints", (c, r) => r.In("constraints", () => c.Array("constraints", () => r.constraints.Add(r.Rules.Constraint()))) },
        { "objectives", (c, r) => r.In("objectives", () => c.Array("objectives", () => r.objectives.Add(r.Rules.Objective()))) },
    };

    private readonly string path;
    private readonly JsonCursor cursor;
    private readonly List<Dimension> dimensions = [];
    private readonly List<Host> hosts = [];
    private readonly List<VirtualMachine> vms = [];
    private readonly List<HostGroup> hostGroups = [];
    private readonly List<VmGroup> vmGroups = [];
    private readonly List<Constraint> constraints = [];
    private readonly List<Objective> objectives = [];
    private readonly NameIndex hostNames = new("host");
    private readonly NameIndex vmNames = new("VM");
    private string name = "cluster";
    private int position = -1;
    private ClusterSnapshot? cluster;

    private VirtOptReader(string path, JsonCursor cursor) => (this.path, this.cursor) = (path, cursor);

    private RuleReader Rules => field ??= new RuleReader(cursor, Cluster());

    /// <summary>Reads a file.</summary>
    public static (ClusterSnapshot Cluster, Policy Policy) Read(string path)
    {
        using JsonCursor cursor = new(path);
        VirtOptReader reader = new(path, cursor);
        cursor.Next();
        cursor.Object(Sections, reader);
        cursor.End();
        return (reader.Cluster(), new Policy(reader.constraints, reader.objectives));
    }

    private void In(string section, Action read)
    {
        int index = Array.IndexOf(Order, section);
        if (index < position)
            throw cursor.Error($"the section ({section}) comes after ({Order[position]})", $"it has to be moved up; the order is {string.Join(", ", Order)}.");
        position = index;
        read();
    }

    private void Format()
    {
        if (cursor.Text() != VirtOptJson.FormatName) throw cursor.Expected($"\"{VirtOptJson.FormatName}\"");
    }

    private void Dimensions()
    {
        cursor.Array("dimensions", () =>
        {
            DimensionDraft draft = new();
            cursor.Object(DimensionDraft.Fields, draft);
            if (dimensions.Any(d => d.Name == draft.Name)) throw cursor.Error($"the dimension ({draft.Name}) is there twice", "one of them has another name.");
            dimensions.Add(new Dimension(draft.Name, draft.Unit, draft.IsTransient));
        });
        if (dimensions.Count is 0 or > 64)
            throw cursor.Error($"expected 1 to 64 dimensions; found {dimensions.Count}", "for example cpu in millicore and memory in MiB.");
    }

    private void Hosts()
    {
        VectorReader vectors = new(dimensions);
        cursor.Array("hosts", () =>
        {
            HostDraft draft = new(vectors, dimensions);
            cursor.Object(HostDraft.Fields, draft);
            hostNames.Add(cursor, draft.Name);
            hosts.Add(draft.ToHost());
        });
    }

    private void Vms()
    {
        VectorReader vectors = new(dimensions);
        cursor.Array("vms", () =>
        {
            VmDraft draft = new(vectors, hostNames);
            cursor.Object(VmDraft.Fields, draft);
            vmNames.Add(cursor, draft.Name);
            vms.Add(draft.ToVm());
        });
    }

    private void HostGroups() => cursor.Array("hostGroups", () =>
    {
        GroupDraft draft = Group(GroupDraft.HostFields, hostNames);
        hostGroups.Add(new HostGroup(draft.Name, [.. draft.Members.Select(i => new HostId(i))]));
    });

    private void VmGroups() => cursor.Array("vmGroups", () =>
    {
        GroupDraft draft = Group(GroupDraft.VmFields, vmNames);
        vmGroups.Add(new VmGroup(draft.Name, [.. draft.Members.Select(i => new VmId(i))]));
    });

    private GroupDraft Group(JsonFields<GroupDraft> fields, NameIndex names)
    {
        GroupDraft draft = new(names);
        cursor.Object(fields, draft);
        return draft;
    }

    private ClusterSnapshot Cluster()
    {
        if (cluster is not null) return cluster;
        try
        {
            return cluster = new ClusterSnapshot(dimensions, hosts, vms, vmGroups, hostGroups, name);
        }
        catch (InvalidInputException e)
        {
            throw new InvalidInputException($"{path}: {e.Message}", e);
        }
    }
}

/// <summary>Positions of named items; refuses a name that is there twice or not at all.</summary>
internal sealed class NameIndex(string kind)
{
    private readonly Dictionary<string, int> positions = new(StringComparer.Ordinal);

    public void Add(JsonCursor cursor, string name)
    {
        if (!positions.TryAdd(name, positions.Count))
            throw cursor.Error($"the {kind} ({name}) is there twice", "two sources were joined without removing what they share.");
    }

    public int Find(JsonCursor cursor, string name) => positions.TryGetValue(name, out int position)
        ? position
        : throw cursor.Error(
            $"there is no {kind} ({name})", positions.Count == 0 ? $"the {kind}s come further down." : JsonFields.Advice(name, positions.Keys.Take(1000)));
}
