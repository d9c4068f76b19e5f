namespace VirtOpt.Forecasting;

/// <summary>
/// How one forecaster did at one lead on the series of a dimension, or of one class of it. Means over series, except where it says pooled. MASE and
/// pinball loss are in units of
/// the one-day change in training and leave out series below <see cref="BacktestSettings.ScaleFloor"/>; the rest counts all series.
/// </summary>
public sealed record BacktestRow
{
    /// <summary>The dimension.</summary>
    public required Dimension Dimension { get; init; }

    /// <summary>Slots ahead.</summary>
    public required int Lead { get; init; }

    /// <summary>Name of the forecaster.</summary>
    public required string Forecaster { get; init; }

    /// <summary>The class of series; null for all.</summary>
    public required VmClass? VmClass { get; init; }

    /// <summary>Number of series.</summary>
    public required int Series { get; init; }

    /// <summary>Number of series that MASE and pinball loss count.</summary>
    public required int Scored { get; init; }

    /// <summary>Mean of MASE.</summary>
    public required double Mase { get; init; }

    /// <summary>Median of MASE: a handful of series can rule the mean.</summary>
    public required double MedianMase { get; init; }

    /// <summary>Geometric mean of MASE.</summary>
    public required double GeometricMase { get; init; }

    /// <summary>Weighted absolute percentage error, pooled: sum of absolute errors by sum of demand.</summary>
    public required double Wape { get; init; }

    /// <summary>Sum of P50 by sum of demand, less 1, pooled: below 0 the medians are too low to plan capacity from.</summary>
    public required double Bias { get; init; }

    /// <summary>Mean pinball loss by quantile.</summary>
    public required IReadOnlyList<double> Pinball { get; init; }

    /// <summary>Share of targets at or below each quantile, pooled.</summary>
    public required IReadOnlyList<double> Coverage { get; init; }

    /// <summary>Coverage of P95 by series: the 5th percentile, the median and the 95th percentile.</summary>
    public required IReadOnlyList<double> SeriesCoverage { get; init; }

    /// <summary>Share of series whose coverage of P95 is within 0.90 .. 0.98.</summary>
    public required double CoveredSeries { get; init; }

    /// <summary>The same within 0.90 .. 0.99, for tests with too few targets to tell 0.98 from 0.99.</summary>
    public required double NearlyCoveredSeries { get; init; }

    /// <summary>Unused part of the plan by demand, pooled, when P50 and the distance to P95 are scaled so that the planned overload is met exactly.</summary>
    public required double OverProvisioning { get; init; }

    /// <summary>Share of counted series with a MASE over 2 % above that of <c>best-simple</c>; null if that was not run.</summary>
    public double? Worse { get; init; }
}
