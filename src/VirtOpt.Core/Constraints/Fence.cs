using System.ComponentModel;

namespace VirtOpt;

/// <summary>
/// VMs of a group run on hosts of a host group only (BtrPlace: Fence; VMware: VM-host must rule; soft: should rule).
/// The amount is the number of VMs outside.
/// </summary>
/// <param name="Group">The VMs.</param>
/// <param name="Hosts">The hosts that they may use.</param>
public sealed record Fence(
    [Description("the VMs")] VmGroup Group,
    [Description("the hosts that they may use")] HostGroup Hosts) : Constraint
{
    /// <inheritdoc/>
    public override IEnumerable<Term> Compile(ModelBuilder model)
    {
        HashSet<HostId> inside = [.. Hosts.Members];
        yield return new SumTerm(
            Describe(), model.CountOn($"VMs of {Group} outside {Hosts}", Group, host => !inside.Contains(host)), [CellFunction.Identity])
        {
            PerVm = true,
        };
    }

    /// <inheritdoc/>
    public override IEnumerable<Violation> Check(PlacementView view)
    {
        HashSet<HostId> inside = [.. Hosts.Members];
        return
            from vm in Group.Members
            where view.IsPlaced(vm) && !inside.Contains(view.HostOf(vm))
            select new Violation($"VM {view.Cluster[vm]}", 1, $"VM {view.Cluster[vm]} is on host {view.Cluster[view.HostOf(vm)]}, outside host group {Hosts}.");
    }

    /// <inheritdoc/>
    public override void Validate(ClusterSnapshot cluster)
    {
        IsKnown(cluster, Group);
        IsKnown(cluster, Hosts);
    }

    /// <inheritdoc/>
    public override string Describe() => $"{Group} only on {Hosts}";
}
