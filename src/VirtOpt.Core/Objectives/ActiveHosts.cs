using System.ComponentModel;

namespace VirtOpt;

/// <summary>The number of hosts with at least one VM.</summary>
/// <param name="Weight">Factor in its level.</param>
/// <param name="Level">The level, 1 first.</param>
public sealed record ActiveHosts(
    [Description("factor in its level")] long Weight = 1,
    [Description("level, 1 first")] int Level = 1) : Objective(Weight, Level)
{
    /// <inheritdoc/>
    public override IEnumerable<Term> Compile(ModelBuilder model) =>
        [new SumTerm(Describe(), model.VmCount(), [.. Enumerable.Repeat(CellFunction.Used, model.Cluster.Hosts.Count)])];

    /// <inheritdoc/>
    public override long Value(PlacementView view) => view.Hosts.Count(host => view.VmsOn(host).Count > 0);

    /// <inheritdoc/>
    public override string Describe() => "active hosts";
}
