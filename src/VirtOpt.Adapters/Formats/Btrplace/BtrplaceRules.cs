using System.Globalization;

namespace VirtOpt;

/// <summary>Translates the constraints of an instance that are about where VMs run.</summary>
/// <param name="file">The instance.</param>
/// <param name="hostOf">The hosts by node.</param>
/// <param name="vmOf">The VMs of the problem.</param>
/// <param name="states">What VMs and nodes are to become.</param>
internal sealed class BtrplaceRules(
    BtrplaceFile file, IReadOnlyDictionary<int, HostId> hostOf, IReadOnlyDictionary<int, VmId> vmOf, BtrplaceStates states)
{
    private const string Outside = "outside";
    private readonly List<Constraint> constraints = [];
    private readonly List<VmGroup> vmGroups = [];
    private readonly List<HostGroup> hostGroups = [];
    private readonly Dictionary<string, HostGroup> hostGroupsByMembers = new(StringComparer.Ordinal);
    private readonly Dictionary<int[][], (string Scope, HostGroup? All)> scopes = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<int, Dictionary<string, string>> labels = [];

    /// <summary>The rules so far.</summary>
    public IReadOnlyList<Constraint> Constraints => constraints;

    /// <summary>The groups of VMs that they speak of.</summary>
    public IReadOnlyList<VmGroup> VmGroups => vmGroups;

    /// <summary>The groups of hosts that they speak of.</summary>
    public IReadOnlyList<HostGroup> HostGroups => hostGroups;

    /// <summary>The labels of a node.</summary>
    public IReadOnlyDictionary<string, string> LabelsOf(int node) => labels.GetValueOrDefault(node) ?? [];

    /// <summary>Adds a constraint.</summary>
    /// <exception cref="InvalidInputException">It names what is not there, lacks something, or is of a kind that cannot be said.</exception>
    public void Add(BtrplaceConstraint constraint)
    {
        foreach (int node in constraint.Nodes.Concat(constraint.Id == "among" ? constraint.Parts.SelectMany(p => p) : []))
            if (!hostOf.ContainsKey(node)) throw file.Error($"{constraint} names node ({node}), which the mapping does not have.", "it was left out there.");
        foreach (int vm in constraint.Vms) states.Known(constraint, vm);
        int[] vms = [.. constraint.Vms.Where(vm => vmOf.ContainsKey(vm) && !states.IsLeaving(vm)).Distinct()];
        switch (constraint.Id)
        {
            case "spread" when vms.Length > 1: Add(constraint, new AntiAffinity(Group("spread", vms))); break;
            case "gather" when vms.Length > 1: Add(constraint, new Affinity(Group("gather", vms))); break;
            case "among": Among(constraint, vms); break;
            case "fence" when vms.Length > 0: Add(constraint, new Fence(Group("fence", vms), Hosts(constraint.Nodes))); break;
            case "ban" when vms.Length > 0: Add(constraint, new Ban(Group("ban", vms), Hosts(constraint.Nodes))); break;
            case "root" when vms.Length > 0: Add(constraint, new Pin(Group("root", vms))); break;
            case "resourceCapacity": Add(constraint, new GroupCapacity(Hosts(constraint.Nodes), Amount(constraint), ResourceName(constraint))); break;
            case "runningCapacity": Add(constraint, new GroupCapacity(Hosts(constraint.Nodes), Amount(constraint))); break;
            case "spread" or "gather" or "fence" or "ban" or "root": break; // Of VMs that do not run.
            default:
                throw file.Error(
                    $"{constraint} is of a kind that cannot be said; expected one of among, ban, fence, gather, killed, offline, online, overbook, preserve, "
                    + "ready, resourceCapacity, root, running, runningCapacity, sleeping, spread.",
                    "the constraint is to be left out, or it can be said with those.");
        }
    }

    private void Add(BtrplaceConstraint origin, Constraint rule) => constraints.Add(rule with { Continuous = origin.IsContinuous });

    /// <summary>The VMs run in one of the parts: parts are items of a scope; nodes in no part are one more item, where the VMs may not be.</summary>
    private void Among(BtrplaceConstraint constraint, int[] vms)
    {
        if (!scopes.TryGetValue(constraint.Parts, out (string Scope, HostGroup? All) parts)) scopes[constraint.Parts] = parts = Scope(constraint);
        if (vms.Length == 0) return;
        VmGroup group = Group("among", vms);
        if (vms.Length > 1) Add(constraint, new Affinity(group, parts.Scope));
        if (parts.All is { } all) Add(constraint, new Fence(group, all));
    }

    private (string Scope, HostGroup? All) Scope(BtrplaceConstraint constraint)
    {
        string scope = string.Create(CultureInfo.InvariantCulture, $"among-{scopes.Count + 1}");
        foreach (int node in hostOf.Keys)
            if (labels.TryGetValue(node, out Dictionary<string, string>? known)) known[scope] = Outside;
            else labels[node] = new(StringComparer.Ordinal) { [scope] = Outside };
        int inside = 0;
        for (int part = 0; part < constraint.Parts.Length; part++)
            foreach (int node in constraint.Parts[part])
            {
                if (labels[node][scope] != Outside) throw file.Error($"{constraint} has node ({node}) in two parts.", "parts must not overlap.");
                labels[node][scope] = string.Create(CultureInfo.InvariantCulture, $"part-{part + 1}");
                inside++;
            }

        if (inside == 0) throw file.Error($"{constraint} has no node in its parts.", "the parts were left out.");
        return (scope, inside == hostOf.Count ? null : Hosts([.. constraint.Parts.SelectMany(p => p)]));
    }

    private VmGroup Group(string kind, int[] vms)
    {
        VmGroup group = new(
            string.Create(CultureInfo.InvariantCulture, $"{kind}-{vmGroups.Count + 1}"), [.. vms.Select(vm => vmOf[vm]).OrderBy(vm => vm.Index)]);
        vmGroups.Add(group);
        return group;
    }

    private HostGroup Hosts(List<int> nodes)
    {
        HostId[] members = [.. nodes.Select(node => hostOf[node]).Distinct().OrderBy(host => host.Index)];
        string key = string.Join(',', members.Select(m => m.Index));
        if (hostGroupsByMembers.TryGetValue(key, out HostGroup? known)) return known;
        HostGroup group = new(string.Create(CultureInfo.InvariantCulture, $"nodes-{hostGroups.Count + 1}"), members);
        hostGroups.Add(group);
        return hostGroupsByMembers[key] = group;
    }

    private long Amount(BtrplaceConstraint constraint) => constraint.Amount ?? throw file.Error($"{constraint} has no amount.", "it was left out.");

    private string ResourceName(BtrplaceConstraint constraint) => file.Resources[file.ResourceOf(constraint)].Name;
}
