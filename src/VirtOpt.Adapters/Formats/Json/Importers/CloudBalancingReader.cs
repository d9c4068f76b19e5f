namespace VirtOpt;

/// <summary>Reads cloud balancing files; fields that VirtOpt has no use for are passed over.</summary>
internal sealed class CloudBalancingReader
{
    private static readonly JsonFields<CloudBalancingReader> Root = new("problem", strict: false)
    {
        { "computerList", (c, r) => c.Array("computers", () => r.ReadComputer(c)), true },
        { "processList", (c, r) => c.Array("processes", () => r.ReadProcess(c)), true },
    };

    private static readonly Dimension[] Dimensions = [new("cpu", "unit"), new("memory", "unit"), new("network", "unit")];

    private readonly List<Host> hosts = [];
    private readonly List<CloudBalancingItem> processes = [];
    private readonly NameIndex computerNames = new("computer");
    private readonly NameIndex processNames = new("process");

    public ClusterSnapshot Cluster { get; private set; } = null!;

    /// <summary>Reads a file.</summary>
    public static CloudBalancingReader Read(string path)
    {
        CloudBalancingReader reader = new();
        JsonCursor.ReadFile(path, Root, reader);
        try
        {
            Dictionary<string, int> hostIndex = reader.hosts.Select((h, i) => (h.Name, i)).ToDictionary(h => h.Name, h => h.i, StringComparer.Ordinal);
            reader.Cluster = new ClusterSnapshot(Dimensions, reader.hosts, [.. reader.processes.Select(p => p.ToVm(hostIndex))], name: "cloudbalancing");
            return reader;
        }
        catch (InvalidInputException e)
        {
            throw new InvalidInputException($"{path}: {e.Message}", e);
        }
    }

    private void ReadComputer(JsonCursor cursor)
    {
        CloudBalancingItem draft = new();
        cursor.Object(CloudBalancingItem.ComputerFields, draft);
        computerNames.Add(cursor, draft.Id);
        hosts.Add(new Host { Name = draft.Id, Capacity = draft.Amounts, Price = draft.Cost });
    }

    private void ReadProcess(JsonCursor cursor)
    {
        CloudBalancingItem draft = new();
        cursor.Object(CloudBalancingItem.ProcessFields, draft);
        processNames.Add(cursor, draft.Id);
        processes.Add(draft);
    }
}

/// <summary>A computer or a process being read.</summary>
internal sealed class CloudBalancingItem
{
    public static readonly JsonFields<CloudBalancingItem> ComputerFields = new("computer", strict: false)
    {
        { "id", (c, i) => i.Id = c.Scalar(), true },
        { "cpuPower", (c, i) => i.amounts[0] = c.Amount(), true },
        { "memory", (c, i) => i.amounts[1] = c.Amount(), true },
        { "networkBandwidth", (c, i) => i.amounts[2] = c.Amount(), true },
        { "cost", (c, i) => i.Cost = c.Amount(), true },
    };

    public static readonly JsonFields<CloudBalancingItem> ProcessFields = new("process", strict: false)
    {
        { "id", (c, i) => i.Id = c.Scalar(), true },
        { "requiredCpuPower", (c, i) => i.amounts[0] = c.Amount(), true },
        { "requiredMemory", (c, i) => i.amounts[1] = c.Amount(), true },
        { "requiredNetworkBandwidth", (c, i) => i.amounts[2] = c.Amount(), true },
        { "computer", (c, i) => i.computer = c.IsNull ? null : c.Scalar() },
    };

    private readonly long[] amounts = new long[3];
    private string? computer;

    public string Id { get; private set; } = "";

    public long Cost { get; private set; }

    public ResourceVector Amounts => ResourceVector.Create(amounts);

    public VirtualMachine ToVm(Dictionary<string, int> hosts)
    {
        if (computer is null) return new VirtualMachine { Name = Id, Demand = Amounts };
        if (!hosts.TryGetValue(computer, out int host))
            throw InvalidInputException.Because($"Process ({Id}) is on computer ({computer}), which does not exist.", JsonFields.Advice(computer, hosts.Keys));
        return new VirtualMachine { Name = Id, Demand = Amounts, Start = new Place(new HostId(host)) };
    }
}
