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
        float[] medians = new float[series.Length];
        SortedWindow sorted = new(slots);
        for (int i = series.First; i < series.Length; i++)
        {
            if (i - slots >= series.First) sorted.Remove(series.Filled[i - slots]);
            sorted.Add(series.Filled[i]);
            medians[i] = Quantiles.OfSorted(sorted.Values, 0.5);
        }

        return (origin, _) => medians[origin - 1];
    }
}
