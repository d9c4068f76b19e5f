namespace VirtOpt;

/// <summary>A file of htools as a cluster.</summary>
internal static class HtoolsCluster
{
    public const string Memory = "memory";
    public const string Vcpu = "vcpu";

    /// <summary>Number of instances, without a limit: hbal evens it out, as every instance is taken to load its node alike.</summary>
    public const string Instances = "instances";

    public const string Disk = "disk";
    public const string Spindles = "spindles";

    /// <summary>Number of instances whose disk is on the node, first or second copy, without a limit.</summary>
    public const string DiskUsers = "disk-users";

    private const long LargestUnit = 1024;

    /// <summary>Makes the cluster. What secondary nodes hold for DRBD instances is reserve: those copies stay.</summary>
    public static ClusterSnapshot Of(HtoolsFile file)
    {
        Column[] columns = [.. Columns(file)];
        long[] memoryLeft = MemoryBeforeFailover(file);
        Host MakeHost(HtoolsNode node, int n)
        {
            ResourceVector capacity = [.. columns.Select(c => node.IsOffline ? 0 : c.Capacity[n])];
            ResourceVector reserve = [.. columns.Select(c => node.IsOffline ? 0 : c.Reserve[n])];
            return new Host
            {
                Name = node.Name,
                Capacity = capacity,
                Reserve = reserve,
                Safety = !file.HasSecondaries ? [] : [.. columns.Select((c, d) => c.Is(Memory) ? memoryLeft[n] / c.Unit : capacity[d] - reserve[d])],
                State = node.IsOffline ? HostState.Maintenance : HostState.Available,
            };
        }

        VmGroup[] groups = [.. ExclusionGroups(file).Concat(SecondaryGroups(file))];
        IEnumerable<HostGroup> own = file.HasSecondaries ? file.Nodes.Select((node, n) => new HostGroup(SecondaryName(node), [new HostId(n)])) : [];
        try
        {
            return new ClusterSnapshot(
                [.. columns.Select(c => c.Dimension)], [.. file.Nodes.Select(MakeHost)], [.. file.Instances.Select(i => MakeVm(file, columns, i))], groups,
                [.. own], Path.GetFileName(file.Path));
        }
        catch (InvalidInputException e)
        {
            throw new InvalidInputException($"{file.Path}: {e.Message}", e);
        }
    }

    /// <summary>Groups of instances that share an exclusion tag; those of a single instance are left out.</summary>
    public static IEnumerable<VmGroup> ExclusionGroups(HtoolsFile file) => file.Instances.Index()
        .SelectMany(i => i.Item.ExclusionTags.Distinct(StringComparer.Ordinal).Select(tag => (Tag: tag, i.Index)))
        .GroupBy(t => t.Tag, t => new VmId(t.Index), StringComparer.Ordinal)
        .Where(group => group.Count() > 1).Select(group => new VmGroup(group.Key, [.. group]));

    /// <summary>Groups of instances by secondary node, which their primary may not be.</summary>
    public static IEnumerable<VmGroup> SecondaryGroups(HtoolsFile file) => file.Instances.Index()
        .Where(i => i.Item.Secondary is not null).GroupBy(i => i.Item.Secondary!.Value, i => new VmId(i.Index))
        .OrderBy(group => group.Key).Select(group => new VmGroup(SecondaryName(file.Nodes[group.Key]), [.. group]));

    private static string SecondaryName(HtoolsNode node) => $"secondary on {node.Name}";

    private static VirtualMachine MakeVm(HtoolsFile file, Column[] columns, HtoolsInstance instance)
    {
        string pinned = !instance.IsMovable ? $"disk template {instance.Template}"
            : instance.Secondary is { } secondary && file.Nodes[secondary].IsOffline ? "its secondary node is offline" : "";
        return new VirtualMachine
        {
            Name = instance.Name,
            Demand = [.. columns.Select(c => c.Demand(instance) / c.Unit)],
            Start = new Place(new HostId(instance.Primary)),
            Movable = pinned.Length == 0,
            PinReason = pinned,
        };
    }

    private static IEnumerable<Column> Columns(HtoolsFile file)
    {
        long[] unaccounted = file.UnaccountedMemory();
        long memoryUnit = MemoryUnit(file);
        yield return Column.Of(
            file, new Dimension(Memory, UnitName(memoryUnit)), i => i.Memory, n => n.TotalMemory, (node, n) => node.NodeMemory + unaccounted[n], memoryUnit);
        yield return Column.Of(
            file, new Dimension(Vcpu, "vcpu"), i => i.IsOffline ? 0 : i.Vcpus, n => (long)Math.Floor(file.VcpuRatio * n.Cores), (node, _) => node.NodeVcpus);
        long all = Math.Max(1, file.Instances.Count);
        yield return Column.Of(file, new Dimension(Instances, "instance"), _ => 1, _ => all, (_, _) => 0);
        if (!file.HasSecondaries) yield break;
        long[] local = [.. file.Nodes.Select((_, n) => file.Instances.Where(i => i.IsLocal && i.Primary == n).Sum(i => i.Disk))];
        ILookup<int, HtoolsInstance> secondaries = file.Instances.Where(i => i.Secondary is not null).ToLookup(i => i.Secondary!.Value);
        long diskUnit = Unit(file.Instances.Select(i => i.Disk));
        yield return Column.Of(
            file, new Dimension(Disk, UnitName(diskUnit)), i => i.IsLocal ? i.Disk : 0, n => n.TotalDisk,
            (node, n) => node.TotalDisk - node.FreeDisk - local[n], diskUnit);
        yield return Column.Of(
            file, new Dimension(Spindles, "spindle use"), i => i.IsLocal ? i.SpindleUse : 0, n => (long)Math.Floor(file.SpindleRatio * n.Spindles),
            (_, n) => secondaries[n].Sum(i => i.SpindleUse));
        yield return Column.Of(file, new Dimension(DiskUsers, "instance"), _ => 1, _ => 2 * all, (_, n) => secondaries[n].Count());
    }

    /// <summary>Memory that instances may use on a node so that the failure of any one other node can start its instances there, as things are now.</summary>
    private static long[] MemoryBeforeFailover(HtoolsFile file)
    {
        long[] reserved = new long[file.Nodes.Count];
        IEnumerable<HtoolsInstance> restarted = file.Instances.Where(i => i is { Secondary: not null, AutoBalance: true, IsOffline: false });
        foreach (IGrouping<(int Secondary, int), HtoolsInstance> peer in restarted.GroupBy(i => (i.Secondary!.Value, i.Primary)))
            reserved[peer.Key.Secondary] = Math.Max(reserved[peer.Key.Secondary], peer.Sum(i => i.Memory));
        long[] unaccounted = file.UnaccountedMemory();
        return [.. file.Nodes.Select((node, n) => Math.Max(0, node.TotalMemory - node.NodeMemory - unaccounted[n] - reserved[n]))];
    }

    /// <summary>MiB in one unit of memory.</summary>
    public static long MemoryUnit(HtoolsFile file) => Unit(file.Instances.Select(i => i.Memory));

    /// <summary>The largest power of two up to 1024 that divides all amounts, so that nothing is rounded and costs have few digits.</summary>
    private static long Unit(IEnumerable<long> amounts)
    {
        long unit = LargestUnit;
        foreach (long amount in amounts)
            while (amount % unit != 0) unit /= 2;
        return unit;
    }

    private static string UnitName(long unit) => unit switch { LargestUnit => "GiB", 1 => "MiB", _ => $"{unit} MiB" };

    /// <summary>One dimension: what instances need, and what nodes have of it.</summary>
    private sealed record Column(Dimension Dimension, Func<HtoolsInstance, long> Demand, long[] Capacity, long[] Reserve, long Unit)
    {
        /// <summary>Room is rounded down to whole units; what is needed is whole units. The reserve is at least 0 and at most the capacity.</summary>
        public static Column Of(
            HtoolsFile file, Dimension dimension, Func<HtoolsInstance, long> demand, Func<HtoolsNode, long> capacity,
            Func<HtoolsNode, int, long> reserve, long unit = 1)
        {
            long[] capacities = [.. file.Nodes.Select(node => capacity(node) / unit)];
            long[] rooms = [.. file.Nodes.Select((node, n) => Math.Max(0, capacity(node) - reserve(node, n)) / unit)];
            return new Column(dimension, demand, capacities, [.. capacities.Zip(rooms, (all, room) => Math.Max(0, all - room))], unit);
        }

        public bool Is(string name) => Dimension.Name == name;
    }
}
