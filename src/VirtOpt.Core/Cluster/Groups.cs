namespace VirtOpt;

/// <summary>A named set of VMs that constraints speak of.</summary>
/// <param name="Name">Unique among the VM groups of a cluster.</param>
/// <param name="Members">The VMs, ascending, without repeats.</param>
public sealed record VmGroup(string Name, IReadOnlyList<VmId> Members)
{
    /// <inheritdoc/>
    public override string ToString() => Name;
}

/// <summary>A named set of hosts that constraints speak of.</summary>
/// <param name="Name">Unique among the host groups of a cluster.</param>
/// <param name="Members">The hosts, ascending, without repeats.</param>
public sealed record HostGroup(string Name, IReadOnlyList<HostId> Members)
{
    /// <inheritdoc/>
    public override string ToString() => Name;
}
