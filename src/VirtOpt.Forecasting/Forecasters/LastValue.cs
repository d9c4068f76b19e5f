namespace VirtOpt.Forecasting;

/// <summary>Tomorrow is as now: the last sample.</summary>
public sealed class LastValue : PointForecaster
{
    /// <inheritdoc/>
    public override string Name => "last";

    /// <inheritdoc/>
    protected internal override PointForecast ForecastsOf(DemandSeries series, TimeGrid grid, int trained) => (origin, _) => series.Filled[origin - 1];
}
