using System.Numerics;

namespace VirtOpt;

/// <summary>The checks that a <see cref="ClusterSnapshot"/> passes once, when it is made.</summary>
internal static class ClusterValidation
{
    /// <summary>Largest amount accepted: sums over a million VMs stay within 64 bits.</summary>
    public const long MaxAmount = 1_000_000_000_000;

    public static void Validate(ClusterSnapshot cluster)
    {
        if (cluster.Hosts.Count == 0)
            throw InvalidInputException.Because($"The cluster ({cluster.Name}) has no host.", "the list of hosts was left out or filtered away.");
        if (cluster.Dimensions.Count == 0)
            throw InvalidInputException.Because(
                $"The cluster ({cluster.Name}) has no dimension.", "the dimensions were left out: cpu and memory are the usual ones.");
        Unique("dimension", cluster.Dimensions.Select(d => d.Name));
        Unique("host", cluster.Hosts.Select(h => h.Name));
        Unique("VM", cluster.Vms.Select(v => v.Name));
        Unique("VM group", cluster.VmGroups.Select(g => g.Name));
        Unique("host group", cluster.HostGroups.Select(g => g.Name));
        foreach (Dimension dimension in cluster.Dimensions)
            if (string.IsNullOrWhiteSpace(dimension.Unit))
                throw InvalidInputException.Because($"The dimension ({dimension.Name}) has no unit.", "write one, for example millicore, MiB or Mbit/s.");
        foreach (Host host in cluster.Hosts) ValidateHost(cluster, host);
        foreach (VirtualMachine vm in cluster.Vms) ValidateVm(cluster, vm);
        ValidateFits(cluster);
        foreach (VmGroup group in cluster.VmGroups)
            ValidateGroup(cluster, group);
        foreach (HostGroup group in cluster.HostGroups)
            ValidateGroup(cluster, group);
    }

    /// <summary>Refuses a group whose members are not VMs of the cluster in ascending order.</summary>
    public static void ValidateGroup(ClusterSnapshot cluster, VmGroup group) =>
        Members("VM group", group.Name, group.Members.Select(m => m.Index), cluster.Vms.Count);

    /// <summary>Refuses a group whose members are not hosts of the cluster in ascending order.</summary>
    public static void ValidateGroup(ClusterSnapshot cluster, HostGroup group) =>
        Members("host group", group.Name, group.Members.Select(m => m.Index), cluster.Hosts.Count);

    private static void ValidateHost(ClusterSnapshot cluster, Host host)
    {
        string who = $"host ({host.Name})";
        Amounts(cluster, "capacity", who, host.Capacity, mayBeEmpty: false);
        Amounts(cluster, "reserve", who, host.Reserve, mayBeEmpty: true);
        Amounts(cluster, "overcommit per cent", who, host.OvercommitPercent, mayBeEmpty: true);
        Amounts(cluster, "safety load", who, host.Safety, mayBeEmpty: true);
        for (int d = 0; d < cluster.Dimensions.Count; d++)
        {
            if (host.Physical(d) < 0)
                throw InvalidInputException.Because(
                    $"The reserve ({host.Reserve[d]}) of {who} in dimension ({cluster.Dimensions[d].Name}) is above its capacity ({host.Capacity[d]}).",
                    "the two are in different units.");
            if (host.OvercommitPercent.Count > 0 && host.OvercommitPercent[d] is < 1 or > 100_000)
                throw InvalidInputException.Because(
                    $"The overcommit per cent ({host.OvercommitPercent[d]}) of {who} in dimension ({cluster.Dimensions[d].Name}) is not within 1 .. 100000.",
                    "a ratio was given: 4.0 is written as 400.");
        }

        if (host.StateNow is { } now && now != host.State && !host.IsToBoot && !host.IsToShutDown)
            throw InvalidInputException.Because(
                $"The {who} is in state ({now}) now and is to be ({host.State}); a plan switches hosts on (off to available) and off (available to off).",
                "the state that it is in now is to be left out.");
        Within("price", who, host.Price);
        Parts(cluster, who, "NUMA node", host.NumaNodes, 16);
        Parts(cluster, who, "GPU", host.Gpus, 16);
        if (host.Power is { } power) ValidatePower(cluster, who, power);
    }

    private static void Parts(ClusterSnapshot cluster, string who, string kind, IReadOnlyList<HostPart> parts, int most)
    {
        if (parts.Count > most)
            throw InvalidInputException.Because(
                $"The number ({parts.Count}) of {kind}s of {who} is above {most}.", "describe only those that VMs are bound to.");
        for (int i = 0; i < parts.Count; i++)
        {
            Amounts(cluster, "capacity", $"{kind} ({i}) of {who}", parts[i].Capacity, mayBeEmpty: false);
            if (parts[i].Limits.Any(d => d < 0 || d >= cluster.Dimensions.Count))
                throw InvalidInputException.Because($"A limited dimension of {kind} ({i}) of {who} does not exist.", "it was left out of the dimensions.");
        }
    }

    private static void ValidatePower(ClusterSnapshot cluster, string who, PowerCurve power)
    {
        if (cluster.Dimensions.All(d => d.Name != power.Dimension))
            throw InvalidInputException.Because(
                $"The power curve of {who} follows dimension ({power.Dimension}), which does not exist.",
                $"one of {string.Join(", ", cluster.Dimensions.Select(d => $"({d.Name})"))} was meant; names are case-sensitive.");
        IReadOnlyList<PowerPoint> points = power.Points;
        bool ascending = points.Zip(points.Skip(1)).All(pair => pair.First.UtilisationPercent < pair.Second.UtilisationPercent);
        if (points.Count < 2 || points[0].UtilisationPercent != 0 || points[^1].UtilisationPercent != 100 || !ascending || points.Any(p => p.Watts < 0))
            throw InvalidInputException.Because(
                $"The power curve of {who} must rise from 0 to 100 % of utilisation with at least 2 points and watts of at least 0.",
                "a point is missing or out of order.");
    }

    private static void ValidateVm(ClusterSnapshot cluster, VirtualMachine vm)
    {
        string who = $"VM ({vm.Name})";
        Amounts(cluster, "demand", who, vm.Demand, mayBeEmpty: false);
        Amounts(cluster, "demand now", who, vm.DemandNow, mayBeEmpty: true);
        ValidateChange(cluster, vm, who);
        Amounts(cluster, "reservation", who, vm.Reservation, mayBeEmpty: true);
        Within("migration cost", who, vm.MigrationCost);
        Parts("NUMA nodes", who, vm.NumaNodes);
        Parts("GPUs", who, vm.Gpus);
        if (vm.Start is { } start) ValidateStart(cluster, vm, start, who);
        else if (!vm.Movable)
            throw InvalidInputException.Because($"The {who} is not movable but has no host to stay on.", "its host was left out.");
    }

    /// <summary>What a plan is to change about a VM must be something that plans can do.</summary>
    private static void ValidateChange(ClusterSnapshot cluster, VirtualMachine vm, string who)
    {
        if (vm.IsLeaving && (vm.Movable || vm.Start is null || !vm.Demand.IsZero || !(vm.Reservation.Count == 0 || vm.Reservation.IsZero)))
            throw InvalidInputException.Because(
                $"The {who} is leaving, so it must have a host, not be movable, and have no demand and no reservation.",
                "what it uses until then is its demand now.");
        if (vm.DemandNow.Count == 0) return;
        if (vm.Start is null)
            throw InvalidInputException.Because($"The {who} has no host, so it cannot use anything now.", "its demand now is to be left out, or its host was.");
        for (int d = 0; d < vm.DemandNow.Count; d++)
            if (cluster.Dimensions[d].IsTransient && vm.DemandNow[d] != vm.Demand[d])
                throw InvalidInputException.Because(
                    $"The {who} is to change its demand in the transient dimension ({cluster.Dimensions[d].Name}), which no plan can do.",
                    "the dimension is not transient.");
    }

    /// <summary>A VM that is still to be placed must fit on some empty host; one that runs is data, however large.</summary>
    private static void ValidateFits(ClusterSnapshot cluster)
    {
        HashSet<ResourceVector> fitting = [];
        foreach (VirtualMachine vm in cluster.Vms)
        {
            if (vm.Start is not null || fitting.Contains(vm.Demand)) continue;
            if (!cluster.Hosts.Any(h => Enumerable.Range(0, cluster.Dimensions.Count).All(d => vm.Demand[d] <= h.Usable(d))))
            {
                string needs = string.Join(
                    ", ",
                    cluster.Dimensions.Select((d, i) => $"{vm.Demand[i]} {d.Unit} of {d.Name} (most on one host: {cluster.Hosts.Max(h => h.Usable(i))})"));
                throw InvalidInputException.Because(
                    $"VM ({vm.Name}) is larger than every host: it needs {needs}.", "its amounts are in another unit, or the host for it is missing.");
            }

            fitting.Add(vm.Demand);
        }
    }

    private static void ValidateStart(ClusterSnapshot cluster, VirtualMachine vm, Place start, string who)
    {
        if (start.Host.Index < 0 || start.Host.Index >= cluster.Hosts.Count)
            throw InvalidInputException.Because($"The start of {who} is on a host that does not exist.", "its host is missing from the list of hosts.");
        Host host = cluster[start.Host];
        if (host.StateNow == HostState.Off)
            throw InvalidInputException.Because($"The {who} is on host ({host.Name}), which is off now.", "the host runs, or the VM is elsewhere.");
        bool numaFits = BitOperations.PopCount(start.NumaMask) == vm.NumaNodes && start.NumaMask >> host.NumaNodes.Count == 0;
        bool gpusFit = BitOperations.PopCount(start.GpuMask) == vm.Gpus && start.GpuMask >> host.Gpus.Count == 0;
        if (!numaFits || !gpusFit)
            throw InvalidInputException.Because(
                $"The start of {who} on host ({host.Name}) names NUMA nodes {Bits(start.NumaMask)} and GPUs {Bits(start.GpuMask)}; "
                + $"expected {vm.NumaNodes} of its {host.NumaNodes.Count} NUMA nodes and {vm.Gpus} of its {host.Gpus.Count} GPUs.",
                "the VM's shape and its place come from different sources.");
    }

    private static string Bits(uint mask) => $"({string.Join(",", Enumerable.Range(0, 32).Where(i => (mask >> i & 1) == 1))})";

    private static void Amounts(ClusterSnapshot cluster, string what, string who, ResourceVector amounts, bool mayBeEmpty)
    {
        if (mayBeEmpty && amounts.Count == 0) return;
        if (amounts.Count != cluster.Dimensions.Count)
            throw InvalidInputException.Because(
                $"The {what} of {who} has {amounts.Count} amounts for {cluster.Dimensions.Count} dimensions.", "write 0 for a dimension that is not used.");
        for (int d = 0; d < amounts.Count; d++)
            if (amounts[d] is < 0 or > MaxAmount)
                throw InvalidInputException.Because(
                    $"The {what} ({amounts[d]}) of {who} in dimension ({cluster.Dimensions[d].Name}) is not within 0 .. {MaxAmount}.",
                    $"the amount is not in {cluster.Dimensions[d].Unit}.");
    }

    private static void Within(string what, string who, long amount)
    {
        if (amount is < 0 or > MaxAmount)
            throw InvalidInputException.Because($"The {what} ({amount}) of {who} is not within 0 .. {MaxAmount}.", "leave it out: 1 is the default.");
    }

    private static void Parts(string what, string who, int count)
    {
        if (count is < 0 or > 16)
            throw InvalidInputException.Because(
                $"The number of {what} ({count}) of {who} is not within 0 .. 16.", $"0 was meant: the VM is not bound to {what}.");
    }

    private static void Unique(string kind, IEnumerable<string> names)
    {
        HashSet<string> seen = new(StringComparer.Ordinal);
        foreach (string name in names)
        {
            if (string.IsNullOrWhiteSpace(name)) throw InvalidInputException.Because($"A {kind} has an empty name.", "its name was left out.");
            if (!seen.Add(name))
                throw InvalidInputException.Because($"The {kind} ({name}) is there twice.", "two sources were joined without removing what they share.");
        }
    }

    private static void Members(string kind, string name, IEnumerable<int> members, int count)
    {
        int last = -1;
        foreach (int member in members)
        {
            if (member <= last || member >= count)
                throw InvalidInputException.Because(
                    $"The members of {kind} ({name}) must be ascending, without repeats and below {count}; found ({member}).",
                    "the group belongs to another cluster, or is to be sorted.");
            last = member;
        }
    }
}
