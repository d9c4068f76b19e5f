using System.Globalization;

namespace VirtOpt;

/// <summary>Makes a problem of an instance: hosts and VMs with what they have and what they are to have, then rules.</summary>
internal sealed class BtrplaceReader
{
    private readonly BtrplaceFile file;
    private readonly BtrplaceStates states;
    private readonly Dictionary<int, HostId> hostOf = [];
    private readonly Dictionary<int, VmId> vmOf = [];
    private readonly Dictionary<(int Vm, int Resource), long> asked = [];
    private readonly Dictionary<(int Node, int Resource), long> overbooked = [];

    private BtrplaceReader(BtrplaceFile file)
    {
        this.file = file;
        states = new BtrplaceStates(file);
        foreach (int node in file.Nodes.Keys) hostOf[node] = new HostId(hostOf.Count);
        foreach (int vm in file.Vms.Keys.Where(vm => states.IsKept(vm)).Order()) vmOf[vm] = new VmId(vmOf.Count);
    }

    /// <summary>Reads a file.</summary>
    /// <exception cref="InvalidInputException">It cannot be read, or asks for what VirtOpt cannot do.</exception>
    public static (ClusterSnapshot Cluster, Policy Policy, PlanSettings Plan) Read(string path)
    {
        BtrplaceFile file = BtrplaceFile.Read(path);
        if (file.Resources.Count == 0) throw file.Error("there is no view (shareableResource).", "the views were left out of the model.");
        return new BtrplaceReader(file).Build();
    }

    private (ClusterSnapshot Cluster, Policy Policy, PlanSettings Plan) Build()
    {
        BtrplaceRules rules = new(file, hostOf, vmOf, states);
        foreach (BtrplaceConstraint constraint in file.Constraints)
            if (constraint.Id == "preserve") Preserve(constraint);
            else if (constraint.Id == "overbook") Overbook(constraint);
            else if (!BtrplaceStates.Says(constraint.Id)) rules.Add(constraint);
        ClusterSnapshot cluster = new(
            [.. file.Resources.Select(r => new Dimension(r.Name, "unit"))],
            [.. hostOf.Keys.Select(node => Host(node, rules.LabelsOf(node)))],
            [.. vmOf.Keys.Select(Vm)],
            rules.VmGroups,
            rules.HostGroups,
            Path.GetFileName(file.Path));
        return (cluster, new Policy(rules.Constraints, [new Migrations()]), Plan(cluster));
    }

    private Host Host(int node, IReadOnlyDictionary<string, string> labels)
    {
        HostState now = file.Nodes[node] ? HostState.Available : HostState.Off;
        HostState wanted = states.StateOf(node);
        long[] percent = [.. file.Resources.Select((_, r) => overbooked.GetValueOrDefault((node, r), 100))];
        return new Host
        {
            Name = Text(node),
            Capacity = [.. file.Resources.Select(r => r.CapacityOf(node))],
            OvercommitPercent = percent.All(p => p == 100) ? ResourceVector.Empty : ResourceVector.Create(percent),
            State = wanted,
            StateNow = now == wanted ? null : now,
            Labels = labels,
        };
    }

    private VirtualMachine Vm(int vm)
    {
        long[] now = [.. file.Resources.Select(r => r.ConsumptionOf(vm))];
        long[] wanted = [.. now.Select((amount, r) => Math.Max(amount, asked.GetValueOrDefault((vm, r))))];
        (BtrplaceVmState state, int node) = file.Vms[vm];
        bool isRunning = state == BtrplaceVmState.Running;
        bool isLeaving = states.IsLeaving(vm);
        ResourceVector demand = isLeaving ? ResourceVector.Zero(now.Length) : ResourceVector.Create(wanted);
        return new VirtualMachine
        {
            Name = Text(vm),
            Demand = demand,
            DemandNow = isRunning && !demand.SequenceEqual(now) ? ResourceVector.Create(now) : ResourceVector.Empty,
            Start = isRunning ? new Place(hostOf[node]) : null,
            IsLeaving = isLeaving,
            Movable = !isLeaving,
        };
    }

    /// <summary>The amount that a VM is to have at least of a resource in the end.</summary>
    private void Preserve(BtrplaceConstraint constraint)
    {
        long amount = constraint.Amount ?? throw file.Error($"{constraint} has no amount.", "it was left out.");
        foreach (int vm in constraint.Vms)
        {
            states.Known(constraint, vm);
            (int, int) key = (vm, file.ResourceOf(constraint));
            asked[key] = Math.Max(asked.GetValueOrDefault(key), amount);
        }
    }

    private void Overbook(BtrplaceConstraint constraint)
    {
        if (constraint.Ratio is not (>= 0.01 and <= 1000))
            throw file.Error($"{constraint} has the ratio ({constraint.Ratio}); expected 0.01 .. 1000.", "per cent were meant: 150 % is 1.5.");
        foreach (int node in constraint.Nodes)
        {
            if (!hostOf.ContainsKey(node)) throw file.Error($"{constraint} names node ({node}), which the mapping does not have.", "it was left out there.");
            overbooked[(node, file.ResourceOf(constraint))] = (long)Math.Floor((constraint.Ratio.Value * 100) + 1e-9);
        }
    }

    /// <summary>Durations that the attributes of VMs and nodes give; those of hosts are one number, so the longest counts.</summary>
    private PlanSettings Plan(ClusterSnapshot cluster)
    {
        PlanSettings settings = new();
        Dictionary<VmId, VmTransfer> vms = [];
        foreach ((int vm, Dictionary<string, double> seconds) in file.VmSeconds)
        {
            if (!vmOf.TryGetValue(vm, out VmId id)) continue;
            VmTransfer transfer = new()
            {
                Seconds = Seconds(seconds, "migrate") is > 0 and { } migrate && cluster[id].Start is not null ? migrate : null,
                BootSeconds = cluster[id].Start is null ? Seconds(seconds, "boot") : null,
                ShutdownSeconds = cluster[id].IsLeaving ? Seconds(seconds, "shutdown") : null,
                ResizeSeconds = cluster[id].DemandNow.Count > 0 ? Seconds(seconds, "allocate") : null,
            };
            if (transfer != new VmTransfer()) vms[id] = transfer;
        }

        return settings with
        {
            Vms = vms,
            Transfer = settings.Transfer with
            {
                HostBootSeconds = Longest("boot", host => host.IsToBoot) ?? settings.Transfer.HostBootSeconds,
                HostShutdownSeconds = Longest("shutdown", host => host.IsToShutDown) ?? settings.Transfer.HostShutdownSeconds,
            },
        };

        double? Longest(string action, Func<Host, bool> counts) => file.NodeSeconds
            .Where(n => hostOf.TryGetValue(n.Key, out HostId host) && counts(cluster[host])).Max(n => Seconds(n.Value, action));
    }

    private static double? Seconds(Dictionary<string, double> seconds, string action) =>
        seconds.TryGetValue(action, out double value) && value >= 0 ? value : null;

    private static string Text(int id) => id.ToString(CultureInfo.InvariantCulture);
}
