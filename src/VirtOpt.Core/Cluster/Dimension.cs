namespace VirtOpt;

/// <summary>A kind of resource that hosts offer and VMs use, with the unit of all its amounts.</summary>
/// <param name="Name">Name as users write it, for example <c>cpu</c>; unique in a cluster.</param>
/// <param name="Unit">Unit of every amount, for example <c>millicore</c>, <c>MiB</c>, <c>Mbit/s</c>. Amounts are whole numbers of it.</param>
/// <param name="IsTransient">
/// True if a VM that leaves its start host keeps its demand charged there as well (ROADEF/EURO 2012: transient usage): disk space while it is copied.
/// Capacity honours it; every other measure counts a VM only where it is.
/// </param>
public sealed record Dimension(string Name, string Unit, bool IsTransient = false)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Name} [{Unit}]";
}
