namespace VirtOpt.Forecasting;

/// <summary>As it was at the same time a season before; as the last sample where the history is shorter than that.</summary>
/// <param name="name">Name in the catalogue.</param>
/// <param name="season">Length of the season: a day, a week.</param>
public sealed class SeasonalNaive(string name, TimeSpan season) : PointForecaster
{
    /// <inheritdoc/>
    public override string Name => name;

    /// <inheritdoc/>
    protected internal override PointForecast ForecastsOf(DemandSeries series, TimeGrid grid, int trained)
    {
        int period = grid.SlotsIn(season);
        return (origin, lead) => series.Filled[SlotBefore(series, origin, lead, period)];
    }

    /// <summary>The last known slot at the same time of the season as the target; the last known one where there is none.</summary>
    internal static int SlotBefore(DemandSeries series, int origin, int lead, int period)
    {
        int slot = origin - 1 + lead - (period * ((lead + period - 1) / period));
        return slot >= series.First ? slot : origin - 1;
    }
}
