using System.ComponentModel;

namespace VirtOpt;

/// <summary>The sum over hosts of the demand above a threshold, in parts per million of the host's usable capacity.</summary>
/// <param name="Dimension">The dimension; null adds all of them up.</param>
/// <param name="ThresholdPercent">Share of usable capacity that is still fine, 0 to 100.</param>
/// <param name="Weight">Factor in its level.</param>
/// <param name="Level">The level, 1 first.</param>
public sealed record Overload(
    [Description("dimension; all if left out")] string? Dimension = null,
    [Description("share of usable capacity that is still fine, in per cent")] int ThresholdPercent = 80,
    [Description("factor in its level")] long Weight = 1,
    [Description("level, 1 first")] int Level = 1) : Objective(Weight, Level)
{
    /// <inheritdoc/>
    public override IEnumerable<Term> Compile(ModelBuilder model) => Utilisation.Dimensions(model.Cluster, Dimension).Select(d => new SumTerm(
        $"{Describe()}: {model.Cluster.Dimensions[d].Name}",
        model.Demand(d),
        [.. model.Cluster.Hosts.Select(h => CellFunction.ExcessAbove(Threshold(h, d), Utilisation.PartsPerUnit(h, d)))]));

    /// <inheritdoc/>
    public override long Value(PlacementView view) => (
        from d in Utilisation.Dimensions(view.Cluster, Dimension)
        from host in view.Hosts
        let above = view.DemandOn(host, d) - Threshold(view.Cluster[host], d)
        where above > 0
        select above * Utilisation.PartsPerUnit(view.Cluster[host], d)).Sum();

    /// <inheritdoc/>
    public override void Validate(ClusterSnapshot cluster)
    {
        _ = Utilisation.Dimensions(cluster, Dimension).Count();
        if (ThresholdPercent is < 0 or > 100)
            throw InvalidInputException.Because($"The threshold ({ThresholdPercent}) of overload is not within 0 .. 100 per cent.", "80 was meant.");
    }

    /// <inheritdoc/>
    public override string Describe() => $"overload above {ThresholdPercent} %{(Dimension is null ? "" : $" of {Dimension}")}";

    private long Threshold(Host host, int d) => host.Usable(d) * ThresholdPercent / 100;
}
