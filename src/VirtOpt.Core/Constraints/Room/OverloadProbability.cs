using System.ComponentModel;

namespace VirtOpt;

/// <summary>
/// A chance constraint on a forecast: each host is over a threshold in at most a share of the slots. On the slots of joint scenarios the share is a
/// probability, estimated from the sample (Luedtke and Ahmed, A sample approximation approach for optimization with probabilistic constraints, SIAM
/// Journal on Optimization 19, 2008). The amount is the number of slots beyond that share, summed over hosts. How sure it is depends on the sample: a
/// share of 1 % needs some hundred slots.
/// </summary>
/// <param name="Forecast">What each VM will use.</param>
/// <param name="MostPerMille">Share of slots in which a host may be over the threshold, in thousandths, 0 to 1000; rounded down to whole slots.</param>
/// <param name="ThresholdPercent">
/// Share of a host that is still fine, 0 to 100: of capacity less reserve, as what VMs really use cannot be overcommitted.
/// </param>
public sealed record OverloadProbability(
    [Description("what each VM will use, slot by slot")] DemandForecast Forecast,
    [Description("share of slots in which a host may be over the threshold, in thousandths")] int MostPerMille = 10,
    [Description("share of capacity less reserve that is still fine, in per cent")] int ThresholdPercent = 100) : Constraint
{
    /// <summary>Slots in which a host may be over the threshold.</summary>
    public long Allowed => (long)Forecast.Slots * MostPerMille / 1000;

    /// <inheritdoc/>
    public override IEnumerable<Term> Compile(ModelBuilder model)
    {
        int d = model.Cluster.DimensionNamed(Forecast.Dimension);
        CellFunction[] functions = [.. model.Cluster.Hosts.Select(h => CellFunction.Step(h.PhysicalShare(d, ThresholdPercent)))];
        TermPart[] slots = [.. Enumerable.Range(0, Forecast.Slots).Select(slot => new TermPart(model.Forecast(Forecast, slot), functions))];
        // With nothing allowed they are limits of loads, as engines know them best.
        return Allowed > 0
            ? [new AllowanceTerm(Describe(), slots, Allowed)]
            : slots.Select((part, slot) => new SumTerm($"{Describe()}, slot {slot}", part.Family, part.Functions));
    }

    /// <inheritdoc/>
    public override IEnumerable<Violation> Check(PlacementView view)
    {
        int d = view.Cluster.DimensionNamed(Forecast.Dimension);
        foreach (HostId host in view.Hosts)
        {
            long limit = view.Cluster[host].PhysicalShare(d, ThresholdPercent);
            long over = Enumerable.Range(0, Forecast.Slots).Count(slot => view.VmsOn(host).Sum(vm => Forecast[slot, vm]) > limit);
            if (over > Allowed)
                yield return new($"host {view.Cluster[host]}", over - Allowed,
                    $"Host {view.Cluster[host]} is over {limit} of {Forecast.Dimension} in {over} of {Forecast.Slots} slots; {Allowed} are allowed.");
        }
    }

    /// <inheritdoc/>
    public override void Validate(ClusterSnapshot cluster)
    {
        Forecast.Validate(cluster);
        if (ThresholdPercent is < 0 or > 100)
            throw InvalidInputException.Because(
                $"The threshold ({ThresholdPercent}) of overload probability is not within 0 .. 100 per cent.", "100 was meant.");
        if (MostPerMille is < 0 or > 1000)
            throw InvalidInputException.Because(
                $"The share of slots ({MostPerMille}) of overload probability is not within 0 .. 1000 thousandths.", "10, that is 1 %, was meant.");
    }

    /// <inheritdoc/>
    public override string Describe() =>
        FormattableString.Invariant($"{Forecast.Dimension} above {ThresholdPercent} % in at most {MostPerMille / 10.0} % of forecast slots");
}
