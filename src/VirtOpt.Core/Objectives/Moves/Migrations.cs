using System.ComponentModel;

namespace VirtOpt;

/// <summary>What the migrations from the start cost. A VM that has no start does not migrate.</summary>
/// <param name="Of"><c>count</c>, <c>cost</c> (the VMs' migration cost), <c>downtime</c> (live 1, paused 10, cold 100), or the name of a dimension.</param>
/// <param name="Weight">Factor in its level.</param>
/// <param name="Level">The level, 1 first.</param>
public sealed record Migrations(
    [Description("count, cost, downtime or a dimension")] string Of = MigrationMeasure.Count,
    [Description("factor in its level")] long Weight = 1,
    [Description("level, 1 first")] int Level = 1) : Objective(Weight, Level)
{
    /// <inheritdoc/>
    public override IEnumerable<Term> Compile(ModelBuilder model) =>
        [
            new SumTerm(
                Describe(), model.Migrations($"migrated {Of} of all VMs by cluster", null, MigrationMeasure.Of(model.Cluster, Of)), [CellFunction.Identity]),
        ];

    /// <inheritdoc/>
    public override long Value(PlacementView view)
    {
        Func<VirtualMachine, long> cost = MigrationMeasure.Of(view.Cluster, Of);
        return view.Cluster.AllVms.Members.Where(view.HasMoved).Sum(vm => cost(view.Cluster[vm]));
    }

    /// <inheritdoc/>
    public override void Validate(ClusterSnapshot cluster) => MigrationMeasure.Of(cluster, Of);

    /// <inheritdoc/>
    public override string Describe() => $"migrations ({Of})";
}
