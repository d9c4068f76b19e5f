namespace VirtOpt;

/// <summary>A kind of resource that hosts offer and VMs use, with the unit of all its amounts.</summary>
/// <param name="Name">Name as users write it, for example <c>cpu</c>; unique in a cluster.</param>
/// <param name="Unit">Unit of every amount, for example <c>millicore</c>, <c>MiB</c>, <c>Mbit/s</c>. Amounts are whole numbers of it.</param>
public sealed record Dimension(string Name, string Unit)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Name} [{Unit}]";
}
