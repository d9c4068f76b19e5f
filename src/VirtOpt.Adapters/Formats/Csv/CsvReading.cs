namespace VirtOpt;

/// <summary>Reads the CSV pair.</summary>
internal sealed class CsvReading
{
    private static readonly string[] HostColumns = [CsvColumns.Name, CsvColumns.State, CsvColumns.Price, CsvColumns.HostGroups, "rack", "zone"];

    private static readonly string[] VmColumns =
    [
        CsvColumns.Name, CsvColumns.Host, CsvColumns.Movable, CsvColumns.MigrationCost, CsvColumns.Priority,
        CsvColumns.AntiAffinity, CsvColumns.Affinity, CsvColumns.Fence, CsvColumns.Ban,
    ];

    private readonly List<Host> hosts = [];
    private readonly List<VirtualMachine> vms = [];
    private readonly Dictionary<string, int> hostIndex = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> vmIndex = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<int>> hostGroups = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, List<int>> vmGroups = new(StringComparer.Ordinal);
    private Dimension[] dimensions = [];

    /// <summary>Reads both files.</summary>
    public static ClusterSnapshot Read(string hostPath, string vmPath)
    {
        CsvReading reading = new();
        reading.ReadHosts(hostPath);
        reading.ReadVms(vmPath);
        try
        {
            return new ClusterSnapshot(
                reading.dimensions,
                reading.hosts,
                reading.vms,
                [.. reading.vmGroups.Select(g => new VmGroup(g.Key, [.. g.Value.Select(i => new VmId(i))]))],
                [.. reading.hostGroups.Select(g => new HostGroup(g.Key, [.. g.Value.Select(i => new HostId(i))]))],
                Path.GetFileNameWithoutExtension(hostPath));
        }
        catch (InvalidInputException e)
        {
            throw new InvalidInputException($"{hostPath}, {vmPath}: {e.Message}", e);
        }
    }

    /// <summary>The rules of the rule columns, and the cheapest set of hosts as objective.</summary>
    public static Policy OwnPolicy(ClusterSnapshot cluster) => new(
        [.. cluster.VmGroups.Select(g => RuleOf(g, cluster)).OfType<Constraint>()], PolicyPresets.Named(PolicyPresets.Consolidate, cluster));

    /// <summary>The rule that a group of a rule column stands for.</summary>
    public static Constraint? RuleOf(VmGroup group, ClusterSnapshot cluster)
    {
        bool Is(string column) => group.Name.StartsWith(column + " ", StringComparison.Ordinal);
        string Rest(string column) => group.Name[(column.Length + 1)..];
        if (Is(CsvColumns.AntiAffinity)) return new AntiAffinity(group);
        if (Is(CsvColumns.Affinity)) return new Affinity(group);
        if (Is(CsvColumns.Fence)) return new Fence(group, cluster.HostGroup(Rest(CsvColumns.Fence)));
        return Is(CsvColumns.Ban) ? new Ban(group, cluster.HostGroup(Rest(CsvColumns.Ban))) : null;
    }

    /// <summary>Reads a solution; VMs that it does not name are not placed.</summary>
    public static Placement ReadSolution(ClusterSnapshot cluster, string path)
    {
        Place[] places = [.. Enumerable.Repeat(Placement.Nowhere, cluster.Vms.Count)];
        using CsvTable table = new(path);
        (int vmColumn, int hostColumn) = (table.Require(CsvColumns.Vm), table.Require(CsvColumns.Host));
        foreach (CsvRow row in table.Rows())
        {
            if (!cluster.TryVmNamed(row.Name(vmColumn), out VmId vm))
                throw row.Error($"there is no VM ({row.Text(vmColumn)})", "the solution belongs to another problem.");
            if (places[vm.Index] != Placement.Nowhere) throw row.Error($"the VM ({row.Text(vmColumn)}) is there twice", "two solutions were joined.");
            if (row.Text(hostColumn).Length == 0) continue;
            if (!cluster.TryHostNamed(row.Text(hostColumn), out HostId host))
                throw row.Error($"there is no host ({row.Text(hostColumn)})", "the solution belongs to another problem.");
            places[vm.Index] = new Place(host);
        }

        return new Placement(places);
    }

    private void ReadHosts(string path)
    {
        using CsvTable table = new(path);
        table.OnlyKnown(HostColumns, labels: true);
        (int Column, Dimension Dimension)[] capacity = [.. table.Dimensions("")];
        dimensions = [.. capacity.Select(c => c.Dimension)];
        if (dimensions.Length == 0)
            throw InvalidInputException.Because($"{path}: no column is a dimension with its unit.", "\"cpu [millicore]\" and \"memory [MiB]\" were meant.");
        if (dimensions.DistinctBy(d => d.Name).Count() < dimensions.Length)
            throw InvalidInputException.Because($"{path}: a dimension is there twice with different units.", "one was meant.");
        int[] reserve = Columns(table, CsvColumns.Reserve);
        int[] overcommit = Columns(table, CsvColumns.Overcommit);
        int name = table.Require(CsvColumns.Name);
        int groups = table.Find(CsvColumns.HostGroups);
        foreach (CsvRow row in table.Rows())
        {
            if (!hostIndex.TryAdd(row.Name(name), hosts.Count)) throw row.Error($"the host ({row.Text(name)}) is there twice", "two lists were joined.");
            foreach (string group in row.Names(groups)) Join(hostGroups, group, hosts.Count);
            hosts.Add(ToHost(row, capacity, reserve, overcommit));
        }
    }

    private static Host ToHost(CsvRow row, (int Column, Dimension Dimension)[] capacity, int[] reserve, int[] overcommit) => new()
    {
        Name = row.Text(row.Table.Find(CsvColumns.Name)),
        Capacity = ResourceVector.Create([.. capacity.Select(c => row.Whole(c.Column))]),
        Reserve = reserve.All(c => c < 0) ? ResourceVector.Empty : ResourceVector.Create([.. reserve.Select(c => row.Whole(c, fallback: 0))]),
        OvercommitPercent = overcommit.All(c => c < 0) ? ResourceVector.Empty : ResourceVector.Create([.. overcommit.Select(c => row.Whole(c, fallback: 100))]),
        State = StateOf(row),
        Price = row.Whole(row.Table.Find(CsvColumns.Price), fallback: 1),
        Labels = Labels(row),
    };

    private static HostState StateOf(CsvRow row)
    {
        string text = row.Text(row.Table.Find(CsvColumns.State));
        if (text.Length == 0) return HostState.Available;
        foreach (HostState state in Enum.GetValues<HostState>())
            if (RuleWriter.Lower(state) == text) return state;
        throw row.Error($"(state) is ({text}); expected available, maintenance or off", "available was meant.");
    }

    private static Dictionary<string, string> Labels(CsvRow row)
    {
        Dictionary<string, string> labels = new(StringComparer.Ordinal);
        for (int i = 0; i < row.Fields.Length; i++)
        {
            string column = row.Table.Header[i];
            string? scope = column is "rack" or "zone" ? column : null;
            if (column.StartsWith(CsvColumns.Label, StringComparison.Ordinal)) scope = column[CsvColumns.Label.Length..];
            if (scope is not null && row.Fields[i].Length > 0) labels[scope] = row.Fields[i];
        }

        return labels;
    }

    private int[] Columns(CsvTable table, string prefix)
    {
        Dictionary<string, (int Column, Dimension Dimension)> columns = table.Dimensions(prefix).ToDictionary(c => c.Dimension.Name, StringComparer.Ordinal);
        foreach ((int column, Dimension dimension) in columns.Values)
        {
            string unit = prefix == CsvColumns.Overcommit ? "%" : dimensions.FirstOrDefault(d => d.Name == dimension.Name)?.Unit ?? "";
            if (dimension.Unit != unit || dimensions.All(d => d.Name != dimension.Name))
                throw InvalidInputException.Because(
                    $"{table.Path}: the column ({table.Header[column]}) does not belong to a dimension in the unit ({unit}); "
                    + $"known are {string.Join(", ", dimensions.Select(d => d.ToString()))}.",
                    "name or unit differ from the other columns.");
        }

        return [.. dimensions.Select(d => columns.TryGetValue(d.Name, out (int Column, Dimension Dimension) found) ? found.Column : -1)];
    }

    private void ReadVms(string path)
    {
        using CsvTable table = new(path);
        table.OnlyKnown(VmColumns, labels: false);
        int[] demand = Columns(table, "");
        int missing = Array.IndexOf(demand, -1);
        if (missing >= 0)
            throw InvalidInputException.Because(
                $"{path}: the column ({dimensions[missing]}) is missing.", "the VMs need nothing of it: fill the column with 0.");
        int name = table.Require(CsvColumns.Name);
        foreach (CsvRow row in table.Rows())
        {
            if (!vmIndex.TryAdd(row.Name(name), vms.Count)) throw row.Error($"the VM ({row.Text(name)}) is there twice", "two lists were joined.");
            foreach (string rule in (string[])[CsvColumns.AntiAffinity, CsvColumns.Affinity, CsvColumns.Fence, CsvColumns.Ban])
                foreach (string item in row.Names(table.Find(rule))) JoinRule(row, rule, item);
            vms.Add(ToVm(row, demand));
        }
    }

    private void JoinRule(CsvRow row, string rule, string item)
    {
        if (rule is CsvColumns.Fence or CsvColumns.Ban && !hostGroups.ContainsKey(item))
            throw row.Error($"there is no host group ({item})", JsonFields.Advice(item, hostGroups.Keys));
        Join(vmGroups, $"{rule} {item}", vms.Count);
    }

    private VirtualMachine ToVm(CsvRow row, int[] demand)
    {
        string host = row.Text(row.Table.Find(CsvColumns.Host));
        Place? start = null;
        if (host.Length > 0)
            start = hostIndex.TryGetValue(host, out int index) ? new Place(new HostId(index)) : throw row.Error(
                $"there is no host ({host})", JsonFields.Advice(host, hostIndex.Keys.Take(1000)));
        return new VirtualMachine
        {
            Name = row.Text(row.Table.Find(CsvColumns.Name)),
            Demand = ResourceVector.Create([.. demand.Select(c => row.Whole(c))]),
            Start = start,
            Movable = Movable(row),
            MigrationCost = row.Whole(row.Table.Find(CsvColumns.MigrationCost), fallback: 1),
            Priority = (int)Math.Clamp(row.Whole(row.Table.Find(CsvColumns.Priority), fallback: 0, least: -1_000_000), -1_000_000, 1_000_000),
        };
    }

    private static bool Movable(CsvRow row) => row.Text(row.Table.Find(CsvColumns.Movable)).ToLowerInvariant() switch
    {
        "" or "yes" or "true" or "1" => true,
        "no" or "false" or "0" => false,
        { } text => throw row.Error($"(movable) is ({text}); expected yes or no", "yes was meant."),
    };

    private static void Join(IDictionary<string, List<int>> groups, string name, int member)
    {
        if (!groups.TryGetValue(name, out List<int>? members)) groups[name] = members = [];
        members.Add(member);
    }
}
