namespace VirtOpt.Forecasting;

/// <summary>A method of forecasting. A new one is one file and one line in <see cref="ForecasterCatalogue"/>.</summary>
public interface IDemandForecaster
{
    /// <summary>Name in the catalogue and in results.</summary>
    string Name { get; }

    /// <summary>Learns from the first slots of a history; slots from <paramref name="origin"/> on are not looked at.</summary>
    /// <param name="history">The history.</param>
    /// <param name="origin">Number of known slots, at least 1.</param>
    /// <param name="cancellation">Ends the work.</param>
    IFittedForecaster Fit(DemandHistory history, int origin, CancellationToken cancellation = default);
}

/// <summary>A method that learns across VMs, and so can learn from others than those that it is to forecast.</summary>
public interface IPooledForecaster : IDemandForecaster
{
    /// <summary>Learns from the whole of another history; fitting it then only looks at how the VMs to forecast did themselves.</summary>
    /// <param name="other">A history with the same step and dimensions.</param>
    /// <param name="cancellation">Ends the work.</param>
    IDemandForecaster LearnFrom(DemandHistory other, CancellationToken cancellation = default);
}

/// <summary>A forecaster that has learnt. Its answers depend on nothing but its training and the samples before the origin that is asked for;
/// thread-safe.</summary>
public interface IFittedForecaster
{
    /// <summary>The slots that it learnt from.</summary>
    SlotRange Training { get; }

    /// <summary>Name of the method that forecasts a series this far ahead.</summary>
    string MethodFor(DemandSeries series, int lead);

    /// <summary>Forecasts one series from the samples before an origin.</summary>
    /// <param name="series">The series, on the grid of the training history; it need not have been part of it.</param>
    /// <param name="origin">Number of known slots, at least 1: the last known one is <c>origin - 1</c>.</param>
    /// <param name="leads">How many slots after the last known one each forecast is for, each at least 1.</param>
    /// <param name="quantiles">Receives for each lead the quantiles of <see cref="QuantileLevels.All"/>, in order and at least 0. A series without a
    /// sample before the origin gets what similar series suggest, or 0.</param>
    void Forecast(DemandSeries series, int origin, ReadOnlySpan<int> leads, Span<float> quantiles);
}

/// <summary>Forecasts of whole histories.</summary>
public static class HistoryForecasts
{
    /// <summary>Forecasts all series of a history.</summary>
    /// <param name="fitted">Forecaster.</param>
    /// <param name="history">The history.</param>
    /// <param name="origin">Number of known slots.</param>
    /// <param name="horizon">How far to look.</param>
    /// <param name="cancellation">Ends the work.</param>
    public static QuantileForecast Forecast(
        this IFittedForecaster fitted, DemandHistory history, int origin, Horizon horizon, CancellationToken cancellation = default)
    {
        int[] leads = [.. horizon.LeadsOn(history.Grid)];
        SeriesForecast[] series = new SeriesForecast[history.Series.Count];
        Parallel.For(0, series.Length, new ParallelOptions { CancellationToken = cancellation }, s =>
        {
            float[] quantiles = new float[leads.Length * QuantileLevels.Count];
            fitted.Forecast(history.Series[s], origin, leads, quantiles);
            series[s] = new SeriesForecast(history.Series[s], fitted.MethodFor(history.Series[s], leads[^1]), quantiles);
        });
        return new QuantileForecast(history.Grid.TimeOf(origin), horizon.SlotLength, fitted.Training, series);
    }
}
