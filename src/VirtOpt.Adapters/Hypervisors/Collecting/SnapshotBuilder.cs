namespace VirtOpt;

/// <summary>Makes a placement problem of what hosts tell and what the inventory asks for.</summary>
public static class SnapshotBuilder
{
    private const long MillicoresPerCpu = 1000;
    private const long LeastPercentOfVcpu = 1;
    private static readonly Dimension[] Dimensions = [new("cpu", "millicore"), new("memory", "MiB"), new("vcpu", "vCPU")];

    /// <summary>Makes the problem.</summary>
    /// <param name="inventory">The inventory.</param>
    /// <param name="readings">What its hosts tell, in its order.</param>
    /// <returns>The problem. A VM that is bound to its host is not movable and says why.</returns>
    /// <exception cref="InvalidInputException">The inventory asks for what does not fit the hosts.</exception>
    public static PlacementProblem Build(HostInventory inventory, IReadOnlyList<HostReading> readings)
    {
        List<(VmReading Vm, int Host)> found =
            [.. readings.SelectMany((host, h) => host.Vms.Select(vm => (vm, h))).OrderBy(f => f.vm.Name, StringComparer.Ordinal)];
        HashSet<string> doubled = [.. found.GroupBy(f => f.Vm.Name, StringComparer.Ordinal).Where(g => g.Count() > 1).Select(g => g.Key)];
        VirtualMachine[] vms = [.. found.Select(f => Vm(inventory, readings[f.Host], f.Host, f.Vm, doubled.Contains(f.Vm.Name)))];
        List<VmGroup> vmGroups = [.. inventory.VmGroups.Select(g => new VmGroup(g.Name, Ids(vms, vm => g.Holds(vm.Name), i => new VmId(i))))];
        List<HostGroup> hostGroups =
            [.. inventory.HostGroups.Select(g => new HostGroup(g.Name, Ids(inventory.Hosts, h => g.Holds(h.Name), i => new HostId(i))))];
        List<(VmGroup Vms, HostGroup Hosts)> fences = [.. CpuFences(readings, found), .. NumaFences(inventory, readings, found, vms)];
        ClusterSnapshot cluster = new(
            Dimensions,
            [.. readings.Select((r, h) => Host(inventory, inventory.Hosts[h], r))],
            vms,
            [.. vmGroups, .. fences.Select(f => f.Vms)],
            [.. hostGroups, .. fences.Select(f => f.Hosts)],
            inventory.Name);
        Policy policy = InventoryYaml.PolicyFor(inventory, cluster);
        return (policy with { Constraints = [.. policy.Constraints, .. fences.Select(f => new Fence(f.Vms, f.Hosts))] }).For(cluster);
    }

    private static Host Host(HostInventory inventory, InventoryHost host, HostReading reading) => new()
    {
        Name = host.Name,
        Capacity = [reading.Cpus * MillicoresPerCpu, reading.MemoryMiB, reading.Cpus],
        Reserve = [Math.Min(host.ReserveCpu, reading.Cpus * MillicoresPerCpu), Math.Min(host.ReserveMemory, reading.MemoryMiB), 0],
        OvercommitPercent = [100, 100, inventory.VcpuOvercommitPercent],
        State = host.IsInMaintenance ? HostState.Maintenance : HostState.Available,
        Labels = host.Labels,
        Tags = host.Tags,
        CpuModel = reading.CpuModel,
        NumaNodes = reading.Numa.Count < 2 ? [] : [.. reading.Numa.Select(n => new HostPart([n.Cpus * MillicoresPerCpu, n.MemoryMiB, 0], [0, 1]))],
    };

    private static VirtualMachine Vm(HostInventory inventory, HostReading host, int at, VmReading vm, bool isDoubled)
    {
        CpuNeed need = inventory.NeedOf(vm.Name);
        List<string> reasons = [.. vm.Bindings];
        if (isDoubled) reasons.Add("another VM of the same name on another host");
        if (vm.IsPaused) reasons.Add("that it is paused");
        if (!inventory.Migration.CopyLocalDisks) reasons.AddRange(vm.LocalDisks.Keys.Select(path => $"the local disk {path}"));
        if (inventory.Keep.Any(k => new NamePatterns("", [k]).Holds(vm.Name))) reasons.Add("the inventory (keep)");
        return new VirtualMachine
        {
            Name = isDoubled ? $"{vm.Name}@{host.Name}" : vm.Name,
            Demand = [Need(need, vm), vm.MemoryMiB, need == CpuNeed.Latency ? OwnCpus(vm.Vcpus.Now, inventory.VcpuOvercommitPercent) : vm.Vcpus.Now],
            Start = new Place(new HostId(at)),
            Movable = reasons.Count == 0,
            PinReason = reasons.Count == 0 ? "" : $"bound to {host.Name} by {string.Join(", ", reasons)}",
            MigrationCost = Math.Max(1, vm.MemoryMiB + vm.LocalDisks.Values.Sum()),
        };
    }

    /// <summary>CPU that a VM needs, in millicore: at least a hundredth of its virtual CPUs, so that idle VMs do not all seem to fit on one host.</summary>
    private static long Need(CpuNeed need, VmReading vm)
    {
        long most = vm.Vcpus.Now * MillicoresPerCpu;
        long amount = need switch
        {
            CpuNeed.Demand => vm.CpuMillicores,
            CpuNeed.Performance => vm.CpuMillicores + vm.WaitMillicores,
            _ => (vm.CpuMillicores + vm.WaitMillicores) * 3 / 2,
        };
        return Math.Clamp(amount, most * LeastPercentOfVcpu / 100, most);
    }

    /// <summary>What virtual CPUs count that share no CPU, where a host's CPUs count for several.</summary>
    private static long OwnCpus(int vcpus, long overcommitPercent) => Math.Max(vcpus, ((vcpus * overcommitPercent) + 99) / 100);

    /// <summary>VMs that must answer soon stay with hosts that have a NUMA node which they fit into, where there are any.</summary>
    private static List<(VmGroup Vms, HostGroup Hosts)> NumaFences(
        HostInventory inventory, IReadOnlyList<HostReading> readings, List<(VmReading Vm, int Host)> found, VirtualMachine[] vms)
    {
        Dictionary<string, (List<VmId> Vms, HostId[] Hosts)> byHosts = new(StringComparer.Ordinal);
        for (int i = 0; i < found.Count; i++)
        {
            VmReading vm = found[i].Vm;
            if (inventory.NeedOf(vm.Name) != CpuNeed.Latency || !vms[i].Movable) continue;
            HostId[] hosts =
                Ids(readings, r => r.Numa.Count == 0 || r.Numa.Any(n => n.Cpus >= vm.Vcpus.Now && n.MemoryMiB >= vm.MemoryMiB), h => new HostId(h));
            if (hosts.Length == 0 || hosts.Length == readings.Count) continue;
            string key = string.Join(' ', hosts.Select(h => h.Index));
            if (!byHosts.TryGetValue(key, out (List<VmId> Vms, HostId[] Hosts) fence)) byHosts[key] = fence = ([], hosts);
            fence.Vms.Add(new VmId(i));
        }

        return [.. byHosts.Values.Select((f, i) => (new VmGroup($"numa {i + 1}", [.. f.Vms]), new HostGroup($"numa {i + 1}", f.Hosts)))];
    }

    /// <summary>VMs that see their host's CPU stay with hosts of the same model, where there are several.</summary>
    private static List<(VmGroup Vms, HostGroup Hosts)> CpuFences(IReadOnlyList<HostReading> readings, List<(VmReading Vm, int Host)> found)
    {
        string[] models = [.. readings.Select(r => r.CpuModel).Distinct(StringComparer.Ordinal)];
        if (models.Length < 2) return [];
        return
        [
            .. models.Select(model => (
                    new VmGroup($"cpu {model}", Ids(found, f => f.Vm.NeedsHostCpu && readings[f.Host].CpuModel == model, i => new VmId(i))),
                    new HostGroup($"cpu {model}", Ids(readings, r => r.CpuModel == model, i => new HostId(i)))))
                .Where(f => f.Item1.Members.Count > 0),
        ];
    }

    private static TId[] Ids<T, TId>(IReadOnlyList<T> items, Func<T, bool> isIn, Func<int, TId> id) =>
        [.. Enumerable.Range(0, items.Count).Where(i => isIn(items[i])).Select(id)];
}
