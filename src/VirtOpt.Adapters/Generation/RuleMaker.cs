namespace VirtOpt;

/// <summary>Makes the anti-affinity groups and host groups of a synthetic cluster, and says which hosts they leave to a VM.</summary>
internal sealed class RuleMaker
{
    private const int LargestGroup = 6;
    private readonly Host[] hosts;
    private readonly int[] groupOf;
    private readonly int[] fenceOf;
    private readonly List<HashSet<string>> taken = [];
    private readonly List<HashSet<int>> fences = [];

    /// <summary>Draws groups of 2 to 6 VMs (every fourth apart by rack, the others by host), then VMs bound to about a third of the hosts.</summary>
    public RuleMaker(GeneratorProfile profile, Random random, Host[] hosts, int vms)
    {
        this.hosts = hosts;
        (groupOf, fenceOf) = (new int[vms], new int[vms]);
        Array.Fill(groupOf, -1);
        Array.Fill(fenceOf, -1);
        int[] order = [.. Enumerable.Range(0, vms)];
        random.Shuffle(order);
        int grouped = (int)((long)vms * profile.GroupedPercent / 100);
        int used = MakeGroups(random, order.AsSpan(0, grouped));
        MakeFences(random, order.AsSpan(used, (int)((long)vms * profile.FencedPercent / 100)));
    }

    public List<VmGroup> VmGroups { get; } = [];

    public List<HostGroup> HostGroups { get; } = [];

    public List<Constraint> Constraints { get; } = [];

    /// <summary>True if no rule speaks of the VM.</summary>
    public bool IsFree(int vm) => groupOf[vm] < 0 && fenceOf[vm] < 0;

    /// <summary>Whether the rules allow a VM on a host beside those noted so far.</summary>
    public bool Allows(int vm, int host) =>
        (groupOf[vm] < 0 || !taken[groupOf[vm]].Contains(ItemOf(groupOf[vm], host))) && (fenceOf[vm] < 0 || fences[fenceOf[vm]].Contains(host));

    /// <summary>Notes where a VM has been put.</summary>
    public void Note(int vm, int host)
    {
        if (groupOf[vm] >= 0) taken[groupOf[vm]].Add(ItemOf(groupOf[vm], host));
    }

    private string ItemOf(int group, int host)
    {
        string scope = ((AntiAffinity)Constraints[group]).Scope;
        return scope == Scope.Host ? hosts[host].Name : hosts[host].Labels[scope];
    }

    private int MakeGroups(Random random, ReadOnlySpan<int> vms)
    {
        int racks = hosts.Select(h => h.Labels["rack"]).Distinct().Count();
        int start = 0;
        while (vms.Length - start >= 2 && hosts.Length >= 4)
        {
            bool byRack = VmGroups.Count % 4 == 3 && racks >= 4;
            int size = Math.Min(random.Next(2, 1 + Math.Min(LargestGroup, (byRack ? racks : hosts.Length) / 2)), vms.Length - start);
            VmGroup group = new($"apart-{VmGroups.Count}", [.. vms.Slice(start, size).ToArray().Order().Select(v => new VmId(v))]);
            foreach (VmId vm in group.Members) groupOf[vm.Index] = VmGroups.Count;
            VmGroups.Add(group);
            taken.Add([]);
            Constraints.Add(new AntiAffinity(group, byRack ? "rack" : Scope.Host));
            start += size;
        }

        return start;
    }

    private void MakeFences(Random random, ReadOnlySpan<int> vms)
    {
        if (vms.Length == 0 || hosts.Length < 4) return;
        int count = Math.Clamp(hosts.Length / 10, 1, 8);
        int[] order = [.. Enumerable.Range(0, hosts.Length)];
        for (int f = 0; f < count; f++)
        {
            random.Shuffle(order);
            int[] members = [.. order.Take(Math.Max(1, (hosts.Length + 2) / 3)).Order()];
            int[] bound = [.. vms.ToArray().Where((_, i) => i % count == f).Order()];
            if (bound.Length == 0) continue;
            foreach (int vm in bound) fenceOf[vm] = fences.Count;
            VmGroup group = new($"bound-{fences.Count}", [.. bound.Select(v => new VmId(v))]);
            HostGroup hostGroup = new($"hosts-{fences.Count}", [.. members.Select(h => new HostId(h))]);
            fences.Add([.. members]);
            VmGroups.Add(group);
            HostGroups.Add(hostGroup);
            Constraints.Add(new Fence(group, hostGroup));
        }
    }
}
