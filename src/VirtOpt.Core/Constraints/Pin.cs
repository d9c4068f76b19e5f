using System.ComponentModel;

namespace VirtOpt;

/// <summary>The VMs of a group stay where they are (BtrPlace: Root). The amount is the number that moved.</summary>
/// <param name="Group">The VMs.</param>
public sealed record Pin([Description("the VMs")] VmGroup Group) : Constraint
{
    /// <inheritdoc/>
    public override IEnumerable<Term> Compile(ModelBuilder model) =>
        [new SumTerm(Describe(), model.Migrations($"migrations of {Group}", Group, _ => 1), [CellFunction.Identity]) { PerVm = true }];

    /// <inheritdoc/>
    public override IEnumerable<Violation> Check(PlacementView view) =>
        from vm in Group.Members
        where view.HasMoved(vm)
        select new Violation($"VM {view.Cluster[vm]}", 1, $"VM {view.Cluster[vm]} of {Group} has moved but is pinned.");

    /// <inheritdoc/>
    public override void Validate(ClusterSnapshot cluster) => IsKnown(cluster, Group);

    /// <inheritdoc/>
    public override string Describe() => $"pin of {Group}";
}
