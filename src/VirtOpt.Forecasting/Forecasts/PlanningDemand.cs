namespace VirtOpt.Forecasting;

/// <summary>
/// Forecast amounts to plan with, for the solver: one quantile, or the slots of joint scenarios, in whole units. Amounts are rounded up to few different
/// values, so that VMs that are alike stay interchangeable for the exact engine.
/// </summary>
/// <param name="Forecast">The amounts.</param>
/// <param name="RoundedUp">How much rounding added, as a share of the sum before it; 0.03 is 3 %.</param>
public sealed record PlanningDemand(DemandForecast Forecast, double RoundedUp)
{
    /// <summary>VMs that have no forecast and are planned with what they ask for.</summary>
    public int WithoutForecast { get; init; }

    /// <summary>The quantile that the amounts are; null for those of scenarios.</summary>
    public double? Quantile { get; init; }

    /// <summary>Takes one quantile of a forecast.</summary>
    /// <param name="forecast">The forecast.</param>
    /// <param name="dimension">Name of the dimension.</param>
    /// <param name="vms">Names of the VMs in the cluster's order.</param>
    /// <param name="quantile">One of <see cref="QuantileLevels.All"/>.</param>
    /// <param name="unit">Amounts of the cluster's unit in one unit of the history, by VM; null for 1. A VM with 2,000 millicores whose use is in per cent
    /// has 20.</param>
    /// <param name="steps">Different values between an amount and its double, a power of 2: 8 rounds up by 12 % at most. 0 rounds to whole units only.</param>
    /// <exception cref="InvalidInputException">A VM has no forecast, or the quantile is none of them.</exception>
    public static PlanningDemand AtQuantile(
        QuantileForecast forecast, string dimension, IReadOnlyList<string> vms, double quantile, IReadOnlyList<double>? unit = null, int steps = 8)
    {
        int level = QuantileLevels.IndexOf(quantile);
        SeriesForecast[] series = [.. vms.Select(vm => forecast.Find(vm, dimension) ?? throw InvalidInputException.Because(
            $"There is no forecast of VM ({vm}) in dimension ({dimension}).", "its history is missing, or it is called otherwise there."))];
        double Amount(int slot, int vm) => series[vm][slot, level] * (unit?[vm] ?? 1);
        return Round(dimension, forecast.SlotLength, series[0].Slots, vms.Count, Amount, steps) with { Quantile = quantile };
    }

    /// <summary>Takes every slot of every scenario: a measure over the slots of this forecast is an expectation over joint scenarios.</summary>
    /// <param name="scenarios">Scenarios whose series are the VMs in the cluster's order.</param>
    /// <param name="unit">As in <see cref="AtQuantile"/>.</param>
    /// <param name="steps">As in <see cref="AtQuantile"/>.</param>
    public static PlanningDemand OfScenarios(JointScenarios scenarios, IReadOnlyList<double>? unit = null, int steps = 8) => Round(
        scenarios.Series[0].Dimension.Name,
        scenarios.SlotLength,
        scenarios.Count * scenarios.Slots,
        scenarios.Series.Count,
        (slot, vm) => scenarios[slot / scenarios.Slots, slot % scenarios.Slots, vm] * (unit?[vm] ?? 1),
        steps);

    /// <summary>The least amount that is at least a value and has few different neighbours.</summary>
    internal static long Bucket(double value, int steps)
    {
        long whole = (long)Math.Ceiling(Math.Max(0, value) - 1e-6);
        if (steps <= 0 || whole <= steps) return whole;
        long width = 1;
        while (whole / width >= 2 * steps) width *= 2;
        return (whole + width - 1) / width * width;
    }

    /// <summary>Rounds amounts up to few different ones.</summary>
    internal static PlanningDemand Round(string dimension, TimeSpan slotLength, int slots, int vms, Func<int, int, double> amount, int steps)
    {
        double before = 0;
        double after = 0;
        long[][] bySlot = new long[slots][];
        for (int slot = 0; slot < slots; slot++)
        {
            bySlot[slot] = new long[vms];
            for (int vm = 0; vm < vms; vm++)
            {
                double exact = amount(slot, vm);
                bySlot[slot][vm] = Bucket(exact, steps);
                before += exact;
                after += bySlot[slot][vm];
            }
        }

        return new PlanningDemand(new DemandForecast(dimension, slotLength, bySlot), before > 0 ? (after / before) - 1 : 0);
    }
}
