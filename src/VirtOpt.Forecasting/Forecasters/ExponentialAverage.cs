namespace VirtOpt.Forecasting;

/// <summary>Mean of all samples with weights that halve with age.</summary>
/// <param name="name">Name in the catalogue.</param>
/// <param name="halfLife">Age at which a sample counts half.</param>
public sealed class ExponentialAverage(string name, TimeSpan halfLife) : PointForecaster
{
    /// <inheritdoc/>
    public override string Name => name;

    /// <inheritdoc/>
    protected internal override PointForecast ForecastsOf(DemandSeries series, TimeGrid grid, int trained)
    {
        double keep = Math.Pow(0.5, grid.Step / halfLife);
        float[] level = new float[series.Length];
        double weighted = 0;
        double weights = 0;
        for (int i = series.First; i < series.Length; i++)
        {
            weighted = (keep * weighted) + series.Filled[i];
            weights = (keep * weights) + 1;
            level[i] = (float)(weighted / weights);
        }

        return (origin, _) => level[origin - 1];
    }
}
