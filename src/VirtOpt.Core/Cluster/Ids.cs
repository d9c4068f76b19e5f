namespace VirtOpt;

/// <summary>Dense index of a host in its <see cref="ClusterSnapshot"/>; never a VM's.</summary>
/// <param name="Index">Position in <see cref="ClusterSnapshot.Hosts"/>, from 0.</param>
public readonly record struct HostId(int Index)
{
    /// <inheritdoc/>
    public override string ToString() => $"host #{Index}";
}

/// <summary>Dense index of a virtual machine in its <see cref="ClusterSnapshot"/>; never a host's.</summary>
/// <param name="Index">Position in <see cref="ClusterSnapshot.Vms"/>, from 0.</param>
public readonly record struct VmId(int Index)
{
    /// <inheritdoc/>
    public override string ToString() => $"VM #{Index}";
}
