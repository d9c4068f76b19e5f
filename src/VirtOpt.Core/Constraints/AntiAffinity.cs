using System.ComponentModel;

namespace VirtOpt;

/// <summary>At most a number of VMs of a group are in one item of a scope (BtrPlace: Spread and Among's converse; VMware: VM-VM anti-affinity).</summary>
/// <param name="Group">The VMs.</param>
/// <param name="Scope">The scope, for example <c>host</c> or <c>rack</c>.</param>
/// <param name="Max">Most VMs of the group in one item, at least 0.</param>
public sealed record AntiAffinity(
    [Description("the VMs")] VmGroup Group,
    [Description("scope whose items count")] string Scope = VirtOpt.Scope.Host,
    [Description("most VMs of the group in one item")] int Max = 1) : Constraint
{
    /// <inheritdoc/>
    public override IEnumerable<Term> Compile(ModelBuilder model)
    {
        LoadFamily count = model.Count(Group, Scope);
        yield return new SumTerm(Describe(), count, new SameFunction(CellFunction.ExcessAbove(Max), count.CellCount));
    }

    /// <inheritdoc/>
    public override IEnumerable<Violation> Check(PlacementView view) =>
        from item in view.ByItem(Group, Scope)
        where item.Count() > Max
        select new Violation($"{Scope} {item.Key}", item.Count() - Max, $"{item.Count()} VMs of {Group} are in {Scope} {item.Key}; at most {Max} may be.");

    /// <inheritdoc/>
    public override void Validate(ClusterSnapshot cluster)
    {
        IsKnown(cluster, Group);
        cluster.Scope(Scope);
        AtLeast("max of anti-affinity", Max, 0);
    }

    /// <inheritdoc/>
    public override string Describe() => $"anti-affinity of {Group} by {Scope} (at most {Max})";
}
