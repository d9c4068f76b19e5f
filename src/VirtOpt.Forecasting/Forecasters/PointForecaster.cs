using System.Runtime.CompilerServices;

namespace VirtOpt.Forecasting;

/// <summary>Forecast of one value from the samples before an origin.</summary>
/// <param name="origin">Number of known slots; the series has a sample before it.</param>
/// <param name="lead">Slots after the last known one, at least 1.</param>
public delegate float PointForecast(int origin, int lead);

/// <summary>
/// A forecaster of single values. Its P50 is that value; the other quantiles add the series' own quantiles of the errors made in training, so a spread
/// that changes is
/// not followed.
/// </summary>
public abstract class PointForecaster : IDemandForecaster
{
    /// <inheritdoc/>
    public abstract string Name { get; }

    /// <inheritdoc/>
    public IFittedForecaster Fit(DemandHistory history, int origin, CancellationToken cancellation = default) => new Fitted(this, history.Grid, origin);

    /// <summary>The forecasts of one series.</summary>
    /// <param name="series">The series.</param>
    /// <param name="grid">Its grid.</param>
    /// <param name="trained">Slots that parameters may be chosen from.</param>
    protected internal abstract PointForecast ForecastsOf(DemandSeries series, TimeGrid grid, int trained);

    private sealed class Fitted(PointForecaster method, TimeGrid grid, int trained) : IFittedForecaster
    {
        private readonly ConditionalWeakTable<DemandSeries, Learnt> learnt = [];

        public SlotRange Training => new(0, trained);

        public string MethodFor(DemandSeries series, int lead) => method.Name;

        public void Forecast(DemandSeries series, int origin, ReadOnlySpan<int> leads, Span<float> quantiles)
        {
            quantiles.Clear();
            if (series.First >= origin) return;
            Learnt known = learnt.GetValue(series, Learn);
            for (int i = 0; i < leads.Length; i++)
            {
                Span<float> one = quantiles.Slice(i * QuantileLevels.Count, QuantileLevels.Count);
                known.Errors.AddTo(one, known.Point(origin, leads[i]), leads[i]);
                QuantileLevels.Order(one, series.Capacity);
            }
        }

        private Learnt Learn(DemandSeries series)
        {
            PointForecast point = method.ForecastsOf(series, grid, trained);
            return new Learnt(point, ErrorQuantiles.Of(series, point, Math.Min(trained, series.Length)));
        }
    }

    private sealed record Learnt(PointForecast Point, ErrorQuantiles Errors);
}
