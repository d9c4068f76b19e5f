using System.ComponentModel;

namespace VirtOpt;

/// <summary>The utilisation of the fullest host, in parts per million of its usable capacity (makespan; min-max balance).</summary>
/// <param name="Dimension">The dimension; null takes the worst of all.</param>
/// <param name="Weight">Factor in its level.</param>
/// <param name="Level">The level, 1 first.</param>
public sealed record PeakLoad(
    [Description("dimension; the worst of all if left out")] string? Dimension = null,
    [Description("factor in its level")] long Weight = 1,
    [Description("level, 1 first")] int Level = 1) : Objective(Weight, Level)
{
    /// <inheritdoc/>
    public override IEnumerable<Term> Compile(ModelBuilder model) =>
    [
        new MaxTerm(
            Describe(),
            [
                .. Utilisation.Dimensions(model.Cluster, Dimension).Select(d =>
                    new TermPart(model.Demand(d), [.. model.Cluster.Hosts.Select(h => new CellFunction(Utilisation.PartsPerUnit(h, d), [], 0))])),
            ]),
    ];

    /// <inheritdoc/>
    public override long Value(PlacementView view) => (
        from d in Utilisation.Dimensions(view.Cluster, Dimension)
        from host in view.Hosts
        select view.DemandOn(host, d) * Utilisation.PartsPerUnit(view.Cluster[host], d)).Max();

    /// <inheritdoc/>
    public override void Validate(ClusterSnapshot cluster) => _ = Utilisation.Dimensions(cluster, Dimension).Count();

    /// <inheritdoc/>
    public override string Describe() => $"peak load{(Dimension is null ? "" : $" of {Dimension}")}";
}
