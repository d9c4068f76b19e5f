namespace VirtOpt.Forecasting;

/// <summary>Median of the last samples: bursts do not move it.</summary>
/// <param name="name">Name in the catalogue.</param>
/// <param name="window">Stretch of time that is looked at.</param>
public sealed class RollingMedian(string name, TimeSpan window) : PointForecaster
{
    /// <inheritdoc/>
    public override string Name => name;

    /// <inheritdoc/>
    protected internal override PointForecast ForecastsOf(DemandSeries series, TimeGrid grid, int trained)
    {
        int slots = grid.SlotsIn(window);
        return (origin, _) =>
        {
            float[] sorted = series.Filled[Math.Max(series.First, origin - slots)..origin].ToArray();
            Array.Sort(sorted);
            return Quantiles.OfSorted(sorted, 0.5);
        };
    }
}
