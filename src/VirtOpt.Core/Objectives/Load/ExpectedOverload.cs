using System.ComponentModel;

namespace VirtOpt;

/// <summary>
/// Overload over the slots of a forecast: the sum over hosts and slots of the forecast demand above a threshold, in parts per million of the
/// host's capacity less reserve, without overcommit. VMs whose peaks fall into different slots share a host well.
/// </summary>
/// <param name="Forecast">What each VM will use.</param>
/// <param name="ThresholdPercent">Share of capacity less reserve that is still fine, 0 to 100.</param>
/// <param name="Weight">Factor in its level.</param>
/// <param name="Level">The level, 1 first.</param>
public sealed record ExpectedOverload(
    [Description("what each VM will use, slot by slot")] DemandForecast Forecast,
    [Description("share of capacity less reserve that is still fine, in per cent")] int ThresholdPercent = 80,
    [Description("factor in its level")] long Weight = 1,
    [Description("level, 1 first")] int Level = 1) : Objective(Weight, Level)
{
    /// <inheritdoc/>
    public override IEnumerable<Term> Compile(ModelBuilder model)
    {
        int d = model.Cluster.DimensionNamed(Forecast.Dimension);
        CellFunction Excess(Host h) => CellFunction.ExcessAbove(h.PhysicalShare(d, ThresholdPercent), Utilisation.PartsPerUnitOf(h.Physical(d)));
        CellFunction[] functions = [.. model.Cluster.Hosts.Select(Excess)];
        for (int slot = 0; slot < Forecast.Slots; slot++) yield return new SumTerm($"{Describe()}, slot {slot}", model.Forecast(Forecast, slot), functions);
    }

    /// <inheritdoc/>
    public override long Value(PlacementView view)
    {
        int d = view.Cluster.DimensionNamed(Forecast.Dimension);
        return (
            from slot in Enumerable.Range(0, Forecast.Slots)
            from host in view.Hosts
            let above = view.VmsOn(host).Sum(vm => Forecast[slot, vm]) - view.Cluster[host].PhysicalShare(d, ThresholdPercent)
            where above > 0
            select above * Utilisation.PartsPerUnitOf(view.Cluster[host].Physical(d))).Sum();
    }

    /// <inheritdoc/>
    public override void Validate(ClusterSnapshot cluster)
    {
        Forecast.Validate(cluster);
        if (ThresholdPercent is < 0 or > 100)
            throw InvalidInputException.Because($"The threshold ({ThresholdPercent}) of expected overload is not within 0 .. 100 per cent.", "80 was meant.");
    }

    /// <inheritdoc/>
    public override string Describe() => $"expected overload of {Forecast.Dimension} above {ThresholdPercent} %";
}
