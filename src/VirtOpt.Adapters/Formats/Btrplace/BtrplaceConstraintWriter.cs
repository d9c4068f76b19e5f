namespace VirtOpt;

/// <summary>Writes what a problem asks for as constraints of BtrPlace.</summary>
/// <param name="problem">The problem.</param>
/// <param name="vms">The numbers of its VMs.</param>
/// <param name="hosts">The numbers of its hosts.</param>
internal sealed class BtrplaceConstraintWriter(PlacementProblem problem, IdTable vms, IdTable hosts)
{
    private readonly ClusterSnapshot cluster = problem.Cluster;

    /// <summary>The constraints, each as what it writes.</summary>
    /// <exception cref="InvalidInputException">One cannot be said.</exception>
    public IReadOnlyList<Action<JsonOutput>> Facts() =>
    [
        .. Enumerable.Range(0, cluster.Hosts.Count).SelectMany(OfHost),
        .. Enumerable.Range(0, cluster.Vms.Count).SelectMany(OfVm),
        .. problem.Constraints.Where(c => c is not (Capacity or HostAvailability)).SelectMany(OfRule),
    ];

    private IEnumerable<Action<JsonOutput>> OfHost(int h)
    {
        Host host = cluster.Hosts[h];
        yield return Of(host.State == HostState.Off ? "offline" : "online", false, json => json.Field("node", hosts[h]));
        for (int d = 0; d < cluster.Dimensions.Count; d++)
        {
            if (host.OvercommitPercent.Count == 0 || host.OvercommitPercent[d] == 100) continue;
            (string resource, double ratio) = (cluster.Dimensions[d].Name, host.OvercommitPercent[d] / 100.0);
            yield return Of("overbook", false, json =>
            {
                json.Field("node", hosts[h]);
                json.Field("rc", resource);
                json.Field("ratio", ratio);
            });
        }
    }

    private IEnumerable<Action<JsonOutput>> OfVm(int v)
    {
        VirtualMachine vm = cluster.Vms[v];
        if (vm.IsLeaving || vm.Start is null) yield return Of(vm.IsLeaving ? "ready" : "running", false, json => json.Field("vm", vms[v]));
        if (vm.IsLeaving) yield break;
        if (!vm.Movable) yield return Of("root", false, json => json.Field("vm", vms[v]));
        for (int d = 0; d < cluster.Dimensions.Count; d++)
        {
            if (vm.Demand[d] == vm.Uses(d)) continue;
            (string resource, long amount) = (cluster.Dimensions[d].Name, vm.Demand[d]);
            yield return Of("preserve", false, json =>
            {
                json.Field("vm", vms[v]);
                json.Field("rc", resource);
                json.Field("amount", amount);
            });
        }
    }

    private IEnumerable<Action<JsonOutput>> OfRule(Constraint rule) => rule switch
    {
        { Soft: not null } => throw CannotSay(rule),
        AntiAffinity { Scope: Scope.Host, Max: 1 } spread => [Of("spread", rule.Continuous, json => Vms(json, spread.Group))],
        Affinity { Scope: Scope.Host } gather => [Of("gather", rule.Continuous, json => Vms(json, gather.Group))],
        Affinity among => [Among(among)],
        Fence fence => fence.Group.Members.Select(vm => Of("fence", rule.Continuous, json => VmAndNodes(json, vm, fence.Hosts))),
        Ban ban => ban.Group.Members.Select(vm => Of("ban", rule.Continuous, json => VmAndNodes(json, vm, ban.Hosts))),
        Pin pin => pin.Group.Members.Select(vm => Of("root", rule.Continuous, json => json.Field("vm", vms[vm.Index]))),
        GroupCapacity { Of: GroupCapacity.Count } count => [Of("runningCapacity", rule.Continuous, json =>
        {
            Nodes(json, count.Hosts);
            json.Field("amount", count.Max);
        })],
        GroupCapacity held => [Of("resourceCapacity", rule.Continuous, json =>
        {
            Nodes(json, held.Hosts);
            json.Field("rc", held.Of);
            json.Field("amount", held.Max);
        })],
        _ => throw CannotSay(rule),
    };

    private Action<JsonOutput> Among(Affinity among)
    {
        Scope scope = cluster.Scope(among.Scope);
        long[][] parts =
        [
            .. Enumerable.Range(0, scope.Items.Count).Select(item => (long[])
                [.. Enumerable.Range(0, cluster.Hosts.Count).Where(h => scope.ItemOf(new HostId(h)) == item).Select(h => (long)hosts[h])]),
        ];
        return Of("among", among.Continuous, json =>
        {
            Vms(json, among.Group);
            json.Array("parts", parts, json.Numbers);
        });
    }

    private static InvalidInputException CannotSay(Constraint rule) => InvalidInputException.Because(
        $"The format ({Btrplace.FormatName}) cannot say the {(rule.Soft is null ? "" : "soft ")}rule ({rule.Describe()}).",
        $"({VirtOptJson.FormatName}) was meant.");

    private static Action<JsonOutput> Of(string id, bool isContinuous, Action<JsonOutput> fields) => json =>
    {
        json.Field("id", id);
        json.Field("continuous", isContinuous);
        fields(json);
    };

    private void Vms(JsonOutput json, VmGroup group) => json.Numbers("vms", group.Members.Select(vm => vms[vm.Index]));

    private void Nodes(JsonOutput json, HostGroup group) => json.Numbers("nodes", group.Members.Select(host => hosts[host.Index]));

    private void VmAndNodes(JsonOutput json, VmId vm, HostGroup group)
    {
        json.Field("vm", vms[vm.Index]);
        Nodes(json, group);
    }
}
