using System.ComponentModel;

namespace VirtOpt;

/// <summary>VMs of a group do not run on hosts of a host group (BtrPlace: Ban; VMware: VM-host must-not rule). The amount is the number of VMs there.</summary>
/// <param name="Group">The VMs.</param>
/// <param name="Hosts">The hosts that they may not use.</param>
public sealed record Ban(
    [Description("the VMs")] VmGroup Group,
    [Description("the hosts that they may not use")] HostGroup Hosts) : Constraint
{
    /// <inheritdoc/>
    public override IEnumerable<Term> Compile(ModelBuilder model)
    {
        HashSet<HostId> banned = [.. Hosts.Members];
        yield return new SumTerm(Describe(), model.CountOn($"VMs of {Group} on {Hosts}", Group, banned.Contains), [CellFunction.Identity]) { PerVm = true };
    }

    /// <inheritdoc/>
    public override IEnumerable<Violation> Check(PlacementView view)
    {
        HashSet<VmId> members = [.. Group.Members];
        return
            from host in Hosts.Members
            from vm in view.VmsOn(host)
            where members.Contains(vm)
            select new Violation(
                $"VM {view.Cluster[vm]}", 1, $"VM {view.Cluster[vm]} is on host {view.Cluster[host]} of host group {Hosts}, where it may not be.");
    }

    /// <inheritdoc/>
    public override void Validate(ClusterSnapshot cluster)
    {
        IsKnown(cluster, Group);
        IsKnown(cluster, Hosts);
    }

    /// <inheritdoc/>
    public override string Describe() => $"{Group} not on {Hosts}";
}
