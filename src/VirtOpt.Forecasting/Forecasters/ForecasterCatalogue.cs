namespace VirtOpt.Forecasting;

/// <summary>A kind of forecaster.</summary>
/// <param name="Name">What is typed.</param>
/// <param name="Summary">What it forecasts.</param>
/// <param name="Create">Makes one.</param>
public sealed record ForecasterEntry(string Name, string Summary, Func<IDemandForecaster> Create);

/// <summary>All forecasters, one line each.</summary>
public static class ForecasterCatalogue
{
    /// <summary>The forecasters.</summary>
    public static IReadOnlyList<ForecasterEntry> Entries { get; } =
    [
        new("last", "the last sample", () => new LastValue()),
        new("day", "the sample a day before", () => new SeasonalNaive("day", TimeSpan.FromDays(1))),
        new("week", "the sample a week before", () => new SeasonalNaive("week", TimeSpan.FromDays(7))),
        new("average-15m", "mean of the last quarter of an hour", () => new MovingAverage("average-15m", TimeSpan.FromMinutes(15))),
        new("average-1h", "mean of the last hour", () => new MovingAverage("average-1h", TimeSpan.FromHours(1))),
        new("average-3h", "mean of the last 3 hours", () => new MovingAverage("average-3h", TimeSpan.FromHours(3))),
        new("average-6h", "mean of the last 6 hours", () => new MovingAverage("average-6h", TimeSpan.FromHours(6))),
        new("average-1d", "mean of the last day", () => new MovingAverage("average-1d", TimeSpan.FromDays(1))),
        new("average-7d", "mean of the last week", () => new MovingAverage("average-7d", TimeSpan.FromDays(7))),
        new("exponential-30m", "mean with weights that halve in 30 minutes", () => new ExponentialAverage("exponential-30m", TimeSpan.FromMinutes(30))),
        new("exponential-6h", "mean with weights that halve in 6 hours", () => new ExponentialAverage("exponential-6h", TimeSpan.FromHours(6))),
        new("holt-winters", "exponential smoothing with damped trend and daily season", () => new HoltWinters()),
        new("median-1d", "median of the last day", () => new RollingMedian("median-1d", TimeSpan.FromDays(1))),
        new("median-7d", "median of the last week", () => new RollingMedian("median-7d", TimeSpan.FromDays(7))),
        new("quantile-6h", "the VM's own quantiles of the last 6 hours", () => new RunningQuantile("quantile-6h", TimeSpan.FromHours(6))),
        new("quantile-1d", "the VM's own quantiles of the last day", () => new RunningQuantile("quantile-1d", TimeSpan.FromDays(1))),
        new("quantile-7d", "the VM's own quantiles of the last week", () => new RunningQuantile("quantile-7d", TimeSpan.FromDays(7))),
        new("spread-1h", "mean of the last hour, with the errors of all VMs in units of the VM's own spread",
            () => new SpreadScaled("spread-1h", TimeSpan.FromHours(1))),
        new("spread-3h", "the same with the last 3 hours", () => new SpreadScaled("spread-3h", TimeSpan.FromHours(3))),
        new(BestSimple.MethodName, "for each VM the one of these that did best lately", () => new BestSimple()),
        new("auto", "gradient-boosted trees over all VMs, calibrated for each; a simple forecast where that is better", () => new AutoForecaster()),
    ];

    /// <summary>The forecasters of single values.</summary>
    internal static IEnumerable<IDemandForecaster> Points() => Entries.Select(e => e.Create()).OfType<PointForecaster>();

    /// <summary>Makes the forecaster of a name.</summary>
    /// <exception cref="InvalidInputException">There is none.</exception>
    public static IDemandForecaster Create(string name) => (Entries.FirstOrDefault(e => e.Name == name)
        ?? throw InvalidInputException.Because(
            $"There is no forecaster ({name}).", $"one of these was meant: {string.Join(", ", Entries.Select(e => e.Name))}.")).Create();
}
