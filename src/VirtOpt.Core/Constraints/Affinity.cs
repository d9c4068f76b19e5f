using System.ComponentModel;

namespace VirtOpt;

/// <summary>
/// The VMs of a group are all in one item of a scope (BtrPlace: Gather; VMware: VM-VM affinity). The amount is the number of items above one.
/// </summary>
/// <param name="Group">The VMs.</param>
/// <param name="Scope">The scope, for example <c>host</c> or <c>rack</c>.</param>
public sealed record Affinity(
    [Description("the VMs")] VmGroup Group,
    [Description("scope whose item they share")] string Scope = VirtOpt.Scope.Host) : Constraint
{
    /// <inheritdoc/>
    public override IEnumerable<Term> Compile(ModelBuilder model)
    {
        LoadFamily count = model.Count(Group, Scope);
        yield return new SumTerm(Describe(), count, new SameFunction(CellFunction.Used, count.CellCount), Outer.ExcessAbove, 1);
    }

    /// <inheritdoc/>
    public override IEnumerable<Violation> Check(PlacementView view)
    {
        string[] items = [.. view.ByItem(Group, Scope).Select(item => item.Key)];
        if (items.Length > 1)
            yield return new(
                $"group {Group}", items.Length - 1,
                $"The VMs of {Group} are in {items.Length} items of {Scope} ({string.Join(", ", items.Take(5))}); they belong in one.");
    }

    /// <inheritdoc/>
    public override void Validate(ClusterSnapshot cluster)
    {
        IsKnown(cluster, Group);
        cluster.Scope(Scope);
    }

    /// <inheritdoc/>
    public override string Describe() => $"affinity of {Group} by {Scope}";
}
