namespace VirtOpt.Simulation;

/// <summary>Leaves every VM where it was placed first: what it costs to do nothing.</summary>
public sealed class NoMigration : IConsolidationPolicy
{
    /// <inheritdoc/>
    public IReadOnlyList<VmMove> Decide(ClusterView view) => [];
}
