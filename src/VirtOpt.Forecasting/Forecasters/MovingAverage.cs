namespace VirtOpt.Forecasting;

/// <summary>Mean of the last samples.</summary>
/// <param name="name">Name in the catalogue.</param>
/// <param name="window">Stretch of time that is averaged.</param>
public sealed class MovingAverage(string name, TimeSpan window) : PointForecaster
{
    /// <inheritdoc/>
    public override string Name => name;

    /// <inheritdoc/>
    protected internal override PointForecast ForecastsOf(DemandSeries series, TimeGrid grid, int trained)
    {
        int slots = grid.SlotsIn(window);
        return (origin, _) => series.Mean(origin - slots, origin);
    }
}
