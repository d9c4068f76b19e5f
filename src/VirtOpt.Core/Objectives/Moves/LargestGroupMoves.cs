using System.ComponentModel;

namespace VirtOpt;

/// <summary>The largest number of VMs of one group that migrate, over some groups (ROADEF/EURO 2012: service move cost). No group is disturbed much.</summary>
/// <param name="Groups">The groups, at least one; null for all VM groups of the cluster.</param>
/// <param name="Weight">Factor in its level.</param>
/// <param name="Level">The level, 1 first.</param>
public sealed record LargestGroupMoves(
    [Description("the groups; all VM groups if left out")] IReadOnlyList<VmGroup>? Groups = null,
    [Description("factor in its level")] long Weight = 1,
    [Description("level, 1 first")] int Level = 1) : Objective(Weight, Level)
{
    private static readonly CellFunction[] MovesThemselves = [CellFunction.Identity];

    /// <inheritdoc/>
    public override IEnumerable<Term> Compile(ModelBuilder model) =>
    [
        new MaxTerm(Describe(), [.. GroupsOf(model.Cluster).Select(g => new TermPart(model.Migrations($"migrations of {g}", g, _ => 1), MovesThemselves))]),
    ];

    /// <inheritdoc/>
    public override long Value(PlacementView view) => GroupsOf(view.Cluster).Max(g => g.Members.Count(view.HasMoved));

    /// <inheritdoc/>
    public override void Validate(ClusterSnapshot cluster)
    {
        if (GroupsOf(cluster).Count == 0)
            throw InvalidInputException.Because("Largest group moves has no VM group.", "the groups were left out of the cluster.");
    }

    /// <inheritdoc/>
    public override string Describe() => Groups is null ? "largest migrations of a group" : $"largest migrations of a group of {Groups.Count}";

    private IReadOnlyList<VmGroup> GroupsOf(ClusterSnapshot cluster) => Groups ?? cluster.VmGroups;
}
