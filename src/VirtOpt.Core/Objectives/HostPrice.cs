using System.ComponentModel;

namespace VirtOpt;

/// <summary>The sum of the prices of the hosts with at least one VM.</summary>
/// <param name="Weight">Factor in its level.</param>
/// <param name="Level">The level, 1 first.</param>
public sealed record HostPrice(
    [Description("factor in its level")] long Weight = 1,
    [Description("level, 1 first")] int Level = 1) : Objective(Weight, Level)
{
    /// <inheritdoc/>
    public override IEnumerable<Term> Compile(ModelBuilder model) =>
        [new SumTerm(Describe(), model.VmCount(), [.. model.Cluster.Hosts.Select(host => new CellFunction(0, [], host.Price))])];

    /// <inheritdoc/>
    public override long Value(PlacementView view) => view.Hosts.Where(host => view.VmsOn(host).Count > 0).Sum(host => view.Cluster[host].Price);

    /// <inheritdoc/>
    public override string Describe() => "host price";
}
